import { amountCharged, isAccruing } from '../account/accrual.js';
import type { CreditCause, CreditPurpose, Item } from '../account/circumstances.js';
import { type Credit, unused } from '../account/credit.js';
import { type Fee, feeStatus, owed, remaining, type Status } from '../account/fee.js';
import { creditStatus, findFee, type PatronAccount } from '../account/patronAccount.js';
import type { Transaction } from '../account/transaction.js';
import type { FeePolicy } from '../policy/feePolicy.js';
import { feeTypeLabel } from './codeLabel.js';

/** The type code of every credit's row. */
const creditRowType = 'CREDIT';

/** The columns that fees and credits share. Absent details are null. Amounts are decimal strings. */
export type FinesAndFeesColumns = {
  /** The id of the fee or credit. */
  readonly id: string;
  /** The fee type's code; `CREDIT` for a credit. */
  readonly type: string;
  /** The label of the type, or its code if the policy does not have it. */
  readonly typeLabel: string;
  /** The status. */
  readonly status: Status;
  /** What was charged, a decimal string; for a growing fine its current total. Negative for a credit. */
  readonly original: string;
  /** What remains of a fee, or the unused part of a credit (negative). Rows of one status add up to its balance. */
  readonly remaining: string;
  /** What was transferred to an external billing system and not settled yet; negative for a credit. */
  readonly transferPending: string;
  /** The owning library; null for a credit that belongs to no library. */
  readonly owner: string | null;
  /** The item; for a credit without one, the item of its fee. */
  readonly item: Item | null;
  /** When the fee was assessed or the credit issued: ISO 8601 with a zone. */
  readonly at: string;
  /** The comment of its assessment or issue, which patrons may see. Rows never contain staff notes. */
  readonly comment: string | null;
};

/** A fee's row. Amounts are decimal strings. */
export type FeeRow = FinesAndFeesColumns & {
  /** The kind of row. */
  readonly kind: 'fee';
  /** What can still be paid, waived or transferred: the remaining amount less the fee's own unused set-off credits. */
  readonly owed: string;
  /** Whether it is a fine that still grows; it can be paid, but more may be charged. */
  readonly accruing: boolean;
  /** Whether it was charged for a lost item. */
  readonly lostItem: boolean;
  /** The loan it was charged for. */
  readonly loanId: string | null;
  /** What groups the fees of one incident. */
  readonly incidentId: string | null;
  /** The payment plan that the fee is in; its progress is in `paymentPlan`. */
  readonly planId: string | null;
};

/** A credit's row. Amounts are decimal strings and negative. */
export type CreditRow = FinesAndFeesColumns & {
  /** The kind of row. */
  readonly kind: 'credit';
  /** Why the credit exists. */
  readonly cause: CreditCause;
  /** What the credit may be used for. */
  readonly purpose: CreditPurpose;
  /** The fee it comes from. */
  readonly feeId: string | null;
  /** The payment it comes from, for an overpayment. */
  readonly paymentId: string | null;
};

/** A row of the fines and fees list. */
export type FinesAndFeesRow = FeeRow | CreditRow;

/** The data of a row before amounts are formatted; lists are filtered and sorted in this form. */
export type RowSource = {
  /** The fee or the credit. */
  readonly subject:
    | { readonly kind: 'fee'; readonly fee: Fee }
    | { readonly kind: 'credit'; readonly credit: Credit };
  /** The fee type's code, or `CREDIT`. */
  readonly type: string;
  /** The status. */
  readonly status: Status;
  /** In minor units, negative for a credit. */
  readonly original: number;
  /** In minor units, negative for a credit. */
  readonly remaining: number;
  /** In minor units, negative for a credit. */
  readonly transferPending: number;
  /** The owning library. */
  readonly owner: string | null;
  /** The item. */
  readonly item: Item | null;
  /** When it was assessed or issued: ISO 8601 with a zone. */
  readonly at: string;
};

/** Returns the data of a fee's row. */
export function feeSource(fee: Fee): RowSource {
  return {
    subject: { kind: 'fee', fee },
    type: fee.feeType,
    status: feeStatus(fee),
    original: amountCharged(fee),
    remaining: remaining(fee),
    transferPending: fee.transferPending,
    owner: fee.owner,
    item: fee.item,
    at: fee.assessedAt,
  };
}

/** Returns the data of a credit's row; a missing owner or item is taken from its fee. */
function creditSource(account: PatronAccount, credit: Credit): RowSource {
  const fee = credit.feeId === null ? undefined : findFee(account, credit.feeId);
  return {
    subject: { kind: 'credit', credit },
    type: creditRowType,
    status: creditStatus(account, credit),
    original: -credit.amount,
    remaining: -unused(credit),
    transferPending: -credit.transferPending,
    owner: credit.owner ?? fee?.owner ?? null,
    item: credit.item ?? fee?.item ?? null,
    at: credit.issuedAt,
  };
}

/** Yields every row of an account: fees as they were assessed, then credits as they were issued. */
export function* rowSources(account: PatronAccount): Generator<RowSource> {
  for (const fee of account.fees) yield feeSource(fee);
  for (const credit of account.credits) yield creditSource(account, credit);
}

/** Returns the label of a row's type. */
export function rowTypeLabel({ subject, type }: RowSource, policy: FeePolicy | undefined): string {
  const label = feeTypeLabel(policy, type);
  return subject.kind === 'credit' && label === creditRowType ? 'Credit' : label;
}

/** Returns a row with formatted amounts and labels. */
export function rowOf(
  source: RowSource,
  policy: FeePolicy | undefined,
  write: (minor: number) => string,
): FinesAndFeesRow {
  const { subject, type, status, owner, item, at } = source;
  const { transactions } = subject.kind === 'fee' ? subject.fee : subject.credit;
  const columns = {
    type,
    typeLabel: rowTypeLabel(source, policy),
    status,
    original: write(source.original),
    remaining: write(source.remaining),
    transferPending: write(source.transferPending),
    owner,
    item: item && { ...item },
    at,
    // The first transaction of a fee or credit is its assessment or issue.
    comment: (transactions[0] as Transaction).comment,
  };
  if (subject.kind === 'credit') {
    const { creditId, cause, purpose, feeId, paymentId } = subject.credit;
    return { kind: 'credit', id: creditId, ...columns, cause, purpose, feeId, paymentId };
  }
  const { feeId, lostItem, loanId, incidentId, planId } = subject.fee;
  const figures = { owed: write(owed(subject.fee)), accruing: isAccruing(subject.fee) };
  return { kind: 'fee', id: feeId, ...columns, ...figures, lostItem, loanId, incidentId, planId };
}
