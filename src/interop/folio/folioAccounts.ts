import * as v from 'valibot';
import { checkedArgument } from '../../input/checkedArgument.js';
import { textHeader, withTextHeader } from '../../job/rowLines.js';
import { grouped } from '../import/byPatron.js';
import type { ForeignAccount, ForeignBalance, ForeignChange, ForeignPart } from '../import/foreignAccount.js';
import {
  type CheckedReadOptions,
  checkedReadOptions,
  type ReadAccountsOptions,
} from '../import/importEvents.js';
import { type Rows, rowsField } from '../import/importFinding.js';
import { type Intake, newIntake, readRows, type StatedFigures } from '../import/importReport.js';
import { accountsIn, type RowReader, uniqueRows } from '../import/rowReader.js';
import type { ForeignTime } from '../import/rowTime.js';

/** The records of FOLIO that an import reads. */
export type FolioRecords = {
  /** The records of `/accounts`: one for each fee or fine. */
  readonly accounts: Rows;
  /**
   * The records of `/feefineactions`.
   *
   * @defaultValue no actions: all balances are right, but no line explains them
   */
  readonly feefineactions?: Rows;
};

/** The fields that decide amounts. */
const accountColumns = ['id', 'userId', 'amount', 'remaining'];
const actionColumns = ['id', 'accountId', 'userId', 'typeAction', 'amountAction'];

const recordsSchema = v.strictObject({ accounts: rowsField, feefineactions: v.exactOptional(rowsField) });

/**
 * Reads the fees and fines of FOLIO: the records of `accounts` and `feefineactions`, as the API of mod-feesfines gives
 * them, or as rows of its tables with a column `jsonb`. Each patron's account becomes events by
 * {@link import.importEvents | importEvents} or {@link import.runImport | runImport}, and then owes the value of
 * `remaining`, rounded half to even to cents as FOLIO does.
 *
 * - An account becomes a fee. The first action with another label than FOLIO's own is its charge: it has the person and
 *   the comments. An account without actions is charged when it was created.
 * - `Paid` actions of the same time, person, method and information become one payment.
 * - `Waived` becomes a waiver, `Transferred` a transfer that expects no settlement.
 * - `Refunded` opens the fee again: a payment is reversed, or a transfer recalled.
 * - `Cancelled as error`, and any other reason of cancelling, cancels what is owed.
 *
 * Streams must be sorted by `userId`; lists are sorted here.
 *
 * @param records - the records
 * @param options - the policy; what types, owners, methods and reasons are called here
 * @returns the accounts, one patron after the other; records without a user come as accounts that have only findings
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT`, `INVALID_POLICY`; any error of a stream
 *
 * @example
 * ```ts
 * import { balancesInMinorUnits, definePolicy, fold } from 'patron-fees';
 * import { folioAccounts } from 'patron-fees/folio';
 * import { importEvents } from 'patron-fees/import';
 *
 * const fine = {
 *   id: 'a1',
 *   userId: 'u1',
 *   amount: 12,
 *   remaining: 5.5,
 *   status: { name: 'Open' },
 *   feeFineType: 'Overdue fine',
 *   feeFineOwner: 'Main',
 *   metadata: { createdDate: '2026-03-02T09:00:00.000+00:00' },
 * };
 * const paid = {
 *   id: 'x1',
 *   accountId: 'a1',
 *   userId: 'u1',
 *   typeAction: 'Paid partially',
 *   amountAction: 6.5,
 *   balance: 5.5,
 *   paymentMethod: 'Cash',
 *   dateAction: '2026-03-03T10:00:00.000+00:00',
 * };
 *
 * const policy = definePolicy({ currency: 'USD' });
 * for await (const account of folioAccounts({ accounts: [fine], feefineactions: [paid] }, { policy })) {
 *   const { events } = importEvents(account);
 *   events.map(({ type }) => type); //=> ['FeeAssessed', 'PaymentReceived']
 *   balancesInMinorUnits(fold(events)).active; //=> 550
 * }
 * ```
 */
export async function* folioAccounts(
  records: FolioRecords,
  options: ReadAccountsOptions,
): AsyncGenerator<ForeignAccount> {
  const checked = checkedReadOptions(options);
  const { accounts, feefineactions = [] } = checkedArgument(recordsSchema, records, 'records');
  const read = [
    { name: 'accounts', rows: withJson(accounts), patron: 'userId', columns: accountColumns },
    { name: 'feefineactions', rows: withJson(feefineactions), patron: 'userId', columns: actionColumns },
  ];
  yield* accountsIn('folio', read, folioFigures, checked, folioAccount);
}

/** Parses the column `jsonb` where it is text, as in a CSV file. */
function withJson(rows: Rows): Rows {
  if (Array.isArray(rows)) return rows.map(parsedJson);
  const parsed = (async function* () {
    for await (const row of rows) yield parsedJson(row);
  })();
  return withTextHeader(parsed, textHeader(rows));
}

function parsedJson(row: unknown): unknown {
  if (typeof row !== 'object' || row === null || !Object.hasOwn(row, 'jsonb')) return row;
  const { jsonb } = row as { readonly jsonb: unknown };
  if (typeof jsonb !== 'string') return row;
  try {
    return { ...row, jsonb: JSON.parse(jsonb) };
  } catch {
    return row;
  }
}

