import * as v from 'valibot';
import type { AccrualEndCause } from '../../account/accrual.js';
import type { Item } from '../../account/circumstances.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { grouped, valueIn } from '../import/byPatron.js';
import type { ForeignAccount, ForeignBalance, ForeignChange } from '../import/foreignAccount.js';
import {
  type CheckedReadOptions,
  checkedReadOptions,
  type ReadAccountsOptions,
} from '../import/importEvents.js';
import { type Rows, rowsField } from '../import/importFinding.js';
import { type Intake, newIntake, readRows, type StatedFigures } from '../import/importReport.js';
import { accountsIn, type RowReader, uniqueRows } from '../import/rowReader.js';
import type { ForeignTime } from '../import/rowTime.js';

/** The tables of Evergreen that an import reads. */
export type EvergreenTables = {
  /**
   * The rows of `money.billable_xact`, with the library as `owner`, and of loans `stop_fines`, `stop_fines_time`,
   * `due_date`, `target_copy`, `barcode` and `title`.
   */
  readonly billable_xact: Rows;
  /** The rows of `money.billing`, each with the `usr` of its transaction. */
  readonly billing: Rows;
  /**
   * The rows of `money.payment`, each with the `usr` of its transaction, the name of its table as `payment_type`, and
   * the columns `accepting_usr`, `cash_drawer`, `check_number` and `billing` of those that have them.
   */
  readonly payment: Rows;
  /**
   * The rows of `actor.usr` with a `credit_forward_balance`, their `id` repeated as `usr`.
   *
   * @defaultValue no credits of patrons
   */
  readonly usr?: Rows;
};

/** The columns that decide amounts. */
const columns = {
  billable_xact: ['id', 'usr'],
  billing: ['id', 'xact', 'usr', 'amount', 'voided'],
  payment: ['id', 'xact', 'usr', 'amount', 'voided', 'payment_type'],
  usr: ['id', 'usr', 'credit_forward_balance'],
};

const tablesSchema = v.strictObject({
  billable_xact: rowsField,
  billing: rowsField,
  payment: rowsField,
  usr: v.exactOptional(rowsField),
});

/**
 * Reads the billable transactions of Evergreen, with their billings and payments, as objects from a database driver,
 * {@link import.csvRows | CSV} or {@link import.jsonLines | JSON lines}. Each patron's account becomes events by
 * {@link import.importEvents | importEvents} or {@link import.runImport | runImport}, and then owes what is billed,
 * less what is voided and paid, transaction by transaction.
 *
 * - A billing becomes a fee. The overdue fines of a loan's days become one fine that grows, until `stop_fines`.
 * - A payment with money belongs to its transaction: it pays the billing of the same amount, or else the oldest; the
 *   rest is a credit, which pays what is billed later.
 * - Work, goods, forgiveness and adjustments become waivers, so that they never become money.
 * - A voided billing is cancelled, and what was paid towards it pays the others or becomes a credit. A voided payment
 *   is recorded and undone.
 * - A negative payment pays out the credit, or takes payments back.
 *
 * Streams must be sorted by `usr`; lists are sorted here.
 *
 * @param tables - the rows
 * @param options - the policy; what codes are called here
 * @returns the accounts, one patron after the other; rows without a patron come as accounts that have only findings
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT`, `INVALID_POLICY`; any error of a stream
 *
 * @example
 * ```ts
 * import { balancesInMinorUnits, definePolicy, fold } from 'patron-fees';
 * import { evergreenAccounts } from 'patron-fees/evergreen';
 * import { importEvents } from 'patron-fees/import';
 *
 * const at = '2026-03-02 09:00:00-05';
 * const about = { xact: 526, usr: 79, voided: 'f' };
 * const tables = {
 *   billable_xact: [{ id: 526, usr: 79, xact_start: at, owner: 'BR1', note: 'Drove car into front window' }],
 *   billing: [{ id: 1, ...about, billing_ts: at, amount: '50.00', btype: 101, billing_type: 'Misc' }],
 *   payment: [{ id: 19, ...about, payment_ts: at, amount: '10.00', payment_type: 'cash_payment' }],
 * };
 * const policy = definePolicy({ currency: 'USD' });
 * for await (const account of evergreenAccounts(tables, { policy })) {
 *   const { events } = importEvents(account);
 *   events.map(({ type }) => type); //=> ['FeeAssessed', 'PaymentReceived']
 *   balancesInMinorUnits(fold(events)).active; //=> 4000
 * }
 * ```
 */
