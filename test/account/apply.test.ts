import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apply } from '../../src/account/apply.js';
import type { AccountEvent } from '../../src/account/events/accountEvent.js';
import { evolve } from '../../src/account/evolve.js';
import { fold, mutableCopy } from '../../src/account/fold.js';
import { violations } from '../../src/account/invariants.js';
import { emptyAccount, type PatronAccount } from '../../src/account/patronAccount.js';
import { arbitraries } from '../../src/testing/arbitraries/arbitraries.js';
import { assessed, errorOf, event } from '../support/events.js';
import { assertVaried, LAW_TIMEOUT_MS, seeded } from '../support/seeded.js';

/** Valid histories, and histories with a fault put into them. */
const histories = fc.oneof(arbitraries(fc).histories(), arbitraries(fc).damagedHistories());

describe('apply', () => {
  it('changes the account in place', () => {
    const state = mutableCopy(emptyAccount());
    apply(state, assessed('f1', '10.00'));
    apply(state, event('FeeWaived', { waiverId: 'w1', feeId: 'f1', amount: '4.00' }));
    expect(state).toStrictEqual(
      mutableCopy(
        fold([assessed('f1', '10.00'), event('FeeWaived', { waiverId: 'w1', feeId: 'f1', amount: '4.00' })]),
      ),
    );
  });

  it(
    'applies an event whole or not at all, in any history; an applied event breaks no invariant',
    async () => {
      const seen = { taken: 0, refused: new Map<unknown, number>() };
      await assertVaried(
        fc.property(histories, (history) => {
          const state = mutableCopy(emptyAccount());
          history.forEach((next, index) => {
            const before = fold([], state);
            if (!applied(state, next, before, seen.refused)) return;
            seen.taken += 1;
            expect(state.eventCount).toBe(before.eventCount + 1);
            if (index === history.length - 1) expect(violations(state)).toEqual([]);
          });
          expect(violations(state)).toEqual([]);
        }),
        seeded('apply is whole or nothing'),
        100,
        () => {
          // A property that never sees a corrupt event, or sees only one kind of fault, would prove nothing.
          expect(seen.taken).toBeGreaterThan(300);
          expect(seen.refused.size).toBeGreaterThan(10);
        },
      );
    },
    LAW_TIMEOUT_MS,
  );
});

/** Applies an event, or checks that it throws a typed error and changes nothing. */
function applied(
  state: ReturnType<typeof mutableCopy>,
  next: AccountEvent,
  before: PatronAccount,
  refused: Map<unknown, number>,
): boolean {
  try {
    apply(state, next);
    return true;
  } catch {
    expect(state).toStrictEqual(mutableCopy(before));
    const error = errorOf(() => fold([next], before));
    expect(error.code).toBe('CORRUPT_HISTORY');
    expect(error.details.position).toBe(before.eventCount + 1);
    expect(errorOf(() => evolve(before, next)).details).toEqual(error.details);
    refused.set(error.details.fault, (refused.get(error.details.fault) ?? 0) + 1);
    return false;
  }
}
