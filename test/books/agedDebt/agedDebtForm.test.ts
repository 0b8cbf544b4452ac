import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AgedDebtForm,
  ageBands,
  bandOf,
  checkedAgedDebtForm,
  usualBandEnds,
} from '../../../src/books/agedDebt/agedDebtForm.js';
import { errorOf } from '../../support/events.js';

const form: AgedDebtForm = { asOf: '2026-03-31T12:00:00Z', timeZone: 'Europe/Vienna' };

describe('the form of aged debt', () => {
  it('has the usual bands by default, and no caller can change the default', () => {
    const usual = [30, 60, 90, 180, 365];
    const first = checkedAgedDebtForm(form);
    expect(first).toEqual({ ...form, bandEndDays: usual });
    first.bandEndDays.push(999);
    expect(checkedAgedDebtForm(form).bandEndDays).toEqual(usual);
    expect(checkedAgedDebtForm({ ...form, bandEndDays: [] }).bandEndDays).toEqual([]);
  });

  it('is refused with every fault and its path', () => {
    const bad = {
      asOf: '2026-02-30',
      timeZone: 'Mars',
      bandEndDays: [-1, 1.5, 7],
      owners: [''],
      feeTypes: 'OTHER',
      extra: 1,
    };
    const { code, details } = errorOf(() => checkedAgedDebtForm(bad as unknown as AgedDebtForm));
    expect(code).toBe('INVALID_ARGUMENT');
    expect((details.faults as { path: string }[]).map(({ path }) => path).sort()).toEqual([
      'form.asOf',
      'form.bandEndDays[0]',
      'form.bandEndDays[1]',
      'form.extra',
      'form.feeTypes',
      'form.owners[0]',
      'form.timeZone',
    ]);
  });

  it('is refused if bands do not rise, and if it is not a form', () => {
    for (const bandEndDays of [
      [30, 30],
      [60, 30],
    ]) {
      const { details } = errorOf(() => checkedAgedDebtForm({ ...form, bandEndDays }));
      expect(details.faults).toMatchObject([{ path: 'form.bandEndDays', expected: 'days that rise' }]);
    }
    for (const bad of [undefined, null, 'now', [], new Date(0)]) {
      expect(errorOf(() => checkedAgedDebtForm(bad as unknown as AgedDebtForm)).code).toBe(
        'INVALID_ARGUMENT',
      );
    }
  });
});

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
