import type { RecordedActor } from '../../account/circumstances.js';
import type { Credit } from '../../account/credit.js';
import type { AccountEvent } from '../../account/events/accountEvent.js';
import { type Fee, remaining } from '../../account/fee.js';
import { fold } from '../../account/fold.js';
import {
  balancesInMinorUnits,
  findCredit,
  findFee,
  type PatronAccount,
} from '../../account/patronAccount.js';
import { creditVat, vatOfTransaction } from '../../account/vat.js';
import { formatAmount, parseAmount } from '../../money/money.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import { codeLabel, feeTypeLabel } from '../../views/codeLabel.js';
import { type ReceiptVat, vatByRate } from '../../views/receiptVat.js';
import type { ReceiptIssued, ReceiptKind } from './receiptIssued.js';

/** One line of a receipt. Amounts are decimal strings; absent details are null. */
export type ReceiptLine = {
  /** The fee; null for an overpayment, and for the refund of a credit of no fee. */
  readonly feeId: string | null;
  /** The code of the fee's type; null without a fee. */
  readonly feeType: string | null;
  /** The label of the type; null without a fee. */
  readonly feeTypeLabel: string | null;
  /** The title of the item. */
  readonly title: string | null;
  /** The library that owns the fee or owes the credit. */
  readonly owner: string | null;
  /** The credit that an overpayment became, or that was paid out or issued. */
  readonly creditId: string | null;
  /** The amount of this line. */
  readonly amount: string;
  /** The rate of the tax that the amount includes, in percent; null without tax. */
  readonly vatPercent: number | null;
  /** The tax that the amount includes; zero without tax. */
  readonly vat: string;
  /** What remained of the fee when the receipt was printed; null without a fee. */
  readonly remaining: string | null;
};

/** A numbered receipt, as it was printed. Amounts are decimal strings; absent details are null. */
export type NumberedReceipt = ReceiptIssued['data'] & {
  /** The institution. */
  readonly institution: string;
  /** Whether it was printed before, to mark it as a copy. */
  readonly isCopy: boolean;
  /** The code of the payment method; null for a waiver. */
  readonly method: string | null;
  /** The label of the method. */
  readonly methodLabel: string | null;
  /** The code of the reason. */
  readonly reason: string | null;
  /** Whether a waiver gave up the debt as a loss and did not forgive it. */
  readonly writeOff: boolean;
  /** When the payment, refund or waiver happened. */
  readonly happenedAt: string;
  /** Who did it. */
  readonly doneBy: RecordedActor | null;
  /** The comment that the patron may see. */
  readonly comment: string | null;
  /** The payment provider's id. */
  readonly externalTransactionId: string | null;
  /** A free reference, e.g. a cheque number. */
  readonly reference: string | null;
  /** The lines; their amounts sum to the amount. */
  readonly lines: readonly ReceiptLine[];
  /** The sums of the lines with tax, by rate; empty without tax. */
  readonly vat: readonly ReceiptVat[];
  /** What the patron could pay on all fees that were not disputed, when the receipt was printed. */
  readonly remainingPayable: string;
};

/** The content of a receipt, from the account at the version that was printed. */
export type ReceiptContent = Omit<
  NumberedReceipt,
  Exclude<keyof ReceiptIssued['data'], 'amount' | 'currency'> | 'institution' | 'isCopy'
>;

/**
 * Returns the content of a receipt.
 *
 * @param events - the events of the account, up to the version that is printed
 * @param policy - the institution's policy, for labels
 * @returns the content; undefined if the account has no such payment, refund or waiver
 */
