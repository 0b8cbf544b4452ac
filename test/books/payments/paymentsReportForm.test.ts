import { describe, expect, it } from 'vitest';
import { checkedPaymentsForm } from '../../../src/books/payments/paymentsReportForm.js';

const form = { timeZone: 'Europe/Vienna', from: '2026-03-01', to: '2026-03-31' };

describe('a form for payments', () => {
  it('by default uses day, library, desk, method and fee type, and the time of the event', () => {
    expect(checkedPaymentsForm(form)).toEqual({
      ...form,
      by: ['day', 'library', 'desk', 'method', 'feeType'],
      dayOf: 'at',
    });
  });

  it('accepts the 29th of February of a leap year, and a period of one day', () => {
    const day = { from: '2028-02-29', to: '2028-02-29' };
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
    [{ ...form, to: new Date(0) }, 'form.to'],
    [{ ...form, to: '2026-02-28' }, 'form'],
    [{ ...form, by: ['day', 'day'] }, 'form.by'],
    [{ ...form, by: ['weekday'] }, 'form.by[0]'],
    [{ ...form, by: 'day' }, 'form.by'],
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
    const named = ['form.timeZone', 'form.from', 'form.to'].map((path) => expect.objectContaining({ path }));
    expect(() => checkedPaymentsForm({ timeZone: 'Mars', from: 'yesterday', to: 'today' })).toThrow(
      expect.objectContaining({ details: { faults: named } }),
    );
  });
});
