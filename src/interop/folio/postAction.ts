import type { RecordedActor } from '../../account/circumstances.js';
import type { Command } from '../../account/commands/command.js';
import { type Credit, unused } from '../../account/credit.js';
import { decide } from '../../account/decide.js';
import { owed, refundableMoney } from '../../account/fee.js';
import type { PatronAccount } from '../../account/patronAccount.js';
import type { Payment, Transfer } from '../../account/records.js';
import type { Rejection } from '../../account/rejections/rejection.js';
import { rejectionText } from '../../account/rejections/rejectionText.js';
import { sumOf } from '../../account/shares.js';
import { digitsOf } from '../../money/currency.js';
import { formatAmount, parseAmount } from '../../money/money.js';
import { executeMade } from '../../patron/executeMade.js';
import { type GroupRow, memberOf } from '../../patron/patronGroup.js';
import type { RecordedPart } from '../../patron/transactionParts.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import { spread } from '../../policy/paymentOrder.js';
import { readAmount } from '../clientAmount.js';
import { payAsClient } from '../clientPayment.js';
import { type Admitted, admit } from '../doorOptions.js';
import type { DoorAnswer } from '../doorRequest.js';
import { type FolioBody, textOf } from './chargeAccount.js';
import { readComments } from './folioAccounts.js';
import { userIdOf } from './folioIds.js';
import {
  type FolioAccess,
  type FolioPatron,
  type FolioSettings,
  folioError,
  invalidField,
} from './folioOptions.js';
import { folioFees, type ServedFee } from './folioRecords.js';

/** Where an action is done. */
type Acting = {
  readonly access: FolioAccess;
  readonly headers: Headers;
  readonly settings: FolioSettings;
};

/**
 * Pays, waives, transfers, cancels or refunds fees, or only checks that.
 *
 * @param word - the action in the path
 * @param id - the account in the path; undefined if the body names several
 */
export async function postAction(
  word: string,
  id: string | undefined,
  body: FolioBody,
  { access, headers, settings }: Acting,
): Promise<DoorAnswer> {
  const { name: action, isCheck } = actionOf(word) as { name: ActionName; isCheck: boolean };
  const isBulk = id === undefined;
  const fault = faultInBody(body, action, isCheck, isBulk);
  if (fault !== undefined) return fault;
  const ids = isBulk ? body.get('accountIds') : [id];
  if (!isTexts(ids)) return invalidField('accountIds', 'accountIds: expected a list of ids');
  const found = await feesNamed(ids, access, settings);
  if ('status' in found) return found;
  const sent = body.get('amount');
  const digits = digitsOf(settings.policy.currency);
  // A cancellation names no amount: it is all that is owed.
  const owing = formatAmount(sumOf(found.fees.map(({ fee }) => owed(fee))), digits);
  const read = action === 'cancel' ? owing : readAmount(sent, digits);
  const requested: Requested = {
    ...found,
    settings,
    action,
    amount: read === undefined ? undefined : parseAmount(read, digits),
    body,
    transaction: action === 'pay' ? settings.transactionOf?.(Object.fromEntries(body), headers) : undefined,
    said: {
      ...(isBulk ? { accountIds: ids } : { accountId: id }),
      ...(action === 'cancel' ? {} : { amount: String(sent).slice(0, 40) }),
    },
    isBulk,
  };
  const message = found.areOfOne ? faultIn(requested, sent) : 'All fees/fines have to be of one patron';
  if (message !== undefined) return refused(requested, message, isCheck);
  return isCheck ? check(requested) : act(requested);
}

/** The fields that bodies may have: of a cancellation, of a check, and of all else. */
const cancelFields: readonly string[] = ['comments', 'notifyPatron', 'servicePointId', 'userName'];
const checkFields: readonly string[] = ['amount'];
const fields: readonly string[] = [...cancelFields, ...checkFields, 'transactionInfo', 'paymentMethod'];

