import { owed } from '../../account/fee.js';
import { sumOf } from '../../account/shares.js';
import type { Admitted } from '../doorOptions.js';
import { type ActionName, actionNames, type PlannedAction, refundable } from './actionCommands.js';
import { type FolioBody, textOf } from './chargeAccount.js';
import { readComments } from './folioActions.js';
import type { FolioPatron, FolioSettings } from './folioOptions.js';
import type { ServedFee } from './folioRecords.js';

/** Returns whether a word of a path is an action, or its check. */
export function isAction(word: string): boolean {
  return actionOf(word) !== undefined;
}

export function actionOf(word: string): { readonly name: ActionName; readonly isCheck: boolean } | undefined {
  const isCheck = word.startsWith('check-');
  const name = actionNames.find((known) => known === (isCheck ? word.slice('check-'.length) : word));
  // FOLIO has no check of a cancellation.
  return name === undefined || (isCheck && name === 'cancel') ? undefined : { name, isCheck };
}

/** An action on fees of one patron, read. */
export type Requested = Admitted<FolioPatron> & {
  readonly settings: FolioSettings;
  readonly userId: string;
  readonly action: ActionName;
  readonly fees: readonly ServedFee[];
  /** In minor units; undefined if it is none. */
  readonly amount: number | undefined;
  readonly body: FolioBody;
  /** The payment provider's id of the transaction, if it is known. */
  readonly transaction: string | undefined;
  /** What answers repeat of the request. */
  readonly said: Readonly<Record<string, unknown>>;
  readonly isBulk: boolean;
};

/** Returns FOLIO's message for what cannot be done, in the order in which FOLIO looks. */
export function faultIn(
  { action, fees, amount, settings, group, transaction }: Requested,
  sent: unknown,
): string | undefined {
  const isClosed = fees.some(({ fee }) => owed(fee) === 0);
  if (action === 'cancel') return isClosed ? 'Fee/fine is already closed' : undefined;
  if (amount === undefined) return Number(sent) <= 0 ? 'Amount must be positive' : 'Invalid amount entered';
  if (action === 'refund') {
    const open = sumOf(group.map(({ patronId, account }) => refundable(account, idsIn(fees, patronId))));
    return amount > open
      ? 'Refund amount must be greater than zero and less than or equal to Selected amount'
      : undefined;
  }
  // A repeat is recorded already, and money that may become a credit is never too much.
  const mayExceed =
    transaction !== undefined || (settings.overpayment ?? settings.policy.overpayment) === 'credit';
  if (action === 'pay' && mayExceed) return undefined;
  if (isClosed) return 'Fee/fine is already closed';
  if (action === 'pay' && fees.some(({ fee }) => fee.disputed))
    return 'Fee/fine is suspended: claim returned';
  return amount > sumOf(fees.map(({ fee }) => owed(fee))) ? EXCEEDS : undefined;
}

/** FOLIO's message for an amount above what is owed. */
export const EXCEEDS = 'Requested amount exceeds remaining amount';

function idsIn(fees: readonly ServedFee[], patronId: string): readonly string[] {
  return fees.flatMap(({ row }) => (row.patronId === patronId ? row.id : []));
}

/** Returns what has to be done, or why it cannot be. */
export function plannedAction(requested: Requested): PlannedAction | string {
  const { settings, fees, action, amount = 0, body, by, group } = requested;
  const { policy, methods, reasons, newId, now } = settings;
  const { comment, staffNote } = readComments(textOf(body, 'comments') ?? '');
  const desk = textOf(body, 'servicePointId');
  const userId = textOf(body, 'userName');
  const base = {
    at: now(),
    by: { ...(desk === undefined ? {} : { desk }), ...(userId === undefined ? {} : { userId }), ...by },
    ...(comment === undefined ? {} : { comment }),
    ...(staffNote === undefined ? {} : { staffNote }),
  };
  const named = textOf(body, 'paymentMethod') ?? '';
  const tables = {
    pay: [methods, policy.paymentMethods],
    waive: [reasons, policy.waiveReasons],
    transfer: [{}, policy.destinations],
  } as const;
  const [own, table] = action in tables ? tables[action as keyof typeof tables] : [{}, {}];
  const code = codeOf(named, own, table);
  const needsCode = action in tables && !(action === 'transfer' && Object.keys(table).length === 0);
  if (code === undefined && needsCode) {
    const known = Object.values<string | { label: string }>(table).map((rule) =>
      typeof rule === 'string' ? rule : rule.label,
    );
    return `paymentMethod: expected one of ${known.join(', ')}`;
  }
  const patronIds = [...new Set(fees.map(({ row }) => row.patronId))];
  const feeIds = fees.map(({ row }) => row.id);
  const open = sumOf(group.map(({ patronId, account }) => refundable(account, idsIn(fees, patronId))));
  return { action, base, code, newId, policy, amount, feeIds, patronIds, refundable: open };
}

/** Returns the policy's code of a name that clients send: by the names of the options, by code, or by label. */
function codeOf(
  name: string,
  own: Readonly<Record<string, string>>,
  table: Readonly<Record<string, string | { readonly label: string }>>,
): string | undefined {
  if (Object.hasOwn(own, name)) return own[name];
  const wanted = name.trim().toLowerCase();
  const found = Object.entries(table).find(([code, rule]) => {
    const label = typeof rule === 'string' ? rule : rule.label;
    return code.toLowerCase() === wanted || label.toLowerCase() === wanted;
  });
  return found?.[0];
}
