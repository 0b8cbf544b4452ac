import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import {
  directoryPatronFields,
  notWaivedEntry,
  waivedEntry,
} from '../../../src/jobs/bulkWaive/bulkWaiveEntry.js';
import { patron } from '../../support/bulkWaiveForms.js';

describe('patronDirectory', () => {
  const schema = v.object(directoryPatronFields);

  const patron = { patronId: 'p1', group: 'STUDENT', hasOverdueLoans: false };

  describe('an entry of a patron directory', () => {
    it('has a patron and a group, and optionally an institution', () => {
      for (const entry of [patron, { ...patron, institution: 'north' }, { ...patron, group: '' }]) {
        expect(v.parse(schema, entry)).toEqual(entry);
      }
    });

    it('may have further fields', () => {
      expect(v.is(schema, { ...patron, name: 'Ada' })).toBe(true);
    });

    it('is refused in any other form', () => {
      const { group, ...groupless } = patron;
      for (const entry of [
        null,
        'p1',
        [patron],
        new Map(),
        groupless,
        ...['', 17, 'a\u0000', '\ud800', 'x'.repeat(201)].map((patronId) => ({ ...patron, patronId })),
        ...['yes', 1, null, undefined].map((hasOverdueLoans) => ({ ...patron, hasOverdueLoans })),
        { ...patron, institution: '' },
      ]) {
        expect(v.is(schema, entry)).toBe(false);
      }
      expect(group).toBe('STUDENT');
    });
  });
});

const line = (feeId: string, waived: string) => ({
  feeId,
  feeType: 'OTHER',
  owed: waived,
  waived,
  asCredit: false,
  writeOff: false,
  because: null,
});

it('an entry sums its fees to the cent, in any currency', () => {
  const fees = [line('f1', '0.10'), line('f2', '0.20'), line('f3', '9999999999.99')];
  expect(waivedEntry(patron('p1'), 'north', 2, '1.00', fees).waived).toBe('10000000000.29');
  expect(waivedEntry(patron('p1'), 'north', 0, '5', [line('f1', '5')]).waived).toBe('5');
  expect(waivedEntry(patron('p1'), 'north', 3, null, []).waived).toBe('0.000');
});

it('an entry has the institution from the directory, or else that of the job', () => {
  const because = { type: 'GroupNotChosen' } as const;
  expect(notWaivedEntry(patron('p1'), 'north', 2, because)).toEqual({
    institution: 'north',
    patronId: 'p1',
    group: 'STUDENT',
    hasOverdueLoans: false,
    owed: null,
    waived: '0.00',
    fees: [],
    because,
    earlier: false,
  });
  const elsewhere = { ...patron('p1'), institution: 'south', name: 'Ada' };
  const entry = notWaivedEntry(elsewhere, 'north', 2, because);
  expect(entry.institution).toBe('south');
  // Other fields of the directory do not reach the report.
  expect(entry).not.toHaveProperty('name');
});
