import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide, fold } from '../../../src/index.js';
import { usualPolicies } from '../../../src/testing/arbitraries/policies.js';
import { changesIn } from '../../../src/testing/arbitraries/runMoves.js';
import { stories } from '../../../src/testing/arbitraries/stories.js';
import { commandFor, contentOf, withNewId } from '../../../src/testing/laws/commandFor.js';
import { assessed, event } from '../../support/events.js';

const [policy] = usualPolicies as [(typeof usualPolicies)[number]];

describe('the command for an event', () => {
  it('requests exactly what happened: decided at the same position, it usually gives the same event', () => {
    let [same, other] = [0, 0];
    fc.assert(
      fc.property(stories(fc, { policies: [policy], ids: 'plain' }), ({ steps }) => {
        for (const { before, decision } of changesIn(steps)) {
          const [event] = decision.events;
          const command = event && commandFor(event, 'asked', policy);
          if (event === undefined || command === undefined) continue;
          const [again] = decide(command, before, policy).events;
          if (again !== undefined && contentOf(again) === contentOf(event)) same += 1;
          else other += 1;
        }
      }),
      { numRuns: 100, seed: 1 },
    );
    expect(same).toBeGreaterThan(2 * other);
  });

  it('is undefined if one command decides several events', () => {
    const transfer = event('TransferSettled', { settlementId: 's1', transferId: 't1', amount: '1.00' });
    expect(commandFor(transfer, 'asked', policy)).toBeUndefined();
  });
});

describe('the content of an event', () => {
  it('excludes its own id and its circumstances', () => {
    const one = event('FeeWaived', { waiverId: 'w1', feeId: 'f1', amount: '1.00', reason: 'OTHER' });
    const other = event('FeeWaived', { waiverId: 'w2', feeId: 'f1', amount: '1.00', comment: 'as agreed' });
    const more = event('FeeWaived', { waiverId: 'w1', feeId: 'f1', amount: '2.00' });
    expect(contentOf(other)).toBe(contentOf(one));
    expect(contentOf(more)).not.toBe(contentOf(one));
  });

  it('can be folded under a new id if only the id was wrong', () => {
    const fee = assessed('f1', '1.00');
    const account = fold([fee]);
    expect(() => fold([fee], account)).toThrow('IdUsedTwice');
    expect(fold([withNewId(fee)], account).fees).toHaveLength(2);
  });
});
