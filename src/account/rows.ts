import type { Credit } from './credit.js';
import type { Fee } from './fee.js';
import { NO_ENTRIES } from './lists.js';
import type { PatronAccount } from './patronAccount.js';
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
