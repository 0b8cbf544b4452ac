import * as v from 'valibot';
import { checkedArgument } from '../../input/checkedArgument.js';
import { byPatron } from '../import/byPatron.js';
import type { ForeignAccount } from '../import/foreignAccount.js';
import { type Rows, rowsField } from '../import/neededColumns.js';
import { checkedReadOptions, type ReadAccountsOptions } from '../import/readOptions.js';
import { rowsWithoutAccount } from '../import/rowReader.js';
import { evergreenAccount } from './evergreenAccount.js';
import { evergreenFigures } from './evergreenRows.js';

/** The tables of Evergreen that an import reads. */
export type EvergreenTables = {
  /**
   * The rows of `money.billable_xact`, with the library as `owner`, and of loans `stop_fines`, `stop_fines_time`,
   * `due_date`, `target_copy`, `barcode` and `title`.
   */
  readonly billable_xact: Rows;
  /** The rows of `money.billing`, each with the `usr` of its transaction. */
  readonly billing: Rows;
  /**
   * The rows of `money.payment`, each with the `usr` of its transaction, the name of its table as `payment_type`, and
   * the columns `accepting_usr`, `cash_drawer`, `check_number` and `billing` of those that have them.
   */
  readonly payment: Rows;
  /**
   * The rows of `actor.usr` with a `credit_forward_balance`, their `id` repeated as `usr`.
   *
   * @defaultValue no credits of patrons
   */
  readonly usr?: Rows;
};

/** The columns that decide amounts. */
const columns = {
  billable_xact: ['id', 'usr'],
  billing: ['id', 'xact', 'usr', 'amount', 'voided'],
  payment: ['id', 'xact', 'usr', 'amount', 'voided', 'payment_type'],
  usr: ['id', 'usr', 'credit_forward_balance'],
};

const tablesSchema = v.strictObject({
  billable_xact: rowsField,
  billing: rowsField,
  payment: rowsField,
  usr: v.exactOptional(rowsField),
});

/**
 * Reads the billable transactions of Evergreen, with their billings and payments, as objects from a database driver,
 * {@link import.csvRows | CSV} or {@link import.jsonLines | JSON lines}. Each patron's account becomes events by
 * {@link import.importEvents | importEvents} or {@link import.runImport | runImport}, and then owes what is billed,
 * less what is voided and paid, transaction by transaction.
 *
 * - A billing becomes a fee. The overdue fines of a loan's days become one fine that grows, until `stop_fines`.
 * - A payment with money belongs to its transaction: it pays the billing of the same amount, or else the oldest; the
 *   rest is a credit, which pays what is billed later.
 * - Work, goods, forgiveness and adjustments become waivers, so that they never become money.
 * - A voided billing is cancelled, and what was paid towards it pays the others or becomes a credit. A voided payment
 *   is recorded and undone.
 * - A negative payment pays out the credit, or takes payments back.
 *
 * Streams must be sorted by `usr`; lists are sorted here.
 *
 * @param tables - the rows
 * @param options - the policy; what codes are called here
 * @returns the accounts, one patron after the other; rows without a patron come as accounts that have only findings
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT`, `INVALID_POLICY`; any error of a stream
 *
 * @example
 * ```ts
 * import { balancesInMinorUnits, definePolicy, fold } from 'patron-fees';
 * import { evergreenAccounts } from 'patron-fees/evergreen';
 * import { importEvents } from 'patron-fees/import';
 *
 * const at = '2026-03-02 09:00:00-05';
 * const about = { xact: 526, usr: 79, voided: 'f' };
 * const tables = {
 *   billable_xact: [{ id: 526, usr: 79, xact_start: at, owner: 'BR1', note: 'Drove car into front window' }],
 *   billing: [{ id: 1, ...about, billing_ts: at, amount: '50.00', btype: 101, billing_type: 'Misc' }],
 *   payment: [{ id: 19, ...about, payment_ts: at, amount: '10.00', payment_type: 'cash_payment' }],
 * };
 * const policy = definePolicy({ currency: 'USD' });
 * for await (const account of evergreenAccounts(tables, { policy })) {
 *   const { events } = importEvents(account);
 *   events.map(({ type }) => type); //=> ['FeeAssessed', 'PaymentReceived']
 *   balancesInMinorUnits(fold(events)).active; //=> 4000
 * }
 * ```
 */
export async function* evergreenAccounts(
  tables: EvergreenTables,
  options: ReadAccountsOptions,
): AsyncGenerator<ForeignAccount> {
  const checked = checkedReadOptions(options);
  const { billable_xact, billing, payment, usr = [] } = checkedArgument(tablesSchema, tables, 'tables');
  const joined = byPatron([
    { name: 'billable_xact', rows: billable_xact, patron: 'usr', columns: columns.billable_xact },
    { name: 'billing', rows: billing, patron: 'usr', columns: columns.billing },
    { name: 'payment', rows: payment, patron: 'usr', columns: columns.payment },
    { name: 'usr', rows: usr, patron: 'usr', columns: columns.usr },
  ]);
  for await (const patronRows of joined) {
    const { patronId, rows } = patronRows;
    if (patronId === null || patronRows.isUnsorted) {
      yield rowsWithoutAccount('evergreen', patronRows, evergreenFigures, checked);
    } else yield evergreenAccount(patronId, rows, checked);
  }
}
