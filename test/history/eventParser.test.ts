import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { TEXT_LENGTH_MAX, textField } from '../../src/account/fieldSchemas.js';
import { eventParser } from '../../src/history/eventParser.js';
import { retired } from '../../src/history/upcast.js';

type Noted = { type: 'Noted'; data: { currency: string; amount: string; note?: string } };

const noted = (digits: number) =>
  v.strictObject({
    type: v.literal('Noted'),
    data: v.strictObject({
      currency: v.string(),
      amount: v.pipe(v.string(), v.regex(new RegExp(`^\\d+\\.\\d{${digits}}$`), `${digits} decimals`)),
      note: v.exactOptional(textField),
    }),
  });

const remarked = retired(
  {
    type: 'Remarked',
    recognises: () => true,
    schema: v.strictObject({ type: v.literal('Remarked'), data: v.strictObject({ remark: v.string() }) }),
  },
  ({ data }): Noted => ({ type: 'Noted', data: { currency: 'USD', amount: '1.00', note: data.remark } }),
);

const parser = eventParser<Noted>({ schemas: (digits) => ({ Noted: noted(digits) }), retired: [remarked] });

const event: Noted = { type: 'Noted', data: { currency: 'KWD', amount: '1.000' } };
const long: Noted = { type: 'Noted', data: { ...event.data, note: 'x'.repeat(TEXT_LENGTH_MAX + 1) } };

describe('a parser of events', () => {
  it('copies a new event, and returns a value that is known to be plain JSON without a copy', () => {
    expect(parser.parse(event)).toEqual(event);
    expect(parser.parse(event)).not.toBe(event);
    expect(parser.parsePlain(event)).toBe(event);
  });

  it('requires the decimals of the currency', () => {
    const dollars = { type: 'Noted', data: { currency: 'USD', amount: '1.000' } };
    expect(() => parser.parse(dollars)).toThrow('data.amount: expected 2 decimals');
    expect(() => parser.parse({ ...event, data: { ...event.data, currency: 'XXX' } })).toThrow('2 decimals');
  });

  it('reads a stored text that is too long for a new event', () => {
    expect(() => parser.parse(long)).toThrow('data.note');
    expect(parser.parseStored(long)).toEqual(long);
    expect(parser.parsePlain(long)).toEqual(long);
  });

  it('returns an event of an earlier release in the current shape', () => {
    expect(parser.parsePlain({ type: 'Remarked', data: { remark: 'paid' } })).toEqual({
      type: 'Noted',
      data: { currency: 'USD', amount: '1.00', note: 'paid' },
    });
  });

  it.each([
    ['no object', 7, 'event: expected an event, found 7'],
    ['a name of no event', { type: 'Other' }, 'type: expected the name of an event'],
    ['no name', {}, 'type: missing'],
    ['several faults', { type: 'Noted', data: {} }, '(and 1 more)'],
  ])('refuses %s', (_, input, message) => {
    expect(() => parser.parse(input)).toThrow(message);
  });
});
