import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EventStore, execute, loadAccount, memoryEventStore } from '../../../src/history/index.js';
import { type AccountEvent, balancesInMinorUnits } from '../../../src/index.js';
import {
  type BulkWaiveEntry,
  type BulkWaiveForm,
  type BulkWaiveOptions,
  type BulkWaiveResult,
  type JobOptions,
  type PatronDirectory,
  planBulkWaive,
  runBulkWaive,
} from '../../../src/jobs/index.js';
import { mergeAccounts } from '../../../src/patron/index.js';
import { ask, assess, assessLost, pay, policy } from '../../support/account.js';
import { at, formWith, patron } from '../../support/bulkWaiveForms.js';
import { tried } from '../../support/seeded.js';
import { eventsOf, moves, policies, runMoves } from '../../support/stories.js';

const north = (patronId: string) => ({ institution: 'north', patronId });

/** Patron n owes n dollars for a fine and n for a lost item. */
async function storeOf(count: number): Promise<EventStore> {
  const store = memoryEventStore({ now: () => at });
  for (let n = 1; n <= count; n++) {
    await execute(store, policy, north(`p${n}`), [assess('f1', String(n)), assessLost('f2', String(n))]);
  }
  return store;
}

const patrons = (count: number) => Array.from({ length: count }, (_, n) => patron(`p${n + 1}`));

async function run(
  store: EventStore,
  form: BulkWaiveForm,
  of: BulkWaiveOptions['patrons'],
  options: JobOptions = {},
) {
  const job = runBulkWaive(store, policy, form, { patrons: of, ...options });
  if (!job.accepted) throw new Error(job.rejection.type);
  const results: BulkWaiveResult[] = [];
  for await (const result of job.entries) results.push(result);
  return { results, totals: job.totals() };
}

async function planned(store: EventStore, form: BulkWaiveForm, of: PatronDirectory) {
  const job = planBulkWaive(store, policy, form, { patrons: of });
  if (!job.accepted) throw new Error(job.rejection.type);
  const entries: BulkWaiveEntry[] = [];
  for await (const entry of job.entries) entries.push(entry);
  // After a round trip through a file.
  return JSON.parse(JSON.stringify(entries)) as BulkWaiveEntry[];
}

async function eventsIn(store: EventStore): Promise<readonly AccountEvent[]> {
  return (await store.readAll()).events.map(({ event }) => event);
}

