import assert from 'node:assert/strict';
import { balances } from '../../account/patronAccount.js';
import { journal } from '../../institution/journal/journal.js';
import { journalViolations } from '../../institution/journal/journalViolations.js';
import { inStories, type LawText } from './law.js';
import { statesOf } from './states.js';

/** Law 8. */
export const balancedJournal: LawText = {
  number: 8,
  name: 'the journal',
  sentence: 'The journal sums to zero; its balances are those of the account.',
  clauses: [
    inStories('every entry sums to zero, and together they are the account', ({ events }) => {
      assert.deepEqual(journalViolations(events), []);
    }),
    inStories('what stands in the journal is what the account says, in every state', (story) => {
      const posted = { owed: 0, transferred: 0 };
      const entries = journal(story.events);
      let version = 0;
      for (const { account, events } of statesOf(story)) {
        for (; version < events.length; version++) {
          for (const { account, amountMinor } of entries.next().value?.postings ?? []) {
            if (account[0] === 'receivable' || account[0] === 'credits') posted.owed += amountMinor;
            if (account[0] === 'transferred') posted.transferred += amountMinor;
          }
        }
        const { active, disputed, transferred } = balances(account);
        assert.deepEqual(posted, { owed: active + disputed, transferred });
      }
    }),
  ],
};
