import * as v from 'valibot';
import { amountCharged } from '../account/accrual.js';
import type { RecordedActor } from '../account/circumstances.js';
import { unused } from '../account/credit.js';
import { feeStatus, remaining, type Status } from '../account/fee.js';
import { creditStatus, findCredit, findFee, type PatronAccount } from '../account/patronAccount.js';
import type { Transaction, TransactionKind, TransactionReferences } from '../account/transaction.js';
import { creditVat, feeVat } from '../account/vat.js';
import { PatronFeesError } from '../errors.js';
import { checkedArgument } from '../input/checkedArgument.js';
import { shown } from '../input/shown.js';
import { definedPolicy, type FeePolicy } from '../policy/feePolicy.js';
import { amountWriter } from './amountWriter.js';
import { codeLabel, type LabelTable } from './codeLabel.js';
import {
  effectOnCredit,
  effectOnFee,
  type TransactionLabels,
  transactionLabels,
} from './transactionKinds.js';

/** Options of {@link transactions}. */
export type TransactionsOptions = {
  /** The id of the fee or credit. */
  readonly id: string;
  /** Who will see the result. Only `staff` gets staff notes; `patron` if left out. */
  readonly audience?: 'patron' | 'staff' | undefined;
  /**
   * The labels of the kinds of transactions in another language.
   *
   * @defaultValue {@link transactionLabels}, in English
   */
  readonly labels?: TransactionLabels | undefined;
};

/** Every kind needs a label: English ones must not fill the gaps of another language. */
const labelsSchema = v.object(
  Object.fromEntries(Object.keys(transactionLabels).map((kind) => [kind, v.string('a label')])) as Record<
    TransactionKind,
    v.StringSchema<'a label'>
  >,
);

const optionsSchema = v.object({
  id: v.string(),
  audience: v.optional(v.picklist(['patron', 'staff'])),
  labels: v.optional(labelsSchema),
});

/** Whether the transactions are those of a fee or of a credit. */
export type TransactionSubject = 'fee' | 'credit';

/** One transaction of a fee or credit. Absent details are null. */
export type TransactionLine = {
  /** The kind of transaction. */
  readonly kind: TransactionKind;
  /** The label of the kind, in English unless the options have other labels. */
  readonly label: string;
  /** The id of the payment, waiver, transfer etc. */
  readonly id: string;
  /** The amount, a decimal string, never negative; zero if the transaction has no amount. */
  readonly amount: string;
  /** The tax that the amount includes, a decimal string; zero without tax. */
  readonly vat: string;
  /**
   * What remained of the fee, or was unused of the credit, after this transaction: a decimal string, never negative.
   */
  readonly remaining: string;
  /**
   * When it happened: ISO 8601 with a zone. Lines are in the stream's order, so a line recorded late may have an
   * earlier instant.
   */
  readonly at: string;
  /** Who did it. */
  readonly by: RecordedActor | null;
  /** The code of the payment method, if money moved. */
  readonly method: string | null;
  /** The label of the method. */
  readonly methodLabel: string | null;
  /** Why: a code of the policy or free text. */
  readonly reason: string | null;
  /** The label of the reason. */
  readonly reasonLabel: string | null;
  /** The comment that the patron may see. */
  readonly comment: string | null;
  /** Ids and codes that the transaction refers to. */
  readonly references: TransactionReferences;
  /** The staff note; absent unless the audience is `staff`. */
  readonly staffNote?: string | null;
};

/** The transactions of one fee or credit. */
export type Transactions = {
  /** Whether it is a fee or a credit. */
  readonly kind: TransactionSubject;
  /** The id of the fee or credit. */
  readonly id: string;
  /** ISO 4217 code of all amounts. */
  readonly currency: string;
  /** The status. */
  readonly status: Status;
  /** The fee's or credit's amount, a decimal string, never negative; for a growing fine its current total. */
  readonly original: string;
  /**
   * The last reported total of a fine that grows or grew, a decimal string; null for other fees and credits. Below
   * `original` where what was waived could not be given back, above it where a limit allowed less.
   */
  readonly total: string | null;
  /** What remains of the fee or is unused of the credit, a decimal string, never negative. */
  readonly remaining: string;
  /** The rate of the tax that all amounts of the fee include, in percent; null without tax, and for a credit. */
  readonly vatPercent: number | null;
  /** The tax that `remaining` includes, a decimal string; zero without tax. */
  readonly remainingVat: string;
  /** The transactions in the stream's order. */
  readonly lines: readonly TransactionLine[];
};

