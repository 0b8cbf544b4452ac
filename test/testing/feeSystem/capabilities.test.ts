import { describe, expect, it } from 'vitest';
import {
  assertCapabilities,
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
    expect(() => assertCapabilities(feeSystemCapabilities)).not.toThrow();
    for (const wrong of [['fly'], ['waive', '__proto__'], 'waive', null, [undefined]])
      expect(() => assertCapabilities(wrong as never)).toThrow(
        /^INVALID_ARGUMENT: capabilities: expected a list/,
      );
  });
});
