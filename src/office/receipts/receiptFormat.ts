import { checkedArgument } from '../../input/checkedArgument.js';
import { letterOptions, type ReaderPlace, readerFormat, wordsFor } from '../../views/readerFormat.js';
import { shownText } from '../../views/shownText.js';
import type { NumberedReceipt, ReceiptLine, ReceiptNumber } from './numberedReceipt.js';
import type { ReceiptKind } from './receiptIssued.js';

/** The reader's locale, time zone and words for a written receipt, and who issues it to whom. */
export type ReceiptTextOptions = ReaderPlace & {
  /**
   * Words with their `language`, that of the locale: a few that replace English ones, or a complete set in another
   * language.
   *
   * @defaultValue English words
   */
  readonly words?: Partial<ReceiptWords>;
  /**
   * Lines about who issues it: the library's name, its address, its tax number.
   *
   * @defaultValue none
   */
  readonly issuer?: readonly string[];
  /**
   * What the receipt calls the patron, e.g. a name.
   *
   * @defaultValue the patron's id
   */
  readonly patron?: string;
};

/** The words of a receipt. Amounts, dates and times follow the locale instead. */
export type ReceiptWords = {
  /** The language of these words, a BCP 47 tag, for screen readers. */
  readonly language: string;
  /** The direction of the words. */
  readonly direction: 'ltr' | 'rtl';
  /** The heading of each kind of receipt. */
  readonly kinds: Readonly<Record<ReceiptKind, string>>;
  /** Added to the heading of a copy. */
  readonly copy: string;
  /** The label of the series and number. */
  readonly number: string;
  /** The label of when it happened. */
  readonly date: string;
  /** The label of when the receipt was issued, if at another time. */
  readonly issued: string;
  /** The label of who issued it. */
  readonly issuedBy: string;
  /** The label of the patron. */
  readonly patron: string;
  /** The label of what a reversal undoes. */
  readonly undoes: string;
  /** The label of what has been undone. */
  readonly undone: string;
  /** The header of the fees. */
  readonly what: string;
  /** The header of the amounts. */
  readonly amount: string;
  /** The header of what remains of each fee. */
  readonly remaining: string;
  /** The label of the sum. */
  readonly total: string;
  /** Shown in place of a fee type for a credit of no fee. */
  readonly credit: string;
  /** The header of the tax rates, and of the tax of each line. */
  readonly tax: string;
  /** The header of the sums without tax. */
  readonly net: string;
  /** The header of the sums with tax. */
  readonly gross: string;
  /** The label of the payment method. */
  readonly method: string;
  /** The label of the reason. */
  readonly reason: string;
  /** Shown if a waiver gave up the debt as a loss. */
  readonly writtenOff: string;
  /** The label of the reference. */
  readonly reference: string;
  /** The label of the payment provider's id. */
  readonly transaction: string;
  /** The label of the comment. */
  readonly comment: string;
  /** The label of what can still be paid. */
  readonly payable: string;
};

/** The English words of a receipt. */
export const englishReceiptWords: ReceiptWords = {
  language: 'en',
  direction: 'ltr',
  kinds: {
    payment: 'Receipt',
    refund: 'Refund',
    waiver: 'Waiver',
    cancellation: 'Cancellation',
    return: 'Return of a lost item',
    application: 'Use of a credit',
    reversal: 'Reversal',
    forfeiture: 'Forfeited credit',
  },
  copy: 'copy',
  number: 'Number',
  date: 'Date',
  issued: 'Issued',
  issuedBy: 'Issued by',
  patron: 'Patron',
  undoes: 'Reverses',
  undone: 'Reversed',
  what: 'For',
  amount: 'Amount',
  remaining: 'Still owed',
  total: 'Total',
  credit: 'Credit',
  tax: 'VAT',
  net: 'Net',
  gross: 'Gross',
  method: 'Method',
  reason: 'Reason',
  writtenOff: 'written off',
  reference: 'Reference',
  transaction: 'Transaction',
  comment: 'Comment',
  payable: 'Still to pay in all',
};