describe('a bulk waive', () => {
  it('stores what it reports: the owed amounts of all accounts fall by its total', async () => {
    const store = await storeOf(30);
    const owedNow = async () => {
      let cents = 0;
      for (let n = 1; n <= 30; n++)
        cents += balancesInMinorUnits((await loadAccount(store, north(`p${n}`))).account).owed;
      return cents;
    };
    const before = await owedNow();
    const { results, totals } = await run(store, formWith({ threshold: '20' }), patrons(30));
    // Patrons 1 to 10 owe up to 20 dollars: twice 55 dollars, half of it as credits.
    expect(totals).toMatchObject({
      waived: '110.00',
      waivedAsCredit: '55.00',
      feesWaived: 20,
      patronsWaived: 10,
    });
    expect(totals.notWaived).toEqual({ OwedAboveThreshold: 20 });
    expect(before - (await owedNow())).toBe(11_000);
    expect(results.map(({ patronId }) => patronId)).toEqual(patrons(30).map(({ patronId }) => patronId));
  });

  it('compares the threshold with what a patron owes over all merged accounts', async () => {
    const store = await storeOf(3);
    // Together p1 and p2 owe six dollars, p3 alone owes six.
    const [from, into] = [north('p1'), north('p2')];
    await mergeAccounts(store, policy, { from, into, id: 'm1', at });
    const waivedWith = async (threshold: string) => {
      const { results } = await run(store, formWith({ jobId: threshold, threshold }), patrons(3));
      return results.map(({ waived, owed, because }) => [waived, owed, because?.type ?? null]);
    };
    expect(await waivedWith('5.99')).toEqual([
      ['0.00', '2.00', 'OwedAboveThreshold'],
      ['0.00', '4.00', 'OwedAboveThreshold'],
      ['0.00', '6.00', 'OwedAboveThreshold'],
    ]);
    expect(await waivedWith('6.00')).toEqual([
      ['2.00', '2.00', null],
      ['4.00', '4.00', null],
      ['6.00', '6.00', null],
    ]);
  });

  it('has nothing to waive in an account that has only a merge recorded', async () => {
    const store = memoryEventStore({ now: () => at });
    await mergeAccounts(store, policy, { from: north('p1'), into: north('p2'), id: 'm1', at });
    const { results } = await run(store, formWith(), patrons(2));
    expect(results.map(({ because }) => because?.type)).toEqual(['NothingToWaive', 'NothingToWaive']);
  });

  it('equals its plan, for random histories and thresholds', async () => {
    const [rules] = policies;
    const stories = fc.array(moves(10), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(stories, fc.integer({ min: 1, max: 500 }), async (all, threshold) => {
        const store = memoryEventStore({ now: () => at });
        for (const [n, story] of all.entries()) {
          await store.append(north(`p${n + 1}`), eventsOf(runMoves(story, rules as never)), {
            expectedVersion: 0,
          });
        }
        const form = formWith({ threshold: String(threshold) });
        const plan = planBulkWaive(store, rules as never, form, { patrons: patrons(all.length) });
        if (!plan.accepted) throw new Error('refused');
        const entries: BulkWaiveEntry[] = [];
        for await (const entry of plan.entries) entries.push(entry);
        const done = runBulkWaive(store, rules as never, form, { patrons: entries });
        if (!done.accepted) throw new Error('refused');
        let index = 0;
        for await (const { planned: said, differs, ...entry } of done.entries) {
          expect(differs).toBe(false);
          expect(said?.waived).toBe(entry.waived);
          expect(entry).toEqual(entries[index++]);
        }
        expect(done.totals()).toEqual(plan.totals());
      }),
      tried(60),
    );
  });
});

describe('a run of a plan', () => {
  it('decides again, and reports differences from the plan', async () => {
    const store = await storeOf(5);
    const form = formWith({ threshold: '8' });
    const plan = await planned(store, form, patrons(5));
    // In the meantime p1 paid a part, p2 was charged more, p3 paid everything, p4 now owes too much, and p5 owes less.
    await execute(store, policy, north('p1'), pay('pay', '0.50'));
    await execute(store, policy, north('p2'), assess('f3', '1'));
    await execute(store, policy, north('p3'), pay('pay', '6'));
    await execute(store, policy, north('p4'), assess('f3', '0.01'));
    await execute(store, policy, north('p5'), pay('pay', '2'));
    const { results, totals } = await run(store, form, plan);
    expect(
      results.map(({ patronId, planned: said, waived, because, differs }) => [
        patronId,
        said?.waived,
        said?.because,
        waived,
        because?.type,
        differs,
      ]),
    ).toEqual([
      ['p1', '2.00', null, '1.50', undefined, true],
      ['p2', '4.00', null, '5.00', undefined, true],
      ['p3', '6.00', null, '0.00', 'NothingToWaive', true],
      ['p4', '8.00', null, '0.00', 'OwedAboveThreshold', true],
      ['p5', '0.00', 'OwedAboveThreshold', '8.00', undefined, true],
    ]);
    expect(totals.differing).toBe(5);
  });

  it('reports other fees with the same sum as a difference from the plan', async () => {
    const store = await storeOf(1);
    const plan = await planned(store, formWith(), patrons(1));
    await execute(store, policy, north('p1'), [
      ask('WaiveFees', 'w1', { fees: [{ feeId: 'f1' }], reason: 'OTHER' }),
      assess('f3', '1'),
    ]);
    const { results } = await run(store, formWith(), plan);
    expect(results[0]).toMatchObject({ waived: '2.00', planned: { waived: '2.00' }, differs: true });
  });

  it('works without a plan', async () => {
    const { results, totals } = await run(await storeOf(1), formWith(), patrons(1));
    expect([results[0]?.planned, results[0]?.differs, totals.differing]).toEqual([null, false, 0]);
  });

  it('reports the fault of an entry that is neither a patron nor a planned patron', async () => {
    const plan = (await planned(await storeOf(1), formWith(), patrons(1))).map((entry) => ({
      ...entry,
      fees: 'none',
    }));
    const { results } = await run(await storeOf(1), formWith(), plan as never);
    expect(results[0]?.because).toMatchObject({ type: 'PatronInvalid', faults: [{ path: 'fees' }] });
  });
});

