import { likeEvergreen } from 'patron-fees/overdue';
import { expect, it } from 'vitest';

// What Evergreen computes is in otherSystems.test.ts.
it('describes every fault in the words of Evergreen', () => {
  for (const input of [null, {}, { currency: 'XXX', unknown: 1 }]) {
    expect(() => likeEvergreen(input as never)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    );
  }
});

it('names the field that has a fault', () => {
  const rule = {
    currency: 'USD',
    recurring_fine: '1',
    fine_interval: { length: 1, unit: 'day' },
    max_fine: 'much',
  } as const;
  expect(() => likeEvergreen(rule)).toThrow(/rule\.max_fine/);
});

it('never lengthens grace shorter than a day', () => {
  const rule = likeEvergreen({
    currency: 'USD',
    recurring_fine: '1',
    fine_interval: { length: 1, unit: 'hour' },
    max_fine: '5',
    grace_period: { length: 30, unit: 'minute' },
    extendGrace: 'all',
  });
  expect(rule.grace).toMatchObject({ endsOnOpenDay: false, closedTime: 'counted' });
});
