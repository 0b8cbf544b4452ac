import type { DisputeOutcome } from '../account/events/feeEvents.js';
import { PatronFeesError } from '../errors.js';
import { checkedArgument } from '../input/checkedArgument.js';
import { digitsOf } from '../money/currency.js';
import { formatAmount, parseAmount } from '../money/money.js';
import type { NoticeKind } from '../policy/notices.js';
import {
  type Entry,
  free,
  freeDetail,
  freeEntry,
  joined,
  type Letter,
  type Part,
  paragraph,
} from '../views/letter.js';
import { letterHtml } from '../views/letterHtml.js';
import { letterText } from '../views/letterText.js';
import { instalmentParts, type PlanWords } from '../views/planParts.js';
import { letterOptions, type ReaderPlace, readerFormat, wordsFor } from '../views/readerFormat.js';
import type { Notice } from './notice.js';

/** The reader's locale, time zone and words for a written notice, and who sends it to whom. */
export type NoticeTextOptions = ReaderPlace & {
  /**
   * Words with their `language`, that of the locale: a few that replace English ones, or a complete set in another
   * language.
   *
   * @defaultValue English words
   */
  readonly words?: Partial<NoticeWords>;
  /**
   * Lines about who sends it: the library's name, its address.
   *
   * @defaultValue none
   */
  readonly issuer?: readonly string[];
  /**
   * What the notice calls the patron, e.g. a name.
   *
   * @defaultValue the notice names no patron
   */
  readonly patron?: string;
};

/** The words of a notice. Amounts, dates and times follow the locale instead. */
export type NoticeWords = PlanWords & {
  /** The language of these words, a BCP 47 tag, for screen readers. */
  readonly language: string;
  /** The direction of the words. */
  readonly direction: 'ltr' | 'rtl';
  /** The heading of each kind of notice, which is also the subject of the e-mail. */
  readonly kinds: Readonly<Record<NoticeKind, string>>;
  /** The sentence below the heading. */
  readonly sentences: Readonly<Record<NoticeKind, string>>;
  /** How a dispute ended. */
  readonly outcomes: Readonly<Record<DisputeOutcome, string>>;
  /** The label of the patron. */
  readonly patron: string;
  /** The label of when it happened. */
  readonly date: string;
  /** The label of how a dispute ended. */
  readonly outcome: string;
  /** The label of the payment method. */
  readonly method: string;
  /** The label of the external billing system. */
  readonly destination: string;
  /** The label of the reason. */
  readonly reason: string;
  /** The label of the comment. */
  readonly comment: string;
  /** The header of the fees. */
  readonly what: string;
  /** The header of the amounts, and the label of an amount without fees. */
  readonly amount: string;
  /** The header of what is owed of each fee. */
  readonly owed: string;
  /** The label of the sum. */
  readonly total: string;
  /** The label of the part that is now a credit. */
  readonly credited: string;
  /** The label of what can be paid now. */
  readonly payable: string;
};

/** The English words of a notice. */
export const englishNoticeWords: NoticeWords = {
  language: 'en',
  direction: 'ltr',
  kinds: {
    charged: 'A fee was charged',
    grown: 'Your fine has stopped growing',
    paid: 'We received your payment',
    reversed: 'You owe more again',
    refunded: 'We paid you back',
    refundReversed: 'A refund was undone',
    waived: 'A fee was waived',
    cancelled: 'A fee was cancelled',
    disputed: 'We recorded your dispute',
    resolved: 'Your dispute has ended',
    returned: 'A lost item came back',
    transferred: 'A fee was handed over',
    planAgreed: 'Your payment plan',
    planBehind: 'An instalment is overdue',
    blocked: 'Your account is blocked',
    owed: 'What you owe',
  },
  sentences: {
    charged: 'This was charged to your account.',
    grown: 'This is what it came to.',
    paid: 'Thank you. This is what your payment was used for.',
    reversed: 'A payment or a waiver was undone, or a fee is to be paid at the library again.',
    refunded: 'An amount in your favour was paid out.',
    refundReversed: 'What we paid out to you came back or was taken back. It counts in your favour again.',
    waived: 'You do not have to pay this.',
    cancelled: 'This charge was taken back.',
    disputed: 'We will look into it. You need not pay this fee until then.',
    resolved: 'We looked into the fee that you disputed.',
    returned: 'The charge for it was reduced. This is what you no longer owe, or get back.',
    transferred: 'Please pay this amount there, and not at the library.',
    planAgreed: 'These are the instalments that we agreed on.',
    planBehind: 'Please pay it, or talk to us.',
    blocked: 'You owe too much to borrow. Please pay, or talk to us.',
    owed: 'These fees are open.',
  },
  outcomes: {
    feeStands: 'the fee stands',
    withdrawn: 'withdrawn',
    patronUpheld: 'decided in your favour',
  },
  patron: 'Patron',
  date: 'Date',
  outcome: 'Result',
  method: 'Method',
  destination: 'Handed over to',
  reason: 'Reason',
  comment: 'Comment',
  what: 'For',
  amount: 'Amount',
  owed: 'Still owed',
  total: 'Total',
  credited: 'In your favour',
  paymentPlan: 'Payment plan',
  due: 'Due',
  instalment: 'Instalment',
  stillToPay: 'Still to pay',
  payable: 'To pay now',
};

