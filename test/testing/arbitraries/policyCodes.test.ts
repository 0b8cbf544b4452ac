import { describe, expect, it } from 'vitest';
import { definePolicy } from '../../../src/index.js';
import { usualPolicies } from '../../../src/testing/arbitraries/policies.js';
import { codesOf, MISSING } from '../../../src/testing/arbitraries/policyCodes.js';

describe('the codes used by stories', () => {
  it('are those of the policy', () => {
    const codes = codesOf(usualPolicies[0] as (typeof usualPolicies)[number]);
    expect([0, 1, 2, 3].map(codes.ordinary)).toEqual(['OTHER', 'FIXED', 'SENT', 'OTHER']);
    expect([0, 1, 2, 3].map(codes.lost)).toEqual(['LOST100', 'LOST50', 'LOST33', 'LOST0']);
    expect([codes.retired, codes.notManual]).toEqual(['OLD', 'SENT']);
    expect([0, 5].map(codes.method)).toEqual(['CASH', 'CASH']);
  });

  it('are ordinary if a policy has no lost-item types, and missing if a table is empty', () => {
    const codes = codesOf(
      definePolicy({ currency: 'USD', feeTypes: { FINE: { label: 'Fine' } }, waiveReasons: {} }),
    );
    expect(codes.lost(3)).toBe('FINE');
    expect([codes.waiveReason(2), codes.retired, codes.notManual]).toEqual([MISSING, MISSING, MISSING]);
  });
});
