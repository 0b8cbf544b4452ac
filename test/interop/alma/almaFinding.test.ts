import { describe, expect, it } from 'vitest';
import { described, fieldOf, findingOf, findingOfRow } from '../../../src/interop/alma/almaFinding.js';

describe('findingOf', () => {
  it('puts everything in one sentence', () => {
    expect(findingOf('MalformedResponse', '', 'a list of fees', 'null').message).toBe(
      'the response: expected a list of fees, found null',
    );
    expect(findingOf('TotalSumDiffers', 'total_sum', '1.00', '2').message).toBe(
      'total_sum: expected 1.00, found 2',
    );
  });
});

describe('findingOfRow', () => {
  it('carries the row and its id', () => {
    const raw = { id: '501', balance: 'x' };
    expect(findingOfRow({ path: 'fee[3]', raw }, 'MalformedField', 'balance', 'a number', '"x"')).toEqual({
      code: 'MalformedField',
      path: 'fee[3].balance',
      expected: 'a number',
      found: '"x"',
      message: 'fee[3].balance: expected a number, found "x"',
      feeId: '501',
      row: raw,
    });
  });

  it.each([[null], [17], [{ id: 17 }], [[]]])('has no id for %j', (raw) => {
    const finding = findingOfRow({ path: 'fee[0]', raw }, 'MalformedField', '', 'a fee', 'something');
    expect(finding).not.toHaveProperty('feeId');
    expect(finding).toMatchObject({ path: 'fee[0]', row: raw });
  });
});

describe('fieldOf', () => {
  it('reads own fields only', () => {
    expect(fieldOf({ a: 1 }, 'a')).toBe(1);
    expect(fieldOf({}, 'constructor')).toBeUndefined();
    expect(fieldOf(null, 'a')).toBeUndefined();
    expect(fieldOf('text', 'length')).toBeUndefined();
  });
});

describe('described', () => {
  it.each([
    ['x', '"x"'],
    ['x'.repeat(90), `"${'x'.repeat(80)}"… (90 characters)`],
    [[1], 'a list'],
    [{ a: 1 }, 'an object'],
    [undefined, 'nothing'],
    [null, 'null'],
    [12n, '12'],
  ])('describes %s shortly', (value, text) => {
    expect(described(value)).toBe(text);
  });
});
