import { isPatronFeesError, PatronFeesError } from '../errors.js';
import { shown } from '../input/shown.js';
import { type Credit, unused } from './credit.js';
import { type Fee, feeStatus, owed, remaining, type Status } from './fee.js';
import { type IdKind, type IdUse, idUse } from './ids.js';
import type {
  CreditApplication,
  Merge,
  Payment,
  PaymentPlan,
  Refund,
  Settlement,
  Transfer,
  Waiver,
} from './records.js';

/**
 * One patron's fees at one institution: the result of folding the events of the account's stream.
 *
 * Plain data in integer minor units. Read it with the selectors ({@link findFee}, {@link remaining}, {@link owed},
 * {@link feeStatus}, {@link balancesInMinorUnits}) and the views, which do not depend on its internal shape.
 */
export type PatronAccount = {
  /** ISO 4217 code, set by the first event; null before it. */
  readonly currency: string | null;
  /** The number of decimals of the currency. */
  readonly minorDigits: number;
  /** The number of events folded; the version of the stream. */
  readonly eventCount: number;
  /** The sum of all fees, payments and credits ever, in minor units; always a safe integer. */
  readonly turnover: number;
  /** The patron id of the account that this one is merged into; null if it is not merged. */
  readonly mergedInto: string | null;
  /** The fees, in the order in which they were assessed. */
  readonly fees: readonly Fee[];
  /** The credits, in the order in which they were issued. */
  readonly credits: readonly Credit[];
  /** The payments, in stream order. */
  readonly payments: readonly Payment[];
  /** The waivers that reduced what is owed, in stream order. */
  readonly waivers: readonly Waiver[];
  /** The transfers, in stream order. */
  readonly transfers: readonly Transfer[];
  /** The settlements reported by external systems, in stream order. */
  readonly settlements: readonly Settlement[];
  /** The uses of credits, in stream order. */
  readonly applications: readonly CreditApplication[];
  /** The refunds, in stream order. */
  readonly refunds: readonly Refund[];
  /** The payment plans, in stream order. */
  readonly paymentPlans: readonly PaymentPlan[];
  /** The merges with other accounts of the same patron, undone ones included, in stream order. */
  readonly merges: readonly Merge[];
  /**
   * What each id is used for, including commands and external transactions. If an id has several uses, the last one
   * counts.
   */
  readonly ids: readonly IdUse[];
};

/** Data without its `readonly` modifiers, for code that creates and changes it. */
export type Writable<Data> = Data extends readonly (infer Row)[]
  ? Writable<Row>[]
  : Data extends object
    ? { -readonly [Key in keyof Data]: Writable<Data[Key]> }
    : Data;

/** A private account that events are applied to in place. */
export type AccountState = Writable<PatronAccount>;

/**
 * Returns the account of a patron without events.
 *
 * @returns a new, empty account
 *
 * @example
 * ```ts
 * import { balancesInMinorUnits, emptyAccount } from 'patron-fees';
 *
 * balancesInMinorUnits(emptyAccount()).active; //=> 0
 * ```
 */
export function emptyAccount(): PatronAccount {
  return {
    currency: null,
    minorDigits: 2,
    eventCount: 0,
    turnover: 0,
    mergedInto: null,
    fees: NO_ENTRIES,
    credits: NO_ENTRIES,
    payments: NO_ENTRIES,
    waivers: NO_ENTRIES,
    transfers: NO_ENTRIES,
    settlements: NO_ENTRIES,
    applications: NO_ENTRIES,
    refunds: NO_ENTRIES,
    paymentPlans: NO_ENTRIES,
    merges: NO_ENTRIES,
    ids: [],
  };
}

/** Returns the position of an id's row in the list of its kind; -1 if no row of that kind has the id. */
export function positionOf(account: PatronAccount, kind: IdKind, id: string): number {
  const use = idUse(account.ids, id);
  return use !== undefined && use.kind === kind ? use.position : -1;
}

