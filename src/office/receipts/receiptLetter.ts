import { checkedArgument } from '../../input/checkedArgument.js';
import {
  type Entry,
  type FreeText,
  free,
  freeEntry,
  joined,
  type Letter,
  type Line,
  type Part,
  paragraph,
} from '../../views/letter.js';
import { letterOptions, type ReaderPlace, readerFormat, wordsFor } from '../../views/readerFormat.js';
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

/**
 * Returns a receipt as a letter, for the reader's place and language.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for a locale or time zone that the runtime
 * does not support, or if the words are not in the language of the locale or not complete
 */
export function receiptLetter(receipt: NumberedReceipt, options: ReceiptTextOptions): Letter {
  const checked = checkedArgument(letterOptions, options, 'options');
  const { words: given, issuer, patron, ...place } = checked;
  const words: ReceiptWords = wordsFor(englishReceiptWords, given, place.locale);
  const { amount, moment } = readerFormat(receipt.currency, place);
  const { kind, original, reversals, by } = receipt;
  const title = receipt.isCopy ? `${words.kinds[kind]} (${words.copy})` : words.kinds[kind];
  const isLate = moment(receipt.at) !== moment(receipt.happenedAt);
  const undone = reversals.map(({ at, amount: part, receipt: own }) => {
    const number = own === null ? [] : [`, ${words.kinds.reversal} `, numberText(own)];
    return paragraph([`${words.undone}: ${amount(part)}, ${moment(at)}`, ...number], 'box');
  });
  const head: readonly Entry[] = [
    [words.number, numberText(receipt)],
    [words.date, moment(receipt.happenedAt)],
    ...(isLate ? ([[words.issued, moment(receipt.at)]] as const) : []),
    ...freeEntry(words.issuedBy, by.userId),
    ...freeEntry(words.patron, patron ?? receipt.patronId),
    ...(original === null ? [] : ([[words.undoes, originalText(original, words)]] as const)),
  ];
  const isOne = receipt.payments === undefined;
  const several = receipt.methods.flatMap((one): readonly Entry[] => [
    [words.method, [free(one.methodLabel ?? one.method), `: ${amount(one.amount)}`]],
    ...freeEntry(words.reference, one.reference),
    ...freeEntry(words.transaction, one.externalTransactionId),
  ]);
  const foot: readonly Entry[] = [
    ...(isOne ? freeEntry(words.method, receipt.methodLabel) : several),
    ...reasonEntry(receipt, words),
    ...(isOne ? freeEntry(words.reference, receipt.reference) : []),
    ...(isOne ? freeEntry(words.transaction, receipt.externalTransactionId) : []),
    ...freeEntry(words.comment, receipt.comment),
    [words.payable, amount(receipt.remainingPayable)],
  ];
  return {
    words,
    issuer,
    heading: title,
    title: [`${title} `, numberText(receipt)],
    parts: [
      ...undone,
      { kind: 'entries', entries: head },
      ...tablesOf(receipt, words, amount, place.locale),
      { kind: 'entries', entries: foot },
    ],
  };
}

/** Returns the table of lines, and if any line has tax, that of the taxes. */
function tablesOf(
  receipt: NumberedReceipt,
  words: ReceiptWords,
  amount: (amount: string) => string,
  locale: string,
): readonly Part[] {
  const { lines, vat } = receipt;
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 3 });
  const rate = (value: number) => percent.format(value / 100);
  const hasOthers = (receipt.others ?? []).length > 0;
  const what = ({ feeTypeLabel, title, patronId }: ReceiptLine) =>
    [hasOthers ? patronId : null, feeTypeLabel ?? words.credit, title].filter((text) => text !== null);
  const taxOf = ({ vatPercent, vat: tax }: ReceiptLine) =>
    vatPercent === null ? '' : `${amount(tax)} (${rate(vatPercent)})`;
  const whole: Part = {
    kind: 'table',
    columns: [words.what, ...(vat.length > 0 ? [words.tax] : []), words.remaining, words.amount],
    rows: lines.map((line) => ({
      head: joined(what(line).map(free), ': '),
      cells: [
        ...(vat.length > 0 ? [taxOf(line)] : []),
        line.remaining === null ? '' : amount(line.remaining),
        amount(line.amount),
      ],
    })),
    sum: [words.total, amount(receipt.amount)],
  };
  const taxes: Part = {
    kind: 'table',
    columns: [words.tax, words.net, words.tax, words.gross],
    rows: vat.map((sum) => ({
      head: rate(sum.percent),
      cells: [amount(sum.net), amount(sum.vat), amount(sum.gross)],
    })),
  };
  return vat.length > 0 ? [whole, taxes] : [whole];
}

function numberText({ series, number }: ReceiptNumber): FreeText {
  return free(`${series}/${number}`);
}

function originalText(
  { kind, receipt }: NonNullable<NumberedReceipt['original']>,
  words: ReceiptWords,
): Line {
  return receipt === null ? words.kinds[kind] : [`${words.kinds[kind]} `, numberText(receipt)];
}

function reasonEntry({ reasonLabel, writeOff }: NumberedReceipt, words: ReceiptWords): readonly Entry[] {
  const texts = [
    ...(reasonLabel === null ? [] : [free(reasonLabel)]),
    ...(writeOff ? [words.writtenOff] : []),
  ];
  return texts.length === 0 ? [] : [[words.reason, joined(texts, ', ')]];
}
