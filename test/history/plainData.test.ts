import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainCopy } from '../../src/history/plainData.js';
import { tried } from '../support/seeded.js';

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