/**
 * Finds a fee by its id.
 *
 * @param account - a patron account
 * @param feeId - any string
 * @returns the fee, or `undefined`
 *
 * @example
 * ```ts
 * import { findFee, fold } from 'patron-fees';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const account = fold([
 *   { type: 'FeeAssessed', data: { feeId: 'f1', feeType: 'OTHER', amount: '25.00', currency: 'USD', owner: 'MAIN', at } },
 * ]);
 * findFee(account, 'f1')?.original; //=> 2500
 * findFee(account, 'f2'); //=> undefined
 * ```
 */
export function findFee(account: PatronAccount, feeId: string): Fee | undefined {
  return account.fees[positionOf(account, 'fee', feeId)];
}

/**
 * Finds a credit by its id.
 *
 * @param account - a patron account
 * @param creditId - any string
 * @returns the credit, or `undefined`
 *
 * @example
 * ```ts
 * import { findCredit, fold } from 'patron-fees';
 *
 * const data = { creditId: 'c1', amount: '5.00', currency: 'USD', cause: 'manual', purpose: 'goodwill' } as const;
 * const account = fold([{ type: 'CreditIssued', data: { ...data, at: '2026-03-02T09:00:00Z' } }]);
 * findCredit(account, 'c1')?.amount; //=> 500
 * ```
 */
export function findCredit(account: PatronAccount, creditId: string): Credit | undefined {
  return account.credits[positionOf(account, 'credit', creditId)];
}

/**
 * Finds a payment by its id.
 *
 * @param account - a patron account
 * @param paymentId - any string
 * @returns the payment, or `undefined`
 *
 * @example
 * ```ts
 * import { findPayment, fold } from 'patron-fees';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const account = fold([
 *   { type: 'FeeAssessed', data: { feeId: 'f1', feeType: 'OTHER', amount: '25.00', currency: 'USD', owner: 'MAIN', at } },
 *   {
 *     type: 'PaymentReceived',
 *     data: { paymentId: 'p1', amount: '10.00', currency: 'USD', method: 'CASH', allocations: [{ feeId: 'f1', amount: '10.00' }], at },
 *   },
 * ]);
 * findPayment(account, 'p1')?.amount; //=> 1000
 * ```
 */
export function findPayment(account: PatronAccount, paymentId: string): Payment | undefined {
  return account.payments[positionOf(account, 'payment', paymentId)];
}

/**
 * Finds a transfer by its id.
 *
 * @param account - a patron account
 * @param transferId - any string
 * @returns the transfer, or `undefined`
 */
export function findTransfer(account: PatronAccount, transferId: string): Transfer | undefined {
  return account.transfers[positionOf(account, 'transfer', transferId)];
}

/**
 * Finds a payment plan by its id.
 *
 * @param account - a patron account
 * @param planId - any string
 * @returns the plan, or `undefined`
 */
export function findPaymentPlan(account: PatronAccount, planId: string): PaymentPlan | undefined {
  return account.paymentPlans[positionOf(account, 'paymentPlan', planId)];
}

/**
 * Returns the status of a credit. A `setOff` credit is disputed while its fee is.
 *
 * @param account - the credit's account
 * @param credit - a credit of it
 * @returns its status, derived from the figures
 *
 * @example
 * ```ts
 * import { creditStatus, findCredit, fold } from 'patron-fees';
 *
 * const data = { creditId: 'c1', amount: '5.00', currency: 'USD', cause: 'manual', purpose: 'goodwill' } as const;
 * const account = fold([{ type: 'CreditIssued', data: { ...data, at: '2026-03-02T09:00:00Z' } }]);
 * const credit = findCredit(account, 'c1');
 * credit && creditStatus(account, credit); //=> 'active'
 * ```
 */
export function creditStatus(account: PatronAccount, credit: Credit): Status {
  if (unused(credit) > 0) return setsOffDisputedFee(account, credit) ? 'disputed' : 'active';
  return credit.transferPending > 0 ? 'transferred' : 'closed';
}

/** Returns whether a credit is reserved for a disputed fee. */
function setsOffDisputedFee(account: PatronAccount, credit: Credit): boolean {
  return (
    credit.purpose === 'setOff' && credit.feeId !== null && findFee(account, credit.feeId)?.disputed === true
  );
}