/** The system, and the beginning of all ids. */
const SYSTEM = 'folio';

/** Where accounts state what is owed. */
const folioFigures: StatedFigures = {
  accounts: {
    amount: ['remaining'],
    feeType: ['feeFineType', 'feeFineId'],
    owner: ['feeFineOwner', 'ownerId'],
  },
};

/** Turns the rows of one patron into changes and balances. */
function folioAccount(
  patronId: string,
  rows: Readonly<Record<string, readonly unknown[]>>,
  options: CheckedReadOptions,
): ForeignAccount {
  const intake = newIntake({ accounts: 'folio/', feefineactions: 'folio/action/' });
  const changes: ForeignChange[] = [];
  const balances: ForeignBalance[] = [];
  const actions = readActions(rows.feefineactions, patronId, options, intake);
  const byAccount = grouped(actions, ({ accountId }) => accountId);
  const known = new Set<string>();
  for (const { reader, id } of uniqueRows('accounts', rows.accounts, 'id', patronId, options, intake)) {
    const own = byAccount.get(id) ?? [];
    const read = readAccount(reader, `${SYSTEM}/${id}`, own, options);
    if (read === undefined) continue;
    known.add(id);
    balances.push(read.balance);
    if (read.charge === undefined) continue;
    changes.push(read.charge, ...folioActions(read.fee, own, options));
  }
  changes.push(
    ...paymentGroups(
      actions.filter(({ accountId }) => known.has(accountId)),
      options,
    ),
  );
  for (const { accountId, reader } of actions) {
    if (!known.has(accountId))
      reader.report('UnknownRow', 'accountId', 'an account that was imported', accountId);
  }
  const read = readRows(intake, folioFigures, options);
  const count = (rows.accounts ?? []).length + (rows.feefineactions ?? []).length;
  return { system: SYSTEM, patronId, currency: options.currency, rows: count, changes, balances, ...read };
}

type ReadAccount = {
  readonly fee: FolioFee;
  readonly charge: ForeignChange | undefined;
  readonly balance: ForeignBalance;
};

function readAccount(
  reader: RowReader,
  id: string,
  actions: readonly FolioAction[],
  options: CheckedReadOptions,
): ReadAccount | undefined {
  // FOLIO keeps the unrounded number, and everywhere else takes it as rounded half to even.
  const amount = reader.requiredAmount('amount', 'halfEven');
  const remaining = reader.requiredAmount('remaining', 'halfEven');
  const created = reader.requiredTime('metadata.createdDate', 'dateCreated', 'dateUpdated');
  const updated = reader.time('metadata.updatedDate') ?? created;
  const type = reader.name('feeFineType') ?? reader.name('feeFineId');
  const ownerName = reader.name('feeFineOwner') ?? reader.name('ownerId');
  if (type === undefined && reader.isSound()) reader.requiredName('feeFineType');
  const owner = ownerName === undefined ? options.owner : options.named('owners', ownerName);
  if (owner === undefined && reader.isSound()) {
    reader.refuse('MalformedField', 'feeFineOwner', 'a fee/fine owner, or the option `owner`', 'missing');
  }
  if (!reader.isSound() || type === undefined || owner === undefined) return undefined;
  const feeType = options.named('feeTypes', type);
  const first = actions.find(({ kind }) => kind === 'charge');
  const times = [created, updated, ...actions.map((action) => action.time)];
  const { origin } = reader;
  const balance: ForeignBalance = {
    balanceId: id,
    owed: Math.max(0, remaining),
    credit: Math.max(0, -remaining),
    figure: 'remaining',
    feeType,
    owner,
    time: times.reduce((latest, one) => (one.ms > latest.ms ? one : latest)),
    origin,
  };
  const fee = { id, feeType, owner, reader };
  if (amount <= 0) {
    reader.report('AmountHasWrongSign', 'amount', 'above 0', String(reader.value('amount')));
    return { fee, charge: undefined, balance };
  }
  const item = reader.item({
    id: 'itemId',
    barcode: 'barcode',
    title: 'title',
    callNumber: 'callNumber',
    location: 'location',
  });
  // Interlibrary loans have the loan id 0.
  const loanId = reader.name('loanId');
  const charge: ForeignChange = {
    ...(first?.by ?? {}),
    kind: 'charge',
    feeId: id,
    balanceId: id,
    feeType,
    owner,
    amount,
    lostItem: options.isLostItem(feeType),
    grows: false,
    ...(item === undefined ? {} : { item }),
    ...(loanId === undefined || loanId === '0' ? {} : { loanId }),
    time: first?.time ?? created,
    origin,
  };
  return { fee, charge, balance };
}

/** A row of `accounts`, which FOLIO's users call a fee or fine. */
type FolioFee = {
  /** The id of its fee here. */
  readonly id: string;
  readonly feeType: string;
  readonly owner: string;
  readonly reader: RowReader;
};

/** The effect of a line on its fee. */
type FolioActionKind = 'charge' | 'payment' | 'waiver' | 'transfer' | 'refund' | 'cancellation' | 'nothing';

/** A row of `feefineactions`, read. */
type FolioAction = {
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
