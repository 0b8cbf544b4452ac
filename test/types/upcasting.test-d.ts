import * as v from 'valibot';
import { describe, expectTypeOf, it } from 'vitest';
import { type RetiredShape, retired, retiredBefore } from '../../src/history/eventParser.js';
import type { AccountEvent, FeeDisputed } from '../../src/index.js';

/** A shape in the list of those of account events. */
type Shape = RetiredShape<never, AccountEvent>;

const looks = { type: 'FeeContested', recognises: () => true, schema: v.object({ feeId: v.string() }) };

const toCurrent = ({ feeId }: { feeId: string }): FeeDisputed => ({
  type: 'FeeDisputed',
  data: { disputeId: 'd1', feeId, at: '2026-03-02T09:00:00Z' },
});

describe('a chain of retired shapes', () => {
  it('compiles when it ends in a current event', () => {
    const last = retired(looks, toCurrent);
    expectTypeOf(last).toEqualTypeOf<RetiredShape<{ feeId: string }, FeeDisputed>>();
    expectTypeOf(retiredBefore(looks, () => ({ feeId: 'f1' }), last)).toExtend<Shape>();
  });

  it('does not compile when it ends in a retired shape', () => {
    // @ts-expect-error: the function does not return a current event
    const shape: Shape = retired(looks, () => ({ type: 'FeeContested', data: {} }));
    void shape;
  });

  it('does not compile when a link does not fit the next one', () => {
    const last = retired(looks, toCurrent);
    // @ts-expect-error: the next one takes a feeId
    retiredBefore(looks, () => ({ chargeId: 'c1' }), last);
  });
});