export async function* evergreenAccounts(
  tables: EvergreenTables,
  options: ReadAccountsOptions,
): AsyncGenerator<ForeignAccount> {
  const checked = checkedReadOptions(options);
  const { billable_xact, billing, payment, usr = [] } = checkedArgument(tablesSchema, tables, 'tables');
  const read = [
    { name: 'billable_xact', rows: billable_xact, patron: 'usr', columns: columns.billable_xact },
    { name: 'billing', rows: billing, patron: 'usr', columns: columns.billing },
    { name: 'payment', rows: payment, patron: 'usr', columns: columns.payment },
    { name: 'usr', rows: usr, patron: 'usr', columns: columns.usr },
  ];
  yield* accountsIn('evergreen', read, evergreenFigures, checked, evergreenAccount);
}

/** Turns the rows of one patron into changes and balances. */
function evergreenAccount(
  patronId: string,
  rows: Readonly<Record<string, readonly unknown[]>>,
  options: CheckedReadOptions,
): ForeignAccount {
  const intake = newIntake({
    billing: 'evergreen/billing/',
    payment: 'evergreen/payment/',
    usr: 'evergreen/usr/',
  });
  const xacts = readXacts(rows.billable_xact, patronId, options, intake);
  const billings = readBillings(rows.billing, patronId, options, intake);
  const payments = readPayments(rows.payment, patronId, options, intake);
  const billingsOf = grouped(billings, ({ xact }) => xact);
  const paymentsOf = grouped(payments, ({ xact }) => xact);
  const changes: ForeignChange[] = [];
  const balances: ForeignBalance[] = [];
  for (const xact of xacts) {
    const own = {
      billings: billingsOf.get(xact.rowId) ?? [],
      payments: paymentsOf.get(xact.rowId) ?? [],
    };
    if (own.billings.length + own.payments.length === 0) continue;
    if (xact.owner === undefined) {
      xact.reader.refuse('MalformedField', 'owner', 'a library, or the option `owner`', 'missing');
      for (const { reader } of [...own.billings, ...own.payments]) intake.refused.add(reader.origin);
      continue;
    }
    const read = readXact(xact, xact.owner, own, options);
    changes.push(...read.changes);
    balances.push(read.balance);
  }
  const known = new Set(xacts.map(({ rowId }) => rowId));
  for (const { xact, reader } of [...billings, ...payments]) {
    if (!known.has(xact)) reader.refuse('UnknownRow', 'xact', 'a row of billable_xact', xact);
  }
  for (const credit of patronCredits(rows.usr, patronId, options, intake)) {
    if (credit.change !== undefined) changes.push(credit.change);
    balances.push(credit.balance);
  }
  const count = Object.values(rows).reduce((total, list) => total + list.length, 0);
  return {
    system: 'evergreen',
    patronId,
    currency: options.currency,
    rows: count,
    changes,
    balances,
    ...readRows(intake, evergreenFigures, options),
  };
}

type Own = { readonly billings: readonly EvergreenBilling[]; readonly payments: readonly EvergreenPayment[] };

