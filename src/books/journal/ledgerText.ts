import type { AccountEvent } from '../../account/events/accountEvent.js';
import { PatronFeesError } from '../../errors.js';
import { type NamedStream, type RecordedEvent, type StreamId, streamName } from '../../history/eventStore.js';
import { DAY_MS } from '../../input/instant.js';
import { csvTable } from '../../job/csv.js';
import { digitsOf } from '../../money/currency.js';
import { formatAmount } from '../../money/money.js';
import type { OfficeEvent } from '../../office/officeEvents.js';
import type { KeptReportEvent } from '../../office/onlinePayments/keptReport.js';
import type { OnlinePaymentEvent } from '../../office/onlinePayments/onlinePaymentEvents.js';
import type { ProviderRowEvent } from '../../office/onlinePayments/providerRow.js';
import type { RemittanceEvent } from '../../office/remittances/remittance.js';
import type { TillEvent } from '../../office/till/tillEvents.js';
import type { AccountNames, LedgerNames, NamedPosting } from './chart.js';
import { journal } from './journal.js';
import { addTo, type Ledger } from './ledgerAccount.js';
import { officePostings, type TillPostings } from './officePostings.js';
import type { PostingOptions } from './postingsOf.js';

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
type WrittenSums = {
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
type WrittenBalance = {
  /** The name of the ledger account. */
  readonly name: string;
  /** ISO 4217 code. */
  readonly currency: string;
  /** The balance, a decimal string. */
  readonly amount: string;
};

/** The data for the end of a journal. */
type WrittenEnd = DaySpan & {
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
function dayAfter(day: string): string {
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

/** The part of an exported journal for one stream: of a patron account, or of the office. */
export type AccountText = {
  /** Writes its entries, whose first one has a number in the file. */
  readonly textFrom: (number: number) => string;
  /** The number of entries of the period. */
  readonly entries: number;
  /** The currency of the stream; null without entries. */
  readonly currency: string | null;
  /** The number of decimals of the currency. */
  readonly minorDigits: number;
  /** The balances at the beginning of the period, by name. */
  readonly opening: Ledger<number>;
  /** The balances at the end of the period, by name. */
  readonly ledger: Ledger<number>;
  /** The sums of each month of the period, `YYYY-MM`, by name; only in a summary. */
  readonly months: ReadonlyMap<string, Ledger<number>>;
  /** The days of the earliest and the latest entry of the period; null without entries. */
  readonly days: DaySpan | null;
};

/** The period of a journal, and which of its entries are written. */
type JournalPeriod = {
  /** The time that an entry is posted at. */
  readonly postedBy: 'recordedAt' | 'at';
  /** Returns the day of an instant. */
  readonly dayOf: (at: string) => string;
  /** The first day; undefined from the beginning. */
  readonly from: string | undefined;
  /** The last day; undefined to the end. */
  readonly through: string | undefined;
  /** Whether only the sums of each month are written. */
  readonly isSummary: boolean;
  /** Accrual or cash basis, and how lost items are posted. */
  readonly postings?: PostingOptions;
};

/** The first and last year that every program accepts. */
const YEAR_MIN = '1000';
const YEAR_MAX = '9998';

/** An entry of a stream, with the names of its accounts and its time of recording. */
type StreamEntry = Omit<WrittenEntry, 'owner' | 'day' | 'happened' | 'number'>;

/**
 * Returns a function that writes accounts in a format. It throws `CORRUPT_HISTORY` for events that do not fold, and
 * `INVALID_EVENT` for an event on a day that some programs do not accept.
 */
export function accountWriter(
  format: LedgerText,
  names: LedgerNames,
  period: JournalPeriod,
): (stream: StreamId, events: readonly RecordedEvent[]) => AccountText {
  return (stream, events) => {
    // Above 1 after a purge.
    const first = events[0]?.version ?? 1;
    function* entries(): Generator<StreamEntry> {
      const facts = events.map(({ event }) => event);
      for (const entry of journal(facts, { ...period.postings, stream: streamName(stream) })) {
        const { currency } = entry;
        if (currency === null) continue;
        const { recordedAt } = events[entry.version - first] as RecordedEvent;
        yield { ...entry, currency, postings: names(entry), recordedAt };
      }
    }
    return streamText(format, period, ['patron', stream.patronId], entries());
  };
}

/** Writes the entries of a stream in a format. */
function streamText(
  format: LedgerText,
  { postedBy, dayOf, from, through, isSummary }: JournalPeriod,
  owner: WrittenEntry['owner'],
  stream: Iterable<StreamEntry>,
): AccountText {
  const [opening, ledger]: [Ledger<number>, Ledger<number>] = [new Map(), new Map()];
  const months = new Map<string, Ledger<number>>();
  const written: Omit<WrittenEntry, 'number'>[] = [];
  let [entries, days]: [number, DaySpan | null] = [0, null];
  let [currency, minorDigits]: [string | null, number] = [null, 0];
  for (const entry of stream) {
    const { event, postings, recordedAt } = entry;
    if (postings.length === 0) continue;
    const posted = postedBy === 'at' ? event.data.at : recordedAt;
    const ofMonth = entry.month === undefined ? undefined : lastDayOf(entry.month);
    const day = ofMonth ?? acceptedDay(entry, posted, dayOf(posted));
    if (through !== undefined && day > through) continue;
    ({ currency, minorDigits } = entry);
    const isBefore = from !== undefined && day < from;
    const sums = isBefore ? opening : isSummary ? ledgerIn(months, day.slice(0, -'-DD'.length)) : null;
    for (const { account, name, amountMinor } of postings) {
      addTo(ledger, account, amountMinor, name);
      if (sums !== null) addTo(sums, account, amountMinor, name);
    }
    if (isBefore) continue;
    entries += 1;
    days = widened(days, { firstDay: day, lastDay: day });
    if (isSummary) continue;
    written.push({ ...entry, owner, day, happened: ofMonth ?? dayOf(event.data.at) });
  }
  const textFrom = (number: number) =>
    written.map((entry, index) => format.entry({ ...entry, number: number + index })).join('');
  return { textFrom, entries, currency, minorDigits, opening, ledger, months, days };
}

/** Returns the last day of a month. */
export function lastDayOf(month: string): string {
  const [year, number] = [Number(month.slice(0, 4)), Number(month.slice(5))];
  const days = new Date(Date.UTC(year, number, 0)).getUTCDate();
  return `${month}-${String(days).padStart(2, '0')}`;
}

function ledgerIn(months: Map<string, Ledger<number>>, month: string): Ledger<number> {
  const known = months.get(month);
  if (known !== undefined) return known;
  const ledger: Ledger<number> = new Map();
  months.set(month, ledger);
  return ledger;
}

/** Checks the day of an entry. Its year must have four digits, which every program accepts. */
function acceptedDay(
  { version, event }: Pick<WrittenEntry, 'version' | 'event'>,
  posted: string,
  day: string,
): string {
  const year = day.slice(0, -'-MM-DD'.length);
  if (year.length === YEAR_MIN.length && year >= YEAR_MIN && year <= YEAR_MAX) return day;
  throw new PatronFeesError(
    'INVALID_EVENT',
    `event ${version} (${event.type}): at: expected a year from ${YEAR_MIN} to ${YEAR_MAX}, found ${posted}`,
  );
}

/** The columns of the flat file. */
const columns = [
  'date',
  'document',
  'account',
  'debit',
  'credit',
  'currency',
  'text',
  'patron',
  'row',
  'eventDate',
  'command',
  'transaction',
  'reference',
  'vatPercent',
  'vat',
  'entry',
  'user',
  'recordedAt',
] as const;

type CsvLine = { readonly [Column in (typeof columns)[number]]?: string | undefined };

/** Splits an amount into debit and credit, neither of which is negative. */
function sides(amount: string): CsvLine {
  return amount.startsWith('-') ? { credit: amount.slice(1) } : { debit: amount };
}

/**
 * A flat CSV file (RFC 4180) for an accounting system: one line for each posting, with named columns. It has no
 * declarations and no balances to check.
 *
 * @param seal - the seal that a last column names; without it there is no such column
 */
export function csvJournalText(seal?: string): LedgerText {
  const mark = { name: 'seal', cellOf: () => seal };
  const { head, format } = csvTable<CsvLine>([...columns, ...(seal === undefined ? [] : [mark])], {});
  return {
    beginning: () => head,
    currency: () => '',
    entry: (entry) => {
      const tags: CsvLine = Object.fromEntries(entryTags(entry));
      const { day, happened, event, postings, minorDigits, currency } = entry;
      const { userId } = ('by' in event.data && event.data.by) || {};
      const { document, patron, command, transaction, reference } = tags;
      return format(
        postings.map(
          ({ name, amountMinor, rowId, vatPercent, vatMinor }): CsvLine => ({
            date: day,
            account: name,
            ...sides(formatAmount(amountMinor, minorDigits)),
            currency,
            text: event.type,
            eventDate: happened,
            row: rowId === null ? undefined : plainText(rowId),
            document,
            patron,
            command,
            transaction,
            reference,
            vatPercent: vatPercent === undefined ? undefined : String(vatPercent),
            vat: vatMinor === undefined ? undefined : formatAmount(Math.abs(vatMinor), minorDigits),
            entry: String(entry.number),
            user: userId === undefined ? undefined : plainText(userId),
            recordedAt: entry.recordedAt,
          }),
        ),
      );
    },
    sums: ({ day, document, text, sums }) =>
      format(
        sums.map(
          ({ name, amount, currency }): CsvLine => ({
            date: day,
            document,
            account: name,
            ...sides(amount),
            currency,
            text,
          }),
        ),
      ),
    end: () => '',
  };
}

type PostedEvent = TillEvent | RemittanceEvent | OnlinePaymentEvent | KeptReportEvent | ProviderRowEvent;

/**
 * Returns a function that writes tills, remittances, bank accounts and online payments in a format. It throws
 * `CORRUPT_HISTORY` for events that do not fold.
 */
export function officeWriter(
  format: LedgerText,
  nameOf: AccountNames,
  period: JournalPeriod,
): (stream: NamedStream, events: readonly RecordedEvent<OfficeEvent>[]) => AccountText {
  return (stream, events) => {
    const posted = officePostings(
      stream,
      events.map(({ event }) => event),
    );
    const entries = events.map(({ event, version, recordedAt }, index): StreamEntry => {
      const { postings, desk } = posted[index] as TillPostings;
      const { currency } = (event as PostedEvent).data;
      const named = postings.map((posting) => ({ ...posting, name: nameOf(posting.account, desk) }));
      const digits = digitsOf(currency);
      return { version, event, recordedAt, currency, minorDigits: digits, postings: named };
    });
    return streamText(format, period, ['office', stream.stream], entries);
  };
}