export function receiptContent(
  events: readonly AccountEvent[],
  policy: FeePolicy,
  kind: ReceiptKind,
  subjectId: string,
): ReceiptContent | undefined {
  const parts = events.filter((event) => isSubject(event, kind, subjectId));
  const [first] = parts;
  if (first === undefined) return undefined;
  const account = fold(events);
  const lines = parts.flatMap((event) => linesOf(event, account, policy));
  const digits = account.minorDigits;
  const amount = lines.reduce((sum, line) => sum + BigInt(parseAmount(line.amount, digits)), 0n);
  const { at, by = null, comment = null, reason = null } = first.data;
  const {
    method = null,
    externalTransactionId = null,
    reference = null,
  } = first.data as Partial<{
    readonly method: string;
    readonly externalTransactionId: string;
    readonly reference: string;
  }>;
  return {
    amount: formatAmount(amount, digits),
    currency: account.currency as string,
    method,
    methodLabel: method === null ? null : codeLabel(policy.paymentMethods, method),
    reason,
    writeOff: 'writeOff' in first.data && first.data.writeOff === true,
    happenedAt: at,
    doneBy: by,
    comment,
    externalTransactionId,
    reference,
    lines,
    vat: vatByRate(
      lines.map(({ vatPercent, amount: text, vat }) => ({
        vatPercent,
        amount: parseAmount(text, digits),
        tax: parseAmount(vat, digits),
      })),
      digits,
    ),
    remainingPayable: formatAmount(balancesInMinorUnits(account).payable, digits),
  };
}

function isSubject(event: AccountEvent, kind: ReceiptKind, subjectId: string): boolean {
  switch (event.type) {
    case 'PaymentReceived':
      return kind === 'payment' && event.data.paymentId === subjectId;
    case 'CreditRefunded':
      return kind === 'refund' && event.data.refundId === subjectId;
    case 'FeeWaived':
      return kind === 'waiver' && (event.metadata?.commandId ?? event.data.waiverId) === subjectId;
    case 'LostItemCreditIssued':
    case 'CreditIssued':
      return (
        kind === 'waiver' &&
        event.data.cause === 'waived' &&
        (event.metadata?.commandId ?? event.data.creditId) === subjectId
      );
    default:
      return false;
  }
}

function linesOf(event: AccountEvent, account: PatronAccount, policy: FeePolicy): ReceiptLine[] {
  const write = (minor: number) => formatAmount(minor, account.minorDigits);
  const ofFee = (feeId: string, amount: string, creditId: string | null = null): ReceiptLine => {
    const fee = findFee(account, feeId) as Fee;
    return {
      feeId,
      feeType: fee.feeType,
      feeTypeLabel: feeTypeLabel(policy, fee.feeType),
      title: fee.item?.title ?? null,
      owner: fee.owner,
      creditId,
      amount,
      vatPercent: fee.vatPercent,
      vat: write(vatOfEvent(event, account, feeId)),
      remaining: write(remaining(fee)),
    };
  };
  const ofCredit = (creditId: string, amount: string): ReceiptLine => {
    const { feeId, owner } = findCredit(account, creditId) as Credit;
    if (feeId !== null) return ofFee(feeId, amount, creditId);
    const fee = { feeId: null, feeType: null, feeTypeLabel: null, title: null, remaining: null };
    return { ...fee, owner, creditId, amount, vatPercent: null, vat: write(0) };
  };
  switch (event.type) {
    case 'PaymentReceived': {
      const { allocations, overpayment } = event.data;
      return [
        ...allocations.map(({ feeId, amount }) => ofFee(feeId, amount)),
        ...(overpayment === undefined ? [] : [ofCredit(overpayment.creditId, overpayment.amount)]),
      ];
    }
    case 'FeeWaived':
      return [ofFee(event.data.feeId, event.data.amount)];
    case 'CreditRefunded':
    case 'LostItemCreditIssued':
    case 'CreditIssued':
      return [ofCredit(event.data.creditId, event.data.amount)];
    default:
      return [];
  }
}

/** Returns the tax that the amount of a payment, refund or waiver includes, for one of its fees, in minor units. */
function vatOfEvent({ type, data }: AccountEvent, account: PatronAccount, feeId: string): number {
  switch (type) {
    case 'PaymentReceived':
      return vatOfTransaction(account, feeId, data.paymentId);
    case 'FeeWaived':
      return vatOfTransaction(account, feeId, data.waiverId);
    case 'CreditRefunded': {
      const credit = findCredit(account, data.creditId) as Credit;
      const index = credit.transactions.findIndex(({ id }) => id === data.refundId);
      return creditVat(account, credit)[index] ?? 0;
    }
    case 'LostItemCreditIssued':
    case 'CreditIssued':
      return vatOfTransaction(account, feeId, data.creditId);
    default:
      return 0;
  }
}
