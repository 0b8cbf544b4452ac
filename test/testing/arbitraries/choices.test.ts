import { describe, expect, it } from 'vitest';
import { emptyAccount } from '../../../src/index.js';
import { choicesOf } from '../../../src/testing/arbitraries/choices.js';
import type { Move } from '../../../src/testing/arbitraries/moves.js';
import { usualPolicies } from '../../../src/testing/arbitraries/policies.js';
import { MISSING } from '../../../src/testing/arbitraries/policyCodes.js';
import { accountOf, assessed, event } from '../../support/events.js';

const [policy] = usualPolicies as [(typeof usualPolicies)[number]];
const plain: Move = {
  ...{ kind: 'pay', pick: 0, other: 1, amount: 250, flag: false, sensible: true, policy: 'same' },
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

  it('are the given amount or the whole amount, and at least the least amount', () => {
    expect(choices().part).toEqual({ amount: '2.50' });
    expect(choices({ flag: true }).part).toEqual({});
    expect(choices().money(0)).toBe('0.01');
  });

  it('are the time, and sometimes a person and a comment', () => {
    expect(choices().base).toEqual({ id: 'c7', at: '2026-03-01T01:00:00Z' });
    expect(choices({ other: 34 }).base).toMatchObject({ by: { userId: 'staff-1' }, comment: 'as agreed' });
  });
});
