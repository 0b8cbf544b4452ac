import * as v from 'valibot';
import type { AccrualEndCause } from '../../account/accrual.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { formatAmount } from '../../money/money.js';
import { grouped, idIn } from '../import/byPatron.js';
import type { ForeignAccount, ForeignBalance, ForeignChange, ForeignPart } from '../import/foreignAccount.js';
import {
  type CheckedReadOptions,
  checkedReadOptions,
  type ReadAccountsOptions,
} from '../import/importEvents.js';
import { type Rows, rowsField } from '../import/importFinding.js';
import { creditIdOf } from '../import/importLedger.js';
import { newIntake, readRows } from '../import/importReport.js';
import { accountsIn } from '../import/rowReader.js';
import {
  circumstancesOf,
  type KohaLine,
  type KohaOffset,
  kohaFigures,
  readLines,
  readOffsets,
} from './kohaRows.js';

/** The tables of Koha that an import reads. */
export type KohaTables = {
  /** The rows of `accountlines`. */
  readonly accountlines: Rows;
  /**
   * The rows of `account_offsets`, each with the `borrowernumber` of its lines.
   *
   * @defaultValue no offsets: all balances are right, but no line explains them
   */
  readonly account_offsets?: Rows;
};

/** The columns that decide amounts. */
const lineColumns = ['accountlines_id', 'borrowernumber', 'amount', 'amountoutstanding'];
const offsetColumns = ['id', 'credit_id', 'debit_id', 'type', 'amount'];

const tablesSchema = v.strictObject({ accountlines: rowsField, account_offsets: v.exactOptional(rowsField) });

/**
 * Reads the fees, payments and credits of Koha: its tables `accountlines` and `account_offsets`, as objects from a
 * database driver, {@link import.csvRows | CSV} or {@link import.jsonLines | JSON lines}. Each patron's account becomes
 * events by {@link import.importEvents | importEvents} or {@link import.runImport | runImport}, and then owes the value
 * of `amountoutstanding`, line by line.
 *
 * - A debit becomes a fee. An `OVERDUE` line that grew becomes a fine that grew, step by step; it grows on while its
 *   status is `UNRETURNED`.
 * - `PAYMENT` and `PURCHASE` become payments: of the lines to which they were applied at once; the rest is a credit,
 *   which later offsets use.
 * - `WRITEOFF` becomes a write-off, `FORGIVEN` and `DISCOUNT` waivers, `CANCELLATION` a cancellation, `PAYOUT` a
 *   refund.
 * - All other credits (`CREDIT`, `LOST_FOUND`, `REFUND`, ...) become refundable credits, which offsets use.
 * - A credit with the status `VOID` is recorded and undone.
 *
 * Streams must be sorted by `borrowernumber`; lists are sorted here.
 *
 * @param tables - the rows
 * @param options - the policy; what codes are called here; the time zone of Koha's times
 * @returns the accounts, one patron after the other; rows without a patron come as accounts that have only findings
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT`, `INVALID_POLICY`; any error of a stream
 *
 * @example
 * ```ts
 * import { balancesInMinorUnits, definePolicy, fold } from 'patron-fees';
 * import { importEvents } from 'patron-fees/import';
 * import { kohaAccounts } from 'patron-fees/koha';
 *
 * const line = { accountlines_id: 7, borrowernumber: 51, branchcode: 'CPL', date: '2026-03-02 10:15:00' };
 * const debit = { ...line, debit_type_code: 'LOST', amount: '25.000000', amountoutstanding: '10.000000' };
 * const at = '2026-03-09 12:00:00';
 * const payment = {
 *   ...line,
 *   accountlines_id: 8,
 *   credit_type_code: 'PAYMENT',
 *   payment_type: 'CASH',
 *   amount: '-15.000000',
 *   amountoutstanding: '0.000000',
 *   date: at,
 * };
 * const applied = { id: 3, borrowernumber: 51, credit_id: 8, debit_id: 7, type: 'APPLY', amount: '-15.000000' };
 * const tables = { accountlines: [debit, payment], account_offsets: [{ ...applied, created_on: at }] };
 *
 * const policy = definePolicy({ currency: 'USD' });
 * for await (const account of kohaAccounts(tables, { policy, timeZone: 'America/New_York' })) {
 *   const { events } = importEvents(account);
 *   events.map(({ type }) => type); //=> ['FeeAssessed', 'PaymentReceived']
 *   balancesInMinorUnits(fold(events)).active; //=> 1000
 * }
 * ```
 */
