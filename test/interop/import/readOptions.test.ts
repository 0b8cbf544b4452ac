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

  it('refuse unknown fields', () => {
    const refused = (options: object) => () => checkedReadOptions({ policy, ...options });
    expect(refused({ timeZone: 'Mars' })).toThrow(
      'options.timeZone: expected a time zone that this runtime knows',
    );
    expect(refused({ feeTypse: {} })).toThrow('options.feeTypse');
    expect(() => checkedReadOptions({} as never)).toThrow('options.policy: missing (expected a policy)');
    expect(() => checkedReadOptions({ policy: {} as never })).toThrow('INVALID_POLICY');
  });
});