/** Bodies have no other fields in FOLIO: a client that sends one means something that would be lost. */
function faultInBody(
  body: FolioBody,
  action: ActionName,
  isCheck: boolean,
  isBulk: boolean,
): DoorAnswer | undefined {
  const isCancel = action === 'cancel';
  const own = isCheck ? checkFields : isCancel ? cancelFields : fields;
  const known = isBulk ? [...own, 'accountIds'] : own;
  const unknown = [...body.keys()].find((name) => !known.includes(name))?.slice(0, 40);
  if (unknown !== undefined) return invalidField(unknown, `Unrecognized field "${unknown}"`);
  if (!isCancel && (body.get('amount') ?? '') === '')
    return invalidField('amount', 'amount: must not be null');
  if (isCheck) return undefined;
  if (typeof body.get('notifyPatron') !== 'boolean')
    return invalidField('notifyPatron', 'notifyPatron: must not be null');
  const texts = ['userName', 'servicePointId', ...(isCancel ? [] : ['paymentMethod'])];
  const missing = texts.find((name) => textOf(body, name) === undefined);
  return missing === undefined ? undefined : invalidField(missing, `${missing}: must not be null`);
}

/** Finds the fees that a request names, in the accounts of the first one's patron. */
async function feesNamed(ids: readonly string[], access: FolioAccess, settings: FolioSettings) {
  const unknown = (id = '') => folioError(404, `Fee/fine ID ${id.slice(0, 40)} not found`);
  const rows: GroupRow[] = [];
  for (const id of new Set(ids.map((one) => one.toLowerCase()))) {
    const row = await settings.index.feeOf(id);
    if (row === undefined) return unknown(id);
    rows.push(row);
  }
  const [{ patronId }] = rows as [GroupRow];
  const admitted = await admit(settings, { ...access, identifier: patronId }, patronId);
  if (admitted === undefined) return unknown(ids[0]);
  const userId = userIdOf(admitted.group[0].patronId);
  const fees = folioFees(admitted.group, userId, settings, (row) => rows.some((one) => isSame(one, row)));
  return { ...admitted, userId, fees, areOfOne: fees.length === rows.length };
}

/** Returns what tells something that was done with a fee apart from all else. */
function lineOf({ patronId, id: feeId }: GroupRow, id: string): string {
  return JSON.stringify([patronId, feeId, id]);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string');
}

function isSame(one: GroupRow, other: GroupRow): boolean {
  return one.patronId === other.patronId && one.id === other.id;
}

function refused({ said }: Requested, errorMessage: string, isCheck: boolean): DoorAnswer {
  return { status: 422, body: { ...said, ...(isCheck ? { allowed: false } : {}), errorMessage } };
}

/** Returns FOLIO's message for a rejection, or ours. */
function messageOf(why: Rejection | string): string {
  if (typeof why === 'string') return why;
  return why.type === 'PaymentExceedsOwed' || why.type === 'TransferExceedsOwed'
    ? EXCEEDS
    : rejectionText(why);
}

function check(requested: Requested): DoorAnswer {
  const { fees, amount = 0, action, said, settings, group } = requested;
  const digits = digitsOf(settings.policy.currency);
  const planned = plannedAction({ ...requested, body: withDefaults(requested) });
  if (typeof planned === 'string') return refused(requested, planned, true);
  const [own] = planned.patronIds;
  if (planned.patronIds.length === 1 && own !== undefined) {
    const { account } = memberOf(group, own);
    const commands = actionCommands(planned, account);
    const decision = typeof commands === 'string' ? undefined : decide(commands, account, settings.policy);
    if (typeof commands === 'string') return refused(requested, commands, true);
    if (decision?.accepted === false) return refused(requested, messageOf(decision.rejection), true);
  }
  const open = sumOf(fees.map(({ fee }) => owed(fee)));
  const after = action === 'refund' ? planned.refundable - amount : Math.max(0, open - amount);
  const money = { amount: formatAmount(amount, digits), remainingAmount: formatAmount(after, digits) };
  return { status: 200, body: { ...said, ...money, allowed: true } };
}

/** A check names no method: any does. */
function withDefaults({ body, settings: { policy }, action }: Requested): FolioBody {
  const tables = { pay: policy.paymentMethods, waive: policy.waiveReasons, transfer: policy.destinations };
  const [any] = Object.keys(action in tables ? tables[action as keyof typeof tables] : {});
  return new Map([['paymentMethod', any], ...body]);
}

