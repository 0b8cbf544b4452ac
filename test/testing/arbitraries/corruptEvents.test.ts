import { describe, expect, it } from 'vitest';
import { fold } from '../../../src/index.js';
import { corruptEvents } from '../../../src/testing/arbitraries/corruptEvents.js';

describe('the events used in corrupt histories', () => {
  it.each([
    ['USD', 2],
    ['JPY', 0],
  ])('can be folded if everything they refer to exists, in %s', (currency, digits) => {
    const tell = corruptEvents({ currency, digits });
    const { fee, lost, credit, waived, unwaived, refunded, unrefunded, returned, returnCredit } = tell;
    const histories = [
      [fee, waived(), unwaived('spoiled-fee')],
      [credit('spoiled-credit'), refunded('spoiled-credit'), unrefunded('spoiled-credit')],
      [lost, returned('spoiled-return'), returnCredit],
      [fee, tell.paid('spoiled-payment', 100, [tell.part(100)])],
      [tell.issued('manual', 'goodwill')],
      ...tell.onFee('spoiled-fee').map((event) => [fee, event]),
      ...tell.onCredit('spoiled-credit').map((event) => [credit('spoiled-credit'), event]),
    ];
    for (const history of histories) expect(fold(history).currency).toBe(currency);
  });
});
