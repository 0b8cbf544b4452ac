import { describe, expect, it } from 'vitest';
import { checkedSealForm, endOfMonth, sealRefusal, termsRefusal } from '../../src/seals/sealForm.js';

const form = {
  institution: 'north',
  month: '2026-03',
  timeZone: 'Europe/Vienna',
  at: '2026-04-01T12:00:00Z',
};
const last = {
  cutoff: '2026-02-28T23:00:00.000Z',
  timeZone: 'Europe/Vienna',
  basis: 'accrual',
  lostItems: 'gross',
};

describe('the form of a seal', () => {
  it('has defaults, and refuses an invalid month', () => {
    expect(checkedSealForm(form)).toMatchObject({ basis: 'accrual', lostItems: 'gross', known: [] });
    expect(() => checkedSealForm({ ...form, month: '2026-13' })).toThrow('form.month: expected a month');
  });

  it('has its cutoff at the end of the month, in the time zone', () => {
    expect(endOfMonth(form)).toBe('2026-03-31T22:00:00.000Z');
    expect(endOfMonth({ month: '2027-02', timeZone: 'America/New_York' })).toBe('2027-03-01T05:00:00.000Z');
    expect(endOfMonth({ month: '2026-12', timeZone: 'UTC' })).toBe('2027-01-01T00:00:00.000Z');
  });

  it('is refused if it is too early, not after the last seal, or has other terms', () => {
    const checked = checkedSealForm(form);
    const cutoff = endOfMonth(form);
    expect(sealRefusal(checked, cutoff, last as never)).toBeNull();
    expect(sealRefusal(checked, cutoff, { ...last, cutoff } as never)?.type).toBe('SealNotAfterLast');
    expect(sealRefusal({ ...checked, at: '2026-03-31T22:14:59.999Z' }, cutoff, undefined)?.type).toBe(
      'SealTooEarly',
    );
    expect(sealRefusal({ ...checked, at: '2026-03-31T22:15:00Z' }, cutoff, undefined)).toBeNull();
    const january = { ...last, cutoff: '2026-01-31T23:00:00.000Z' };
    expect(sealRefusal(checked, cutoff, january as never)).toEqual({
      type: 'SealMonthLeftOut',
      kind: 'conflict',
      month: '2026-02',
    });
    expect(termsRefusal(checked, { ...last, lostItems: 'net' } as never)?.type).toBe('SealTermsDiffer');
  });
});
