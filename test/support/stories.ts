import fc from 'fast-check';
import type { AccountEvent, FeePolicy } from '../../src/index.js';
import { type Naming, type NamingName, namings } from '../../src/testing/arbitraries/ids.js';
import { moveLists } from '../../src/testing/arbitraries/moveLists.js';
import type { Move } from '../../src/testing/arbitraries/moves.js';
import { play as playStory } from '../../src/testing/arbitraries/play.js';
import { usualPolicies } from '../../src/testing/arbitraries/policies.js';
import type { Step } from '../../src/testing/arbitraries/story.js';

// The published arbitraries, bound to the fast-check of these tests. Their moves are seen only in here: tests take
// stories apart and play them again with something changed.
export { namings as namingNamed } from '../../src/testing/arbitraries/ids.js';
export { moveCommand as commandOf } from '../../src/testing/arbitraries/moveCommand.js';
export type { Move, Step };
export const policies = usualPolicies;
export const hostileNames: Naming = namings.hostile;
export const moves = (maxLength = 30): fc.Arbitrary<readonly Move[]> => moveLists(fc, maxLength);
export const anyPolicy: fc.Arbitrary<FeePolicy> = fc.constantFrom(...usualPolicies);
export const anyNaming: fc.Arbitrary<NamingName> = fc.constantFrom('plain', 'hostile');

/** Plays a story and gives every step, refused ones included. */
export function play(moveList: readonly Move[], policy: FeePolicy, nameOf?: Naming): readonly Step[] {
  const { steps, broken } = playStory(moveList, policy, nameOf);
  if (broken !== undefined) throw broken.error;
  return steps;
}

/** All events of a story. */
export function eventsOf(steps: readonly Step[]): readonly AccountEvent[] {
  return steps.flatMap(({ decision }) => decision.events);
}
