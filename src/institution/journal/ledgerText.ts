import { formatAmount } from '../../money/money.js';
import type { JournalEntry } from './journal.js';

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

/** An entry with the additional data of a text format. */
export type WrittenEntry = JournalEntry & {
  /** The patron. */
  readonly patronId: string;
  /** The day in the library's time zone, `YYYY-MM-DD`. */
  readonly day: string;
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
  /** The balance of each account. */
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
  /** Writes an entry with postings. `nameOf` returns the name of an account. */
  readonly entry: (
    entry: WrittenEntry,
    nameOf: (posting: JournalEntry['postings'][number]) => string,
  ) => string;
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
  entry: (entry, nameOf) => {
    const { day, patronId, event, postings, minorDigits, currency } = entry;
    const tags = entryTags(entry).map(([name, value]) => `${name}:${value}`);
    const lines = postings.map((posting) => {
      const row = posting.rowId === null ? '' : `  ; row:${plainText(posting.rowId)}`;
      return `    ${nameOf(posting)}  ${formatAmount(posting.amountMinor, minorDigits)} ${currency}${row}`;
    });
    return [`\n${day} ${plainText(patronId)} | ${event.type}`, `    ; ${tags.join(', ')}`, ...lines, ''].join(
      '\n',
    );
  },
  end: ({ lastDay, balances, assertBalances }) => {
    const names = [...new Set(balances.map(({ name }) => name))];
    const declared = `\n${names.map((name) => `account ${name}\n`).join('')}`;
    if (!assertBalances) return declared;
    // One transaction for each balance, since hledger shows the whole transaction that fails.
    const asserted = balances.map(
      ({ name, currency, amount }) =>
        `\n${lastDay} Balance\n    ${name}  0 ${currency} = ${amount} ${currency}\n`,
    );
    return `${declared}${asserted.join('')}`;
  },
};

const DAY_MS = 86_400_000;

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
  entry: (entry, nameOf) => {
    const { day, patronId, event, postings, minorDigits, currency } = entry;
    const tags = entryTags(entry).map(([name, value]) => `  ${name}: "${value}"`);
    const lines = postings.map((posting) => {
      const row = posting.rowId === null ? '' : `\n    row: "${plainText(posting.rowId)}"`;
      return `  ${nameOf(posting)}  ${formatAmount(posting.amountMinor, minorDigits)} ${currency}${row}`;
    });
    return [`\n${day} * "${plainText(patronId)}" "${event.type}"`, ...tags, ...lines, ''].join('\n');
  },
  end: ({ firstDay, lastDay, balances, assertBalances }) => {
    const names = [...new Set(balances.map(({ name }) => name))];
    const opened = `\n${names.map((name) => `${firstDay} open ${name}\n`).join('')}`;
    if (!assertBalances) return opened;
    // A balance applies to the morning of its day. Without an explicit tolerance of zero, beancount accepts a
    // difference of one unit.
    const morning = dayAfter(lastDay);
    const asserted = balances.map(
      ({ name, currency, amount }) => `${morning} balance ${name}  ${amount} ~ 0 ${currency}\n`,
    );
    return `${opened}\n${asserted.join('')}`;
  },
};

function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 10);
}

/**
 * Returns the tags that both formats write for an entry: its patron, and its position in the patron's stream, so that
 * an entry can be identified in every export. Never a title or a comment: data erased from events must not survive in
 * the books.
 */
export function entryTags({
  patronId,
  version,
  event,
}: WrittenEntry): readonly (readonly [string, string])[] {
  const { data, metadata } = event;
  const reference = ('reference' in data && data.reference) || undefined;
  const external = ('externalTransactionId' in data && data.externalTransactionId) || undefined;
  const named = [
    ['patron', patronId],
    ['version', String(version)],
    ['event', event.type],
    ['command', metadata?.commandId],
    ['transaction', external],
    ['reference', reference],
  ] as const;
  return named.flatMap(([name, value]) => (value === undefined ? [] : [[name, plainText(value)] as const]));
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
