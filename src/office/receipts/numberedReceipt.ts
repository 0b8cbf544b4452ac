import type { Allocation, RecordedActor } from '../../account/circumstances.js';
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
import { subjectOf } from './receiptSubject.js';

/** One line of a receipt. Amounts are decimal strings; absent details are null. */
export type ReceiptLine = {
  /** The patron in whose account it is: another than the receipt's only if one payment was made for several. */
  readonly patronId: string;
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
  /** The credit that an overpayment became, or that was paid out, issued, used or withdrawn. */
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

/** How money moved on a receipt: one for each payment. Absent details are null. */
export type ReceiptMethod = {
  /** The id of the payment or of the refund. */
  readonly subjectId: string;
  /** The code of the payment method. */
  readonly method: string;
  /** The label of the method. */
  readonly methodLabel: string | null;
  /** Its amount, a decimal string. */
  readonly amount: string;
  /** A free reference, e.g. a cheque number. */
  readonly reference: string | null;
  /** The payment provider's id. */
  readonly externalTransactionId: string | null;
};

/** A receipt's number. */
export type ReceiptNumber = {
  /** The series. */
  readonly series: string;
  /** The number in the series. */
  readonly number: number;
};

/** A reversal of all or part of what a receipt is for. */
export type ReceiptReversal = {
  /** The patron in whose account it is. */
  readonly patronId: string;
  /** The reversal, or the cancellation of the credit. */
  readonly id: string;
  /** When it was undone: ISO 8601 with a zone. */
  readonly at: string;
  /** The amount that was undone, a decimal string. */
  readonly amount: string;
  /** The number of its own receipt, of the kind `reversal`; null if it has none. */
  readonly receipt: ReceiptNumber | null;
};

/** What a receipt of the kind `reversal` undoes. */
export type ReceiptOriginal = {
  /** Its kind. */
  readonly kind: ReceiptKind;
  /** The payment, refund or use of a credit, or the command of a waiver, cancellation or return. */
  readonly subjectId: string;
  /** The number of its receipt; null if it has none. */
  readonly receipt: ReceiptNumber | null;
};

/** A numbered receipt, as it was printed. Amounts are decimal strings; absent details are null. */
export type NumberedReceipt = ReceiptIssued['data'] & {
  /** The institution. */
  readonly institution: string;
  /** Whether it was printed before, to mark it as a copy. */
  readonly isCopy: boolean;
  /** How it was paid: several for payments that were made together. Empty if no money moved. */
  readonly methods: readonly ReceiptMethod[];
  /** The code of the payment method, the first of several; null if no money moved. */
  readonly method: string | null;
  /** The label of the method. */
  readonly methodLabel: string | null;
  /** The code of the reason. */
  readonly reason: string | null;
  /** The label of a waiver's reason; of anything else the reason itself. */
  readonly reasonLabel: string | null;
  /** Whether a waiver gave up the debt as a loss and did not forgive it. */
  readonly writeOff: boolean;
  /** When it happened: ISO 8601 with a zone. */
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
  /**
   * What the patron could pay on all fees that were not disputed, when the receipt was printed; of a payment for
   * several patrons what all of them could pay.
   */
  readonly remainingPayable: string;
  /** What has undone it until now, even if the receipt was printed before. */
  readonly reversals: readonly ReceiptReversal[];
  /** The sum of what has been undone, a decimal string. */
  readonly reversed: string;
  /** What the receipt undoes; null unless its kind is `reversal` and it undoes something that can have a receipt. */
  readonly original: ReceiptOriginal | null;
};

/** The content of a receipt, from one account at the version that was printed. */
export type ReceiptContent = Omit<
  NumberedReceipt,
  | Exclude<keyof ReceiptIssued['data'], 'amount' | 'currency'>
  | 'institution'
  | 'isCopy'
  | 'lines'
  | 'methods'
  | 'vat'
  | 'reversals'
  | 'reversed'
  | 'original'
> & {
  readonly lines: readonly ContentLine[];
};

type ContentLine = Omit<ReceiptLine, 'patronId'>;

/** Returns the sums of the tax of the lines, by rate. */
export function vatOfLines(lines: readonly ContentLine[], digits: number): readonly ReceiptVat[] {
  return vatByRate(
    lines.map(({ vatPercent, amount, vat }) => ({
      vatPercent,
      amount: parseAmount(amount, digits),
      tax: parseAmount(vat, digits),
    })),
    digits,
  );
}

/**
 * Returns the content of a receipt.
 *
 * @param events - the events of the account, up to the version that is printed
 * @param policy - the institution's policy, for labels
 * @returns the content; undefined if the account has nothing of this kind with this id
 */
export function receiptContent(
  events: readonly AccountEvent[],
  policy: FeePolicy,
  kind: ReceiptKind,
  subjectId: string,
): ReceiptContent | undefined {
  const parts = events.filter((event) => {
    const subject = subjectOf(event);
    return subject?.kind === kind && subject.subjectId === subjectId;
  });
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
    reasonLabel: reason !== null && kind === 'waiver' ? codeLabel(policy.waiveReasons, reason) : reason,
    writeOff: 'writeOff' in first.data && first.data.writeOff === true,
    happenedAt: at,
    doneBy: by,
    comment,
    externalTransactionId,
    reference,
    lines,
    remainingPayable: formatAmount(balancesInMinorUnits(account).payable, digits),
  };
}

