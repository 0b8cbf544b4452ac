import * as v from 'valibot';
import { checkedArgument } from '../../input/checkedArgument.js';
import { textHeader, withTextHeader } from '../../job/rowLines.js';
import { byPatron } from '../import/byPatron.js';
import type { ForeignAccount } from '../import/foreignAccount.js';
import { type Rows, rowsField } from '../import/neededColumns.js';
import { checkedReadOptions, type ReadAccountsOptions } from '../import/readOptions.js';
import { rowsWithoutAccount } from '../import/rowReader.js';
import { folioAccount, folioFigures } from './folioAccount.js';

/** The records of FOLIO that an import reads. */
export type FolioRecords = {
  /** The records of `/accounts`: one for each fee or fine. */
  readonly accounts: Rows;
  /**
   * The records of `/feefineactions`.
   *
   * @defaultValue no actions: all balances are right, but no line explains them
   */
  readonly feefineactions?: Rows;
};

/** The fields that decide amounts. */
const accountColumns = ['id', 'userId', 'amount', 'remaining'];
const actionColumns = ['id', 'accountId', 'userId', 'typeAction', 'amountAction'];

const recordsSchema = v.strictObject({ accounts: rowsField, feefineactions: v.exactOptional(rowsField) });

/**
 * Reads the fees and fines of FOLIO: the records of `accounts` and `feefineactions`, as the API of mod-feesfines gives
 * them, or as rows of its tables with a column `jsonb`. Each patron's account becomes events by
 * {@link import.importEvents | importEvents} or {@link import.runImport | runImport}, and then owes the value of
 * `remaining`, rounded half to even to cents as FOLIO does.
 *
 * - An account becomes a fee. The first action with another label than FOLIO's own is its charge: it has the person and
 *   the comments. An account without actions is charged when it was created.
 * - `Paid` actions of the same time, person, method and information become one payment.
 * - `Waived` becomes a waiver, `Transferred` a transfer that expects no settlement.
 * - `Refunded` opens the fee again: a payment is reversed, or a transfer recalled.
 * - `Cancelled as error`, and any other reason of cancelling, cancels what is owed.
 *
 * Streams must be sorted by `userId`; lists are sorted here.
 *
 * @param records - the records
 * @param options - the policy; what types, owners, methods and reasons are called here
 * @returns the accounts, one patron after the other; records without a user come as accounts that have only findings
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT`, `INVALID_POLICY`; any error of a stream
 *
 * @example
 * ```ts
 * import { balancesInMinorUnits, definePolicy, fold } from 'patron-fees';
 * import { folioAccounts } from 'patron-fees/folio';
 * import { importEvents } from 'patron-fees/import';
 *
 * const fine = {
 *   id: 'a1',
 *   userId: 'u1',
 *   amount: 12,
 *   remaining: 5.5,
 *   status: { name: 'Open' },
 *   feeFineType: 'Overdue fine',
 *   feeFineOwner: 'Main',
 *   metadata: { createdDate: '2026-03-02T09:00:00.000+00:00' },
 * };
 * const paid = {
 *   id: 'x1',
 *   accountId: 'a1',
 *   userId: 'u1',
 *   typeAction: 'Paid partially',
 *   amountAction: 6.5,
 *   balance: 5.5,
 *   paymentMethod: 'Cash',
 *   dateAction: '2026-03-03T10:00:00.000+00:00',
 * };
 *
 * const policy = definePolicy({ currency: 'USD' });
 * for await (const account of folioAccounts({ accounts: [fine], feefineactions: [paid] }, { policy })) {
 *   const { events } = importEvents(account);
 *   events.map(({ type }) => type); //=> ['FeeAssessed', 'PaymentReceived']
 *   balancesInMinorUnits(fold(events)).active; //=> 550
 * }
 * ```
 */
export async function* folioAccounts(
  records: FolioRecords,
  options: ReadAccountsOptions,
): AsyncGenerator<ForeignAccount> {
  const checked = checkedReadOptions(options);
  const { accounts, feefineactions = [] } = checkedArgument(recordsSchema, records, 'records');
  const joined = byPatron([
    { name: 'accounts', rows: withJson(accounts), patron: 'userId', columns: accountColumns },
    { name: 'feefineactions', rows: withJson(feefineactions), patron: 'userId', columns: actionColumns },
  ]);
  for await (const patronRows of joined) {
    const { patronId, rows } = patronRows;
    if (patronId === null || patronRows.isUnsorted)
      yield rowsWithoutAccount('folio', patronRows, folioFigures, checked);
    else yield folioAccount(patronId, rows, checked);
  }
}

/** Parses the column `jsonb` where it is text, as in a CSV file. */
function withJson(rows: Rows): Rows {
  if (Array.isArray(rows)) return rows.map(parsedJson);
  const parsed = (async function* () {
    for await (const row of rows) yield parsedJson(row);
  })();
  return withTextHeader(parsed, textHeader(rows));
}

function parsedJson(row: unknown): unknown {
  if (typeof row !== 'object' || row === null || !Object.hasOwn(row, 'jsonb')) return row;
  const { jsonb } = row as { readonly jsonb: unknown };
  if (typeof jsonb !== 'string') return row;
  try {
    return { ...row, jsonb: JSON.parse(jsonb) };
  } catch {
    return row;
  }
}
