import assert from 'node:assert/strict';
import type { Story } from '../arbitraries/story.js';
import {
  type EntryFigures,
  inStories,
  type LawText,
  type PostingFigures,
  type Subject,
  statesOf,
} from './law.js';
import { balancesOf, type ReferenceModel, total } from './referenceModel.js';

/** Law 8. */
export const journal: LawText = {
  number: 8,
  name: 'the journal',
  sentence: 'Every event is posted twice over, to a sum of zero, and the postings add up to the account.',
  clauses: [
    inStories('every entry sums to zero, and there is one for each event', (story, subject) => {
      const entries = entriesOf(story, subject);
      assert.equal(entries.length, story.events.length, 'entries');
      for (const [index, { postings }] of entries.entries())
        assert.equal(sumOf(postings), 0n, `the entry of event ${index + 1}`);
    }),
    inStories(
      'in every state, the postings of a fee or a credit add up to what is left of it',
      (story, subject) => {
        eachState(story, subject, ({ fees, credits }, postings) => {
          const rows = [
            ...fees.map(({ feeId, remaining }) => [feeId, 'receivable', remaining] as const),
            ...credits.map(({ creditId, remaining }) => [creditId, 'credits', -remaining] as const),
          ];
          for (const [id, kind, left] of rows) {
            const posted = sumOf(
              postings.filter(({ account, rowId }) => account[0] === kind && rowId === id),
            );
            assert.equal(posted, left, `${kind} of ${id}`);
          }
        });
      },
    ),
    inStories('in every state, its balances are those of the account', (story, subject) => {
      eachState(story, subject, (model, postings) => {
        const { active = 0n, disputed = 0n, transferred } = balancesOf(model);
        const posted = (...kinds: readonly unknown[]) =>
          sumOf(postings.filter(({ account }) => kinds.includes(account[0])));
        // A dispute is a flag and is not posted.
        assert.equal(posted('receivable', 'credits'), active + disputed, 'active and disputed');
        assert.equal(posted('transferred'), transferred, 'transferred');
      });
    }),
  ],
};

/** A cache, because several clauses read the entries of one story. */
const known = new WeakMap<Story, readonly EntryFigures[]>();

function entriesOf(story: Story, { journal: made }: Subject): readonly EntryFigures[] {
  const entries = known.get(story) ?? [...made(story.events)];
  known.set(story, entries);
  return entries;
}

/** Calls a function with the reference model of every state and all postings up to it. */
function eachState(
  story: Story,
  subject: Subject,
  look: (model: ReferenceModel, postings: readonly PostingFigures[]) => void,
): void {
  const entries = entriesOf(story, subject);
  for (const { model, events } of statesOf(story))
    look(
      model,
      entries.slice(0, events.length).flatMap(({ postings }) => postings),
    );
}

function sumOf(postings: readonly PostingFigures[]): bigint {
  return total(postings.map(({ amountMinor }) => BigInt(amountMinor)));
}
