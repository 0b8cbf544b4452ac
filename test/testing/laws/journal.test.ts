import { describe, expect, it } from 'vitest';
import { type AccountEvent, balancesInMinorUnits, fold, remaining, unused } from '../../../src/index.js';
import type { EntryFigures, PostingFigures } from '../../../src/testing/laws/law.js';
import { laws } from '../../../src/testing/laws/laws.js';
import { commandsIn, failureOf } from './mutants.js';

/** A journal made the slow way: what each event changed in the rows, with one account for the other side. */
function slowJournal(events: readonly AccountEvent[]): readonly EntryFigures[] {
  let before = new Map<string, PostingFigures>();
  return events.map((_, index) => {
    const now = rowsAfter(events.slice(0, index + 1));
    const changes = [...now].flatMap(([key, row]) => {
      const amountMinor = row.amountMinor - (before.get(key)?.amountMinor ?? 0);
      return amountMinor === 0 ? [] : [{ ...row, amountMinor }];
    });
    before = now;
    const sum = changes.reduce((all, { amountMinor }) => all + amountMinor, 0);
    return { postings: [...changes, { account: ['otherSide'], amountMinor: -sum, rowId: null }] };
  });
}

function rowsAfter(events: readonly AccountEvent[]): Map<string, PostingFigures> {
  const account = fold(events);
  const row = (kind: string, amountMinor: number, rowId: string | null) =>
    [`${kind} ${rowId}`, { account: [kind], amountMinor, rowId }] as const;
  return new Map([
    ...account.fees.map((fee) => row('receivable', remaining(fee), fee.feeId)),
    ...account.credits.map((credit) => row('credits', -unused(credit), credit.creditId)),
    row('transferred', balancesInMinorUnits(account).transferred, null),
  ]);
}

describe('law 8, the journal', () => {
  it('accepts a correct journal', async () => {
    const law = laws({ journal: slowJournal }).find(({ number }) => number === 8);
    await law?.check({ runs: 50 });
    expect(law?.clauses).toHaveLength(3);
  });

  it('catches an entry that does not sum to zero', async () => {
    const message = await failureOf([8, 'every entry sums to zero'], {
      journal: (events) => slowJournal(events).map(({ postings }) => ({ postings: postings.slice(0, -1) })),
    });
    expect(commandsIn(message)).toBe(1);
  });

  it('catches a journal that confuses two fees', async () => {
    const first = ({ account, amountMinor }: PostingFigures) => ({ account, amountMinor, rowId: 'c0' });
    const message = await failureOf([8, 'the postings of a fee or a credit add up to what is left of it'], {
      journal: (events) => slowJournal(events).map(({ postings }) => ({ postings: postings.map(first) })),
    });
    expect(commandsIn(message)).toBeLessThanOrEqual(2);
  });

  it('catches a journal without transfers', async () => {
    const kept = ({ account }: PostingFigures) => account[0] !== 'transferred';
    const message = await failureOf([8, 'its balances are those of the account'], {
      journal: (events) =>
        slowJournal(events).map(({ postings }) => {
          const left = postings.filter(kept).slice(0, -1);
          const sum = left.reduce((all, { amountMinor }) => all + amountMinor, 0);
          return { postings: [...left, { account: ['otherSide'], amountMinor: -sum, rowId: null }] };
        }),
    });
    expect(commandsIn(message)).toBeLessThanOrEqual(3);
  });

  it('catches a journal without an entry for one kind of event', async () => {
    await failureOf([8, 'there is one for each event'], {
      journal: (events) => slowJournal(events).slice(1),
    });
  });
});