/**
 * Returns the transactions of one fee or credit, as shown when its amount in the fines and fees list is selected.
 *
 * @param account - a patron account
 * @param policy - the institution's policy, for the labels of methods and reasons; those that it no longer has show as
 * codes
 * @param options - the fee or credit, and the audience
 * @returns every transaction with what remained after it, ready for JSON
 * @throws {@link index.PatronFeesError | PatronFeesError} `NOT_FOUND` if the account has no such fee or credit;
 * `INVALID_POLICY` if the policy is invalid
 *
 * @example
 * ```ts
 * import { definePolicy, fold } from 'patron-fees';
 * import { transactions } from 'patron-fees/views';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const account = fold([
 *   { type: 'FeeAssessed', data: { feeId: 'f1', feeType: 'OTHER', amount: '25.00', currency: 'USD', owner: 'MAIN', at } },
 *   { type: 'FeeWaived', data: { waiverId: 'w1', feeId: 'f1', amount: '10.00', currency: 'USD', at } },
 * ]);
 * const { lines } = transactions(account, definePolicy({ currency: 'USD' }), { id: 'f1' });
 * lines.map(({ label, amount, remaining }) => [label, amount, remaining]);
 * //=> [['Fee assessed', '25.00', '25.00'], ['Waiver', '10.00', '15.00']]
 * ```
 */
export function transactions(
  account: PatronAccount,
  policy: FeePolicy,
  options: TransactionsOptions,
): Transactions {
  const known = definedPolicy(policy);
  const write = amountWriter(account);
  const { id, audience, labels = transactionLabels } = checkedArgument(optionsSchema, options, 'options');
  const subject = subjectOf(account, id);
  const effects = subject.kind === 'fee' ? effectOnFee : effectOnCredit;
  let [left, taxLeft] = [0, 0];
  const lines = subject.transactions.map((transaction, index): TransactionLine => {
    const { kind, amount, at, by, method, reason, comment } = transaction;
    const tax = subject.taxes[index] ?? 0;
    left += effects[kind] * amount;
    taxLeft += effects[kind] * tax;
    const references = { ...transaction.references };
    return {
      kind,
      label: labels[kind],
      id: transaction.id,
      amount: write(amount),
      vat: write(tax),
      remaining: write(left),
      at,
      by: by && { ...by },
      method,
      methodLabel: method === null ? null : codeLabel(known.paymentMethods, method),
      reason,
      reasonLabel: reason === null ? null : codeLabel(reasonLabels(known, kind, references), reason),
      comment,
      references,
      ...(audience === 'staff' ? { staffNote: transaction.staffNote } : {}),
    };
  });
  return {
    kind: subject.kind,
    id,
    currency: account.currency as string,
    status: subject.status,
    original: write(subject.original),
    total: subject.total === null ? null : write(subject.total),
    remaining: write(subject.remaining),
    vatPercent: subject.vatPercent,
    remainingVat: write(taxLeft),
    lines,
  };
}

/** Returns the fee or credit with an id. */
function subjectOf(account: PatronAccount, id: string): Subject {
  const fee = findFee(account, id);
  if (fee !== undefined) {
    return {
      kind: 'fee',
      status: feeStatus(fee),
      original: amountCharged(fee),
      total: fee.accrual === null ? null : fee.accrual.reportedTotal,
      remaining: remaining(fee),
      transactions: fee.transactions,
      vatPercent: fee.vatPercent,
      taxes: feeVat(account, id)?.parts ?? [],
    };
  }
  const credit = findCredit(account, id);
  if (credit === undefined)
    throw new PatronFeesError('NOT_FOUND', `the account has no fee or credit ${shown(id)}`, { id });
  return {
    kind: 'credit',
    status: creditStatus(account, credit),
    original: credit.amount,
    total: null,
    remaining: unused(credit),
    transactions: credit.transactions,
    vatPercent: null,
    taxes: creditVat(account, credit),
  };
}

type Subject = {
  readonly kind: TransactionSubject;
  readonly status: Status;
  readonly original: number;
  readonly total: number | null;
  readonly remaining: number;
  readonly transactions: readonly Transaction[];
  readonly vatPercent: number | null;
  /** The tax of each transaction. */
  readonly taxes: readonly number[];
};

/** Returns the policy's list with the code of a reason, or undefined if the reason is free text. */
function reasonLabels(
  policy: FeePolicy,
  kind: TransactionKind,
  { cause }: TransactionReferences,
): LabelTable | undefined {
  if (kind === 'waiver' || cause === 'waived') return policy.waiveReasons;
  return cause === 'manual' || cause === 'imported' ? policy.creditReasons : undefined;
}