export async function* kohaAccounts(
  tables: KohaTables,
  options: ReadAccountsOptions,
): AsyncGenerator<ForeignAccount> {
  const checked = checkedReadOptions(options);
  const { accountlines, account_offsets = [] } = checkedArgument(tablesSchema, tables, 'tables');
  const patron = 'borrowernumber';
  const offsets = withBorrowers(accountlines, account_offsets);
  const read = [
    { name: 'accountlines', rows: accountlines, patron, columns: lineColumns },
    { name: 'account_offsets', rows: offsets, patron, columns: offsetColumns },
  ];
  yield* accountsIn('koha', read, kohaFigures, checked, kohaAccount);
}

/** Adds the borrower to offsets that have none, as the table itself, if all rows are at hand. */
function withBorrowers(lines: Rows, offsets: Rows): Rows {
  if (!Array.isArray(lines) || !Array.isArray(offsets)) return offsets;
  const borrowers = new Map<string | null, string | null>();
  for (const line of lines) borrowers.set(idIn(line, 'accountlines_id'), idIn(line, 'borrowernumber'));
  // A line without an id is not the line of an offset without one.
  borrowers.delete(null);
  return offsets.map((offset: unknown) => {
    if (typeof offset !== 'object' || offset === null || Object.hasOwn(offset, 'borrowernumber'))
      return offset;
    const borrowernumber =
      borrowers.get(idIn(offset, 'credit_id')) ?? borrowers.get(idIn(offset, 'debit_id'));
    return { ...offset, borrowernumber };
  });
}

/** Debits without a fee: the other side of a payout, and of a credit that was voided. */
const NO_FEE: ReadonlySet<string> = new Set(['PAYOUT', 'VOID']);

/** The types of fines that grow; the last two before Koha 19.11. */
const FINES: ReadonlySet<string> = new Set(['OVERDUE', 'F', 'FU']);

/** The statuses of fines that still grow. */
const GROWING: ReadonlySet<string> = new Set(['UNRETURNED']);

const endCauses: ReadonlyMap<string, AccrualEndCause> = new Map([
  ['RETURNED', 'returned'],
  ['RENEWED', 'renewed'],
  ['LOST', 'lost'],
]);

/** Turns the rows of one patron into changes and balances. */
function kohaAccount(
  patronId: string,
  rows: Readonly<Record<string, readonly unknown[]>>,
  options: CheckedReadOptions,
): ForeignAccount {
  const intake = newIntake({ accountlines: 'koha/', account_offsets: 'koha/offset/' });
  const lines = readLines(rows.accountlines, patronId, options, intake);
  const offsets = readOffsets(rows.account_offsets, patronId, options, intake);
  const byDebit = grouped(offsets, ({ debitId }) => debitId);
  const byCredit = grouped(offsets, ({ creditId }) => creditId);
  const changes: ForeignChange[] = [];
  const balances: ForeignBalance[] = [];
  const fees = new Map<string, KohaLine>();
  for (const line of lines) {
    if (!line.isDebit) continue;
    if (NO_FEE.has(line.type)) balances.push(balanceOf(line, options));
    else if (line.owner === undefined) {
      line.reader.refuse('MalformedField', 'branchcode', 'a library, or the option `owner`', 'missing');
    } else if (charge(line, line.owner, byDebit.get(line.id) ?? [], changes, options)) {
      fees.set(line.id, line);
      balances.push(balanceOf(line, options));
    }
  }
  const debits = new Map(lines.filter(({ isDebit }) => isDebit).map((line) => [line.id, line]));
  const credits = new Set(lines.flatMap(({ isDebit, id }) => (isDebit ? [] : [id])));
  for (const line of lines) {
    if (line.isDebit) continue;
    changes.push(...kohaCredit(line, byCredit.get(line.id) ?? [], { fees, debits }, options));
    balances.push(balanceOf(line, options));
  }
  for (const { kind, creditId, reader } of offsets) {
    if (kind !== 'apply' || creditId === undefined || credits.has(creditId)) continue;
    reader.report('UnknownRow', 'credit_id', 'a row of accountlines', creditId.slice('koha/'.length));
  }
  return {
    system: 'koha',
    patronId,
    currency: options.currency,
    rows: (rows.accountlines ?? []).length + (rows.account_offsets ?? []).length,
    changes,
    balances,
    ...readRows(intake, kohaFigures, options),
  };
}

