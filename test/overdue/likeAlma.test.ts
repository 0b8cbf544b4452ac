import { likeAlma } from 'patron-fees/overdue';
import { expect, it } from 'vitest';

// What Alma computes is in otherSystems.test.ts.
it('describes every fault in the words of Alma', () => {
  for (const input of [null, {}, { currency: 'XXX', unknown: 1 }]) {
    expect(() => likeAlma(input as never)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  }
});

it('names the field that has a fault', () => {
  const overdueFine = { amount: '1', per: 'week' as 'day' };
  expect(() => likeAlma({ currency: 'USD', overdueFine, maximumFine: 'much' })).toThrow(
    /policies\.overdueFine\.per.*policies\.maximumFine/,
  );
});

it('refuses to count one fine by days and the other by hours', () => {
  const policies = {
    currency: 'USD',
    overdueFine: { amount: '1', per: 'day' },
    recalledOverdueFine: { amount: '1', per: 'hour' },
  } as const;
  expect(() => likeAlma(policies)).toThrow(/rule\.recalled\.period\.unit/);
});
