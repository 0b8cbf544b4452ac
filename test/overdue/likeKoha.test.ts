import { likeKoha } from 'patron-fees/overdue';
import { expect, it } from 'vitest';

// What Koha computes is in otherSystems.test.ts.
it('describes every fault in the words of Koha', () => {
  for (const input of [null, {}, { currency: 'XXX', unknown: 1 }]) {
    expect(() => likeKoha(input as never)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  }
});

it('names the field that has a fault', () => {
  expect(() =>
    likeKoha({ currency: 'USD', fine: '1', chargeperiod: 0, lengthunit: 'weeks' as 'days' }),
  ).toThrow(/rule\.chargeperiod.*rule\.lengthunit/);
});

it('counts closed days if the preference says so', () => {
  const rule = likeKoha({ currency: 'USD', fine: '1', finesCalendar: 'ignoreCalendar', firstremind: 2 });
  expect(rule).toMatchObject({
    closedTime: 'counted',
    closedDueDate: 'stays',
    grace: { mode: 'allOrNothing' },
  });
  expect(likeKoha({ currency: 'USD', fine: '1', overduefinescap: '0' }).maximum).toBeNull();
  expect(likeKoha({ currency: 'USD', fine: '1', overduefinescap: '5' }).maximum).toBe('5.00');
});
