import type { AccountEvent } from '../../account/events/accountEvent.js';
import type { PatronAccount } from '../../account/patronAccount.js';
import { changesIn } from '../arbitraries/play.js';
import type { Step, Story } from '../arbitraries/story.js';
import { type Books, booksOf } from './books.js';

/** The account after a step, and the books of all events up to it. */
export type State = {
  readonly events: readonly AccountEvent[];
  readonly account: PatronAccount;
  readonly step: Step;
  readonly books: Books;
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
    return { events, account: step.after, step, books: booksOf(events) };
  });
}