function readXact(xact: EvergreenXact, owner: string, own: Own, options: CheckedReadOptions) {
  const balanceId = `evergreen/${xact.rowId}`;
  const charged = chargesOf(xact, owner, balanceId, own.billings, options);
  const payments = own.payments.flatMap((payment) =>
    paymentChanges(payment, balanceId, charged.chargedBy, options),
  );
  const { origin } = xact.reader;
  const times = [xact.time, ...own.billings.map(({ time }) => time), ...own.payments.map(({ time }) => time)];
  const time = times.reduce((latest, one) => (one.ms > latest.ms ? one : latest));
  const { owed, credit } = figuresOf(own);
  const feeType = options.named('feeTypes', own.billings[0]?.type ?? 'Misc');
  const figure = 'billed - voided - paid';
  const names = { balanceId, figure, feeType, owner, pooled: true };
  const balance: ForeignBalance = { ...names, owed, credit, time, origin };
  return { changes: [...charged.changes, ...payments], balance };
}

/**
 * The balance of a transaction: what is billed and not voided, less what is paid and not voided. A negative balance
 * counts only as far as it is money: what was forgiven, worked off or paid with a patron's credit is not paid back.
 */
function figuresOf({ billings, payments }: Own): { readonly owed: number; readonly credit: number } {
  const billed = billings.reduce((sum, { amount, voided }) => sum + (voided === null ? amount : 0), 0);
  let [paid, notPaidBack] = [0, 0];
  for (const { amount, type, isVoid } of payments) {
    if (isVoid) continue;
    paid += amount;
    if (!isRefundable(type)) notPaidBack += amount;
  }
  const balance = billed - paid;
  return { owed: Math.max(0, balance), credit: Math.max(0, -balance - Math.max(0, notPaidBack)) };
}

/** Charges the billings of a transaction. The overdue fines of its days are one fine that grows. */
function chargesOf(
  xact: EvergreenXact,
  owner: string,
  balanceId: string,
  billings: readonly EvergreenBilling[],
  options: CheckedReadOptions,
) {
  const { item, loanId, note, stopped } = xact;
  const fineId = `${balanceId}/overdue`;
  const charged = new Map<string, ChargedBilling>();
  const changes: ForeignChange[] = [];
  let last: EvergreenBilling | undefined;
  let hasFine = false;
  for (const billing of billings) {
    const { id, amount, isOverdue, time, sequence, voided, type, reader } = billing;
    const { origin } = reader;
    if (amount <= 0) {
      // Evergreen has no such rows; one counts in the balance, and a line corrects it.
      reader.report('AmountHasWrongSign', 'amount', 'above 0', String(reader.value('amount')));
      continue;
    }
    const feeType = options.named('feeTypes', type);
    const lostItem = options.isLostItem(feeType);
    const isFine = isOverdue && !lostItem;
    const feeId = isFine ? fineId : id;
    charged.set(id, { feeId, time });
    const comment = isFine ? note : (billing.note ?? note);
    const change = { time, sequence, origin, ...(comment === undefined ? {} : { comment }) };
    if (isFine && hasFine) changes.push({ ...change, kind: 'increase', id, feeId, amount });
    else {
      const about = { ...(item === undefined ? {} : { item }), ...(loanId === undefined ? {} : { loanId }) };
      const charge = { ...change, kind: 'charge', feeId, balanceId, feeType, owner, amount } as const;
      changes.push({ ...charge, ...about, lostItem, grows: isFine });
    }
    if (isFine) [hasFine, last] = [true, billing];
    if (voided === null) continue;
    const by = voided.userId === undefined ? {} : { userId: voided.userId };
    const undone = {
      ...by,
      time: notBefore(voided.time, time),
      sequence,
      origin,
      id: `${id}/void`,
      feeId,
      amount,
    };
    changes.push({ ...undone, kind: 'cancellation', givesBack: true });
  }
  if (last !== undefined && stopped !== null) {
    const time = stopped.time.ms > last.time.ms ? stopped.time : last.time;
    const end = {
      id: `${fineId}/end`,
      feeId: fineId,
      cause: stopped.cause,
      sequence: Number.MAX_SAFE_INTEGER,
    };
    changes.push({ ...end, kind: 'end', time, origin: xact.reader.origin });
  }
  return { changes, chargedBy: (billing: string) => charged.get(`evergreen/billing/${billing}`) };
}

