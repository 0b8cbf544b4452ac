import type { AccountEvent } from '../../account/events/accountEvent.js';
import { DAY_MS } from '../../input/instant.js';
import { formatAmount } from '../../money/money.js';
import type { OfficeEvent } from '../../office/officeEvents.js';
import type { NamedPosting } from './chart.js';

/** The days of the first and the last entry, `YYYY-MM-DD`. */
export type DaySpan = {
  /** The day of the earliest entry. */
  readonly firstDay: string;
  /** The day of the latest entry. */
  readonly lastDay: string;
};

/** Returns the shortest span that contains both. */
export function widened(span: DaySpan | null, other: DaySpan): DaySpan {
  if (span === null || (other.firstDay <= span.firstDay && other.lastDay >= span.lastDay)) return other;
  if (other.firstDay < span.firstDay) return { ...span, firstDay: other.firstDay };
  return other.lastDay > span.lastDay ? { ...span, lastDay: other.lastDay } : span;
}

/** An entry with the data of a text format. */
export type WrittenEntry = {
  /** The event's position in its stream, counted from 1. */
  readonly version: number;
  /** The event. */
  readonly event: AccountEvent | OfficeEvent;
  /** ISO 4217 code of all amounts. */
  readonly currency: string;
  /** The number of decimals of that currency. */
  readonly minorDigits: number;
  /** The postings, with the names of their accounts in the books. */
  readonly postings: readonly NamedPosting[];
  /** The stream of the event: of a patron, or of the office. */
  readonly owner: readonly [kind: 'patron' | 'office', id: string];
  /** The month of removed events, see {@link JournalEntry}. */
  readonly month?: string;
  /** The number of the entry in the file, from 1. */
  readonly number: number;
  /** When its event was recorded. */
  readonly recordedAt: string;
  /** The day of posting in the library's time zone, `YYYY-MM-DD`. */
  readonly day: string;
  /** The day of the event in that time zone. */
  readonly happened: string;
};

/** Sums written as one entry: opening balances, or the sums of a month. */
export type WrittenSums = {
  /** The day, `YYYY-MM-DD`. */
  readonly day: string;
  /** The document number. */
  readonly document: string;
  /** What it is, in ASCII. */
  readonly text: string;
  /** The amounts, which sum to zero in each currency. */
  readonly sums: readonly WrittenBalance[];
};

/** The balance of a ledger account at the end of a journal, in one currency. */
export type WrittenBalance = {
  /** The name of the ledger account. */
  readonly name: string;
  /** ISO 4217 code. */
  readonly currency: string;
  /** The balance, a decimal string. */
  readonly amount: string;
};

/** The data for the end of a journal. */
export type WrittenEnd = DaySpan & {
  /** The names of the accounts that the file declares. */
  readonly opened: ReadonlySet<string>;
  /** The balances to check. */
  readonly balances: readonly WrittenBalance[];
  /** Whether the program that reads the journal should check the balances. */
  readonly assertBalances: boolean;
};

/** The text format of a plain text accounting program. */
export type LedgerText = {
  /** Writes the beginning of the file. `currency` is the currency of the books. */
  readonly beginning: (institution: string, currency: string) => string;
  /** Writes the text before the first entry in a currency. */
  readonly currency: (code: string, minorDigits: number) => string;
  /** Writes an entry with postings. */
  readonly entry: (entry: WrittenEntry) => string;
  /** Writes sums as one entry. */
  readonly sums: (sums: WrittenSums) => string;
  /** Writes the end of the file, if there were entries. */
  readonly end: (end: WrittenEnd) => string;
};

/**
 * The journal format of hledger. Accounts are declared at the end, where all of them are known; hledger accepts that.
 *
 * @source https://hledger.org/hledger.html#journal
 */
export const hledgerText: LedgerText = {
  beginning: (institution) => `; Journal of ${plainText(institution)}\n\ndecimal-mark .\n`,
  // Here a number without decimals needs a decimal mark too.
  currency: (code, minorDigits) => `\ncommodity 1000.${'0'.repeat(minorDigits)} ${code}\n`,
  entry: (entry) => {
    const { day, owner, event, postings, minorDigits, currency } = entry;
    const tags = entryTags(entry).map(([name, value]) => `${name}:${value}`);
    const lines = postings.map((posting) => {
      const row = posting.rowId === null ? '' : `  ; row:${plainText(posting.rowId)}`;
      return `    ${posting.name}  ${formatAmount(posting.amountMinor, minorDigits)} ${currency}${row}`;
    });
    return [`\n${day} ${plainText(owner[1])} | ${event.type}`, `    ; ${tags.join(', ')}`, ...lines, ''].join(
      '\n',
    );
  },
  sums: ({ day, document, text, sums }) =>
    [
      `\n${day} ${text}`,
      `    ; document:${document}`,
      ...sums.map(({ name, amount, currency }) => `    ${name}  ${amount} ${currency}`),
      '',
    ].join('\n'),
  end: ({ lastDay, opened, balances, assertBalances }) => {
    const declared = `\n${[...opened].map((name) => `account ${name}\n`).join('')}`;
    if (!assertBalances) return declared;
    // One transaction for each balance, since hledger shows the whole transaction that fails.
    const asserted = balances.map(
      ({ name, currency, amount }) =>
        `\n${lastDay} Balance\n    ${name}  0 ${currency} = ${amount} ${currency}\n`,
    );
    return `${declared}${asserted.join('')}`;
  },
};

