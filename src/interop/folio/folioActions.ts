import type { ForeignChange, ForeignPart } from '../import/foreignAccount.js';
import type { CheckedReadOptions } from '../import/readOptions.js';
import type { Intake } from '../import/refusedRows.js';
import { type RowReader, uniqueRows } from '../import/rowReader.js';
import type { ForeignTime } from '../import/rowTime.js';

/** A row of `accounts`, which FOLIO's users call a fee or fine. */
export type FolioFee = {
  /** The id of its fee here. */
  readonly id: string;
  readonly feeType: string;
  readonly owner: string;
  readonly reader: RowReader;
};

/** The effect of a line on its fee. */
type FolioActionKind = 'charge' | 'payment' | 'waiver' | 'transfer' | 'refund' | 'cancellation' | 'nothing';

/** A row of `feefineactions`, read. */
export type FolioAction = {
  /** The id of its event here. */
  readonly id: string;
  readonly accountId: string;
  readonly kind: FolioActionKind;
  /** Minor units. */
  readonly amount: number;
  /** The payment method, which is also the reason of a waiver and the account of a transfer. */
  readonly method: string | undefined;
  /** E.g. `Refunded to patron`, or the text on the payer's receipt. */
  readonly information: string | undefined;
  readonly time: ForeignTime;
  /** The member of staff, by name, the service point, and the comments. */
  readonly by: {
    readonly userId?: string;
    readonly desk?: string;
    readonly comment?: string;
    readonly staffNote?: string;
  };
  readonly reader: RowReader;
};

/** The labels that FOLIO gives to lines. Those of a claim have a suffix. */
const labels: readonly (readonly [pattern: RegExp, kind: FolioActionKind])[] = [
  [/^Paid (?:partially|fully)/, 'payment'],
  [/^Waived (?:partially|fully)/, 'waiver'],
  [/^Transferred (?:partially|fully)/, 'transfer'],
  [/^Refunded (?:partially|fully)/, 'refund'],
  // A refund is a pair of lines; this one moves no money.
  [/^Credited (?:partially|fully)/, 'nothing'],
  [/^Staff info only/, 'nothing'],
  [/^Cancelled /, 'cancellation'],
];

/** Reads the lines of one patron, in the order of their dates. */
export function readActions(
  rows: readonly unknown[] | undefined,
  patronId: string,
  options: CheckedReadOptions,
  intake: Intake,
): FolioAction[] {
  const read = uniqueRows('feefineactions', rows, 'id', patronId, options, intake).flatMap(
    ({ reader, id }) => readAction(reader, `folio/action/${id}`) ?? [],
  );
  const sorted = read.sort((a, b) => a.time.ms - b.time.ms);
  const charged = new Set<string>();
  return sorted.map((action) => {
    const { accountId, kind, label, isLast, ...rest } = action;
    if (kind !== undefined) return { ...rest, accountId, kind };
    // A charge is a line with the name of the fee type, the first of its account; any other label is a reason of
    // cancelling, which leaves nothing.
    if (!charged.has(accountId) && !isLast) {
      charged.add(accountId);
      return { ...rest, accountId, kind: 'charge' as const };
    }
    if (isLast) return { ...rest, accountId, kind: 'cancellation' as const };
    action.reader.report('UnknownType', 'typeAction', 'an action of FOLIO', label);
    return { ...rest, accountId, kind: 'nothing' as const };
  });
}

function readAction(reader: RowReader, id: string) {
  const accountId = reader.requiredName('accountId');
  const label = reader.text('typeAction') ?? '';
  const amount = reader.amount('amountAction', 'halfEven') ?? 0;
  const balance = reader.amount('balance', 'halfEven');
  const time = reader.requiredTime('dateAction');
  const method = reader.name('paymentMethod');
  const by = circumstancesOf(reader);
  if (!reader.isSound()) return undefined;
  const kind = labels.find(([pattern]) => pattern.test(label))?.[1];
  const information = reader.text('transactionInformation');
  const isLast = balance === 0;
  return { id, accountId, kind, label, isLast, amount, method, information, time, by, reader };
}

