import type { decide } from '../../account/decide.js';
import type { AccountEvent } from '../../account/events/accountEvent.js';
import type { PatronAccount } from '../../account/patronAccount.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import type { spread } from '../../policy/paymentOrder.js';
import type { Story } from '../arbitraries/story.js';
import type { Arbitrary, FastCheck } from '../fastCheck.js';
import type { JournalOf } from './journalFigures.js';

/** The functions and policies that the laws test. */
export type Subject = {
  readonly decide: typeof decide;
  readonly fold: (events: Iterable<AccountEvent>, account?: PatronAccount) => PatronAccount;
  readonly evolve: (account: PatronAccount, event: AccountEvent) => PatronAccount;
  readonly spread: typeof spread;
  readonly journal: JournalOf;
  readonly policies: readonly FeePolicy[];
  readonly maxCommands: number;
};

/** A statement about stories, and optionally another random value. Throws if it is violated. */
export type StoryClause = {
  readonly sentence: string;
  readonly beside?: (fc: FastCheck, subject: Subject) => Arbitrary<unknown>;
  readonly holdsIn: (story: Story, subject: Subject, beside: never) => void;
};

/** A statement about random values other than stories. Throws if it is violated. */
export type OtherClause = {
  readonly sentence: string;
  readonly input: (fc: FastCheck, subject: Subject) => Arbitrary<unknown>;
  readonly holds: (input: never, subject: Subject) => void;
};

/** One statement of a law. One story can serve all clauses about stories. */
export type Clause = StoryClause | OtherClause;

/** A law of the contract and its clauses. */
export type LawText = {
  readonly number: number;
  readonly name: string;
  readonly sentence: string;
  readonly clauses: readonly Clause[];
};

/** Returns a clause about every story. */
export function inStories(sentence: string, holdsIn: (story: Story, subject: Subject) => void): Clause {
  return { sentence, holdsIn };
}

/** Returns a clause about every story and another random value. */
export function besideStories<Beside>(
  sentence: string,
  beside: (fc: FastCheck, subject: Subject) => Arbitrary<Beside>,
  holdsIn: (story: Story, subject: Subject, beside: Beside) => void,
): Clause {
  return { sentence, beside, holdsIn };
}

/** Returns a clause about random values other than stories. */
export function clause<Input>(
  sentence: string,
  input: (fc: FastCheck, subject: Subject) => Arbitrary<Input>,
  holds: (input: Input, subject: Subject) => void,
): Clause {
  return { sentence, input, holds };
}
