import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ageBands, bandOf, usualBandEnds } from '../../../src/institution/agedDebt/ageBands.js';

describe('bands of age', () => {
  it('end on the given days, and the last has everything older', () => {
    expect(ageBands(usualBandEnds).map(({ label }) => label)).toEqual([
      '0-30',
      '31-60',
      '61-90',
      '91-180',
      '181-365',
      '366+',
    ]);
    expect(ageBands([0, 7])).toEqual([
      { label: '0-0', fromDays: 0, toDays: 0 },
      { label: '1-7', fromDays: 1, toDays: 7 },
      { label: '8+', fromDays: 8, toDays: null },
    ]);
    expect(ageBands([])).toEqual([{ label: '0+', fromDays: 0, toDays: null }]);
  });

  it('put every age into exactly one band, the one that includes its day', () => {
    const ends = fc.uniqueArray(fc.nat(500), { maxLength: 8 }).map((days) => days.sort((a, b) => a - b));
    fc.assert(
      fc.property(ends, fc.nat(600), (days, age) => {
        const fitting = ageBands(days).flatMap(({ fromDays, toDays }, index) =>
          fromDays <= age && age <= (toDays ?? age) ? [index] : [],
        );
        expect(fitting).toEqual([bandOf(age, days)]);
      }),
    );
  });

  it('treat a fee assessed in the future as new', () => {
    expect(bandOf(-3, usualBandEnds)).toBe(0);
  });
});
