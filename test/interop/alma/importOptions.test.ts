import { describe, expect, it } from 'vitest';
import { definePolicy } from '../../../src/index.js';
import { checkedOptions, isLostItemType } from '../../../src/interop/alma/importOptions.js';

describe('checkedOptions', () => {
  it('defines a policy given as plain JSON', () => {
    const policy = definePolicy({ currency: 'USD' });
    expect(checkedOptions({ policy: JSON.parse(JSON.stringify(policy)) }).policy).toEqual(policy);
    expect(checkedOptions({ policy }).policy).toBe(policy);
  });

  it.each([
    [null, 'options'],
    [{ ownr: 'MAIN' }, 'options.ownr'],
    [{ owner: '' }, 'options.owner'],
    [{ importedAt: '2026-03-02' }, 'options.importedAt'],
    [{ policy: 'default' }, 'options.policy'],
    [{ creditPurpose: 'setOff' }, 'options.creditPurpose'],
  ])('refuses %j and names the field', (options, path) => {
    expect(() => checkedOptions(options as never)).toThrow(`INVALID_ARGUMENT: ${path}: expected`);
  });

  it('refuses a policy with faults', () => {
    expect(() => checkedOptions({ policy: { currency: 'usd' } as never })).toThrow('INVALID_POLICY');
  });
});

describe('isLostItemType', () => {
  it("uses Alma's lost-item types without a policy, and those of the policy otherwise", () => {
    const policy = definePolicy({
      currency: 'USD',
      feeTypes: { LAPTOP: { label: 'Laptop', lostItem: true } },
    });
    expect(isLostItemType({}, 'LOSTITEMREPLACEMENTFEE')).toBe(true);
    expect(isLostItemType({}, 'LOSTITEMPROCESSFEE')).toBe(true);
    expect(isLostItemType({}, 'LAPTOP')).toBe(false);
    expect(isLostItemType({ policy }, 'LAPTOP')).toBe(true);
    expect(isLostItemType({ policy }, 'LOSTITEMREPLACEMENTFEE')).toBe(false);
    expect(isLostItemType({}, 'constructor')).toBe(false);
  });
});