function balanceOf({ id, type, outstanding, owner, changed, origin }: KohaLine, options: CheckedReadOptions) {
  return {
    balanceId: id,
    owed: Math.max(0, outstanding),
    credit: Math.max(0, -outstanding),
    figure: 'amountoutstanding',
    feeType: options.named('feeTypes', type),
    owner: owner ?? options.owner ?? '-',
    time: changed,
    origin,
  };
}

/** Adds the charge of a debit and the steps in which it grew and fell. Returns whether there is a fee. */
function charge(
  line: KohaLine,
  owner: string,
  offsets: readonly KohaOffset[],
  changes: ForeignChange[],
  options: CheckedReadOptions,
): boolean {
  const { id, reader, origin, status = '' } = line;
  const steps = offsets.filter(
    ({ kind, amount }) => (kind === 'increase' || kind === 'decrease') && amount > 0,
  );
  const created = offsets.find(({ kind, creditId }) => kind === 'create' && creditId === undefined);
  const grown = steps.reduce(
    (total, { kind, amount }) => total + (kind === 'increase' ? amount : -amount),
    0,
  );
  // `amount` is the last amount of a fine.
  const amount = created?.amount || line.amount - grown;
  if (amount <= 0) {
    reader.refuse('AmountHasWrongSign', 'amount', 'above 0', String(line.amount));
    return false;
  }
  const feeType = options.named('feeTypes', line.type);
  const time = created?.time ?? line.time;
  const grows = FINES.has(line.type) && (steps.length > 0 || GROWING.has(status));
  const by = circumstancesOf(line);
  const loanId = reader.name('issue_id') ?? reader.name('old_issue_id');
  const item = reader.item({
    id: 'itemnumber',
    barcode: 'barcode',
    title: 'title',
    callNumber: 'itemcallnumber',
  });
  changes.push({
    ...by,
    kind: 'charge',
    feeId: id,
    balanceId: id,
    feeType,
    owner,
    amount,
    lostItem: options.isLostItem(feeType),
    grows,
    ...(item === undefined ? {} : { item }),
    ...(loanId === undefined ? {} : { loanId }),
    time,
  });
  for (const step of steps) {
    const { kind, sequence, origin: row } = step;
    const change = { id: step.id, feeId: id, amount: step.amount, time: step.time, sequence, origin: row };
    changes.push(kind === 'increase' ? { ...change, kind: 'increase' } : { ...change, kind: 'decrease' });
  }
  if (grows && !GROWING.has(status)) {
    const last = steps.at(-1);
    const end = last !== undefined && last.time.ms > line.changed.ms ? last.time : line.changed;
    const sequence = Number.MAX_SAFE_INTEGER;
    const cause = endCauses.get(status) ?? 'other';
    changes.push({ kind: 'end', id: `${id}/end`, feeId: id, cause, time: end, sequence, origin });
  }
  return true;
}

/** How long after a payment its money can count as paid by it; later, its credit is used. */
const AT_ONCE_MS = 60_000;

/** Types of credits that are money received. */
const PAYMENTS: ReadonlySet<string> = new Set(['PAYMENT', 'PURCHASE', 'Pay', 'Pay00', 'Pay01', 'Pay02']);

