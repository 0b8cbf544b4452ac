import * as v from 'valibot';
import { checkedArgument } from '../../input/checkedArgument.js';
import { byPatron, idIn } from '../import/byPatron.js';
import type { ForeignAccount } from '../import/foreignAccount.js';
import { type Rows, rowsField } from '../import/neededColumns.js';
import { checkedReadOptions, type ReadAccountsOptions } from '../import/readOptions.js';
import { rowsWithoutAccount } from '../import/rowReader.js';
import { kohaAccount } from './kohaAccount.js';
import { kohaFigures } from './kohaRows.js';

/** The tables of Koha that an import reads. */
export type KohaTables = {
  /** The rows of `accountlines`. */
  readonly accountlines: Rows;
  /**
   * The rows of `account_offsets`, each with the `borrowernumber` of its lines.
   *
   * @defaultValue no offsets: all balances are right, but no line explains them
   */
  readonly account_offsets?: Rows;
};

/** The columns that decide amounts. */
const lineColumns = ['accountlines_id', 'borrowernumber', 'amount', 'amountoutstanding'];
const offsetColumns = ['id', 'credit_id', 'debit_id', 'type', 'amount'];

const tablesSchema = v.strictObject({ accountlines: rowsField, account_offsets: v.exactOptional(rowsField) });

/**
 * Reads the fees, payments and credits of Koha: its tables `accountlines` and `account_offsets`, as objects from a
 * database driver, {@link import.csvRows | CSV} or {@link import.jsonLines | JSON lines}. Each patron's account becomes
 * events by {@link import.importEvents | importEvents} or {@link import.runImport | runImport}, and then owes the value
 * of `amountoutstanding`, line by line.
 *
 * - A debit becomes a fee. An `OVERDUE` line that grew becomes a fine that grew, step by step; it grows on while its
 *   status is `UNRETURNED`.
 * - `PAYMENT` and `PURCHASE` become payments: of the lines to which they were applied at once; the rest is a credit,
 *   which later offsets use.
 * - `WRITEOFF` becomes a write-off, `FORGIVEN` and `DISCOUNT` waivers, `CANCELLATION` a cancellation, `PAYOUT` a
 *   refund.
 * - All other credits (`CREDIT`, `LOST_FOUND`, `REFUND`, ...) become refundable credits, which offsets use.
 * - A credit with the status `VOID` is recorded and undone.
 *
 * Streams must be sorted by `borrowernumber`; lists are sorted here.
 *
 * @param tables - the rows
 * @param options - the policy; what codes are called here; the time zone of Koha's times
 * @returns the accounts, one patron after the other; rows without a patron come as accounts that have only findings
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT`, `INVALID_POLICY`; any error of a stream
 *
 * @example
 * ```ts
 * import { balancesInMinorUnits, definePolicy, fold } from 'patron-fees';
 * import { importEvents } from 'patron-fees/import';
 * import { kohaAccounts } from 'patron-fees/koha';
 *
 * const line = { accountlines_id: 7, borrowernumber: 51, branchcode: 'CPL', date: '2026-03-02 10:15:00' };
 * const debit = { ...line, debit_type_code: 'LOST', amount: '25.000000', amountoutstanding: '10.000000' };
 * const at = '2026-03-09 12:00:00';
 * const payment = {
 *   ...line,
 *   accountlines_id: 8,
 *   credit_type_code: 'PAYMENT',
 *   payment_type: 'CASH',
 *   amount: '-15.000000',
 *   amountoutstanding: '0.000000',
 *   date: at,
 * };
 * const applied = { id: 3, borrowernumber: 51, credit_id: 8, debit_id: 7, type: 'APPLY', amount: '-15.000000' };
 * const tables = { accountlines: [debit, payment], account_offsets: [{ ...applied, created_on: at }] };
 *
 * const policy = definePolicy({ currency: 'USD' });
 * for await (const account of kohaAccounts(tables, { policy, timeZone: 'America/New_York' })) {
 *   const { events } = importEvents(account);
 *   events.map(({ type }) => type); //=> ['FeeAssessed', 'PaymentReceived']
 *   balancesInMinorUnits(fold(events)).active; //=> 1000
 * }
 * ```
 */
export async function* kohaAccounts(
  tables: KohaTables,
  options: ReadAccountsOptions,
): AsyncGenerator<ForeignAccount> {
  const checked = checkedReadOptions(options);
  const { accountlines, account_offsets = [] } = checkedArgument(tablesSchema, tables, 'tables');
  const patron = 'borrowernumber';
  const offsets = withBorrowers(accountlines, account_offsets);
  const joined = byPatron([
    { name: 'accountlines', rows: accountlines, patron, columns: lineColumns },
    { name: 'account_offsets', rows: offsets, patron, columns: offsetColumns },
  ]);
  for await (const patronRows of joined) {
    const { patronId, rows } = patronRows;
    if (patronId === null || patronRows.isUnsorted)
      yield rowsWithoutAccount('koha', patronRows, kohaFigures, checked);
    else yield kohaAccount(patronId, rows, checked);
  }
}

/** Adds the borrower to offsets that have none, as the table itself, if all rows are at hand. */
function withBorrowers(lines: Rows, offsets: Rows): Rows {
  if (!Array.isArray(lines) || !Array.isArray(offsets)) return offsets;
  const borrowers = new Map<string | null, string | null>();
  for (const line of lines) borrowers.set(idIn(line, 'accountlines_id'), idIn(line, 'borrowernumber'));
  // A line without an id is not the line of an offset without one.
  borrowers.delete(null);
  return offsets.map((offset: unknown) => {
    if (typeof offset !== 'object' || offset === null || Object.hasOwn(offset, 'borrowernumber'))
      return offset;
    const borrowernumber =
      borrowers.get(idIn(offset, 'credit_id')) ?? borrowers.get(idIn(offset, 'debit_id'));
    return { ...offset, borrowernumber };
  });
}
