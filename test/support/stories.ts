import fc from 'fast-check';
import {
  type AccountEvent,
  type Command,
  type Decision,
  decide,
  emptyAccount,
  type FeePolicy,
  fold,
  type PatronAccount,
} from '../../src/index.js';
import { commandOf } from './storyCommands.js';
import type { Move } from './storyMoves.js';
import { variantOf } from './storyPolicies.js';

export { commandOf } from './storyCommands.js';
export { kinds, type Move, move, moves } from './storyMoves.js';
export { anyPolicy, policies } from './storyPolicies.js';

/** One step of a story: what was asked of which account, and what came of it. */
export type Step = {
  readonly command: Command;
  readonly policy: FeePolicy;
  readonly before: PatronAccount;
  readonly decision: Decision;
  readonly after: PatronAccount;
};

/** How the commands of a story are named. */
export type Naming = (index: number) => string;

export const plainNames: Naming = (index) => `c${index}`;

const hostile = [
  '__proto__',
  '17',
  'constructor',
  '3',
  'toString',
  '\u{1F4DA} é',
  '9007199254740993',
  'c4#1',
];

/** Names that lead astray whoever keeps them as keys of plain objects. */
export const hostileNames: Naming = (index) =>
  hostile[index] ?? `${hostile[index % hostile.length]}/${index}`;

/** The namings by name, so that a counter-example can be read. */
export const namingNamed = { plain: plainNames, hostile: hostileNames } as const;

export const anyNaming: fc.Arbitrary<keyof typeof namingNamed> = fc.constantFrom('plain', 'hostile');

/** Plays a story and gives every step, refused ones included. */
export function play(
  story: readonly Move[],
  policy: FeePolicy,
  nameOf: Naming = plainNames,
): readonly Step[] {
  let account = emptyAccount();
  return story.map((move, index) => {
    const inForce = variantOf(policy, move.policy);
    const command = commandOf(move, nameOf(index), account, policy);
    const before = account;
    const decision = decide(command, before, inForce);
    account = fold(decision.events, before);
    return { command, policy: inForce, before, decision, after: account };
  });
}

/** All events of a story. */
export function eventsOf(steps: readonly Step[]): readonly AccountEvent[] {
  return steps.flatMap(({ decision }) => decision.events);
}

/** After each step that changed something: all events so far, and what they were folded to. */
export function historiesOf(steps: readonly Step[]): readonly {
  readonly events: readonly AccountEvent[];
  readonly account: PatronAccount;
  readonly step: Step;
}[] {
  const changes = steps.filter(({ decision }) => decision.events.length > 0);
  return changes.map((step, index) => ({
    events: eventsOf(changes.slice(0, index + 1)),
    account: step.after,
    step,
  }));
}
