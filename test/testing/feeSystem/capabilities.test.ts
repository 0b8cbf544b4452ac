import { describe, expect, it } from 'vitest';
import { definePolicy } from '../../../src/index.js';
import {
  assertCapabilities,
  type FeeSystemCapability,
  feeSystemCapabilities,
  requestsFor,
  requestsOf,
} from '../../../src/testing/feeSystem/capabilities.js';

const usual = definePolicy({ currency: 'USD' });

describe('capabilities', () => {
  it('together bring every request that there is, each by one of them', () => {
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

  it('bring nothing but fees and payments where none is declared', () => {
    expect(requestsFor([])).toEqual(['assess', 'pay']);
  });

  it('must exist', () => {
    expect(() => assertCapabilities(feeSystemCapabilities, usual)).not.toThrow();
    for (const wrong of [['fly'], ['waive', '__proto__'], 'waive', null, [undefined]])
      expect(() => assertCapabilities(wrong as never, usual)).toThrow(
        /^INVALID_ARGUMENT: capabilities: expected a list/,
      );
  });

  it('are refused where nothing they are about could ever happen', () => {
    expect(told(['refund', 'waive'])).toMatch(
      /^INVALID_ARGUMENT: capabilities: refund shows only with cancel,/,
    );
    expect(told(['refund', 'cancel'])).toBeUndefined();
    expect(told(['refund'], definePolicy({ currency: 'USD', overpayment: 'credit' }))).toBeUndefined();
    expect(told(['reverseTransfers', 'waive'])).toMatch(
      /reverseTransfers shows only with transfer and one of/,
    );
    expect(told(['reverseTransfers', 'transfer'])).toMatch(
      /reverseTransfers shows only with transfer and one of/,
    );
    expect(told(['reverseTransfers', 'transfer', 'returnLostItem'])).toBeUndefined();
  });

  it('are refused where the policy has nothing to try them on', () => {
    const policy = (input: object) => definePolicy({ currency: 'USD', ...input });
    const ordinary = { label: 'Ordinary' };
    const lacks = 'INVALID_ARGUMENT: policy: expected one with';
    expect(told([], policy({ feeTypes: {} }))).toBe(`${lacks} a fee type that is not retired`);
    const retired = { feeTypes: { OLD: { label: 'Old', retired: true } } };
    expect(told([], policy(retired))).toBe(`${lacks} a fee type that is not retired`);
    expect(told([], policy({ paymentMethods: {} }))).toBe(`${lacks} a payment method`);
    for (const input of [
      { waiveReasons: {} },
      { feeTypes: { FIXED: { label: 'Fixed', waiveable: false } } },
    ]) {
      expect(told(['waive'], policy(input))).toContain('for the capability waive');
      expect(told(['dispute'], policy(input))).toBeUndefined();
    }
    const without = policy({ feeTypes: { ordinary } });
    expect(told(['returnLostItem'], without)).toBe(
      `${lacks} a fee type of lost items, for the capability returnLostItem`,
    );
    expect(told(['cancel', 'refund'], without)).toBeUndefined();
    const nothingBack = policy({ feeTypes: { LOST: { label: 'Lost', lostItem: true } } });
    expect(told(['returnLostItem', 'refund'], nothingBack)).toContain(
      'returnLostItem of a type that gives back',
    );
    expect(told(['returnLostItem'], nothingBack)).toBeUndefined();
  });
});

function told(capabilities: readonly FeeSystemCapability[], policy = usual) {
  try {
    return assertCapabilities(capabilities, policy);
  } catch (error) {
    return (error as Error).message;
  }
}