/** The credit of a patron; Evergreen keeps no history of it. */
function patronCredits(
  rows: readonly unknown[] | undefined,
  patronId: string,
  options: CheckedReadOptions,
  intake: Intake,
) {
  return uniqueRows('usr', rows, 'id', patronId, options, intake).flatMap(({ reader, id }) => {
    const amount = reader.requiredAmount('credit_forward_balance');
    const time = reader.requiredTime('last_update_time', 'create_date');
    if (!reader.isSound()) return [];
    const creditId = `evergreen/usr/${id}`;
    const { origin } = reader;
    const balance: ForeignBalance = {
      balanceId: creditId,
      owed: Math.max(0, -amount),
      credit: Math.max(0, amount),
      figure: 'credit_forward_balance',
      feeType: options.named('feeTypes', 'CREDIT'),
      owner: options.owner ?? '-',
      time,
      origin,
    };
    const issued = { kind: 'credit', creditId, balanceId: creditId, amount, purpose: 'refundable' } as const;
    const change: ForeignChange | undefined = amount > 0 ? { ...issued, time, origin } : undefined;
    return [{ change, balance }];
  });
}

/** Payments with money, by the table that keeps them, and their methods here. */
const methods: ReadonlyMap<string, string> = new Map([
  ['cash_payment', 'CASH'],
  ['check_payment', 'CHECK'],
  ['credit_card_payment', 'CREDIT_CARD'],
  ['debit_card_payment', 'DEBIT_CARD'],
]);

/** Payments without money, and their reasons here. */
const reasons: ReadonlyMap<string, string> = new Map([
  ['forgive_payment', 'FORGIVE'],
  ['work_payment', 'WORK'],
  ['goods_payment', 'GOODS'],
  ['account_adjustment', 'ADJUSTMENT'],
]);

/** Paid with the patron's credit. */
const CREDIT = 'credit_payment';

/** A billing, as it is charged here. */
type ChargedBilling = { readonly feeId: string; readonly time: ForeignTime };

/**
 * Returns a time for ordering that is not before another one: a day's fine counts from the end of the day, and may be
 * voided or adjusted on this day.
 */
function notBefore(time: ForeignTime, other: ForeignTime): ForeignTime {
  return { at: time.at, ms: Math.max(time.ms, other.ms) };
}

/** Returns whether Evergreen pays back payments of a type. */
export function isRefundable(type: string): boolean {
  return !reasons.has(type) && type !== CREDIT;
}

/**
 * Turns a payment into changes. Money belongs to the transaction: it pays the billing of the same amount, or else the
 * oldest. What was worked off, given in goods, forgiven or adjusted is a waiver, so that it never becomes money.
 *
 * @param chargedBy - the fee of a billing, and when it was billed
 */
