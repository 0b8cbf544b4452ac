import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/input/canonicalJson.js';
import { tried } from '../support/seeded.js';

describe('canonical JSON', () => {
  it('equals the result in the example of RFC 8785', () => {
    const value = {
      numbers: [333_333_333.333_333_3, 1e30, 4.5, 2e-3, 1e-27],
      string: '€$\u000F\nA\'B"\\\\"/',
      literals: [null, true, false],
    };
    expect(canonicalJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it('sorts keys by their UTF-16 code units, as RFC 8785 does', () => {
    const keys = ['€', '\r', '\ufb33', '1', '\u{1f600}', '\u0080', 'ö'];
    const text = canonicalJson(Object.fromEntries(keys.map((key) => [key, 1])));
    expect(Object.keys(JSON.parse(text))).toEqual(['1', '\r', '\u0080', 'ö', '€', '\u{1f600}', '\ufb33']);
  });

  it('does not depend on the order of keys, and reads as the same value', () => {
    const value = fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue(), { noNullPrototype: true });
    fc.assert(
      fc.property(value, (fields) => {
        const turned = Object.fromEntries(Object.entries(fields).reverse());
        expect(canonicalJson(turned)).toBe(canonicalJson(fields));
        expect(JSON.parse(canonicalJson(fields))).toEqual(JSON.parse(JSON.stringify(fields)));
      }),
      tried(100),
    );
  });
});