describe('a job that is repeated', () => {
  it('waives nothing twice, and reports everything again', async () => {
    const store = await storeOf(10);
    const form = formWith({ threshold: '12' });
    const first = await run(store, form, patrons(10));
    const events = await eventsIn(store);
    // Another time and comment do not make it another job.
    const again = await run(store, { ...form, at: '2026-07-01T09:00:00Z', comment: 'again' }, patrons(10));
    expect(await eventsIn(store)).toEqual(events);
    expect(again.totals).toEqual({
      ...first.totals,
      job: { ...first.totals.job, at: again.totals.job.at },
      waivedEarlier: first.totals.waived,
    });
    expect(first.totals.job).toMatchObject({ by: { channel: 'job' }, currency: 'USD', owners: null });
  });

  it('reports the amounts from before the first run: a second run has the same rows', async () => {
    const store = await storeOf(3);
    await execute(store, policy, north('p2'), assess('f3', '9', { feeType: 'OTHER' }));
    const form = formWith({ feeTypes: ['OVERDUEFINE'] });
    const first = await run(store, form, patrons(3));
    // New debt since changes nothing of it.
    await execute(store, policy, north('p1'), assess('f9', '4'));
    const again = await run(store, form, patrons(3));
    expect(again.results).toEqual(
      first.results.map((result) => ({ ...result, earlier: result.because === null })),
    );
    expect(first.results.some(({ fees }) => fees.some(({ because }) => because !== null))).toBe(true);
    expect(again.results.every(({ owed, fees }) => owed !== null && fees.length > 0)).toBe(true);
  });

  it('also reports its earlier waivers for patrons whom the directory would now exclude', async () => {
    const store = await storeOf(3);
    const form = formWith({ groups: ['STUDENT'], excludeOverdueLoans: true });
    await run(store, form, patrons(2));
    const now = [
      patron('p1', { group: 'STAFF' }),
      patron('p2', { hasOverdueLoans: true }),
      patron('p3', { hasOverdueLoans: true }),
    ];
    const { results, totals } = await run(store, form, now);
    expect(results.map(({ waived, earlier, because }) => [waived, earlier, because?.type])).toEqual([
      ['2.00', true, undefined],
      ['4.00', true, undefined],
      ['0.00', false, 'HasOverdueLoans'],
    ]);
    expect(totals).toMatchObject({ waived: '6.00', waivedEarlier: '6.00' });
  });

  it('continues where it was aborted, and its report covers both runs', async () => {
    const whole = await run(await storeOf(40), formWith(), patrons(40));
    for (const stopAt of [1, 7, 39]) {
      const store = await storeOf(40);
      const controller = new AbortController();
      let seen = 0;
      const job = runBulkWaive(store, policy, formWith(), {
        patrons: patrons(40),
        signal: controller.signal,
        concurrency: 3,
      });
      if (!job.accepted) throw new Error('refused');
      const stopped = (async () => {
        for await (const _ of job.entries) if (++seen === stopAt) controller.abort(new Error('closing time'));
      })();
      await expect(stopped).rejects.toThrow('closing time');
      expect(job.totals().accountsNotInDirectory).toBeNull();
      const { totals, results } = await run(store, formWith(), patrons(40));
      expect(totals).toEqual({ ...whole.totals, waivedEarlier: job.totals().waived });
      expect(results.filter(({ earlier }) => earlier)).toHaveLength(seen);
      const ids = (await eventsIn(store)).filter(({ metadata }) => metadata?.commandId === 'june');
      expect(ids).toHaveLength(80);
    }
  });

  it('processes the remaining accounts after the consumer of its entries stopped early', async () => {
    const store = await storeOf(20);
    const job = runBulkWaive(store, policy, formWith(), { patrons: patrons(20), concurrency: 2 });
    if (!job.accepted) throw new Error('refused');
    for await (const { patronId } of job.entries) if (patronId === 'p5') break;
    const { totals } = await run(store, formWith(), patrons(20));
    expect(totals.waived).toBe('420.00');
    expect((await eventsIn(store)).length).toBe(80);
  });

  it('waives once if it runs twice at the same time, as in two processes', async () => {
    const store = await storeOf(25);
    const both = await Promise.all([
      run(store, formWith(), patrons(25)),
      run(store, formWith(), patrons(25).reverse()),
    ]);
    for (const { totals } of both) expect(totals.waived).toBe('650.00');
    const earlier = both.map(({ totals }) => Number(totals.waivedEarlier));
    expect(earlier.reduce((a, b) => a + b)).toBe(650);
    expect((await eventsIn(store)).length).toBe(100);
  });
});