/** The balances of an account, in integer minor units. */
export type BalancesInMinorUnits = {
  /** What remains of undisputed fees, less unused credits (except `setOff` credits of disputed fees). */
  readonly active: number;
  /** What remains of disputed fees, less their unused `setOff` credits. */
  readonly disputed: number;
  /** What was transferred and is not settled yet: of fees, less of credits. */
  readonly transferred: number;
  /** What can be paid now: owed on undisputed fees. */
  readonly payable: number;
  /** What is owed on all fees, including disputed ones, without deducting credits. */
  readonly owed: number;
};

/**
 * Returns the balances of an account, which are always the sums of its rows.
 *
 * @param account - a patron account
 * @returns integer minor units
 *
 * @example
 * ```ts
 * import { balancesInMinorUnits, fold } from 'patron-fees';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const account = fold([
 *   { type: 'FeeAssessed', data: { feeId: 'f1', feeType: 'OTHER', amount: '10.00', currency: 'USD', owner: 'MAIN', at } },
 *   { type: 'FeeDisputed', data: { disputeId: 'd1', feeId: 'f1', at } },
 * ]);
 * balancesInMinorUnits(account); //=> { active: 0, disputed: 1000, transferred: 0, payable: 0, owed: 1000 }
 * ```
 */
export function balancesInMinorUnits(account: PatronAccount): BalancesInMinorUnits {
  const sums = { active: 0, disputed: 0, transferred: 0, payable: 0, owed: 0 };
  for (const fee of account.fees) {
    const open = owed(fee);
    sums.owed += open;
    sums.transferred += fee.transferPending;
    if (fee.disputed) {
      sums.disputed += remaining(fee);
    } else {
      sums.active += remaining(fee);
      sums.payable += open;
    }
  }
  for (const credit of account.credits) {
    if (setsOffDisputedFee(account, credit)) sums.disputed -= unused(credit);
    else sums.active -= unused(credit);
    sums.transferred -= credit.transferPending;
  }
  return sums;
}

/**
 * Returns the undisputed fees of an account on which something is owed, oldest fee first.
 *
 * @param account - a patron account
 * @returns the fees that can be paid now; {@link owed} is above 0 on each
 */
export function payableFees(account: PatronAccount): readonly Fee[] {
  return account.fees.filter((fee) => owed(fee) > 0 && feeStatus(fee) === 'active');
}

/**
 * The empty list, shared by all accounts and rows. Frozen, so that it stays empty; {@link extended} adds entries to
 * lists.
 */
export const NO_ENTRIES: never[] = /* @__PURE__ */ Object.freeze([]) as never as never[];

/**
 * Adds an entry to a list that only the caller uses. Returns the list, or a new one if the list was short: `push`
 * allocates memory for 16 more entries, and most lists of an account have one, two or three.
 */
export function extended<Entry>(list: Entry[], entry: Entry): Entry[] {
  switch (list.length) {
    case 0:
      return [entry];
    case 1:
      return [list[0] as Entry, entry];
    case 2:
      return [list[0] as Entry, list[1] as Entry, entry];
    case 3:
      return [list[0] as Entry, list[1] as Entry, list[2] as Entry, entry];
    default:
      list.push(entry);
      return list;
  }
}

/** The rows of an account by kind. */
export type Rows = {
  readonly fee: Fee;
  readonly credit: Credit;
  readonly payment: Payment;
  readonly waiver: Waiver;
  readonly transfer: Transfer;
  readonly settlement: Settlement;
  readonly application: CreditApplication;
  readonly refund: Refund;
  readonly paymentPlan: PaymentPlan;
  readonly merge: Merge;
};

/** A kind of row. */
export type RowKind = keyof Rows;

type RowTable = {
  readonly [Kind in RowKind]: {
    readonly list: keyof PatronAccount;
    readonly idField: keyof Rows[Kind];
    readonly copy: (row: Rows[Kind]) => Rows[Kind];
  };
};

/**
 * For each kind of row: its list, the name of its id field, and how to copy the parts that can change, without its
 * transactions.
 */
