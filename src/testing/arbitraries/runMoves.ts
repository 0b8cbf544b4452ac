import type { Command } from '../../account/commands/command.js';
import { type DecideOptions, decide } from '../../account/decide.js';
import type { Decision } from '../../account/decision.js';
import type { AccountEvent } from '../../account/events/accountEvent.js';
import { fold } from '../../account/fold.js';
import { assertAccount, emptyAccount, type PatronAccount } from '../../account/patronAccount.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import { type Naming, namings } from './ids.js';
import { moveCommand } from './moveCommand.js';
import type { Move } from './moves.js';
import { storyRoles, variantOf } from './policies.js';
import { type Break, formatStory, printedAs, type Step, type Story } from './story.js';

/** A function that decides a command, or an array of commands as a whole, as {@link index.decide} does. */
export type Decide = (
  command: Command | readonly Command[],
  account: PatronAccount,
  policy: FeePolicy,
  options?: DecideOptions,
) => Decision;

/** The functions that decide and fold: those of this library, or those under test. */
export type StoryFunctions = {
  readonly decide: Decide;
  readonly fold: (events: Iterable<AccountEvent>, account?: PatronAccount) => PatronAccount;
};

/** The functions of this library. */
export const ours: StoryFunctions = { decide, fold: (events, account) => fold(events, account) };

/** Runs moves, each as a command on the current account. */
export function runMoves(
  moveList: readonly Move[],
  policy: FeePolicy,
  nameOf: Naming = namings.plain,
  functions: StoryFunctions = ours,
): Story {
  const steps: Step[] = [];
  const events: AccountEvent[] = [];
  let account = emptyAccount();
  let broken: Break | undefined;
  for (const [index, move] of moveList.entries()) {
    const command = withRole(moveCommand(move, nameOf(index), account, policy), move);
    const step = runStep(command, variantOf(policy, move.policy), account, functions);
    if ('error' in step) {
      broken = step;
      break;
    }
    steps.push(step);
    for (const event of step.decision.events) events.push(event);
    account = step.after;
  }
  const story = { policy, steps, events, account, ...(broken === undefined ? {} : { broken }) };
  return printedAs(story, () => formatStory(story));
}

/** Gives a command of a strict policy a role. No other policy reads it, and no event records it. */
function withRole(command: Command, { policy, other }: Move): Command {
  if (policy !== 'strict') return command;
  const role = storyRoles[other % storyRoles.length] as string;
  const by = command.by ?? { channel: 'desk' };
  return { ...command, by: { ...by, roles: [role] } };
}

function runStep(
  command: Command,
  policy: FeePolicy,
  before: PatronAccount,
  functions: StoryFunctions,
): Step | Break {
  let decision: Decision | undefined;
  try {
    decision = functions.decide(command, before, policy);
    if (!isDecision(decision)) {
      const error = new TypeError(`decide gave ${Object.prototype.toString.call(decision)} and no decision`);
      return { command, error };
    }
    const after = decision.events.length === 0 ? before : functions.fold(decision.events, before);
    assertAccount(after);
    return { command, policy, before, decision, after };
  } catch (error) {
    return { command, error, ...(decision === undefined ? {} : { decision }) };
  }
}

/** Returns whether the result of a function under test has the shape of a decision. */
function isDecision(given: Decision | undefined): given is Decision {
  return Array.isArray(given?.events) && (given.accepted || Object(given.rejection) === given.rejection);
}

/** Returns the steps that changed something. */
export function changesIn(steps: readonly Step[]): readonly Step[] {
  return steps.filter(({ decision }) => decision.events.length > 0);
}
