import { describe, it } from 'vitest';
import { decide, fold } from '../../../src/index.js';
import { failureOf } from './mutants.js';

describe('law 13, merges', () => {
  it('catches a reducer that moves something when accounts are merged', async () => {
    await failureOf([13, 'every account has the rows'], {
      fold: (events, account) => {
        const folded = fold(events, account);
        return folded.mergedInto === null ? folded : { ...folded, fees: [] };
      },
    });
  });

  it('catches a journal with entries for merges', async () => {
    await failureOf([13, 'every account has the rows'], {
      journal: (events) =>
        events
          .filter(({ type }) => type === 'AccountJoined')
          .map(() => ({ postings: [{ account: ['cash'], amountMinor: 1, rowId: null }] })),
    });
  });

  it('catches a merged account in which nothing can be undone', async () => {
    await failureOf([13, 'what was done before a merge is undone'], {
      decide: (commands, account, policy) =>
        account.mergedInto === null
          ? decide(commands, account, policy)
          : {
              accepted: false,
              events: [],
              rejection: { type: 'AccountMerged', kind: 'conflict', into: account.mergedInto },
            },
    });
  });

  it('catches a merged account that accepts new fees, and one that names the wrong account', async () => {
    await failureOf([13, 'a merged account charges no new fee'], {
      decide: (commands, account, policy) => decide(commands, { ...account, mergedInto: null }, policy),
    });
    await failureOf([13, 'a merged account charges no new fee'], {
      decide: (commands, account, policy) =>
        decide(commands, account.mergedInto === null ? account : { ...account, mergedInto: 'x' }, policy),
    });
  });
});
