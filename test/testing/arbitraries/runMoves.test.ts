import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide, fold } from '../../../src/index.js';
import { moveLists } from '../../../src/testing/arbitraries/moveLists.js';
import type { Move } from '../../../src/testing/arbitraries/moves.js';
import { usualPolicies } from '../../../src/testing/arbitraries/policies.js';
import { changesIn, runMoves } from '../../../src/testing/arbitraries/runMoves.js';
import { tried } from '../../support/seeded.js';

const [policy] = usualPolicies as [(typeof usualPolicies)[number]];
const move = (kind: Move['kind'], more: Partial<Move> = {}): Move => ({
  kind,
  pick: 0,
  other: 0,
  amount: 100,
  flag: true,
  sensible: true,
  policy: 'same',
  ...more,
});

describe('play', () => {
  it('decides each command on the account left by the ones before it', () => {
    fc.assert(
      fc.property(moveLists(fc, 15), (moveList) => {
        const { steps, events, account, broken } = runMoves(moveList, policy);
        expect(broken).toBeUndefined();
        expect(steps).toHaveLength(moveList.length);
        expect(events).toEqual(steps.flatMap(({ decision }) => decision.events));
        expect(account).toEqual(fold(events));
        expect(changesIn(steps).every(({ before, after }) => before !== after)).toBe(true);
        for (const { command, policy: inForce, before, decision } of steps)
          expect(decide(command, before, inForce)).toEqual(decision);
      }),
      tried(100),
    );
  });

  it('stops when something throws, and reports what was asked and decided', () => {
    const error = new Error('full');
    const folding = runMoves([move('assess'), move('waive'), move('assess')], policy, undefined, {
      decide,
      fold: (events, account) => {
        if (account?.fees.length === 1) throw error;
        return fold(events, account);
      },
    });
    expect(folding.steps).toHaveLength(1);
    expect(folding.broken).toMatchObject({ command: { id: 'c1' }, decision: { accepted: true }, error });
    const deciding = runMoves([move('assess')], policy, undefined, {
      fold,
      decide: () => {
        throw error;
      },
    });
    expect(deciding.broken).toEqual({ command: expect.objectContaining({ id: 'c0' }), error });
  });

  it('stops if the result is not a decision or not an account', () => {
    const broken = (player: object) =>
      runMoves([move('assess')], policy, undefined, { decide, fold, ...player }).broken;
    for (const given of [undefined, Promise.resolve(), { accepted: true }, { accepted: false, events: [] }])
      expect(broken({ decide: () => given })).toEqual({
        command: expect.objectContaining({ id: 'c0' }),
        error: expect.objectContaining({
          message: expect.stringMatching(/^decide gave \[object \w+\] and no decision$/),
        }),
      });
    for (const given of [undefined, Promise.resolve(), {}])
      expect(broken({ fold: () => given })).toMatchObject({ error: { code: 'INVALID_ACCOUNT' } });
  });

  it('makes stories that fast-check prints as text', () => {
    expect(fc.stringify(runMoves([move('assess')], policy))).toBe(
      '\nIn USD:\n1. AssessFee c0 feeType=OTHER amount=1.00 owner=MAIN -> FeeAssessed\n',
    );
  });
});
