import { defineCalendar, defineReminderRule, type RemindedLoan, reminderFees } from 'patron-fees/overdue';
import { describe, expect, it } from 'vitest';

const weekday = ['10:00-18:00'];
const calendar = defineCalendar({
  timeZone: 'Europe/Vienna',
  openingHours: { monday: weekday, tuesday: weekday, wednesday: weekday, thursday: weekday, friday: weekday },
});
const steps = [
  { after: { length: 1, unit: 'day' }, amount: '0' },
  { after: { length: 1, unit: 'week' }, amount: '1.5' },
  { after: { length: 1, unit: 'month' }, amount: '5' },
] as const;
const rule = defineReminderRule({ currency: 'EUR', steps });
const loan = { dueAt: '2026-03-06T18:00+01:00', until: '2026-12-31T12:00+01:00', rule, calendar };

describe('reminders', () => {
  it('come one after the other, and on the next open day if theirs is closed', () => {
    expect(reminderFees(loan)).toEqual({
      currency: 'EUR',
      due: [
        { number: 1, at: '2026-03-09T18:00:00+01:00', amount: '0.00' },
        { number: 2, at: '2026-03-16T18:00:00+01:00', amount: '1.50' },
        { number: 3, at: '2026-04-16T18:00:00+02:00', amount: '5.00' },
      ],
      next: null,
    });
    const send = defineReminderRule({ currency: 'EUR', steps, onClosedDays: 'send' });
    expect(reminderFees({ ...loan, rule: send }).due[0]?.at).toBe('2026-03-07T18:00:00+01:00');
  });

  it('continue from the time at which the last one was really sent', () => {
    const { due, next } = reminderFees({
      ...loan,
      until: '2026-03-18T08:59Z',
      sentAt: ['2026-03-11T09:00:00Z'],
    });
    expect([due, next]).toEqual([[], { number: 2, at: '2026-03-18T10:00:00+01:00', amount: '1.50' }]);
    expect(reminderFees({ ...loan, sentAt: Array(3).fill('2026-03-11T09:00:00Z') })).toMatchObject({
      due: [],
      next: null,
    });
  });

  it('stop when the loan is closed, lost, or claimed returned', () => {
    const stopped = reminderFees({ ...loan, stoppedAt: '2026-03-16T17:00:00Z' });
    expect([stopped.due.length, stopped.next]).toEqual([1, null]);
  });

  it('are not due before their time, and due at it', () => {
    expect(reminderFees({ ...loan, until: '2026-03-09T16:59:59Z' })).toMatchObject({
      due: [],
      next: { number: 1 },
    });
    expect(reminderFees({ ...loan, until: '2026-03-09T17:00:00Z' })).toMatchObject({
      due: [{ number: 1 }],
      next: { number: 2 },
    });
  });

  it('never come if they wait for a library that does not open', () => {
    const never = defineCalendar({ timeZone: 'UTC', openingHours: {} });
    expect(reminderFees({ ...loan, calendar: never })).toMatchObject({ due: [], next: null });
  });

  it('work with a rule read back from JSON', () => {
    expect(reminderFees({ ...loan, rule: JSON.parse(JSON.stringify(rule)) })).toEqual(reminderFees(loan));
  });

  it.each<[string, unknown, RegExp]>([
    ['no steps', { currency: 'EUR', steps: [] }, /rule\.steps/],
    ['no currency', { currency: 'euro', steps }, /rule\.currency/],
    [
      'a delay of nothing',
      { currency: 'EUR', steps: [{ after: { length: 0, unit: 'day' }, amount: '1' }] },
      /steps\[0\]\.after\.length/,
    ],
    [
      'an invalid amount',
      { currency: 'EUR', steps: [{ after: { length: 1, unit: 'day' }, amount: '1.555' }] },
      /steps\[0\]\.amount/,
    ],
  ])('are refused with %s', (_what, input, message) => {
    expect(() => defineReminderRule(input as never)).toThrow(message);
  });

  it.each<[string, Partial<RemindedLoan>, RegExp]>([
    ['more reminders sent than exist', { sentAt: Array(4).fill('2026-03-11T09:00:00Z') }, /loan\.sentAt/],
    ['an invalid time', { sentAt: ['yesterday'] }, /loan\.sentAt\[0\]/],
    ['no due date', { dueAt: '' }, /loan\.dueAt/],
  ])('are refused for a loan with %s', (_what, change, message) => {
    expect(() => reminderFees({ ...loan, ...change })).toThrow(message);
  });
});
