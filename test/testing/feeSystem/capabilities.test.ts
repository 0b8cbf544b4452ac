import { describe, expect, it } from 'vitest';
import { definePolicy, type FeeTypeInput } from '../../../src/index.js';
import {
  assertCapabilities,
  type FeeSystemCapability,
  feeSystemCapabilities,
  playedTypes,
  requestsFor,
  requestsOf,
} from '../../../src/testing/feeSystem/capabilities.js';

const usual = definePolicy({ currency: 'USD' });

describe('capabilities', () => {
  it('cover every request, each exactly once', () => {
    const brought = Object.values(requestsOf).flat();
    expect(new Set(brought).size).toBe(brought.length);
    expect([...requestsFor(feeSystemCapabilities)].sort()).toEqual([
      'assess',
      'cancel',
      'dispute',
      'pay',
      'refund',
      'restore',
      'returnLostItem',
      'reversePayment',
      'transfer',
      'waive',
    ]);
  });

  it('leave only fees and payments if none is declared', () => {
    expect(requestsFor([])).toEqual(['assess', 'pay']);
  });

  it('are refused if unknown', () => {
    expect(() => assertCapabilities(feeSystemCapabilities, usual)).not.toThrow();
    for (const wrong of [['fly'], ['waive', '__proto__'], 'waive', null, [undefined]])
      expect(() => assertCapabilities(wrong as never, usual)).toThrow(
        /^INVALID_ARGUMENT: capabilities(\[\d\])?: (expected|missing)/,
      );
  });

  it('are refused without the capabilities that they depend on', () => {
    expect(refusal(['refund', 'waive'])).toMatch(
      /^INVALID_ARGUMENT: capabilities: refund shows only with cancel,/,
    );
    expect(refusal(['refund', 'cancel'])).toBeUndefined();
    expect(refusal(['refund'], definePolicy({ currency: 'USD', overpayment: 'credit' }))).toBeUndefined();
    expect(refusal(['reverseTransfers', 'waive'])).toMatch(
      /reverseTransfers shows only with transfer and one of/,
    );
    expect(refusal(['reverseTransfers', 'transfer'])).toMatch(
      /reverseTransfers shows only with transfer and one of/,
    );
    expect(refusal(['reverseTransfers', 'transfer', 'returnLostItem'])).toBeUndefined();
  });

  it('are refused if the policy does not allow them', () => {
    const policy = (input: object) => definePolicy({ currency: 'USD', ...input });
    const ordinary = { label: 'Ordinary' };
    const lacks = 'INVALID_ARGUMENT: policy: expected one with';
    expect(refusal([], policy({ feeTypes: {} }))).toBe(`${lacks} a fee type that is not retired`);
    const retired = { feeTypes: { OLD: { label: 'Old', retired: true } } };
    expect(refusal([], policy(retired))).toBe(`${lacks} a fee type that is not retired`);
    expect(refusal([], policy({ paymentMethods: {} }))).toBe(`${lacks} a payment method`);
    for (const input of [
      { waiveReasons: {} },
      { feeTypes: { FIXED: { label: 'Fixed', waiveable: false } } },
    ]) {
      expect(refusal(['waive'], policy(input))).toContain('for the capability waive');
      expect(refusal(['dispute'], policy(input))).toBeUndefined();
    }
    const without = policy({ feeTypes: { ordinary } });
    expect(refusal(['returnLostItem'], without)).toBe(
      `${lacks} a fee type of lost items, for the capability returnLostItem`,
    );
    expect(refusal(['cancel', 'refund'], without)).toBeUndefined();
    const nothingBack = policy({ feeTypes: { LOST: { label: 'Lost', lostItem: true } } });
    expect(refusal(['returnLostItem', 'refund'], nothingBack)).toContain(
      'returnLostItem of a type that gives back',
    );
    expect(refusal(['returnLostItem'], nothingBack)).toBeUndefined();
  });
});

function refusal(capabilities: readonly FeeSystemCapability[], policy = usual) {
  try {
    return assertCapabilities(capabilities, policy);
  } catch (error) {
    return (error as Error).message;
  }
}

const played = (feeTypes: Readonly<Record<string, FeeTypeInput>>) =>
  playedTypes(definePolicy({ currency: 'USD', feeTypes })).map(([code]) => code);

const label = 'Any';

const [ordinary, fixed, old] = [{ label }, { label, waiveable: false }, { label, retired: true }];

const lost = { label, lostItem: true };

it('returns one ordinary type and every lost-item type', () => {
  expect(played({ OLD: old, FIXED: fixed, A: ordinary, B: ordinary, LOST: lost, GONE: lost })).toEqual([
    'A',
    'LOST',
    'GONE',
  ]);
});

it('returns types that may not be waived only if there are no others', () => {
  expect(played({ FIXED: fixed, LOST: { ...lost, waiveable: false } })).toEqual(['FIXED', 'LOST']);
  expect(played({ FIXED: fixed, LOST: lost })).toEqual(['LOST']);
  expect(played({ OLD: old })).toEqual([]);
});
