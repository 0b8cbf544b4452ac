import type { decide } from '../../account/decide.js';
import type { AccountEvent } from '../../account/events.js';
import type { PatronAccount } from '../../account/patronAccount.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import type { spread } from '../../policy/paymentOrder.js';
import type { Story } from '../arbitraries/story.js';
import type { Arbitrary, FastCheck } from '../fastCheck.js';

/** What the laws are tried on. */
export type Subject = {
  readonly decide: typeof decide;
  readonly fold: (events: Iterable<AccountEvent>, account?: PatronAccount) => PatronAccount;
  readonly evolve: (account: PatronAccount, event: AccountEvent) => PatronAccount;
  readonly spread: typeof spread;
  readonly policies: readonly FeePolicy[];
  readonly maxCommands: number;
};

/** One sentence of a law: what it is tried with, and what throws where it does not hold. */
export type Clause = {
  readonly sentence: string;
  /** What it is tried with; left out where that is a story, which can then serve many clauses at once. */
  readonly input?: (fc: FastCheck, subject: Subject) => Arbitrary<unknown>;
  readonly holds: (input: never, subject: Subject) => void;
};

/** A law of the contract, and the sentences that make it up. */
export type LawText = {
  readonly number: number;
  readonly name: string;
  readonly sentence: string;
  readonly clauses: readonly Clause[];
};

/** A clause about every story. */
export function inStories(sentence: string, holds: (story: Story, subject: Subject) => void): Clause {
  return { sentence, holds };
}

/** A clause about something else. */
export function clause<Input>(
  sentence: string,
  input: (fc: FastCheck, subject: Subject) => Arbitrary<Input>,
  holds: (input: Input, subject: Subject) => void,
): Clause {
  return { sentence, input, holds };
}
