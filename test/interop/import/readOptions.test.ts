import { describe, expect, it } from 'vitest';
import { definePolicy } from '../../../src/index.js';
import { checkedReadOptions } from '../../../src/interop/import/readOptions.js';

const policy = definePolicy({ currency: 'JPY' });

describe('the options of an import', () => {
  it('name codes, and know the currency and the lost-item types', () => {
    const options = checkedReadOptions({
      policy,
      feeTypes: { LOST: 'LOSTITEMREPLACEMENTFEE' },
      owner: 'MAIN',
    });
    expect(options).toMatchObject({ currency: 'JPY', digits: 0, owner: 'MAIN' });
    expect(options.named('feeTypes', 'LOST')).toBe('LOSTITEMREPLACEMENTFEE');
    expect(options.named('feeTypes', 'constructor')).toBe('constructor');
    expect(options.named('methods', 'CASH')).toBe('CASH');
    expect(['LOSTITEMREPLACEMENTFEE', 'OTHER', '__proto__'].map(options.isLostItem)).toEqual([
      true,
      false,
      false,
    ]);
    expect(options.time('2026-03-02 10:15:00')?.at).toBe('2026-03-02T10:15:00.000Z');
  });

  it('have orders of dates and marks of amounts', () => {
    const options = checkedReadOptions({ policy, dayOrder: 'DD.MM.YYYY', decimalMark: ',' });
    expect([options.timeExpected, options.amountExpected]).toEqual([
      'a date and time, as DD.MM.YYYY or ISO 8601',
      'an amount of at most 12 digits with "," before its decimals',
    ]);
    expect(options.time('02.03.2026')?.at).toBe('2026-03-02T00:00:00.000Z');
    expect(options.amount('1.250', 'halfUp')?.minor).toBe(1250);
  });

  it('refuse unknown fields', () => {
    const refused = (options: object) => () => checkedReadOptions({ policy, ...options });
    expect(refused({ timeZone: 'Mars' })).toThrow(
      'options.timeZone: expected a time zone that this runtime knows',
    );
    expect(refused({ dayOrder: 'DD.MM.YY' })).toThrow('options.dayOrder: expected one of');
    expect(refused({ decimalMark: ';' })).toThrow(
      'options.decimalMark: expected a point or a comma, found ";"',
    );
    expect(refused({ feeTypse: {} })).toThrow('options.feeTypse');
    expect(() => checkedReadOptions({} as never)).toThrow('options.policy: missing (expected a policy)');
    expect(() => checkedReadOptions({ policy: {} as never })).toThrow('INVALID_POLICY');
  });
});