// Blanks but no line ends before PATRON: with both, many empty lines would take minutes.
const COMMENTS = /^STAFF ?:(?<staff>.*?)(?:\n[^\S\n]*PATRON ?:(?<patron>.*))?$/s;

function circumstancesOf(reader: RowReader) {
  const userId = reader.name('source');
  const createdAt = reader.name('createdAt');
  const desk = createdAt === '-' ? reader.name('originalCreatedAt') : createdAt;
  return {
    ...(userId === undefined ? {} : { userId }),
    ...(desk === undefined || desk === '-' ? {} : { desk }),
    ...readComments(reader.text('comments') ?? ''),
  };
}

/** Reads FOLIO's comments: the note for staff, and after `PATRON :` the comment that the patron may see. */
export function readComments(comments: string): { readonly comment?: string; readonly staffNote?: string } {
  const { staff = '', patron = '' } = COMMENTS.exec(comments)?.groups ?? { staff: comments };
  return {
    ...(patron.trim() === '' ? {} : { comment: patron.trim() }),
    ...(staff.trim() === '' ? {} : { staffNote: staff.trim() }),
  };
}

/** Turns the lines of one fee into changes, except payments, which may have lines of several fees. */
export function folioActions(
  fee: FolioFee,
  actions: readonly FolioAction[],
  options: CheckedReadOptions,
): ForeignChange[] {
  return actions.flatMap((action): ForeignChange[] => {
    const { id, kind, amount, method, information = '', time, by, reader } = action;
    const change = { ...by, id, time, origin: reader.origin };
    if (kind === 'cancellation') return [{ ...change, kind, feeId: fee.id, sequence: 2 }];
    if (kind === 'charge' || kind === 'payment' || kind === 'nothing') return [];
    if (amount <= 0) {
      reader.report('AmountHasWrongSign', 'amountAction', 'above 0', String(reader.value('amountAction')));
      return [];
    }
    if (kind === 'waiver') {
      const reason = method === undefined ? {} : { reason: options.named('reasons', method) };
      return [{ ...change, ...reason, kind, waived: [{ feeId: fee.id, amount }] }];
    }
    if (kind === 'transfer') {
      const destination = method === undefined ? {} : { destination: method };
      return [{ ...change, ...destination, kind, feeId: fee.id, amount }];
    }
    // What was transferred goes back to the transfer account, which is named; everything else goes to the patron.
    const recipient = /^Refunded to (.+)$/.exec(information)?.[1] ?? 'patron';
    const from = recipient === 'patron' ? 'payments' : 'transfers';
    return [{ ...change, kind: 'reopening', feeId: fee.id, amount, from, sequence: 1 }];
  });
}

/**
 * Turns the payments of a patron into changes. FOLIO writes one line for each fee that a payment paid, all with the
 * same time, person, method and information.
 */
export function paymentGroups(actions: readonly FolioAction[], options: CheckedReadOptions): ForeignChange[] {
  const groups = new Map<string, FolioAction[]>();
  for (const action of actions) {
    const { kind, amount, time, method, information, by, reader } = action;
    if (kind !== 'payment') continue;
    if (amount <= 0) {
      reader.report('AmountHasWrongSign', 'amountAction', 'above 0', String(reader.value('amountAction')));
      continue;
    }
    const key = JSON.stringify([time.ms, by.userId, method, information]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [action]);
    else group.push(action);
  }
  return [...groups.values()].map((group): ForeignChange => {
    const [first] = [...group].sort((a, b) => (a.id < b.id ? -1 : 1)) as [FolioAction];
    const parts = new Map<string, number>();
    for (const { accountId, amount } of group) parts.set(accountId, (parts.get(accountId) ?? 0) + amount);
    const paid = [...parts].map(([id, amount]): ForeignPart => ({ feeId: `folio/${id}`, amount }));
    const { information } = first;
    return {
      ...first.by,
      kind: 'payment',
      paymentId: first.id,
      method: options.named('methods', first.method ?? 'Unknown'),
      paid,
      ...(information === undefined || information === '-' ? {} : { reference: information }),
      time: first.time,
      origin: first.reader.origin,
    };
  });
}