async function act(requested: Requested): Promise<DoorAnswer> {
  const { settings, group, fees, body, transaction, action, amount = 0 } = requested;
  const planned = plannedAction(requested);
  if (typeof planned === 'string') return refused(requested, planned, false);
  const before = new Set(fees.flatMap(({ row, actions }) => actions.map(({ id }) => lineOf(row, id))));
  const digits = digitsOf(settings.policy.currency);
  let parts: readonly RecordedPart[] = [];
  if (action === 'pay') {
    const reference = textOf(body, 'transactionInfo');
    const { base, code = '' } = planned;
    const paid = await payAsClient(
      settings,
      { ...requested, by: base.by },
      {
        ...base,
        id: settings.newId(),
        method: code,
        amount: formatAmount(amount, digits),
        first: fees.map(({ row }) => row),
        firstOrder: settings.policy.paymentOrder,
        isFirstOnly: true,
        transaction,
        ...(reference === undefined ? {} : { reference }),
      },
    );
    if ('refused' in paid) {
      const { refused: why } = paid;
      return refused(
        requested,
        why === 'nothing owed' || why === 'no transaction' ? EXCEEDS : messageOf(why),
        false,
      );
    }
    parts = paid;
  } else {
    const [own = '', another] = planned.patronIds;
    if (another !== undefined)
      return refused(requested, 'All fees/fines have to be of one of the merged accounts', false);
    const why = await executeMade(
      settings,
      memberOf(group, own),
      (now) => actionCommands(planned, now),
      true,
    );
    if (why !== undefined) return refused(requested, messageOf(why), false);
  }
  return done(requested, before, parts);
}

/** Answers what was done: the new lines, or those of the payment that is repeated. */
function done(requested: Requested, before: ReadonlySet<string>, parts: readonly RecordedPart[]): DoorAnswer {
  const { settings, group, userId, fees, said, isBulk, amount = 0 } = requested;
  const digits = digitsOf(settings.policy.currency);
  const now = folioFees(group, userId, settings, (row) => fees.some((one) => isSame(one.row, row)));
  const lines = now.flatMap(({ row, actions }) => actions.map((action) => ({ ...action, row })));
  const added = lines.filter(({ row, id }) => !before.has(lineOf(row, id)));
  const shown =
    added.length > 0
      ? added
      : lines.filter(({ id }) => parts.some(({ payment }) => payment.paymentId === id));
  const remaining = formatAmount(sumOf(now.map(({ fee }) => owed(fee))), digits);
  const money = {
    amount: formatAmount(amount, digits),
    ...(isBulk ? {} : { remainingAmount: remaining }),
  };
  return { status: 201, body: { ...said, ...money, feefineactions: shown.map(({ record }) => record()) } };
}

/** Returns whether a word of a path is an action, or its check. */
export function isAction(word: string): boolean {
  return actionOf(word) !== undefined;
}

function actionOf(word: string): { readonly name: ActionName; readonly isCheck: boolean } | undefined {
  const isCheck = word.startsWith('check-');
  const name = actionNames.find((known) => known === (isCheck ? word.slice('check-'.length) : word));
  // FOLIO has no check of a cancellation.
  return name === undefined || (isCheck && name === 'cancel') ? undefined : { name, isCheck };
}

