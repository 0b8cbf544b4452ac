import type { Actor } from '../account/circumstances.js';
import { unused } from '../account/credit.js';
import { feeStatus, remaining, type Status } from '../account/fee.js';
import { creditStatus, findCredit, findFee, type PatronAccount } from '../account/patronAccount.js';
import type { Transaction, TransactionKind } from '../account/transaction.js';
import { PatronFeesError } from '../errors.js';
import { definedPolicy, type FeePolicy } from '../policy/feePolicy.js';
import { amountWriter } from './amountWriter.js';
import { codeLabel } from './codeLabel.js';
import { effectOnCredit, effectOnFee } from './transactionEffects.js';
import { transactionLabels } from './transactionLabels.js';
import {
  type TransactionReferences,
  type TransactionSubject,
  transactionReferences,
} from './transactionReferences.js';

/** How transactions are shown. */
export type TransactionsOptions = {
  /** Who looks: only `staff` sees staff notes; `patron` if left out. */
  readonly audience?: 'patron' | 'staff' | undefined;
  /**
   * The institution's policy, for the labels of methods and reasons; codes show without it.
   *
   * @defaultValue codes in place of labels
   */
  readonly policy?: FeePolicy | undefined;
};

/** One line of what happened to a fee or a credit. Absent details are null. */
export type TransactionLine = {
  /** What happened. */
  readonly kind: TransactionKind;
  /** What happened, in English words. */
  readonly label: string;
  /** The id of what happened: the payment, the waiver, the transfer. */
  readonly id: string;
  /** The amount, a decimal string, never negative; zero where no amount is involved. */
  readonly amount: string;
  /** What remained of the fee, or was unused of the credit, right after it: a decimal string, never negative. */
  readonly remaining: string;
  /** When it happened. The order of the lines is the stream's, so a late report may have an earlier instant. */
  readonly at: string;
  /** Who did it. */
  readonly by: Actor | null;
  /** The code of the payment method, where money moved. */
  readonly method: string | null;
  /** What a person sees for the method. */
  readonly methodLabel: string | null;
  /** Why: a code of the policy or free text. */
  readonly reason: string | null;
  /** What a person sees for the reason. */
  readonly reasonLabel: string | null;
  /** The comment that the patron may see. */
  readonly comment: string | null;
  /** What else is involved. */
  readonly references: TransactionReferences;
  /** The note that is never shown to patrons; only there for the audience `staff`. */
  readonly staffNote?: string | null;
};

/** What happened to one fee or credit. */
export type Transactions = {
  /** Whether it is a fee or a credit. */
  readonly kind: TransactionSubject;
  /** The id of the fee or credit. */
  readonly id: string;
  /** ISO 4217 code of all amounts. */
  readonly currency: string;
  /** Where it stands. */
  readonly status: Status;
  /** The fee's or credit's amount, a decimal string, never negative. */
  readonly original: string;
  /** What remains of the fee or is unused of the credit, a decimal string, never negative. */
  readonly remaining: string;
  /** What happened, in the stream's order. */
  readonly lines: readonly TransactionLine[];
};

/**
 * What happened to one fee or credit: what selecting its amount in the fines and fees list shows.
 *
 * @param account - a patron account
 * @param id - the id of a fee or a credit of it
 * @param options - who looks, and the policy for labels
 * @returns every transaction with what remained after it, ready for JSON
 * @throws {@link index.PatronFeesError | PatronFeesError} `NOT_FOUND` when the account has no such fee or credit; `INVALID_POLICY` for a policy
 * with faults
 *
 * @example
 * ```ts
 * import { fold } from 'patron-fees';
 * import { transactions } from 'patron-fees/views';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const account = fold([
 *   { type: 'FeeAssessed', data: { feeId: 'f1', feeType: 'OTHER', amount: '25.00', currency: 'USD', owner: 'MAIN', at } },
 *   { type: 'FeeWaived', data: { waiverId: 'w1', feeId: 'f1', amount: '10.00', currency: 'USD', at } },
 * ]);
 * transactions(account, 'f1').lines.map(({ label, amount, remaining }) => [label, amount, remaining]);
 * //=> [['Fee assessed', '25.00', '25.00'], ['Waiver', '10.00', '15.00']]
 * ```
 */
export function transactions(
  account: PatronAccount,
  id: string,
  options: TransactionsOptions = {},
): Transactions {
  const write = amountWriter(account);
  const subject = subjectOf(account, id);
  const policy = options.policy && definedPolicy(options.policy);
  const effects = subject.kind === 'fee' ? effectOnFee : effectOnCredit;
  let left = 0;
  const lines = subject.transactions.map((transaction): TransactionLine => {
    const { kind, amount, at, by, method, reason, comment } = transaction;
    left += effects[kind] * amount;
    const references = transactionReferences(account, subject.kind, transaction);
    return {
      kind,
      label: transactionLabels[kind],
      id: transaction.id,
      amount: write(amount),
      remaining: write(left),
      at,
      by: by && { ...by },
      method,
      methodLabel: method === null ? null : codeLabel(policy?.paymentMethods, method),
      reason,
      reasonLabel: reason === null ? null : codeLabel(reasonLabels(policy, kind, references), reason),
      comment,
      references,
      ...(options.audience === 'staff' ? { staffNote: transaction.staffNote } : {}),
    };
  });
  return {
    kind: subject.kind,
    id,
    currency: account.currency as string,
    status: subject.status,
    original: write(subject.original),
    remaining: write(subject.remaining),
    lines,
  };
}

/** The fee or the credit that an id names. */
function subjectOf(account: PatronAccount, id: string): Subject {
  const fee = findFee(account, id);
  if (fee !== undefined) {
    const { original } = fee;
    return {
      kind: 'fee',
      status: feeStatus(fee),
      original,
      remaining: remaining(fee),
      transactions: fee.transactions,
    };
  }
  const credit = findCredit(account, id);
  if (credit === undefined)
    throw new PatronFeesError('NOT_FOUND', 'the account has no such fee or credit', { id });
  return {
    kind: 'credit',
    status: creditStatus(account, credit),
    original: credit.amount,
    remaining: unused(credit),
    transactions: credit.transactions,
  };
}

type Subject = {
  readonly kind: TransactionSubject;
  readonly status: Status;
  readonly original: number;
  readonly remaining: number;
  readonly transactions: readonly Transaction[];
};

/** The policy's list that a reason's code stands in; other reasons are free text. */
function reasonLabels(
  policy: FeePolicy | undefined,
  kind: TransactionKind,
  { cause }: TransactionReferences,
): Readonly<Record<string, string>> | undefined {
  if (kind === 'waiver' || cause === 'waived') return policy?.waiveReasons;
  return cause === 'manual' || cause === 'imported' ? policy?.creditReasons : undefined;
}