/**
 * Returns a notice as a letter, for the reader's place and language.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for a locale or time zone that the runtime
 * does not support, if the words are not in the language of the locale or not complete, or if the notice is in another
 * language
 */
function noticeLetter(notice: Notice, options: NoticeTextOptions): Letter {
  const { words: given, issuer, patron, ...place } = checkedArgument(letterOptions, options, 'options');
  const words: NoticeWords = wordsFor(englishNoticeWords, given, place.locale);
  const { kind, language, fees, amount, credited, at, on, outcome, instalments } = notice;
  if (words.language.replace(/-.*/s, '').toLowerCase() !== language) {
    const fault = { path: 'options.words.language', expected: language, found: words.language };
    const message = `the notice is in ${language}, the words are in ${words.language}`;
    throw new PatronFeesError('INVALID_ARGUMENT', message, { faults: [fault] });
  }
  const format = readerFormat(notice.currency, place);
  const { amount: money, moment, day } = format;
  const hasAmounts = fees.some((fee) => fee.amount !== null);
  // What belongs to no fee: paid above what was owed, or taken back of it.
  const rest = hasAmounts && amount !== null ? restOf(notice) : 0;
  const formatted = (label: string, text: string | null): readonly Entry[] =>
    text === null ? [] : [[label, text]];
  const entries = [
    ...freeEntry(words.patron, patron),
    ...formatted(words.date, at === null ? on && day(on) : moment(at)),
    ...formatted(words.outcome, outcome && words.outcomes[outcome]),
    ...freeEntry(words.method, notice.methodLabel),
    ...freeEntry(words.destination, notice.destinationLabel),
    ...freeEntry(words.reason, notice.reasonLabel),
    ...formatted(words.amount, amount === null || hasAmounts ? null : money(amount)),
    ...formatted(words.credited, credited && rest === 0 ? money(credited) : null),
  ];
  const rows = fees.map(({ feeTypeLabel, title, owed, amount: part }) => ({
    head: joined([feeTypeLabel, title].filter((text) => text !== null).map(free), ': '),
    cells: [money(owed), ...(hasAmounts ? [part === null ? '' : money(part)] : [])],
  }));
  if (rest !== 0)
    rows.push({ head: words.credited, cells: ['', money(formatAmount(rest, digitsOf(notice.currency)))] });
  const table: Part = {
    kind: 'table',
    columns: [words.what, words.owed, ...(hasAmounts ? [words.amount] : [])],
    rows,
    sum: amount !== null && hasAmounts && rows.length > 1 ? [words.total, money(amount)] : undefined,
  };
  const comments = freeDetail(words.comment, notice.comment);
  return {
    words,
    issuer,
    heading: words.kinds[kind],
    parts: [
      { kind: 'paragraph', text: words.sentences[kind] },
      ...(notice.message === null ? [] : [paragraph(free(notice.message))]),
      ...(entries.length === 0 ? [] : [{ kind: 'entries', entries } as const]),
      ...(fees.length === 0 ? [] : [table]),
      ...instalmentParts(instalments, words, format),
      ...comments.map((text) => paragraph(text)),
      { kind: 'amounts', amounts: [[words.payable, money(notice.payable)]], endsWithSum: true },
    ],
  };
}

