import { likeFolio } from 'patron-fees/overdue';
import { expect, it } from 'vitest';

// What Folio computes is in otherSystems.test.ts.
it('describes every fault in the words of Folio', () => {
  for (const input of [null, {}, { currency: 'XXX', unknown: 1 }]) {
    expect(() => likeFolio(input as never)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  }
});

it('names the field that has a fault', () => {
  const overdueFine = { quantity: '1.005', intervalId: 'fortnight' as 'day' };
  expect(() => likeFolio({ currency: 'USD', overdueFine })).toThrow(
    /policy\.overdueFine\.quantity.*policy\.overdueFine\.intervalId/,
  );
});