/** Types of credits that give up a debt as a loss; the last before Koha 19.11. */
const WRITE_OFFS: ReadonlySet<string> = new Set(['WRITEOFF', 'W']);

/** Types of credits that forgive, write-offs included; the last ones before Koha 19.11. */
const WAIVERS: ReadonlySet<string> = new Set(['WRITEOFF', 'FORGIVEN', 'DISCOUNT', 'W', 'FOR']);

/** The lines of the patron. */
type Lines = {
  /** The debits that are fees here. */
  readonly fees: ReadonlyMap<string, KohaLine>;
  /** All debits. */
  readonly debits: ReadonlyMap<string, KohaLine>;
};

/** An offset with which a credit was used, and the part of it that the credit had. */
type Use = KohaOffset & { readonly used: number; readonly debit: KohaLine };

/** Turns a credit and its offsets into changes. */
function kohaCredit(
  line: KohaLine,
  offsets: readonly KohaOffset[],
  lines: Lines,
  options: CheckedReadOptions,
): ForeignChange[] {
  const { id, type, reader } = line;
  const isVoid = line.status === 'VOID';
  const created = offsets.find(({ kind, debitId }) => kind === 'create' && debitId === undefined);
  const time = created?.time ?? line.time;
  const applied = offsets.filter(({ kind, amount }) => kind === 'apply' && amount > 0);
  const wanted = applied.flatMap((offset) => usable(offset, lines));
  const total = wanted.reduce((sum, { used }) => sum + used, 0);
  const stated = Math.min(line.amount, Math.max(0, -line.outstanding));
  const left = isVoid ? Math.max(0, line.amount - total) : stated;
  const uses = limitedUses(wanted, line.amount - left, options);
  const used = uses.reduce((sum, use) => sum + use.used, 0);
  if (used + left < line.amount) {
    const money = (minor: number) => formatAmount(minor, options.digits);
    const expected = `${money(line.amount - left)} used`;
    reader.report('UseNotExplained', 'amount', expected, `${money(used)} in account_offsets`);
  }
  if (used + left === 0) return [];
  const sequence = created?.sequence ?? applied[0]?.sequence ?? 0;
  const by = { ...circumstancesOf(line), time, sequence };
  const fees = uses.filter(({ debit }) => lines.fees.has(debit.id));
  const refunds = uses.filter(({ debit }) => !lines.fees.has(debit.id));
  const changes = PAYMENTS.has(type)
    ? payment(line, by, fees, used + left, options, created?.place)
    : WAIVERS.has(type) || type === 'CANCELLATION'
      ? reductions(line, by, fees, left, options)
      : credit(line, by, fees, used + left);
  const creditId = PAYMENTS.has(type) ? creditIdOf(id) : id;
  for (const use of refunds) {
    const method = options.named('methods', use.debit.reader.name('payment_type') ?? use.debit.type);
    const { amount: _, ...refund } = changeOf(use);
    changes.push({ ...refund, kind: 'refund', of: { creditId }, amount: use.used, method });
  }
  if (!isVoid) return changes;
  const undone = offsets.filter(({ kind }) => kind === 'void').at(-1);
  const last = {
    time: undone?.time ?? line.changed,
    sequence: undone?.sequence ?? Number.MAX_SAFE_INTEGER,
    origin: line.origin,
  };
  const voided = WAIVERS.has(type) ? [...fees.map((use) => use.id), id] : [id];
  const voids = voided.map((of) => ({ ...last, kind: 'void' as const, id: `${of}/void`, of }));
  return [...changes, ...voids];
}

/** Finds the debit on which a credit was used. */
function usable(offset: KohaOffset, { debits }: Lines): Use[] {
  const debit = debits.get(offset.debitId ?? '');
  if (debit === undefined) {
    const found = (offset.debitId ?? '').slice('koha/'.length);
    offset.reader.report('UnknownRow', 'debit_id', 'a row of accountlines', found);
    return [];
  }
  // The other side of a void does not use the credit.
  return debit.type === 'VOID' ? [] : [{ ...offset, used: offset.amount, debit }];
}