/** An action on fees of one patron, read. */
type Requested = Admitted<FolioPatron> & {
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
function faultIn(
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
const EXCEEDS = 'Requested amount exceeds remaining amount';

function idsIn(fees: readonly ServedFee[], patronId: string): readonly string[] {
  return fees.flatMap(({ row }) => (row.patronId === patronId ? row.id : []));
}

/** Returns what has to be done, or why it cannot be. */
function plannedAction(requested: Requested): PlannedAction | string {
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

/** What can be done with fees. */
const actionNames = ['pay', 'waive', 'transfer', 'cancel', 'refund'] as const;

/** One of them. */
type ActionName = (typeof actionNames)[number];

/** An action of FOLIO on fees, with what it is called here. */
type PlannedAction = {
  readonly action: ActionName;
  readonly base: {
    readonly at: string;
    readonly by: RecordedActor;
    readonly comment?: string;
    readonly staffNote?: string;
  };
  /** The method, the reason or the destination; undefined without one. */
  readonly code: string | undefined;
  readonly newId: () => string;
  readonly policy: FeePolicy;
  /** In minor units. */
  readonly amount: number;
  readonly feeIds: readonly string[];
  /** The accounts that the fees are in. */
  readonly patronIds: readonly string[];
  /** What can be refunded of the fees, in minor units. */
  readonly refundable: number;
};

/** Returns the commands of an action on fees of one account, or why there are none. */
function actionCommands(planned: PlannedAction, account: PatronAccount): readonly Command[] | string {
  const { action, base, code = '', newId, policy, amount, feeIds } = planned;
  const digits = digitsOf(policy.currency);
  const money = (minor: number) => formatAmount(minor, digits);
  const fees = account.fees.filter(({ feeId }) => feeIds.includes(feeId));
  if (action === 'cancel')
    return fees.map(({ feeId }) => ({ ...base, type: 'CancelFee', id: newId(), feeId }));
  if (action === 'refund') return refunds(planned, account, money);
  if (action === 'pay')
    return [{ ...base, type: 'ReceivePayment', id: newId(), amount: money(amount), method: code, feeIds }];
  const owing = fees.map(owed);
  if (amount > sumOf(owing)) return 'Requested amount exceeds remaining amount';
  const shares = spread(amount, owing, policy.paymentOrder);
  const parts = fees.flatMap(({ feeId }, index) => {
    const minor = shares[index] as number;
    return minor === 0 ? [] : { feeId, amount: money(minor) };
  });
  if (action === 'waive') return [{ ...base, type: 'WaiveFees', id: newId(), fees: parts, reason: code }];
  const destination = code === '' ? {} : { destination: code };
  return [{ ...base, type: 'TransferFees', id: newId(), fees: parts, ...destination }];
}

/**
 * Returns what can be refunded of fees, in minor units: credits of cancelled fees, what was paid for them, and what was
 * transferred.
 */
function refundable(account: PatronAccount, feeIds: readonly string[]): number {
  return sumOf(sourcesOf(account, feeIds).map(({ amount }) => amount));
}

/**
 * What money of fees goes back from: credits that they gave first, then payments, the last one first, then transfers. A
 * credit is paid out, so that a cancelled fee is not owed again.
 */
type Source = { readonly amount: number } & (
  | { readonly credit: Credit }
  | { readonly payment: Payment }
  | { readonly transfer: Transfer }
);

function sourcesOf(account: PatronAccount, feeIds: readonly string[]): readonly Source[] {
  const credits = account.credits
    .filter(({ purpose, feeId }) => purpose === 'refundable' && feeId !== null && feeIds.includes(feeId))
    .map((credit) => ({ credit, amount: unused(credit) }));
  const kept = new Map(
    account.fees.flatMap((fee) => (feeIds.includes(fee.feeId) ? [[fee.feeId, refundableMoney(fee)]] : [])),
  );
  const payments = [...account.payments]
    .reverse()
    .map((payment) => ({ payment, amount: reversible(payment, kept) }));
  const transfers = account.transfers.map((transfer) => ({ transfer, amount: recallable(transfer, feeIds) }));
  return [...credits, ...payments, ...transfers.reverse()].filter(({ amount }) => amount > 0);
}

/**
 * Returns how much of a payment can be undone for some fees, and takes it from what they kept. A payment is undone from
 * its last fee to its first, its overpayment before them, so that another fee in between ends it.
 */
function reversible({ allocations, overpayment }: Payment, kept: Map<string, number>): number {
  if (overpayment !== null && overpayment.reversed < overpayment.amount) return 0;
  let total = 0;
  for (const { feeId, amount, reversed } of [...allocations].reverse()) {
    const left = kept.get(feeId) ?? 0;
    const part = Math.min(amount - reversed, left);
    kept.set(feeId, left - part);
    total += part;
    if (part < amount - reversed) break;
  }
  return total;
}

function recallable({ feeId, amount, settled, recalled }: Transfer, feeIds: readonly string[]): number {
  return feeId !== null && feeIds.includes(feeId) ? amount - settled - recalled : 0;
}

function refunds(
  { amount, base, newId, feeIds, policy }: PlannedAction,
  account: PatronAccount,
  money: (minor: number) => string,
): readonly Command[] | string {
  let left = amount;
  const commands = sourcesOf(account, feeIds).flatMap((source): Command[] => {
    const part = Math.min(left, source.amount);
    left -= part;
    if (part === 0) return [];
    const undo = { ...base, id: newId(), amount: money(part) };
    if ('transfer' in source)
      return [{ ...undo, type: 'RecallTransfer', transferId: source.transfer.transferId }];
    if ('payment' in source)
      return [{ ...undo, type: 'ReversePayment', paymentId: source.payment.paymentId }];
    const { creditId, feeId } = source.credit;
    // FOLIO's clients name a reason, not a method: the money goes back as it came.
    const paid = account.payments
      .filter(({ allocations }) => allocations.some((one) => one.feeId === feeId))
      .at(-1);
    const method = paid?.method ?? (Object.keys(policy.paymentMethods)[0] as string);
    return [{ ...undo, type: 'RefundCredit', creditId, method }];
  });
  return left === 0
    ? commands
    : 'Refund amount must be greater than zero and less than or equal to Selected amount';
}