/**
 * The format of beancount. Beancount sorts a file by date, so accounts are opened at the end, where all accounts and
 * the first day are known.
 *
 * @source https://beancount.github.io/docs/beancount_language_syntax.html
 */
export const beancountText: LedgerText = {
  beginning: (institution, currency) =>
    `; Journal of ${plainText(institution)}\noption "operating_currency" "${currency}"\n`,
  currency: () => '',
  entry: (entry) => {
    const { day, owner, event, postings, minorDigits, currency } = entry;
    const tags = entryTags(entry).map(([name, value]) => `  ${name}: "${value}"`);
    const lines = postings.map((posting) => {
      const row = posting.rowId === null ? '' : `\n    row: "${plainText(posting.rowId)}"`;
      return `  ${posting.name}  ${formatAmount(posting.amountMinor, minorDigits)} ${currency}${row}`;
    });
    return [`\n${day} * "${plainText(owner[1])}" "${event.type}"`, ...tags, ...lines, ''].join('\n');
  },
  sums: ({ day, document, text, sums }) =>
    [
      `\n${day} * "${text}"`,
      `  document: "${document}"`,
      ...sums.map(({ name, amount, currency }) => `  ${name}  ${amount} ${currency}`),
      '',
    ].join('\n'),
  end: ({ firstDay, lastDay, opened, balances, assertBalances }) => {
    const openings = `\n${[...opened].map((name) => `${firstDay} open ${name}\n`).join('')}`;
    if (!assertBalances) return openings;
    // A balance applies to the morning of its day. Without an explicit tolerance of zero, beancount accepts a
    // difference of one unit.
    const morning = dayAfter(lastDay);
    const asserted = balances.map(
      ({ name, currency, amount }) => `${morning} balance ${name}  ${amount} ~ 0 ${currency}\n`,
    );
    return `${openings}\n${asserted.join('')}`;
  },
};

/** Returns the day after a day. */
export function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 10);
}

/**
 * Returns the tags that both formats write for an entry: its patron or its stream of the office, and its position in
 * that stream, so that an entry can be identified in every export. Never a title or a comment: data erased from events
 * must not survive in the books.
 */
export function entryTags({
  owner: [kind, id],
  version,
  event,
  happened,
  month,
}: Pick<WrittenEntry, 'owner' | 'version' | 'event' | 'happened' | 'month'>): readonly (readonly [
  string,
  string,
])[] {
  const { data } = event;
  const metadata = ('metadata' in event && event.metadata) || {};
  const commandId = 'commandId' in metadata ? metadata.commandId : undefined;
  const reference =
    ('reference' in data && data.reference) ||
    ('externalReference' in data && data.externalReference) ||
    undefined;
  const external = ('externalTransactionId' in data && data.externalTransactionId) || undefined;
  // A patron may have the name of a stream of the office.
  const document = [kind === 'office' ? `office/${plainText(id)}` : plainText(id), version, month]
    .filter((part) => part !== undefined)
    .join('/');
  const named = [
    [kind, id],
    ['version', String(version)],
    ['document', document],
    ['happened', happened],
    ['event', event.type],
    ['command', commandId],
    ['transaction', external],
    ['reference', reference],
  ] as const;
  return named.flatMap(([name, value]) =>
    value === undefined ? [] : [[name, name === 'document' ? value : plainText(value)] as const],
  );
}

const UNTOUCHED = /^[\w.@-]+$/;

/**
 * Escapes an id or a code so that it contains no punctuation of any text format: ASCII letters and digits, `_`, `.`,
 * `@` and `-` are kept, every other byte is percent-encoded. `decodeURIComponent` restores it, except for a lone
 * surrogate, which free text may contain and no file can encode.
 */
export function plainText(name: string): string {
  if (UNTOUCHED.test(name)) return name;
  return encodeURIComponent(name.replaceAll(/\p{Surrogate}/gu, '\uFFFD'))
    .replaceAll(/[!'()*~]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%40', '@');
}
