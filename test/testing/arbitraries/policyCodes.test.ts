import { describe, expect, it } from 'vitest';
import { definePolicy, emptyAccount } from '../../../src/index.js';
import type { Move } from '../../../src/testing/arbitraries/moves.js';
import { usualPolicies } from '../../../src/testing/arbitraries/policies.js';
import { choicesOf, codesOf, MISSING } from '../../../src/testing/arbitraries/policyCodes.js';
import { accountOf, assessed, event } from '../../support/events.js';

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

const [policy] = usualPolicies as [(typeof usualPolicies)[number]];

const plain: Move = {
  kind: 'pay',
  pick: 0,
  other: 1,
  amount: 250,
  flag: false,
  sensible: true,
  policy: 'same',
};

const account = accountOf(
  ...[
    assessed('f1', '10.00'),
    assessed('f2', '3.00'),
    event('FeeDisputed', { disputeId: 'd1', feeId: 'f1' }),
  ],
);

const choices = (more: Partial<Move> = {}, rows = account) =>
  choicesOf({ ...plain, ...more }, 'c7', rows, policy);

describe('the choices of a move', () => {
  it('are matching rows if the move is sensible, any row if not, and no row if none exists', () => {
    const { feeId, payable } = choices();
    expect(feeId(payable)).toBe('f2');
    const any = choices({ sensible: false });
    expect(any.feeId(any.payable)).toBe('f1');
    expect(choices({}, emptyAccount()).feeId()).toBe(MISSING);
  });

  it('are two fees, or one fee chosen twice', () => {
    const { two, open, payable } = choices();
    expect(two(open)).toEqual(['f1', 'f2']);
    expect(two(payable)).toEqual(['f2']);
  });

  it('are the given amount or the whole amount, and never below the smallest one', () => {
    expect(choices().part).toEqual({ amount: '2.50' });
    expect(choices({ flag: true }).part).toEqual({});
    expect(choices().money(0)).toBe('0.01');
  });

  it('are the time, and sometimes a person and a comment', () => {
    expect(choices().base).toEqual({ id: 'c7', at: '2026-03-01T01:00:00Z' });
    expect(choices({ other: 34 }).base).toMatchObject({ by: { userId: 'staff-1' }, comment: 'as agreed' });
  });
});