/** A receipt in the reader's words and formats, to be arranged as text or HTML. Nothing is escaped yet. */
export type FormattedReceipt = {
  readonly words: ReceiptWords;
  readonly title: string;
  readonly issuer: readonly string[];
  /** Labels and texts above the lines. */
  readonly head: readonly Entry[];
  /** What has been undone since. */
  readonly undone: readonly string[];
  readonly headers: readonly string[];
  /** The cells of each line: what it is for, the tax if any line has some, what remains, the amount. */
  readonly rows: readonly (readonly string[])[];
  readonly total: string;
  readonly taxHeaders: readonly string[];
  readonly taxRows: readonly (readonly string[])[];
  /** Labels and texts below the lines. */
  readonly foot: readonly Entry[];
};

/**
 * A label and a text. A free text, such as a name, must be isolated; the marks of direction in an amount must be kept.
 */
type Entry = readonly [label: string, text: string, kind: 'free' | 'formatted'];

/**
 * Prepares a receipt for the reader's place and language.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for a locale or time zone that the runtime
 * does not support, or if the words are not in the language of the locale or not complete
 */
export function formatReceipt(receipt: NumberedReceipt, options: ReceiptTextOptions): FormattedReceipt {
  const checked = checkedArgument(letterOptions, options, 'options');
  const { words: given, issuer, patron, ...place } = checked;
  const words: ReceiptWords = wordsFor(englishReceiptWords, given, place.locale);
  const { amount, moment } = readerFormat(receipt.currency, place);
  const { kind, lines, original, reversals, vat, by } = receipt;
  const percent = new Intl.NumberFormat(place.locale, { style: 'percent', maximumFractionDigits: 3 });
  const rate = (value: number) => percent.format(value / 100);
  const hasOthers = (receipt.others ?? []).length > 0;
  const what = ({ feeTypeLabel, title, patronId }: ReceiptLine) =>
    [hasOthers ? patronId : null, feeTypeLabel ?? words.credit, title]
      .filter((text) => text !== null)
      .join(': ');
  const taxOf = ({ vatPercent, vat: tax }: ReceiptLine) =>
    vatPercent === null ? '' : `${amount(tax)} (${rate(vatPercent)})`;
  const free = (label: string, text: string | null): readonly Entry[] =>
    text === null ? [] : [[label, text, 'free']];
  const isLate = moment(receipt.at) !== moment(receipt.happenedAt);
  return {
    words,
    title: receipt.isCopy ? `${words.kinds[kind]} (${words.copy})` : words.kinds[kind],
    issuer,
    head: [
      ...free(words.number, numberText(receipt)),
      [words.date, moment(receipt.happenedAt), 'formatted'],
      ...(isLate ? ([[words.issued, moment(receipt.at), 'formatted']] as const) : []),
      ...free(words.issuedBy, by.userId),
      ...free(words.patron, patron ?? receipt.patronId),
      ...free(
        words.undoes,
        original && [words.kinds[original.kind], ...numberIn(original.receipt)].join(' '),
      ),
    ],
    undone: reversals.map(({ at, amount: part, receipt: own }) =>
      [
        `${words.undone}: ${amount(part)}`,
        moment(at),
        ...numberIn(own).map((text) => `${words.kinds.reversal} ${text}`),
      ].join(', '),
    ),
    headers: [words.what, ...(vat.length > 0 ? [words.tax] : []), words.remaining, words.amount],
    rows: lines.map((line) => [
      what(line),
      ...(vat.length > 0 ? [taxOf(line)] : []),
      line.remaining === null ? '' : amount(line.remaining),
      amount(line.amount),
    ]),
    total: amount(receipt.amount),
    taxHeaders: [words.tax, words.net, words.tax, words.gross],
    taxRows: vat.map((sum) => [rate(sum.percent), amount(sum.net), amount(sum.vat), amount(sum.gross)]),
    foot: [
      ...free(words.method, receipt.methodLabel),
      ...free(words.reason, reasonText(receipt, words)),
      ...free(words.reference, receipt.reference),
      ...free(words.transaction, receipt.externalTransactionId),
      ...free(words.comment, receipt.comment),
      [words.payable, amount(receipt.remainingPayable), 'formatted'],
    ],
  };
}

function numberText({ series, number }: ReceiptNumber): string {
  return `${shownText(series)}/${number}`;
}

function numberIn(receipt: ReceiptNumber | null): readonly string[] {
  return receipt === null ? [] : [numberText(receipt)];
}

function reasonText({ reasonLabel, writeOff }: NumberedReceipt, { writtenOff }: ReceiptWords): string | null {
  const texts = [reasonLabel, writeOff ? writtenOff : null].filter((text) => text !== null);
  return texts.length === 0 ? null : texts.join(', ');
}
