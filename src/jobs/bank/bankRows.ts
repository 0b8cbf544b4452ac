import * as v from 'valibot';
import { digestOf } from '../../account/digest.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { type CsvCells, readCsv } from '../../job/csvCells.js';
import { type TextSource, textSourceField } from '../../job/csvRows.js';
import { type DayOrder, dayOrders } from '../../job/dayOrder.js';
import type { UnreadableRow } from '../../job/unreadableRow.js';
import { digitsOf, minorDigits } from '../../money/currency.js';
import { formatAmount } from '../../money/money.js';
import type { DecimalMark } from '../../money/reportedAmount.js';
import type { BankEntry } from './bankReconciliationForm.js';

/** How a bank's CSV file is written. */
export type BankCsvForm = {
  /** The names of the columns. */
  readonly columns: {
    /** The day of booking. */
    readonly bookedOn: string;
    /** The amount, below 0 if it left the account. */
    readonly amount: string;
    /** The bank's reference of the entry, unique in the account; the whole line identifies the entry if left out. */
    readonly entryId?: string;
    /** The currency; that of the form if left out. */
    readonly currency?: string;
    /** The columns with references, the purpose of the payment, names. */
    readonly references: readonly string[];
  };
  /** ISO 4217 code of the amounts. */
  readonly currency: string;
  /**
   * The account of the file.
   *
   * @defaultValue the entries do not say
   */
  readonly account?: string;
  /**
   * The delimiter of cells.
   *
   * @defaultValue `','`
   */
  readonly delimiter?: string;
  /**
   * The decimal mark of amounts, whose digits may then be grouped by the other mark.
   *
   * @defaultValue a point, and digits are not grouped
   */
  readonly decimalMark?: DecimalMark;
  /**
   * The order of day, month and year.
   *
   * @defaultValue `'YYYY-MM-DD'`
   */
  readonly dayOrder?: DayOrder;
};

const column = v.pipe(v.string('a column'), v.nonEmpty('a column'));

const formSchema = v.strictObject({
  columns: v.strictObject({
    bookedOn: column,
    amount: column,
    entryId: v.exactOptional(column),
    currency: v.exactOptional(column),
    references: v.array(column),
  }),
  currency: v.pipe(
    v.string(),
    v.check((code) => minorDigits(code) !== undefined, 'an ISO 4217 code'),
  ),
  account: v.exactOptional(v.string()),
  delimiter: v.exactOptional(v.pipe(v.string(), v.length(1))),
  decimalMark: v.exactOptional(v.picklist(['.', ','])),
  dayOrder: v.exactOptional(v.picklist(dayOrders)),
});

/**
 * Reads the entries of a bank's statement from a CSV file, one by one, by the names of its columns.
 *
 * @param source - the file's path, or its text (UTF-8, with a header line)
 * @param form - the names of the columns, and how amounts and days are written
 * @returns the entries; memory does not grow with their number. A line that cannot be read is an `unreadable` row
 * @throws {@link index.PatronFeesError | PatronFeesError} at the call: `INVALID_ARGUMENT`. Later: any error of the file
 * system
 *
 * @example
 * ```ts
 * import { bankRows } from 'patron-fees/office';
 *
 * const csv = 'Buchungstag;Betrag;Verwendungszweck\n04.03.2026;1.062,00;Einzahlung slip 118\n';
 * const columns = { bookedOn: 'Buchungstag', amount: 'Betrag', references: ['Verwendungszweck'] };
 * const form = { columns, currency: 'EUR', delimiter: ';', decimalMark: ',', dayOrder: 'DD.MM.YYYY' } as const;
 * for await (const entry of bankRows([csv], form)) {
 *   if ('amount' in entry) [entry.bookedOn, entry.amount]; //=> ['2026-03-04', '1062.00']
 * }
 * ```
 */
export function bankRows(source: TextSource, form: BankCsvForm): AsyncGenerator<BankEntry | UnreadableRow> {
  checkedArgument(textSourceField, source, 'source');
  const checked = checkedArgument(formSchema, form, 'form');
  const { bookedOn, amount, entryId, currency, references } = checked.columns;
  const needed = [
    bookedOn,
    amount,
    ...references,
    ...[entryId, currency].filter((name) => name !== undefined),
  ];
  const unique = entryNames();
  return readCsv(source, checked, needed, (cells) => entryOf(cells, checked, unique));
}

function entryOf(
  cells: CsvCells,
  { columns, currency: usual, account }: v.InferOutput<typeof formSchema>,
  unique: (day: string, name: string) => string,
): BankEntry {
  const bookedOn = cells.day(columns.bookedOn);
  const currency = columns.currency === undefined ? usual : cells.currency(columns.currency);
  const digits = digitsOf(currency);
  if (cells.text(columns.amount) === '') cells.refuse(`${columns.amount}: an amount`, '');
  const amount = formatAmount(cells.amount(columns.amount, digits), digits);
  const references = columns.references
    .map((name) => cells.text(name).slice(0, 1_000))
    .filter((text) => text !== '');
  const entryId =
    columns.entryId === undefined
      ? unique(bookedOn, `${bookedOn}/${amount}/${digestOf({ references })}`)
      : cells.name(columns.entryId);
  return { entryId, account: account ?? null, bookedOn, amount, currency, references, parts: [] };
}

/** Returns a function that numbers lines of a day with the same content. Statements are sorted by day. */
function entryNames() {
  let day = '';
  let seen = new Map<string, number>();
  return (bookedOn: string, name: string): string => {
    if (bookedOn !== day) [day, seen] = [bookedOn, new Map()];
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name}#${count}`;
  };
}