/** Cuts uses to what the credit had. */
function limitedUses(uses: readonly Use[], limit: number, { digits }: CheckedReadOptions): Use[] {
  let left = limit;
  return uses.flatMap((use) => {
    const used = Math.min(use.used, left);
    if (used < use.used) {
      const [expected, found] = [formatAmount(used, digits), formatAmount(use.used, digits)];
      use.reader.report('AmountDoesNotFit', 'amount', `at most ${expected}`, found);
    }
    left -= used;
    return used > 0 ? [{ ...use, used }] : [];
  });
}

type By = ReturnType<typeof circumstancesOf> & { readonly sequence: number };

const changeOf = ({ id, used, time, sequence, origin }: Use) => ({
  id,
  amount: used,
  time,
  sequence,
  origin,
});

function payment(
  line: KohaLine,
  by: By,
  uses: readonly Use[],
  amount: number,
  options: CheckedReadOptions,
  createdPlace: number | undefined,
): ForeignChange[] {
  const { id } = line;
  const atOnce = immediateUses(uses, by.time.ms, createdPlace ?? (uses[0]?.place ?? 0) - 1);
  const later = uses.filter((use) => !atOnce.includes(use));
  const parts = new Map<string, number>();
  for (const { debit, used } of atOnce) parts.set(debit.id, (parts.get(debit.id) ?? 0) + used);
  const paid = [...parts].map(([feeId, part]): ForeignPart => ({ feeId, amount: part }));
  const rest = amount - paid.reduce((total, part) => total + part.amount, 0);
  const method = options.named('methods', line.reader.name('payment_type') ?? line.type);
  const received: ForeignChange = {
    ...by,
    kind: 'payment',
    paymentId: id,
    method,
    paid,
    ...(rest > 0 ? { credit: { balanceId: id, amount: rest } } : {}),
  };
  return [received, ...later.map((use) => useOf(use, creditIdOf(id)))];
}

/** The uses that follow a payment directly, before anything else happens to the patron's account. */
function immediateUses(uses: readonly Use[], ms: number, createdPlace: number): readonly Use[] {
  let place = createdPlace;
  const end = uses.findIndex((use) => {
    place += 1;
    return use.place !== place || use.time.ms - ms > AT_ONCE_MS;
  });
  return end < 0 ? uses : uses.slice(0, end);
}

function useOf(use: Use, creditId: string): ForeignChange {
  return { ...changeOf(use), kind: 'use', creditId, feeId: use.debit.id };
}

/** A credit without money: what it was used for is forgiven or cancelled; the rest is goodwill. */
function reductions(
  line: KohaLine,
  by: By,
  uses: readonly Use[],
  left: number,
  options: CheckedReadOptions,
): ForeignChange[] {
  const reason = options.named('reasons', line.type);
  const writtenOff = WRITE_OFFS.has(line.type) ? { writeOff: true } : {};
  const changes = uses.map((use): ForeignChange => {
    const { time, sequence, ...own } = changeOf(use);
    const change = { ...by, time, sequence, reason, origin: own.origin };
    const part = { feeId: use.debit.id, amount: own.amount };
    return line.type === 'CANCELLATION'
      ? { ...change, ...part, kind: 'cancellation', id: own.id }
      : { ...change, kind: 'waiver', id: own.id, waived: [part], ...writtenOff };
  });
  return left > 0 ? [...changes, ...creditOf(line, by, left, 'goodwill')] : changes;
}

function credit(line: KohaLine, by: By, uses: readonly Use[], amount: number): ForeignChange[] {
  return [...creditOf(line, by, amount, 'refundable'), ...uses.map((use) => useOf(use, line.id))];
}

function creditOf(
  line: KohaLine,
  by: By,
  amount: number,
  purpose: 'refundable' | 'goodwill',
): ForeignChange[] {
  const { id, owner, type } = line;
  return [
    {
      ...by,
      kind: 'credit',
      creditId: id,
      balanceId: id,
      amount,
      purpose,
      ...(owner === undefined ? {} : { owner }),
      ...(type === 'OVERPAYMENT' ? { ofDecrease: true } : {}),
    },
  ];
}
