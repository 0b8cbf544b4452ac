import { csvTable } from '../../job/csv.js';
import { formatAmount } from '../../money/money.js';
import { entryTags, type LedgerText, plainText } from './ledgerText.js';

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