export const rowKinds = {
  fee: {
    list: 'fees',
    idField: 'feeId',
    copy: (fee: Fee) => ({
      ...fee,
      accrual: fee.accrual && { ...fee.accrual },
      transactions: NO_ENTRIES,
    }),
  },
  credit: {
    list: 'credits',
    idField: 'creditId',
    copy: (credit: Credit) => ({
      ...credit,
      shortfallFeeIds: [...credit.shortfallFeeIds],
      transactions: NO_ENTRIES,
    }),
  },
  payment: {
    list: 'payments',
    idField: 'paymentId',
    copy: (payment: Payment) => ({
      ...payment,
      allocations: payment.allocations.map((allocation) => ({ ...allocation })),
      overpayment: payment.overpayment && { ...payment.overpayment },
      reversals: [...payment.reversals],
    }),
  },
  waiver: { list: 'waivers', idField: 'waiverId', copy: (waiver: Waiver) => ({ ...waiver }) },
  transfer: { list: 'transfers', idField: 'transferId', copy: (transfer: Transfer) => ({ ...transfer }) },
  settlement: {
    list: 'settlements',
    idField: 'settlementId',
    copy: (settlement: Settlement) => ({
      ...settlement,
      surplus: settlement.surplus && { ...settlement.surplus },
    }),
  },
  application: {
    list: 'applications',
    idField: 'applicationId',
    copy: (application: CreditApplication) => ({
      ...application,
      allocations: application.allocations.map((part) => ({ ...part })),
    }),
  },
  refund: { list: 'refunds', idField: 'refundId', copy: (refund: Refund) => ({ ...refund }) },
  paymentPlan: { list: 'paymentPlans', idField: 'planId', copy: (plan: PaymentPlan) => ({ ...plan }) },
  merge: { list: 'merges', idField: 'mergeId', copy: (merge: Merge) => ({ ...merge }) },
} as const satisfies RowTable;

/** Returns the list of an account with the rows of a kind. */
export function rowsOf<Kind extends RowKind>(account: PatronAccount, kind: Kind): readonly Rows[Kind][] {
  const rows: readonly unknown[] = account[rowKinds[kind].list];
  return rows as readonly Rows[Kind][];
}

/**
 * Returns a copy of a row. Changing the copy does not change the row; both share the parts that never change, such as
 * `item`.
 */
export function copyOfRow<Kind extends RowKind>(kind: Kind, row: Rows[Kind]): Rows[Kind] {
  const copy = copyWithoutTransactions(kind, row);
  if ('transactions' in row) Object.assign(copy, { transactions: [...row.transactions] });
  return copy;
}

/** Returns a copy of a row as {@link copyOfRow} does, without its earlier transactions, which no rule needs. */
export function copyWithoutTransactions<Kind extends RowKind>(kind: Kind, row: Rows[Kind]): Rows[Kind] {
  const table: RowTable = rowKinds;
  return table[kind].copy(row);
}

const lists = /* @__PURE__ */ listsOfAccount();

function listsOfAccount() {
  return [...Object.values(rowKinds).map(({ list }) => list), 'ids'] as const;
}

/** Throws INVALID_ACCOUNT if the value is not a patron account. */
export function assertAccount(account: PatronAccount): void {
  const whole =
    typeof account === 'object' &&
    account !== null &&
    Number.isSafeInteger(account.eventCount) &&
    lists.every((list) => Array.isArray(account[list]));
  if (!whole) throw notAnAccount(account);
}

function notAnAccount(input: unknown): PatronFeesError {
  const found = typeof input === 'string' ? 'a string' : shown(input);
  const more = found === 'object' ? '' : `, found ${found}`;
  return new PatronFeesError(
    'INVALID_ACCOUNT',
    `expected a patron account, made by fold or emptyAccount${more}`,
  );
}

/** Runs a function that reads an account. Reports any failure as INVALID_ACCOUNT, except errors of this library. */
export function readingAccount<Result>(account: unknown, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw isPatronFeesError(error) ? error : notAnAccount(account);
  }
}
