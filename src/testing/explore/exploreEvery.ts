import { memoryUsage } from 'node:process';
import type { Command } from '../../account/commands/command.js';
import type { Decision } from '../../account/decision.js';
import type { AccountEvent, AccountEventType } from '../../account/events/accountEvent.js';
import { emptyAccount, type PatronAccount } from '../../account/patronAccount.js';
import type { RejectionType } from '../../account/rejections/rejection.js';
import { rejectionKinds } from '../../account/rejections/rejectionKinds.js';
import { postingsOf } from '../../books/journal/postingsOf.js';
import { accountEventTypes } from '../../history/eventSchemas.js';
import { definedPolicy, type FeePolicy } from '../../policy/feePolicy.js';
import { type Decide, ours } from '../arbitraries/runMoves.js';
import type { Step } from '../arbitraries/story.js';
import { checkedCount, checkedFunction, checkedOptions } from '../checkedArguments.js';
import { described } from '../described.js';
import { formOf } from './canonicalForm.js';
import {
  type ExplorationLaw,
  type ExplorationLaws,
  type ExploredPostings,
  explorationLaws,
  pairsOf,
} from './explorationLaws.js';
import { scenarioText } from './scenarioText.js';
import type { ExploredCommands } from './smallCommands.js';
import { visitEvery } from './visitEvery.js';

/** What to explore, how far, and what must hold. */
export type ExplorationOptions = {
  /** The policy, made by `definePolicy`. */
  readonly policy: FeePolicy;
  /** The commands to try in each state, e.g. those of {@link smallCommands}. */
  readonly commands: ExploredCommands;
  /**
   * Decides commands, as this library's `decide` does.
   *
   * @defaultValue `decide` of this library
   */
  readonly decide?: Decide;
  /**
   * Folds events, as this library's `fold` does.
   *
   * @defaultValue `fold` of this library
   */
  readonly fold?: (events: Iterable<AccountEvent>, account?: PatronAccount) => PatronAccount;
  /**
   * Posts an event, as `postingsOf` of `patron-fees/reports` does.
   *
   * @defaultValue `postingsOf` of this library
   */
  readonly postingsOf?: ExploredPostings;
  /**
   * What must hold in each state, of each step, and of two commands in both orders.
   *
   * @defaultValue {@link explorationLaws}
   */
  readonly laws?: ExplorationLaws;
  /** The maximum number of commands of a story; no limit if left out. */
  readonly depth?: number;
  /** The number of commands up to which the laws about two commands are checked; 3 if left out, 0 for never. */
  readonly pairDepth?: number;
  /** Ends after so many states; no limit if left out. */
  readonly states?: number;
  /** Ends after so many seconds; no limit if left out. */
  readonly seconds?: number;
  /**
   * Ends when it is aborted; what was found until then is returned.
   *
   * @defaultValue never
   */
  readonly signal?: AbortSignal;
  /**
   * Called several times a second.
   *
   * @defaultValue nothing is called
   */
  readonly onProgress?: (progress: { readonly states: number; readonly depth: number }) => void;
};

/** A law that does not hold, with the shortest story that shows it. */
export type ExplorationFault = {
  /** The name of the law, and the types of the commands that it is about. */
  readonly law: string;
  /** What the law says was found. */
  readonly message: string;
  /** The commands of the shortest story; of two commands in both orders, these are the last ones. */
  readonly commands: readonly Command[];
  /** The story as a scenario to paste into a test. */
  readonly scenario: string;
  /** How often it was found. */
  readonly times: number;
};

/** What an exploration found. */
export type Exploration = {
  /** Whether every state was visited. */
  readonly complete: boolean;
  /** What ended it early; null if complete. */
  readonly endedBy: 'depth' | 'states' | 'seconds' | 'signal' | null;
  /** The states that were found, the empty account included. */
  readonly states: number;
  /** The accepted commands with events. */
  readonly transitions: number;
  /** The smallest number of commands that leads to the farthest state visited. */
  readonly depth: number;
  /**
   * The memory in use at the end, in bytes, as Node reports it: what is kept of the states, and what is not yet
   * collected. The only figure that differs from run to run.
   */
  readonly heapBytes: number;
  /** How often each event was reached, by type. */
  readonly events: Readonly<Record<string, number>>;
  /** The events of this library that were not reached. */
  readonly eventsNotReached: readonly AccountEventType[];
  /** How often each refusal was reached, by type. */
  readonly refusals: Readonly<Record<string, number>>;
  /** The refusals of this library that were not reached. */
  readonly refusalsNotReached: readonly RejectionType[];
  /** The laws that do not hold; empty if all hold. */
  readonly faults: readonly ExplorationFault[];
};

