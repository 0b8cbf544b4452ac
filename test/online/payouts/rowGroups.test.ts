import { expect, it } from 'vitest';
import { byPayment, distinct, laterGroups, sumOfRows } from '../../../src/online/payouts/rowGroups.js';
import type { PaymentRow } from '../../../src/online/payouts/rowTransaction.js';
import { row } from '../shop.js';

it('yields each row once, and the rows of payments in groups: charges, then returns, then won disputes', async () => {
  const rows = [
    row('won', '5.00', { transaction: 'w', of: 'ch_1' }),
    row('back', '-5.00', { type: 'refund', transaction: 're_1' }),
    row('untaken', '-1.00'),
    row('charge', '6.00'),
    row('charge', '6.00'),
  ] as PaymentRow[];
  const once: PaymentRow[] = [];
  for await (const one of distinct(rows)) once.push(one);
  expect(once).toHaveLength(4);
  const ids = laterGroups.map((group) =>
    [...byPayment(once, group)].map((all) => all.map(({ rowId }) => rowId)),
  );
  expect(ids).toEqual([[['charge', 'untaken']], [['back']], [['won']]]);
  expect(sumOfRows(once.slice(2))).toBe('5.00');
});
