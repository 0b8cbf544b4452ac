import { describe, expect, it } from 'vitest';
import { definePolicy } from '../../src/policy/feePolicy.js';

const feeTypes = { FINE: { label: 'Fine' } };
const from = '2026-03-01T00:00:00Z';
const rules = [{ kinds: ['charged'] }] as const;

function faultsOf(notices: unknown, more: object = {}) {
  try {
    definePolicy({ currency: 'USD', feeTypes, notices, ...more } as never);
    return [];
  } catch (error) {
    const { faults } = (error as { details: { faults: { path: string; expected: string }[] } }).details;
    return faults.map(({ path, expected }) => [path, expected]);
  }
}

describe('the notices of a policy', () => {
  it('are in English by default, with one notice a month of what is owed', () => {
    expect(definePolicy({ currency: 'USD', notices: { from, rules } }).notices).toEqual({
      ...{ from, rules, languages: ['en'], owedEvery: 'month' },
    });
    expect(definePolicy({ currency: 'USD' })).not.toHaveProperty('notices');
  });

  it('need a start and rules, with valid kinds, languages, amounts and groups', () => {
    expect(faultsOf({}).map(([path]) => path)).toEqual(['notices.from', 'notices.rules']);
    expect(faultsOf({ from, rules: [] })).toEqual([['notices.rules', 'at least one']]);
    expect(faultsOf({ from, rules: [{ kinds: ['billed'] }] })).toEqual([
      ['notices.rules[0].kinds[0]', 'a kind of notice'],
    ]);
    expect(faultsOf({ from, rules, languages: ['de-AT'] })).toEqual([
      ['notices.languages[0]', 'a language, such as de'],
    ]);
    const rule = { kinds: ['paid'], minimumAmount: '1.234', groups: [] };
    expect(faultsOf({ from, rules: [rule] }).map(([path]) => path)).toEqual([
      'notices.rules[0].groups',
      'notices.rules[0].minimumAmount',
    ]);
  });

  it('name only fee types of the policy', () => {
    expect(faultsOf({ from, rules: [{ kinds: ['charged'], feeTypes: ['FINE'] }] })).toEqual([]);
    for (const type of ['NONE', 'constructor'])
      expect(faultsOf({ from, rules: [...rules, { kinds: ['charged'], feeTypes: [type] }] })).toEqual([
        ['notices.rules[1].feeTypes', 'only fee types of this policy'],
      ]);
  });

  it('have a message in every language, or none', () => {
    const expected = 'a text for each language of the notices (de, en)';
    const faults = (message: object) =>
      faultsOf({ from, languages: ['de', 'en'], rules: [{ kinds: ['paid'], message }] });
    expect(faults({ de: 'Danke', en: 'Thanks' })).toEqual([]);
    for (const message of [{ de: 'Danke' }, { de: 'Danke', fr: 'Merci' }, { de: 'a', en: 'b', fr: 'c' }])
      expect(faults(message)).toEqual([['notices.rules[0].message', expected]]);
    expect(faults({ de: '', en: 'Thanks' })).toEqual([['notices.rules[0].message.de', 'a text']]);
  });

  it('may announce blocks only if the groups have limits', () => {
    const ofBlocks = (groups?: readonly string[]) => ({
      ...{ from, rules: [{ kinds: ['blocked'], ...(groups && { groups }) }] },
    });
    const fault = [
      ['notices.rules[0].kinds', "blockLimits for the groups of this rule, or for '*', to tell of blocks"],
    ];
    const limits = [{ amount: '10.00' }];
    expect(faultsOf(ofBlocks())).toEqual(fault);
    expect(faultsOf(ofBlocks(), { blockLimits: { '*': limits } })).toEqual([]);
    expect(faultsOf(ofBlocks(), { blockLimits: { STUDENT: limits } })).toEqual(fault);
    expect(faultsOf(ofBlocks(['STUDENT']), { blockLimits: { STUDENT: limits } })).toEqual([]);
    expect(faultsOf(ofBlocks(['STUDENT', 'STAFF']), { blockLimits: { STUDENT: limits } })).toEqual(fault);
  });
});