function paymentChanges(
  payment: EvergreenPayment,
  balanceId: string,
  chargedBy: (billing: string) => ChargedBilling | undefined,
  options: CheckedReadOptions,
): ForeignChange[] {
  const { id, type, amount, time, sequence, isVoid, by, reference, billing, reader } = payment;
  const { origin } = reader;
  const change = { ...by, time, sequence, origin };
  const undo: ForeignChange[] = isVoid
    ? [{ kind: 'void', id: `${id}/void`, of: id, time, sequence: sequence + 0.5, origin }]
    : [];
  const reason = reasons.get(type);
  if (amount === 0 || (amount < 0 && !methods.has(type))) {
    reader.report('AmountHasWrongSign', 'amount', 'above 0', String(reader.value('amount')));
    return [];
  }
  if (reason !== undefined) {
    const charged = billing === undefined ? undefined : chargedBy(billing);
    const waived = { balanceId, amount, ...(charged === undefined ? {} : { feeId: charged.feeId }) };
    const adjusted = charged === undefined ? change : { ...change, time: notBefore(time, charged.time) };
    const named = options.named('reasons', reason);
    return [{ ...adjusted, kind: 'waiver', id, reason: named, waived }, ...undo];
  }
  if (type === CREDIT) {
    const credit = { creditId: id, balanceId, amount, purpose: 'goodwill' } as const;
    return [{ ...change, ...credit, kind: 'credit' }, ...undo];
  }
  const known = methods.get(type);
  if (known === undefined) reader.report('UnknownType', 'payment_type', 'a table of payments', type);
  const method = options.named('methods', known ?? type);
  // A refund that was voided changed nothing.
  if (amount < 0) {
    const refund = { ...change, kind: 'refund', id, of: { balanceId }, amount: -amount, method } as const;
    return isVoid ? [] : [refund];
  }
  const referred = reference === undefined ? {} : { reference };
  const received = { ...change, ...referred, kind: 'payment', paymentId: id, method } as const;
  return [{ ...received, paid: { balanceId, amount } }, ...undo];
}

/** A row of `money.billable_xact`, with what it is about. */
type EvergreenXact = {
  /** The id there. */
  readonly rowId: string;
  readonly owner: string | undefined;
  readonly time: ForeignTime;
  /** When and why its fines stopped; null while they may grow. */
  readonly stopped: { readonly time: ForeignTime; readonly cause: AccrualEndCause } | null;
  readonly item: Item | undefined;
  readonly loanId: string | undefined;
  readonly note: string | undefined;
  readonly reader: RowReader;
};

/** A row of `money.billing`. Amounts are in minor units. */
type EvergreenBilling = {
  /** The id of its events here. */
  readonly id: string;
  /** The number that orders billings of the same time. */
  readonly sequence: number;
  readonly xact: string;
  readonly type: string;
  /** Whether it is a day's overdue fine. */
  readonly isOverdue: boolean;
  readonly amount: number;
  readonly time: ForeignTime;
  /** When it was voided, and by whom; null if not voided. */
  readonly voided: { readonly time: ForeignTime; readonly userId: string | undefined } | null;
  readonly note: string | undefined;
  readonly reader: RowReader;
};

/** A row of `money.payment` or one of its kinds. Amounts are in minor units. */
type EvergreenPayment = {
  /** The id of its events here. */
  readonly id: string;
  readonly sequence: number;
  readonly xact: string;
  readonly type: string;
  /** Below 0 for a refund. */
  readonly amount: number;
  readonly time: ForeignTime;
  readonly isVoid: boolean;
  readonly by: { readonly userId?: string; readonly desk?: string; readonly staffNote?: string };
  /** The number of a cheque, or the approval of a card. */
  readonly reference: string | undefined;
  /** The billing that an adjustment is about. */
  readonly billing: string | undefined;
  readonly reader: RowReader;
};

const isTrue = (value: unknown) =>
  typeof value !== 'object' && ['t', 'true', '1', 'y', 'yes'].includes(String(value).toLowerCase());
const isVoid = (row: unknown) => isTrue(valueIn(row, 'voided'));

/** Where rows state what is owed: a balance is billed - voided - paid. */
const evergreenFigures: StatedFigures = {
  billing: { amount: ['amount'], feeType: ['billing_type', 'btype'], isVoid },
  payment: { amount: ['amount'], reduces: true, feeType: ['payment_type'], isVoid },
  usr: { amount: ['credit_forward_balance'], isCredit: () => true },
};

const stopCauses: ReadonlyMap<string, AccrualEndCause> = new Map([
  ['CHECKIN', 'returned'],
  ['RENEW', 'renewed'],
  ['LOST', 'lost'],
]);

/** The type of a day's overdue fine in `config.billing_type`. */
const OVERDUE = '1';

type Read<Row> = (
  rows: readonly unknown[] | undefined,
  patronId: string,
  options: CheckedReadOptions,
  intake: Intake,
) => Row[];

