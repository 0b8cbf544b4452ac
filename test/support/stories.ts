import fc from 'fast-check';
import type { AccountEvent, FeePolicy } from '../../src/index.js';
import { type Naming, type NamingName, namings } from '../../src/testing/arbitraries/ids.js';
import { moveLists } from '../../src/testing/arbitraries/moveLists.js';
import type { Move } from '../../src/testing/arbitraries/moves.js';
import { usualPolicies } from '../../src/testing/arbitraries/policies.js';
import { runMoves as runStoryMoves } from '../../src/testing/arbitraries/runMoves.js';
import type { Step } from '../../src/testing/arbitraries/story.js';

// The published arbitraries, bound to the fast-check of these tests. Only this file uses their moves: tests take
// stories apart and run them again with something changed.
export { namings as namingNamed } from '../../src/testing/arbitraries/ids.js';
export { moveCommand as commandOf } from '../../src/testing/arbitraries/moveCommand.js';
export type { Move, Step };
export const policies = usualPolicies;
export const hostileNames: Naming = namings.hostile;
export const moves = (maxLength = 30): fc.Arbitrary<readonly Move[]> => moveLists(fc, maxLength);
export const anyPolicy: fc.Arbitrary<FeePolicy> = fc.constantFrom(...usualPolicies);
export const anyNaming: fc.Arbitrary<NamingName> = fc.constantFrom('plain', 'hostile');

/** Runs the moves of a story. Returns every step, refused ones included. */
export function runMoves(moveList: readonly Move[], policy: FeePolicy, nameOf?: Naming): readonly Step[] {
  const { steps, broken } = runStoryMoves(moveList, policy, nameOf);
  if (broken !== undefined) throw broken.error;
  return steps;
}

/** All events of a story. */
export function eventsOf(steps: readonly Step[]): readonly AccountEvent[] {
  return steps.flatMap(({ decision }) => decision.events);
}
