import { describe, expect, it } from 'vitest';
import { fold } from '../../../src/index.js';
import { corruptEvents } from '../../../src/testing/arbitraries/corruptEvents.js';

describe('the events used in corrupt histories', () => {
  it.each([
    ['USD', 2],
    ['JPY', 0],
  ])('can be folded if everything they refer to exists, in %s', (currency, digits) => {
    const make = corruptEvents({ currency, digits });
    const { fee, lost, credit, waived, unwaived, refunded, unrefunded, returned, returnCredit } = make;
    const histories = [
      [fee, waived(), unwaived('spoiled-fee')],
      [credit('spoiled-credit'), refunded('spoiled-credit'), unrefunded('spoiled-credit')],
      [lost, returned('spoiled-return'), returnCredit],
      [fee, make.paid('spoiled-payment', 100, [make.part(100)])],
      [make.issued('manual', 'goodwill')],
      ...make.onFee('spoiled-fee').map((event) => [fee, event]),
      ...make.onCredit('spoiled-credit').map((event) => [credit('spoiled-credit'), event]),
    ];
    for (const history of histories) expect(fold(history).currency).toBe(currency);
  });
});