function linesOf(event: AccountEvent, account: PatronAccount, policy: FeePolicy): ContentLine[] {
  const digits = account.minorDigits;
  const write = (minor: number) => formatAmount(minor, digits);
  const id = (subjectOf(event) as { readonly id: string }).id;
  const line = (amount: string, creditId: string | null) => ({
    creditId,
    amount,
    vatPercent: null,
    vat: write(0),
  });
  const ofFee = (feeId: string, amount: string, creditId: string | null = null): ContentLine => {
    const fee = findFee(account, feeId) as Fee;
    return {
      ...line(amount, creditId),
      feeId,
      feeType: fee.feeType,
      feeTypeLabel: feeTypeLabel(policy, fee.feeType),
      title: fee.item?.title ?? null,
      owner: fee.owner,
      vatPercent: fee.vatPercent,
      vat: write(vatOfTransaction(account, feeId, id)),
      remaining: write(remaining(fee)),
    };
  };
  const ofCredit = (creditId: string, amount: string): ContentLine => {
    const credit = findCredit(account, creditId) as Credit;
    const { feeId, owner, transactions } = credit;
    if (feeId === null) {
      const fee = { feeId: null, feeType: null, feeTypeLabel: null, title: null, remaining: null };
      return { ...fee, ...line(amount, creditId), owner };
    }
    const vat =
      creditVat(account, credit)[transactions.findIndex((transaction) => transaction.id === id)] ?? 0;
    return { ...ofFee(feeId, amount, creditId), vat: write(vat) };
  };
  const ofFees = (allocations: readonly Allocation[], creditId?: string) =>
    allocations.map(({ feeId, amount }) => ofFee(feeId, amount, creditId));
  switch (event.type) {
    case 'PaymentReceived': {
      const { allocations, overpayment } = event.data;
      return [
        ...ofFees(allocations),
        ...(overpayment === undefined ? [] : [ofCredit(overpayment.creditId, overpayment.amount)]),
      ];
    }
    case 'PaymentReversed': {
      const { allocations, overpayment, shortfall } = event.data;
      const credit =
        overpayment &&
        parseAmount(overpayment.amount, digits) + parseAmount(overpayment.cancelled ?? write(0), digits);
      return [
        ...ofFees(allocations),
        ...(overpayment === undefined ? [] : [ofCredit(overpayment.creditId, write(credit as number))]),
        ...(shortfall === undefined ? [] : [ofFee(shortfall.feeId, shortfall.amount, shortfall.creditId)]),
      ];
    }
    case 'CreditApplied':
    case 'CreditApplicationReversed':
      return ofFees(event.data.allocations, event.data.creditId);
    case 'FeeCancelled':
      // Of a fee that was paid, only a credit is given.
      return parseAmount(event.data.amount, digits) === 0 ? [] : [ofFee(event.data.feeId, event.data.amount)];
    case 'FeeWaived':
    case 'WaiverReversed':
      return [ofFee(event.data.feeId, event.data.amount)];
    case 'CreditRefunded':
    case 'RefundReversed':
    case 'CreditCancelled':
    case 'LostItemCreditIssued':
    case 'CreditIssued':
      return [ofCredit(event.data.creditId, event.data.amount)];
    default:
      return [];
  }
}