/** Reads the rows of `billable_xact` of one patron. */
export const readXacts: Read<EvergreenXact> = (rows, patronId, options, intake) =>
  uniqueRows('billable_xact', rows, 'id', patronId, options, intake).flatMap(({ reader, id }) => {
    const owner = reader.name('owner');
    const time = reader.requiredTime('xact_start');
    const finish = reader.time('xact_finish');
    const stop = reader.name('stop_fines');
    const stoppedAt = reader.time('stop_fines_time') ?? finish ?? time;
    const isStopped = stop !== undefined || finish !== undefined;
    const item = itemOf(reader);
    const isLoan = reader.name('target_copy') !== undefined;
    if (!reader.isSound()) return [];
    return [
      {
        rowId: id,
        owner: owner === undefined ? options.owner : options.named('owners', owner),
        time,
        stopped: isStopped ? { time: stoppedAt, cause: stopCauses.get(stop ?? '') ?? 'other' } : null,
        item,
        loanId: isLoan ? id : undefined,
        note: reader.text('note'),
        reader,
      },
    ];
  });

function itemOf(reader: RowReader): Item | undefined {
  const item = reader.item({ id: 'target_copy', barcode: 'barcode', title: 'title' });
  const dueAt = reader.time('due_date')?.at;
  return dueAt === undefined ? item : { ...item, dueAt };
}

/** Reads the rows of `billing` of one patron, in the order of their ids. */
export const readBillings: Read<EvergreenBilling> = (rows, patronId, options, intake) => {
  const read = uniqueRows('billing', rows, 'id', patronId, options, intake).flatMap(({ reader, id }) => {
    const xact = reader.requiredName('xact');
    const amount = reader.requiredAmount('amount');
    const time = reader.requiredTime('billing_ts', 'period_end', 'create_date');
    const btype = reader.name('btype');
    const type = reader.name('billing_type') ?? btype;
    const isVoid = reader.flag('voided');
    const voidTime = isVoid ? reader.time('void_time') : undefined;
    const voider = reader.name('voider');
    if (type === undefined) reader.requiredName('billing_type');
    if (!reader.isSound() || type === undefined) return [];
    const voided = isVoid ? { time: voidTime ?? time, userId: voider } : null;
    const names = { id: `evergreen/billing/${id}`, sequence: sequenceOf(id), xact, type };
    const isOverdue = btype === OVERDUE;
    return [{ ...names, isOverdue, amount, time, voided, note: reader.text('note'), reader }];
  });
  return read.sort((a, b) => a.sequence - b.sequence);
};

/** Reads the rows of `payment` of one patron, in the order of their ids. */
export const readPayments: Read<EvergreenPayment> = (rows, patronId, options, intake) => {
  const read = uniqueRows('payment', rows, 'id', patronId, options, intake).flatMap(({ reader, id }) => {
    const xact = reader.requiredName('xact');
    const amount = reader.requiredAmount('amount');
    const time = reader.requiredTime('payment_ts');
    const type = reader.requiredName('payment_type');
    const isVoid = reader.flag('voided');
    const userId = reader.name('accepting_usr');
    const desk = reader.name('cash_drawer');
    const staffNote = reader.text('note');
    const reference = reader.text('check_number') ?? reader.text('approval_code');
    const billing = reader.name('billing');
    if (!reader.isSound()) return [];
    const by = {
      ...(userId === undefined ? {} : { userId }),
      ...(desk === undefined ? {} : { desk }),
      ...(staffNote === undefined ? {} : { staffNote }),
    };
    const names = { id: `evergreen/payment/${id}`, sequence: sequenceOf(id), xact, type };
    return [{ ...names, amount, time, isVoid, by, reference, billing, reader }];
  });
  return read.sort((a, b) => a.sequence - b.sequence);
};

function sequenceOf(id: string): number {
  const number = Number.parseInt(id, 10);
  return Number.isSafeInteger(number) ? number : 0;
}