/**
 * Visits every state that commands lead to, and checks laws in each. Random stories are samples; in a small world
 * there is a state for each thing that can happen. States that differ only by ids, times and order are one
 * ({@link canonicalForm}). Shorter stories come first, so the first story of a fault is its shortest. Deterministic,
 * except where `seconds` or `signal` ends it; it keeps some hundred bytes of each state, and up to 5,000 whole states
 * that wait for their visit.
 *
 * @param options - the policy, the commands, what decides and folds, the laws, and where to end
 * @returns what was visited, and the faults
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for invalid options, `INVALID_POLICY` for an
 * invalid policy; what `commands` throws
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { exploreEvery, smallCommands } from 'patron-fees/testing';
 *
 * const policy = definePolicy({ currency: 'USD' });
 * const commands = smallCommands({ fees: [['OTHER', 1]], types: ['AssessFee', 'ReceivePayment', 'WaiveFees', 'ReverseWaiver'] });
 * const { complete, states, depth, faults } = await exploreEvery({ policy, commands });
 * [complete, states, depth, faults.length]; //=> [true, 6, 4, 0]
 * ```
 */
export async function exploreEvery(options: ExplorationOptions): Promise<Exploration> {
  const { commands: commandsOf, laws = explorationLaws, pairDepth = 3 } = checkedOptions(options);
  const { decide = ours.decide, fold = ours.fold, postingsOf: posts = postingsOf } = options;
  const { depth, states, seconds } = options;
  for (const [name, given] of Object.entries({ decide, fold, postingsOf: posts, commands: commandsOf }))
    checkedFunction(name, given);
  for (const [name, given] of Object.entries({ depth, states, seconds }))
    if (given !== undefined) checkedCount(name, given);
  checkedCount('pairDepth', pairDepth, 0);
  const policy = definedPolicy(options.policy);
  const subject = { policy, decide, fold, postingsOf: posts };
  const events: Record<string, number> = {};
  const refusals: Record<string, number> = {};
  const faults = new Map<string, ExplorationFault>();
  let transitions = 0;

  const idOf = (number: number) => `c${number + 1}`;
  const count = (counts: Record<string, number>, type: string) => {
    counts[type] = (counts[type] ?? 0) + 1;
  };
  const after = (before: PatronAccount, { events: made }: Decision) =>
    made.length === 0 ? before : fold(made, before);
  /** Checks laws of a state, a step or a pair; of one that throws counts it, with the story of the first time. */
  const check = <Of>(
    of: Of,
    about: readonly Command[],
    story: Story,
    list: readonly ExplorationLaw<Of>[] = [],
  ) => {
    for (const { name, holds } of list)
      try {
        holds(of, subject);
      } catch (error) {
        const types = about.map(({ type }) => type).sort();
        const law = about.length === 0 ? name : `${name}: ${types.join(', ')}`;
        const known = faults.get(law) ?? { law, ...firstOf(law, error, about, story()), times: 0 };
        faults.set(law, { ...known, times: known.times + 1 });
      }
  };
  const firstOf = (law: string, error: unknown, about: readonly Command[], before: readonly Command[]) => {
    const [message, commands] = [described(error), [...before, ...about]];
    return {
      message,
      commands,
      scenario: scenarioText(law, message, commands, about.length === 2 ? 2 : 0, subject),
    };
  };

  const visited = await visitEvery(
    {
      start: emptyAccount(),
      keyOf: formOf,
      movesOf: (account: PatronAccount, number) => commandsOf(account, policy, idOf(number)),
      after: (account, command) => after(account, decide(command, account, policy)),
    },
    ({ state: before, moves, depth: number, story }) => {
      check(before, [], story, laws.state);
      const steps = moves.map((command) => {
        let step: Step | undefined;
        const holds = () => {
          const decision = decide(command, before, policy);
          step = { command, policy, before, decision, after: after(before, decision) };
        };
        check(before, [command], story, [{ name: 'deciding and folding', holds }]);
        if (step === undefined) return undefined;
        const { decision } = step;
        if (!decision.accepted) count(refusals, decision.rejection.type);
        for (const { type } of decision.events) count(events, type);
        check(step, [command], story, laws.step);
        if (decision.events.length === 0) return undefined;
        transitions += 1;
        return step;
      });
      if (number < pairDepth && laws.pair !== undefined)
        for (const pair of pairsOf(steps, commandsOf(before, policy, `${idOf(number)}b`), before, subject))
          check(pair, pair.commands, story, laws.pair);
      return steps.map((step) => step?.after);
    },
    options,
  );
  return {
    complete: visited.endedBy === null,
    ...visited,
    heapBytes: memoryUsage().heapUsed,
    transitions,
    events,
    eventsNotReached: [...accountEventTypes()].filter((type) => !(type in events)),
    refusals,
    refusalsNotReached: (Object.keys(rejectionKinds) as RejectionType[]).filter(
      (type) => !(type in refusals),
    ),
    faults: [...faults.values()],
  };
}

/** Returns the commands that lead to a state. */
type Story = () => readonly Command[];
