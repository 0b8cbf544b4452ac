import type { RefundCredit } from './commands/creditCommands.js';
import type { ReversePayment } from './commands/paymentCommands.js';
import type { DecisionContext } from './decisionContext.js';
import { sumOf } from './shares.js';

/** A refund or chargeback of a payment provider, as a refund of a credit or the reversal of a payment recorded it. */
type ProviderRefund = {
  /** The id of the refund or reversal. */
  readonly id: string;
  readonly kind: 'refund' | 'other';
  /** The credit that was paid out; null for a reversal. */
  readonly creditId: string | null;
  /** The payment that was reversed, or that the credit comes from. */
  readonly paymentId: string | null;
  /** The amount, in minor units. */
  readonly amount: number;
  /** What the whole refund pays back in this account, in minor units; null if unknown. */
  readonly total: number | null;
  /** Whether it was undone. */
  readonly undone: boolean;
};

/** What a command pays back, in minor units. */
type PaidBack = Pick<ProviderRefund, 'creditId' | 'paymentId'> & {
  /** The payment method by which the money goes back. */
  readonly method: string;
  /** The amount of the command; undefined if it names none. */
  readonly amount: number | undefined;
  /** What can still be paid back: the amount of a command that names none. */
  readonly left: number;
};

/**
 * Returns whether a command repeats a recorded part of its provider's refund: a refund has one id, whether it is
 * reported as the refund of a credit or as the reversal of the payment behind it. Refuses a command if that is
 * unclear.
 */
export function repeatsRefund(
  command: RefundCredit | ReversePayment,
  paidBack: PaidBack,
  context: DecisionContext,
): boolean {
  const { externalTransactionId, externalTransactionTotal } = command;
  if (externalTransactionId === undefined) return false;
  const { method, left } = paidBack;
  const amount = paidBack.amount ?? left;
  const recorded = recordedRefunds(method, externalTransactionId, context);
  const said = externalTransactionTotal === undefined ? null : context.minor(externalTransactionTotal);
  const first = recorded.find((refund) => refund.total !== null);
  const total = said ?? first?.total ?? null;
  const provider = { method, externalTransactionId };
  const refuseUsed = (refund: ProviderRefund) =>
    context.refuse({
      type: 'ExternalRefundAlreadyUsed',
      ...provider,
      refundId: refund.id,
      recordedAmount: context.money(refund.amount),
      amount: context.money(amount),
      recordedTotal: refund.total === null ? null : context.money(refund.total),
      undone: refund.undone,
    });
  if (first !== undefined && total !== first.total) refuseUsed(first);
  const sum = sumOf(recorded.map((refund) => refund.amount));
  const figures = { ...provider, recordedAmount: context.money(sum), amount: context.money(amount) };
  if (total !== null && said !== null && amount > said) {
    context.refuse({ type: 'ExceedsTransactionTotal', ...figures, total: context.money(total) });
  }
  const repeated = recordedAs(paidBack, recorded);
  if (repeated !== undefined) {
    const isSame = paidBack.amount === undefined || repeated.amount === amount;
    if (!isSame || repeated.undone) refuseUsed(repeated);
    context.repeat(repeated.id, repeated.kind);
    return true;
  }
  if (recorded.length === 0 || amount === 0) return false;
  if (total === null) context.refuse({ type: 'TransactionAmbiguous', ...figures });
  if (amount > total - sum) {
    context.refuse({ type: 'ExceedsTransactionTotal', ...figures, total: context.money(total) });
  }
  return false;
}

/** Returns the refunds recorded with a provider's id in their current state: those of credits first. */
function recordedRefunds(method: string, id: string, context: DecisionContext): readonly ProviderRefund[] {
  const isRecorded = (one: { readonly method: string; readonly externalTransactionId: string | null }) =>
    one.externalTransactionId === id && one.method === method;
  const refunds = context
    .refunds()
    .filter(isRecorded)
    .map((refund): ProviderRefund => {
      const { refundId, creditId, amount, externalTransactionTotal: total, reversed: undone } = refund;
      const { paymentId } = context.credit(creditId);
      return { id: refundId, kind: 'refund', creditId, paymentId, amount, total, undone };
    });
  const reversals = context.payments().flatMap(({ paymentId, reversals: all }) =>
    all.filter(isRecorded).map(({ reversalId, amount, externalTransactionTotal: total }): ProviderRefund => {
      return { id: reversalId, kind: 'other', creditId: null, paymentId, amount, total, undone: false };
    }),
  );
  return [...refunds, ...reversals];
}

/**
 * Returns the recorded refund that a command repeats: of the same credit or payment, or of the payment behind the
 * credit with the same amount. A command without an amount matches any amount once nothing is left.
 */
function recordedAs(paidBack: PaidBack, recorded: readonly ProviderRefund[]): ProviderRefund | undefined {
  const { creditId, paymentId, amount, left } = paidBack;
  const same = recorded.filter((refund) =>
    creditId === null
      ? refund.creditId === null && refund.paymentId === paymentId
      : refund.creditId === creditId,
  );
  const wanted = amount ?? left;
  const exact = same.find((refund) => refund.amount === wanted) ?? same[0];
  if (exact !== undefined) return exact;
  const behind = recorded.filter(
    (refund) =>
      paymentId !== null &&
      refund.paymentId === paymentId &&
      (refund.creditId === null) !== (creditId === null),
  );
  return behind.find((refund) => refund.amount === wanted || (amount === undefined && left === 0));
}
