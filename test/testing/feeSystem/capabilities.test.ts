import { describe, expect, it } from 'vitest';
import {
  assertCapabilities,
  type FeeSystemCapability,
  feeSystemCapabilities,
  requestsFor,
  requestsOf,
} from '../../../src/testing/feeSystem/capabilities.js';

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
    expect(() => assertCapabilities(feeSystemCapabilities, 'refuse')).not.toThrow();
    for (const wrong of [['fly'], ['waive', '__proto__'], 'waive', null, [undefined]])
      expect(() => assertCapabilities(wrong as never, 'refuse')).toThrow(
        /^INVALID_ARGUMENT: capabilities: expected a list/,
      );
  });

  it('are refused where nothing they are about could ever happen', () => {
    const told = (
      capabilities: readonly FeeSystemCapability[],
      overpayment: 'refuse' | 'credit' = 'refuse',
    ) => {
      try {
        return assertCapabilities(capabilities, overpayment);
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(told(['refund', 'waive'])).toMatch(
      /^INVALID_ARGUMENT: capabilities: refund shows only with cancel,/,
    );
    expect(told(['refund', 'cancel'])).toBeUndefined();
    expect(told(['refund'], 'credit')).toBeUndefined();
    expect(told(['reverseTransfers', 'waive'])).toMatch(
      /reverseTransfers shows only with transfer and one of/,
    );
    expect(told(['reverseTransfers', 'transfer'])).toMatch(
      /reverseTransfers shows only with transfer and one of/,
    );
    expect(told(['reverseTransfers', 'transfer', 'returnLostItem'])).toBeUndefined();
  });
});
