import { describe, expect, it } from 'vitest';
import { checkedPaymentsForm } from '../../../src/books/payments/paymentsReportForm.js';

const form = { timeZone: 'Europe/Vienna', from: '2026-03-01', through: '2026-03-31' };

describe('a form for payments', () => {
  it('by default uses day, library, desk, method and fee type, and the time of the event', () => {
    expect(checkedPaymentsForm(form)).toEqual({
      ...form,
      columns: ['day', 'library', 'desk', 'method', 'feeType'],
      dayOf: 'at',
    });
  });

  it('accepts the 29th of February of a leap year, and a period of one day', () => {
    const day = { from: '2028-02-29', through: '2028-02-29' };
    expect(checkedPaymentsForm({ ...form, ...day })).toMatchObject(day);
  });

  it.each([
    [undefined, 'form'],
    [null, 'form'],
    [[], 'form'],
    [{ ...form, timeZone: undefined }, 'form.timeZone'],
    [{ ...form, timeZone: 'Vienna' }, 'form.timeZone'],
    [{ ...form, timeZone: '+01:00' }, 'form.timeZone'],
    [{ ...form, from: '2026-02-29' }, 'form.from'],
    [{ ...form, from: '2026-13-01' }, 'form.from'],
    [{ ...form, from: '2026-3-1' }, 'form.from'],
    [{ ...form, from: '2026-03-01T00:00:00Z' }, 'form.from'],
    [{ ...form, through: new Date(0) }, 'form.through'],
    [{ ...form, through: '2026-02-28' }, 'form'],
    [{ ...form, columns: ['day', 'day'] }, 'form.columns'],
    [{ ...form, columns: ['weekday'] }, 'form.columns[0]'],
    [{ ...form, columns: 'day' }, 'form.columns'],
    [{ ...form, dayOf: 'version' }, 'form.dayOf'],
    [{ ...form, libraries: [''] }, 'form.libraries[0]'],
    [{ ...form, desks: 'CIRC' }, 'form.desks'],
    [{ ...form, channels: ['phone'] }, 'form.channels[0]'],
    [{ ...form, until: '2026-03-31' }, 'form.until'],
  ])('is refused if invalid: %j at %s', (input, path) => {
    expect(() => checkedPaymentsForm(input as never)).toThrow(
      expect.objectContaining({
        code: 'INVALID_ARGUMENT',
        details: { faults: [expect.objectContaining({ path })] },
      }),
    );
  });

  it('is refused with every fault', () => {
    const named = ['form.timeZone', 'form.from', 'form.through'].map((path) =>
      expect.objectContaining({ path }),
    );
    expect(() => checkedPaymentsForm({ timeZone: 'Mars', from: 'yesterday', through: 'today' })).toThrow(
      expect.objectContaining({ details: { faults: named } }),
    );
  });
});
