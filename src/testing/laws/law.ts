import assert from 'node:assert/strict';
import type { AccountEvent } from '../../account/events/accountEvent.js';
import type { PatronAccount } from '../../account/patronAccount.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import type { spread } from '../../policy/paymentOrder.js';
import { changesIn, type Decide } from '../arbitraries/runMoves.js';
import type { Step, Story } from '../arbitraries/story.js';
import type { Arbitrary, FastCheck } from '../fastCheck.js';
import type { OpenStores } from '../online/onlineWorld.js';
import { type ReferenceModel, referenceModelOf } from './referenceModel.js';

/** The functions and policies that the laws test. */
export type Subject = {
  readonly decide: Decide;
  readonly fold: (events: Iterable<AccountEvent>, account?: PatronAccount) => PatronAccount;
  readonly evolve: (account: PatronAccount, event: AccountEvent) => PatronAccount;
  readonly spread: typeof spread;
  readonly journal: JournalOf;
  readonly policies: readonly FeePolicy[];
  readonly maxCommands: number;
  readonly openStores: OpenStores;
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
  readonly holds: (input: never, subject: Subject) => void | Promise<void>;
  /** Whether `holds` returns a promise. */
  readonly isAsync?: true;
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

/** Returns a clause about random values that is looked at in stores. */
export function inStores<Input>(
  sentence: string,
  input: (fc: FastCheck, subject: Subject) => Arbitrary<Input>,
  holds: (input: Input, subject: Subject) => Promise<void>,
): Clause {
  return { sentence, input, holds, isAsync: true };
}

/** Fails unless two values have the same JSON; shows the difference. */
export function same(actual: unknown, expected: unknown, what: string): void {
  const [one, other] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (one === other) return;
  try {
    assert.deepEqual(JSON.parse(one), JSON.parse(other));
  } catch (error) {
    assert.fail(`${what}: ${(error as Error).message}`);
  }
  assert.fail(`${what}: the fields come in another order`);
}

/** The account after a step, and the reference model of all events up to it. */
export type State = {
  readonly events: readonly AccountEvent[];
  readonly account: PatronAccount;
  readonly step: Step;
  readonly model: ReferenceModel;
};

/** A cache, because several laws read the states of one story. */
const known = new WeakMap<Story, readonly State[]>();

/** Returns the states of a story, one for each step that changed something. */
export function statesOf(story: Story): readonly State[] {
  const states = known.get(story) ?? statesIn(story);
  known.set(story, states);
  return states;
}

function statesIn(story: Story): readonly State[] {
  let count = 0;
  return changesIn(story.steps).map((step) => {
    count += step.decision.events.length;
    const events = story.events.slice(0, count);
    return { events, account: step.after, step, model: referenceModelOf(events) };
  });
}

/** The fields of a posting that the law reads. */
export type PostingFigures = {
  /** The ledger account. Its first word is its kind: `receivable`, `credits`, `transferred`, or anything else. */
  readonly account: readonly (string | undefined)[];
  /** The amount in integer minor units; a debit is positive, a credit negative. */
  readonly amountMinor: number;
  /** The fee or the credit that the posting is about; null for any other posting. */
  readonly rowId: string | null;
};

/** The fields of an entry that the law reads. An entry has the postings of one event. */
export type EntryFigures = {
  /** The postings; empty if no money moves. */
  readonly postings: readonly PostingFigures[];
};

/** Returns the journal of one account: an entry for each event, in order. */
export type JournalOf = (events: readonly AccountEvent[]) => Iterable<EntryFigures>;