/** Returns what the amount of a notice is more than the sum of its fees, in minor units. */
function restOf({ amount, fees, currency }: Notice): number {
  const minor = (text: string | null) => (text === null ? 0 : parseAmount(text, digitsOf(currency)));
  return fees.reduce((rest, fee) => rest - minor(fee.amount), minor(amount));
}

/**
 * Formats a notice as plain text, for an e-mail or a letter. Its first line after the library's is the subject of the
 * e-mail.
 *
 * Titles, names and comments stay on their line and cannot change the direction of the text around them.
 *
 * @param notice - the notice, of {@link noticesOf} or {@link runNotices}
 * @param options - the reader's locale and time zone; words in the language of the notice; who sends it, and the
 * patron's name
 * @returns lines, each ended by `\n`
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for a locale or time zone that the runtime
 * does not support, if the words are not in the language of the locale or not complete, or if the notice is in another
 * language
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { execute, memoryEventStore } from 'patron-fees/history';
 * import { type Notice, noticesOf, noticeText } from 'patron-fees/jobs';
 *
 * const at = '2026-03-02T14:00:00Z';
 * const store = memoryEventStore({ now: () => at });
 * const notices = { from: '2026-03-01T00:00:00Z', rules: [{ kinds: ['charged'] }] } as const;
 * const policy = definePolicy({ currency: 'USD', notices });
 * const patron = { institution: 'north', patronId: 'dverma' };
 * const fee = { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '5', owner: 'MAIN', at } as const;
 * await execute(store, policy, patron, fee);
 * const { events } = await store.read(patron);
 * const [notice] = noticesOf(events, policy, { ...patron, group: 'STUDENT', on: '2026-03-02' }) as [Notice];
 *
 * const text = noticeText(notice, { locale: 'en-US', timeZone: 'America/New_York', patron: 'Dev Verma' });
 * text.split('\n').slice(0, 3); //=> ['A fee was charged', '', 'This was charged to your account.']
 * text.includes('To pay now: $5.00'); //=> true
 * ```
 */
export function noticeText(notice: Notice, options: NoticeTextOptions): string {
  return letterText(noticeLetter(notice, options));
}

/**
 * Formats a notice as a complete HTML document, for an e-mail or a printer: without scripts, external styles or
 * pictures, at most 600 pixels wide, in light or dark colours as the reader prefers.
 *
 * All text is escaped, and titles and names cannot change the direction of the text around them. No meaning is conveyed
 * by colour. Its title is the subject of the e-mail.
 *
 * @param notice - the notice, of {@link noticesOf} or {@link runNotices}
 * @param options - the reader's locale and time zone; words in the language of the notice; who sends it, and the
 * patron's name
 * @returns the document
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for a locale or time zone that the runtime
 * does not support, if the words are not in the language of the locale or not complete, or if the notice is in another
 * language
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { execute, memoryEventStore } from 'patron-fees/history';
 * import { type Notice, noticeHtml, noticesOf } from 'patron-fees/jobs';
 *
 * const at = '2026-03-02T14:00:00Z';
 * const store = memoryEventStore({ now: () => at });
 * const notices = { from: '2026-03-01T00:00:00Z', rules: [{ kinds: ['charged'] }] } as const;
 * const policy = definePolicy({ currency: 'USD', notices });
 * const patron = { institution: 'north', patronId: 'dverma' };
 * const fee = { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '5', owner: 'MAIN', at } as const;
 * await execute(store, policy, patron, fee);
 * const { events } = await store.read(patron);
 * const [notice] = noticesOf(events, policy, { ...patron, group: 'STUDENT', on: '2026-03-02' }) as [Notice];
 *
 * const html = noticeHtml(notice, { locale: 'en-US', timeZone: 'America/New_York' });
 * html.includes('<title>A fee was charged</title>'); //=> true
 * ```
 */
export function noticeHtml(notice: Notice, options: NoticeTextOptions): string {
  return letterHtml(noticeLetter(notice, options));
}
