import type { decide } from '../../account/decide.js';
import type { AccountEvent } from '../../account/events.js';
import type { PatronAccount } from '../../account/patronAccount.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import type { spread } from '../../policy/paymentOrder.js';
import type { Story } from '../arbitraries/story.js';
import type { Arbitrary, FastCheck } from '../fastCheck.js';
import type { JournalOf } from './journalFigures.js';

/** What the laws are tried on. */
export type Subject = {
  readonly decide: typeof decide;
  readonly fold: (events: Iterable<AccountEvent>, account?: PatronAccount) => PatronAccount;
  readonly evolve: (account: PatronAccount, event: AccountEvent) => PatronAccount;
  readonly spread: typeof spread;
  readonly journal: JournalOf;
  readonly policies: readonly FeePolicy[];
  readonly maxCommands: number;
};

/** A sentence about stories, and about whatever else is chosen beside one. Throws where it does not hold. */
export type StoryClause = {
  readonly sentence: string;
  readonly beside?: (fc: FastCheck, subject: Subject) => Arbitrary<unknown>;
  readonly holdsIn: (story: Story, subject: Subject, beside: never) => void;
};

/** A sentence about something that is no story. Throws where it does not hold. */
export type OtherClause = {
  readonly sentence: string;
  readonly input: (fc: FastCheck, subject: Subject) => Arbitrary<unknown>;
  readonly holds: (input: never, subject: Subject) => void;
};

/** One sentence of a law. One story can serve all those that are about stories. */
export type Clause = StoryClause | OtherClause;

/** A law of the contract, and the sentences that make it up. */
export type LawText = {
  readonly number: number;
  readonly name: string;
  readonly sentence: string;
  readonly clauses: readonly Clause[];
};

/** A clause about every story. */
export function inStories(sentence: string, holdsIn: (story: Story, subject: Subject) => void): Clause {
  return { sentence, holdsIn };
}

/** A clause about every story and something chosen beside it. */
export function besideStories<Beside>(
  sentence: string,
  beside: (fc: FastCheck, subject: Subject) => Arbitrary<Beside>,
  holdsIn: (story: Story, subject: Subject, beside: Beside) => void,
): Clause {
  return { sentence, beside, holdsIn };
}

/** A clause about something else. */
export function clause<Input>(
  sentence: string,
  input: (fc: FastCheck, subject: Subject) => Arbitrary<Input>,
  holds: (input: Input, subject: Subject) => void,
): Clause {
  return { sentence, input, holds };
}
