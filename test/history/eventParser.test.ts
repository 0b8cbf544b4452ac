import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { TEXT_LENGTH_MAX, textField } from '../../src/account/fieldSchemas.js';
import { eventParser, plainCopy, retired, retiredBefore, upcasterOf } from '../../src/history/eventParser.js';
import type { FeeDisputed } from '../../src/index.js';
import { goldenEvents } from '../support/goldenEvents.js';
import { tried } from '../support/seeded.js';

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

describe('plainCopy', () => {
  it('copies JSON values, with their keys in the same order', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        // An object with a key "__proto__" is refused; JSON turns -0 into 0.
        const text = JSON.stringify(value);
        fc.pre(!text.includes('"__proto__"'));
        const copy = plainCopy(value);
        expect(copy).toHaveProperty('value');
        expect(JSON.stringify((copy as { value: unknown }).value)).toBe(text);
      }),
      tried(1000),
    );
  });

  it('shares nothing with its input', () => {
    const original = { list: [{ a: 1 }] };
    const copy = plainCopy(original) as { value: typeof original };
    expect(copy.value).toEqual(original);
    expect(copy.value.list).not.toBe(original.list);
    expect(copy.value.list[0]).not.toBe(original.list[0]);
  });

  it('leaves out undefined fields, as JSON does', () => {
    expect(plainCopy({ a: undefined, b: 1 })).toStrictEqual({ value: { b: 1 } });
  });

  it('never sets the prototype of the copy', () => {
    expect(plainCopy(JSON.parse('{"a":{"__proto__":{"admin":true}}}'))).toEqual({
      faults: [{ path: 'a.__proto__', expected: 'plain JSON', found: 'a field named __proto__' }],
    });
  });

  it.each([
    ['not a number', { a: [1, Number.NaN] }, 'a[1]', 'NaN'],
    ['infinity', Number.POSITIVE_INFINITY, '', 'Infinity'],
    ['a bigint', { a: { b: 1n } }, 'a.b', 'bigint'],
    ['an instance of a class', { a: new Date(0) }, 'a', 'an instance of a class'],
    ['a string object', Object('text'), '', 'an instance of a class'],
  ])('returns the path of %s', (_, input, path, found) => {
    expect(plainCopy(input)).toEqual({ faults: [{ path, expected: 'plain JSON', found }] });
  });

  it('refuses circular and deeply nested data', () => {
    const circle: unknown[] = [];
    circle.push(circle);
    expect(plainCopy(circle)).toMatchObject({ faults: [{ found: 'something nested too deeply' }] });
  });
});

const at = '2026-03-02T09:00:00Z';

/** A shape with one field, and one more that distinguishes it from its successor. */
const shape = (type: string, field: string) => ({
  type,
  recognises: ({ data }: { data?: unknown }) => typeof data === 'object' && data !== null && field in data,
  schema: v.object({ type: v.literal(type), data: v.object({ [field]: v.string() }) }),
});

const disputed = (feeId: string): FeeDisputed => ({
  type: 'FeeDisputed',
  data: { disputeId: 'd1', feeId, at },
});

const third = retired(shape('FeeDisputed', 'third'), ({ data }) => disputed(data.third as string));
const second = retiredBefore(
  shape('FeeDisputed', 'second'),
  ({ data }) => ({ type: 'FeeDisputed', data: { third: `${data.second}2` } }),
  third,
);
const first = retiredBefore(
  shape('FeeContested', 'first'),
  ({ data }) => ({ type: 'FeeDisputed', data: { second: `${data.first}1` } }),
  second,
);

const upcast = upcasterOf([first, second, third]);

describe('a chain of retired shapes', () => {
  it('converts every shape through all following ones to the current one', () => {
    expect(upcast({ type: 'FeeContested', data: { first: 'f' } })).toEqual(disputed('f12'));
    expect(upcast({ type: 'FeeDisputed', data: { second: 'f' } })).toEqual(disputed('f2'));
    expect(upcast({ type: 'FeeDisputed', data: { third: 'f' } })).toEqual(disputed('f'));
  });

  it('returns its own result unchanged', () => {
    const current = upcast({ type: 'FeeContested', data: { first: 'f' } });
    expect(upcast(current)).toBe(current);
  });

  it('returns everything else unchanged: current events, unknown ones, garbage', () => {
    for (const event of goldenEvents) expect(upcast(event)).toBe(event);
    const garbage = { type: 'FeeContested', data: null };
    expect(upcast(garbage)).toBe(garbage);
    expect(upcast({})).toEqual({});
  });

  it('refuses an event that it recognises but that is invalid, with its faults', () => {
    expect(() => upcast({ type: 'FeeContested', data: { first: 1 } })).toThrow(
      expect.objectContaining({
        code: 'INVALID_EVENT',
        details: {
          faults: [{ path: 'data.first', expected: 'a string', found: '1', code: 'text', parameters: {} }],
        },
      }),
    );
  });
});
