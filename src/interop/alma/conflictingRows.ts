import { type AlmaFinding, described, fieldOf, findingOfRow } from './almaFinding.js';
import type { RawRow } from './feeRow.js';

/**
 * Finds rows that cannot be imported because of other rows: two rows with the same id, fees of several patrons, or
 * amounts in another currency.
 *
 * @param currency - the currency of the account
 */
export function conflictingRows(
  rows: readonly RawRow[],
  currency: string | undefined,
): Map<RawRow, AlmaFinding> {
  const found = new Map<RawRow, AlmaFinding>();
  const timesById = new Map<unknown, number>();
  const patrons = new Set<unknown>();
  for (const { raw } of rows) {
    const id = fieldOf(raw, 'id');
    if (typeof id === 'string') timesById.set(id, (timesById.get(id) ?? 0) + 1);
    const patron = patronOf(raw);
    if (typeof patron === 'string') patrons.add(patron.toLowerCase());
  }
  for (const row of rows) {
    const id = fieldOf(row.raw, 'id');
    if (patrons.size > 1) {
      const patron = described(patronOf(row.raw));
      found.set(row, findingOfRow(row, 'SeveralPatrons', 'user_primary_id', 'rows of one patron', patron));
    } else if ((timesById.get(id) ?? 0) > 1) {
      found.set(row, findingOfRow(row, 'DuplicateFee', 'id', 'one row with this id', described(id)));
    } else if (row.currency !== currency) {
      found.set(row, findingOfRow(row, 'OtherCurrency', '', `amounts in ${currency}`, row.currency));
    }
  }
  return found;
}

function patronOf(raw: unknown): unknown {
  return fieldOf(fieldOf(raw, 'user_primary_id'), 'value');
}