it('reports its progress', async () => {
  const reported: number[] = [];
  await run(await storeOf(3), formWith(), patrons(3), {
    total: 3,
    onProgress: ({ done }) => reported.push(done),
  });
  expect(reported.at(-1)).toBe(3);
});

describe('a report of a job', () => {
  it('includes waivers of patrons no longer in the directory', async () => {
    const store = await storeOf(4);
    const first = await run(store, formWith(), patrons(3));
    const { results, totals } = await run(store, formWith(), [patron('p2')]);
    expect(first.totals).toMatchObject({ waived: '12.00', patrons: 3, accountsNotInDirectory: 1 });
    expect(totals).toEqual({
      ...first.totals,
      waivedEarlier: '12.00',
      patrons: 1,
      accountsNotInDirectory: 3,
    });
    expect(results.map(({ patronId, group, waived, earlier }) => [patronId, group, waived, earlier])).toEqual(
      [
        ['p2', 'STUDENT', '4.00', true],
        ['p1', null, '2.00', true],
        ['p3', null, '6.00', true],
      ],
    );
    // A plan made in between has the same figures.
    const plan = planBulkWaive(store, policy, formWith(), { patrons: [patron('p2')] });
    if (!plan.accepted) throw new Error('refused');
    for await (const _ of plan.entries);
    expect(plan.totals()).toEqual(totals);
  });

  it('counts a patron listed twice once, in the plan and in the run, and still reports a missing one', async () => {
    const store = await storeOf(3);
    const twice = [patron('p1'), patron('p1'), patron('p2'), patron('p1', { group: 'STAFF' })];
    const plan = planBulkWaive(store, policy, formWith(), { patrons: twice });
    if (!plan.accepted) throw new Error('refused');
    const entries: BulkWaiveEntry[] = [];
    for await (const entry of plan.entries) entries.push(entry);
    expect(plan.totals()).toMatchObject({
      waived: '6.00',
      patrons: 2,
      patronsWaived: 2,
      notWaived: { PatronRepeated: 2 },
      accountsNotInDirectory: 1,
    });
    const { results, totals } = await run(store, formWith(), entries);
    expect(totals).toEqual(plan.totals());
    expect(
      results.map(({ patronId, waived, because, differs }) => [patronId, waived, because, differs]),
    ).toEqual([
      ['p1', '2.00', null, false],
      ['p1', '0.00', { type: 'PatronRepeated', row: 2 }, false],
      ['p2', '4.00', null, false],
      ['p1', '0.00', { type: 'PatronRepeated', row: 4 }, false],
    ]);
  });

  it('names unreadable accounts that are not in the directory', async () => {
    const store = await storeOf(1);
    const lie: AccountEvent = {
      type: 'FeeWaived',
      data: { waiverId: 'w1', feeId: 'none', amount: '1.00', currency: 'USD', at },
      metadata: { commandId: 'june' },
    };
    await store.append(north('p2'), [lie], { expectedVersion: 0 });
    const { results, totals } = await run(store, formWith(), patrons(1));
    expect(results[1]).toMatchObject({ patronId: 'p2', because: { type: 'AccountUnreadable' } });
    expect(totals).toMatchObject({ patrons: 1, accountsNotInDirectory: 1 });
  });
});
