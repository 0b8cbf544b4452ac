import { digestOf } from '../../account/digest.js';
import { digitsOf } from '../../money/currency.js';
import { formatAmount, minorUnits } from '../../money/money.js';
import type { PaymentRow } from './rowTransaction.js';

/** Yields each row once: reports overlap. */
export async function* distinct<Row>(rows: AsyncIterable<Row> | Iterable<Row>): AsyncGenerator<Row> {
  const seen = new Set<string>();
  for await (const row of rows) {
    const digest = digestOf(row);
    if (seen.has(digest)) continue;
    seen.add(digest);
    yield row;
  }
}

/** Which rows are recorded one group after the other: what came back comes after what had gone. */
export const laterGroups: readonly ((row: PaymentRow) => boolean)[] = [
  ({ type, of }) => type === 'capture' && of === undefined,
  ({ type }) => type !== 'capture',
  ({ type, of }) => type === 'capture' && of !== undefined,
];

/**
 * Returns the rows of a group by payment. They are recorded one by one, those below 0 after their charges: a capture is
 * not taken for another one of the same amount whose row is just being recorded.
 */
export function byPayment(
  rows: readonly PaymentRow[],
  isIn: (row: PaymentRow) => boolean,
): Iterable<readonly PaymentRow[]> {
  const found = new Map<string, PaymentRow[]>();
  const chargesFirst = rows
    .filter(isIn)
    .sort((one, other) => Number(isBelow0(one)) - Number(isBelow0(other)));
  for (const row of chargesFirst) {
    const key = JSON.stringify([row.reference ?? row.transaction, row.currency]);
    found.set(key, [...(found.get(key) ?? []), row]);
  }
  return found.values();
}

const isBelow0 = ({ amount }: PaymentRow): boolean => amount.startsWith('-');

/** Returns what some rows of one currency have together. */
export function sumOfRows(rows: readonly PaymentRow[]): string {
  const digits = digitsOf((rows[0] as PaymentRow).currency);
  return formatAmount(
    rows.reduce((sum, { amount }) => sum + minorUnits(amount), 0n),
    digits,
  );
}
