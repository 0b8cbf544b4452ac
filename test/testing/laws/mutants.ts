import { expect } from 'vitest';
import type { AccountEvent, Command, Decision, PatronAccount } from '../../../src/index.js';
import { decide, definePolicy, fold } from '../../../src/index.js';
import { namings } from '../../../src/testing/arbitraries/ids.js';
import type { Move } from '../../../src/testing/arbitraries/moves.js';
import {
  type Decide,
  ours,
  runMoves,
  type StoryFunctions,
} from '../../../src/testing/arbitraries/runMoves.js';
import type { LawText } from '../../../src/testing/laws/law.js';
import { type LawOptions, laws, subjectOf } from '../../../src/testing/laws/laws.js';

/**
 * Checks that a law reports a broken implementation; returns its report.
 *
 * @param law - the number of the law; with the start or a part of a clause's sentence, only that clause is checked
 */
export async function failureOf(
  law: number | readonly [number: number, clause: string],
  mutant: LawOptions,
  runs = 300,
): Promise<string> {
  const [number, sentence = ''] = typeof law === 'number' ? [law] : law;
  const clauses = laws(mutant)
    .filter((one) => one.number === number)
    .flatMap((one) => one.clauses)
    .filter((clause) => clause.sentence.includes(sentence));
  expect(clauses).not.toEqual([]);
  let report = 'the law holds';
  for (const clause of clauses) {
    report = await clause.check({ runs, seed: 20_261_125 }).then(
      () => report,
      (error: Error) => error.message,
    );
    if (report !== 'the law holds') break;
  }
  expect(report).toMatch(new RegExp(`^Law ${number} \\(`));
  return report;
}

/** The number of commands in the story that a law reports. */
export function commandsIn(message: string): number {
  return message.split('\n').filter((line) => /^\d+\. \w+ \S/.test(line)).length;
}

/** A `decide` with another answer to commands of one type. */
export function deciding(
  type: Command['type'],
  change: (decision: Decision, command: Command, account: PatronAccount) => Decision,
): Decide {
  return (commands, account, policy, options) => {
    const decision = decide(commands, account, policy, options);
    const [command] = [commands].flat();
    return command?.type === type ? change(decision, command, account) : decision;
  };
}

/** A `decide` that changes its events of one type. */
export function emitting(
  type: AccountEvent['type'],
  change: (event: AccountEvent, account: PatronAccount) => readonly AccountEvent[],
): Decide {
  return (commands, account, policy, options) => {
    const decision = decide(commands, account, policy, options);
    if (!decision.accepted) return decision;
    const events = decision.events.flatMap((event) =>
      event.type === type ? change(event, account) : [event],
    );
    return { ...decision, events };
  };
}

/** A decision without its events of one type. */
export function withoutEvents(type: AccountEvent['type'], decision: Decision): Decision {
  if (!decision.accepted) return decision;
  return { ...decision, events: decision.events.filter((event) => event.type !== type) };
}

/** A reducer that skips events it cannot fold. */
export function lenientFold(events: Iterable<AccountEvent>, account?: PatronAccount): PatronAccount {
  let folded = fold([], account);
  for (const event of events) {
    try {
      folded = fold([event], folded);
    } catch {}
  }
  return folded;
}

/** The event with its data changed. */
export function changed(event: AccountEvent, data: object): AccountEvent {
  return { ...event, data: { ...event.data, ...data } } as AccountEvent;
}

/** A `decide` that recognises no external transaction: each command's is another one, until its events are stored. */
export const forgettingTransactions: Decide = (commands, account, policy, options) => {
  const [command] = [commands].flat();
  if (command === undefined || !('externalTransactionId' in command))
    return decide(commands, account, policy, options);
  const { externalTransactionId, id } = command;
  const other = { ...command, externalTransactionId: `of ${id}` };
  const decision = decide(other, account, policy, options);
  if (!decision.accepted) return decision;
  const events = decision.events.map((event) =>
    'externalTransactionId' in event.data ? changed(event, { externalTransactionId }) : event,
  );
  return { ...decision, events };
};

/** Checks a clause of a law on one story: holds with this library's functions, and not with the broken ones. */
export function expectCaught(
  law: LawText,
  sentence: string,
  moves: readonly Move[],
  broken: StoryFunctions,
  message: string | RegExp = /./,
): void {
  const clause = law.clauses.find((one) => one.sentence.includes(sentence));
  if (clause === undefined || !('holdsIn' in clause)) throw new Error(`no clause about stories: ${sentence}`);
  const holdsIn = (functions: StoryFunctions) => () => {
    const story = runMoves(moves, definePolicy({ currency: 'USD' }), namings.plain, functions);
    clause.holdsIn(story, subjectOf(functions), undefined as never);
  };
  expect(holdsIn(ours)).not.toThrow();
  expect(holdsIn(broken)).toThrow(message);
}
