import { describe, expect, it } from 'vitest';
import { definePolicy } from '../../../src/index.js';
import { type AccruedLoan, planAccrual, runAccrual } from '../../../src/jobs/index.js';
import { mergeAccounts } from '../../../src/patron/index.js';
import { patron } from '../../support/merging.js';
import { slowStore, storeWith } from '../../support/stores.js';
import { withoutPauses } from '../../support/withoutPauses.js';
import { balancesOf, emptyStore, fineOf, lateLoan, night, policy, runNight } from './nights.js';

const at = '2026-03-03T12:00:00Z';
const old = lateLoan({ patronId: 'p2', loanId: 'old' });

/** A store in which p2, who has a fine of 50 cents, was merged into p1. */
async function mergedStore() {
  const store = emptyStore();
  await runNight(store, night(3), old);
  await mergeAccounts(store, policy, { from: patron('p2'), into: patron('p1'), id: 'm1', at });
  return store;
}

describe('a nightly run over merged accounts', () => {
  it('lets a fine grow where it was charged, and charges a new one to the kept account', async () => {
    const store = await mergedStore();
    const fresh = lateLoan({ patronId: 'p2', loanId: 'new' });
    const { report, results } = await runNight(store, night(5), old, fresh);
    expect(results.map(({ row, patronId, outcome, accrued }) => [row, patronId, outcome, accrued])).toEqual([
      [1, 'p2', 'increased', '1.00'],
      [2, 'p1', 'charged', '1.00'],
    ]);
    expect(report.findings.count).toBe(0);
    expect(await fineOf(store, { ...fresh, patronId: 'p1' })).toMatchObject({ owed: '1.00' });
  });

  it('finds the fine of the merged account even if circulation moved the loan to the kept patron', async () => {
    const store = await mergedStore();
    const { results } = await runNight(store, night(5), { ...old, patronId: 'p1' });
    expect(results).toMatchObject([{ patronId: 'p2', outcome: 'increased', accrued: '1.00' }]);
    expect((await balancesOf(store, 'p1')).owed).toBe(0);
  });

  it('repeats nothing when it runs again', async () => {
    const store = await mergedStore();
    const fresh = lateLoan({ patronId: 'p2', loanId: 'new' });
    await runNight(store, night(5), old, fresh);
    const { results } = await runNight(store, night(5), old, fresh);
    expect(results.map(({ outcome, earlier }) => [outcome, earlier])).toEqual([
      ['increased', true],
      ['charged', true],
    ]);
    expect((await balancesOf(store, 'p1')).owed + (await balancesOf(store, 'p2')).owed).toBe(200);
  });

  it('counts what is owed in all accounts towards a limit; a plan does the same', async () => {
    const store = await mergedStore();
    const limited = definePolicy({ currency: 'USD', accrualLimits: { OVERDUEFINE: '1.30' } });
    const loans = [old, ...['new', 'third'].map((loanId) => lateLoan({ patronId: 'p2', loanId }))];
    const resultsOf = async (job: typeof runAccrual) => {
      const lines: AccruedLoan[] = [];
      await job(store, limited, night(5), { loans, onLoan: (line) => void lines.push(line) });
      return lines.map(({ patronId, outcome, amount }) => [patronId, outcome, amount]);
    };
    // The new fine of p1 takes what the fine of p2 leaves of the limit.
    const expected = [
      ['p2', 'increased', '0.50'],
      ['p1', 'charged', '0.30'],
      ['p1', 'unchanged', '0.00'],
    ];
    expect(await resultsOf(planAccrual)).toEqual(expected);
    expect((await balancesOf(store, 'p1')).owed).toBe(0);
    expect(await resultsOf(runAccrual)).toEqual(expected);
    expect((await balancesOf(store, 'p1')).owed + (await balancesOf(store, 'p2')).owed).toBe(130);
  });

  it('keeps the limit when the loans of both patrons are processed at the same time', async () => {
    const store = slowStore(await mergedStore());
    const limited = definePolicy({ currency: 'USD', accrualLimits: { OVERDUEFINE: '1.30' } });
    // One fine is new in p1, the other grows in p2.
    const loans = [lateLoan({ loanId: 'new' }), old];
    await runAccrual(store, limited, night(5), { loans });
    expect((await balancesOf(store, 'p1')).owed + (await balancesOf(store, 'p2')).owed).toBe(130);
  });

  it('cuts the last fine in the order of the loans, however long each account takes to read', async () => {
    const limited = definePolicy({ currency: 'USD', accrualLimits: { OVERDUEFINE: '2.10' } });
    // Fines of both accounts, in turn; those of one patron that follow each other are processed together.
    const orders = [
      ['p1 a', 'p2 old', 'p1 b'],
      ['p2 old', 'p1 a', 'p1 b'],
      ['p1 b', 'p1 a', 'p2 old'],
      ['p2 c', 'p2 old', 'p2 a'],
    ];
    for (const order of orders) {
      const loans = order.map((text) => {
        const [patronId = '', loanId = ''] = text.split(' ');
        return lateLoan({ patronId, loanId });
      });
      const outcomes = new Set<string>();
      for (const slow of [null, 'p1', 'p2']) {
        const store = await mergedStore();
        const delayed = storeWith(store, {
          read: async (stream, options) => {
            for (let turn = 0; stream.patronId === slow && turn < 20; turn++) {
              await new Promise((resolve) => setImmediate(resolve));
            }
            return store.read(stream, options);
          },
        });
        const lines: AccruedLoan[] = [];
        await runAccrual(delayed, limited, night(5), { loans, onLoan: (line) => void lines.push(line) });
        outcomes.add(JSON.stringify(lines.map(({ loanId, outcome, accrued }) => [loanId, outcome, accrued])));
        if (slow !== null) continue;
        const plan: AccruedLoan[] = [];
        await planAccrual(await mergedStore(), limited, night(5), {
          loans,
          onLoan: (line) => void plan.push(line),
        });
        // A plan of consecutive loans of one patron says the same.
        if (order[0] === 'p2 c')
          expect(plan.map(({ accrued }) => accrued)).toEqual(lines.map(({ accrued }) => accrued));
      }
      expect([...outcomes]).toHaveLength(1);
      const [result] = [...outcomes].map((text) => JSON.parse(text) as [string, string, string][]);
      expect(result?.map(([loanId]) => loanId)).toEqual(order.map((text) => text.split(' ')[1]));
      const last = result?.at(-1);
      // 50 cents of `old` are there before: of 2.10, the last fine gets what the others leave.
      expect(last?.[2]).toBe(last?.[0] === 'old' ? '0.50' : '0.10');
    }
  });

  it('reports an account that others keep appending to', async () => {
    withoutPauses();
    const store = await mergedStore();
    const busy = storeWith(store, {
      append: async (stream, events, { expectedVersion }) =>
        store.append(stream, events, { expectedVersion: (expectedVersion as number) + 1 }),
    });
    const { report } = await runNight(busy, night(5), old);
    expect(report.findings.first).toMatchObject([{ code: 'ACCOUNT_BUSY', patronId: 'p2' }]);
  });
});
