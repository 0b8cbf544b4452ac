import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type DaySpan, widened } from '../../../src/institution/journal/ledgerText.js';

it('the combined span goes from the earliest to the latest day, in any order of accounts', () => {
  const day = fc.integer({ min: 1, max: 28 }).map((number) => `2026-02-${String(number).padStart(2, '0')}`);
  const span = fc.tuple(day, day).map((days) => days.sort() as [string, string]);
  fc.assert(
    fc.property(fc.array(span, { minLength: 1 }), (spans) => {
      const whole = spans.reduce<DaySpan | null>(
        (known, [firstDay, lastDay]) => widened(known, { firstDay, lastDay }),
        null,
      );
      const days = spans.flat().sort();
      expect(whole).toEqual({ firstDay: days[0], lastDay: days.at(-1) });
    }),
  );
});
