import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type AccountEvent, type Command, type Decision, decide, fold } from '../../src/index.js';
import { checkLaw } from '../support/lawTests.js';
import { assertVaried, LAW_TIMEOUT_MS, seeded } from '../support/seeded.js';
import { anyPolicy, moves, runMoves } from '../support/stories.js';

checkLaw(13);

const at = '2026-03-02T09:00:00Z';
const merged: AccountEvent = { type: 'AccountMerged', data: { mergeId: 'the merge', into: 'kept', at } };
const joined: AccountEvent = { type: 'AccountJoined', data: { mergeId: 'the join', from: 'other', at } };

/** Whether a command began something new. */
function begins({ type }: Command, { events }: Decision): boolean {
  if (type === 'AccrueFine') return events.some((event) => event.type === 'FeeAssessed');
  return ['AssessFee', 'IssueCredit', 'AgreePaymentPlan'].includes(type) && events.length > 0;
}

it(
  'a merged account refuses anything new, and decides everything else as before (property)',
  async () => {
    let refused = 0;
    await assertVaried(
      fc.property(moves(), anyPolicy, (story, policy) => {
        for (const { command, policy: inForce, before, decision } of runMoves(story, policy)) {
          const answer = decide(command, fold([merged], before), inForce);
          if (begins(command, decision)) {
            const rejection = { type: 'AccountMerged', kind: 'conflict', into: 'kept' };
            expect(answer).toEqual({ accepted: false, events: [], rejection });
            refused += 1;
          } else if (answer.accepted || answer.rejection.type !== 'AccountMerged') {
            expect(answer).toEqual(decision);
          } else {
            // Refused for another reason too, or too late to be charged at all.
            expect(decision.events).toEqual([]);
          }
          expect(decide(command, fold([joined], before), inForce)).toEqual(decision);
        }
      }),
      seeded('merged accounts'),
      50,
      () => expect(refused).toBeGreaterThan(100),
    );
  },
  LAW_TIMEOUT_MS,
);
