import fc from 'fast-check';
import { type EventStore, execute, memoryEventStore, type Shard, shardOf } from 'patron-fees/history';
import { type AccruingLoan, planAccrual, planBulkWaive, runAccrual, runBulkWaive } from 'patron-fees/jobs';
import { officeEvents, runTillReport } from 'patron-fees/office';
import {
  runAgedDebt,
  runAgedDebtors,
  runAuditTrail,
  runPaymentsReport,
  runStatements,
} from 'patron-fees/reports';
import { describe, expect, it } from 'vitest';
import { lateLoan, night, policy as nightPolicy } from '../jobs/accrual/nights.js';
import { assess, pay, policy } from '../support/account.js';
import { at, formWith, patron } from '../support/bulkWaiveForms.js';
import { tried } from '../support/seeded.js';

const ACCOUNTS = 40;

const north = (patronId: string) => ({ institution: 'north', patronId });

/** Patron n owes n dollars, and every third has paid one of them. */
async function storeOf(count: number): Promise<EventStore> {
  const store = memoryEventStore({ now: () => at });
  for (let n = 1; n <= count; n++) {
    await execute(store, policy, north(`p${n}`), assess('f1', `${n}.00`));
    if (n % 3 === 0) await execute(store, policy, north(`p${n}`), pay('x1', '1.00'));
  }
  return store;
}

const shardsOf = (of: number): readonly Shard[] => Array.from({ length: of }, (_, index) => ({ index, of }));

async function listed<Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}

const cents = (amount: string) => Math.round(Number(amount) * 100);

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

describe('the share of an account', () => {
  it('is the same for ever', () => {
    const ids = ['dverma', 'p1', '4711', 'søren', 'p.1', '한국어'];
    expect(ids.map((patronId) => shardOf(north(patronId), 1_000))).toEqual(SHARES);
  });

  it('depends on the institution, and separates it from the patron', () => {
    const shares = [
      { institution: 'a', patronId: 'bc' },
      { institution: 'ab', patronId: 'c' },
      { institution: 'abc', patronId: 'd' },
    ].map((stream) => shardOf(stream, 1_000_000));
    expect(new Set(shares).size).toBe(3);
  });

  it('is below the number of shares, and the shares are about equal', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1 }),
        fc.integer({ min: 1, max: 100 }),
        (id, of) => {
          const share = shardOf(north(id), of);
          expect(Number.isInteger(share) && share >= 0 && share < of).toBe(true);
        },
      ),
      tried(200),
    );
    const counts = [0, 0, 0];
    for (let n = 0; n < 3_000; n++)
      counts[shardOf(north(`p${n}`), 3)] = (counts[shardOf(north(`p${n}`), 3)] ?? 0) + 1;
    for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });

  it.each([0, -1, 1.5, '2', undefined])('is refused of %j shares', (of) => {
    expect(() => shardOf(north('p1'), of as never)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    );
  });
});

describe('a job with a shard', () => {
  it.each([
    { index: 2, of: 2 },
    { index: -1, of: 2 },
    { index: 0, of: 0 },
    { index: 0 },
    { index: 0, of: 2, by: 'patron' },
    '1/2',
  ])('refuses %j', async (shard) => {
    const form = { institution: 'north', timeZone: 'UTC', asOf: '2026-12-31', bandEndDays: [30] };
    const store = await storeOf(1);
    await expect(runAgedDebt(store, policy, form, { shard: shard as never })).rejects.toThrow(
      'INVALID_ARGUMENT',
    );
  });

  it("is not possible for a till's sessions, whose payments are in accounts of all shares", async () => {
    const store = memoryEventStore({ now: () => at });
    const form = { institution: 'north', timeZone: 'UTC', from: '2026-03-01', through: '2026-03-31' };
    const options = { shard: { index: 0, of: 2 } } as never;
    const office = memoryEventStore({ now: () => at, codec: officeEvents });
    const run = runTillReport({ accounts: store, office }, policy, form, options);
    await expect(run).rejects.toThrow('options.shard');
  });

  it.each([1, 2, 3, 7])(
    'reports its part of the whole: aged debt, payments and statements of %i shares',
    async (of) => {
      const store = await storeOf(ACCOUNTS);
      const form = { institution: 'north', timeZone: 'UTC', asOf: '2026-12-31', bandEndDays: [30] };
      const whole = await runAgedDebt(store, policy, form);
      const debts = await Promise.all(
        shardsOf(of).map((shard) => runAgedDebt(store, policy, form, { shard })),
      );
      expect(sum(debts.map(({ total }) => cents(total.owed)))).toBe(cents(whole.total.owed));
      expect(cents(whole.total.owed)).toBeGreaterThan(0);

      const period = {
        institution: 'north',
        timeZone: 'UTC',
        from: '2026-01-01',
        through: '2026-12-31',
        columns: ['method'],
      } as const;
      const paid = await runPaymentsReport(store, policy, period);
      const parts = await Promise.all(
        shardsOf(of).map((shard) => runPaymentsReport(store, policy, period, { shard })),
      );
      const figures = (report: typeof paid) =>
        Object.values(report.total).map((amount) => cents(String(amount)));
      const [first, ...others] = parts.map(figures);
      const added = (first ?? []).map(
        (amount, place) => amount + sum(others.map((other) => other[place] ?? 0)),
      );
      expect(added).toEqual(figures(paid));
      expect(sum(figures(paid))).toBeGreaterThan(0);

      const statements = await listed(runStatements(store, policy, { institution: 'north' }));
      const shares = await Promise.all(
        shardsOf(of).map((shard) =>
          listed(runStatements(store, policy, { institution: 'north' }, { shard })),
        ),
      );
      const byPatron = (list: typeof statements) => new Map(list.map((each) => [each.patronId, each]));
      expect(shares.flat()).toHaveLength(ACCOUNTS);
      expect(byPatron(shares.flat())).toEqual(byPatron(statements));
    },
  );

  it('lists its debtors and its commands once', async () => {
    const store = await storeOf(ACCOUNTS);
    const days = { institution: 'north', timeZone: 'UTC', from: '2000-01-01', through: '2099-12-31' };
    const debts = { institution: 'north', timeZone: 'UTC', asOf: '2026-12-31' };
    const jobs = [
      (shard?: Shard) => listed<object>(runAuditTrail(store, policy, days, shard && { shard })),
      (shard?: Shard) => listed<object>(runAgedDebtors(store, policy, debts, shard && { shard })),
    ];
    for (const job of jobs) {
      const key = (line: object) => JSON.stringify(line);
      const whole = (await job()).map(key).sort();
      const shares = await Promise.all(shardsOf(3).map((shard) => job(shard)));
      expect(shares.flat().map(key).sort()).toEqual(whole);
      expect(whole.length).toBeGreaterThanOrEqual(ACCOUNTS - 1);
    }
  });

  it('waives only for its patrons, whether or not the directory names them', async () => {
    const store = await storeOf(ACCOUNTS);
    const directory = [
      ...Array.from({ length: ACCOUNTS - 5 }, (_, n) => patron(`p${n + 1}`)),
      patron('p3'),
      patron('nobody'),
      { ...patron('p1'), institution: 'south' },
      { patronId: 17 } as never,
    ];
    const planned = planBulkWaive(store, policy, formWith(), { patrons: directory });
    if (!planned.accepted) throw new Error(planned.rejection.type);
    const whole = await listed(planned.entries);
    const entries: { readonly patronId: string }[] = [];
    const totals: { count: number; waived: number; outside: number } = { count: 0, waived: 0, outside: 0 };
    for (const shard of shardsOf(3)) {
      const job = runBulkWaive(store, policy, formWith(), { patrons: directory, shard });
      if (!job.accepted) throw new Error(job.rejection.type);
      entries.push(...(await listed(job.entries)));
      totals.outside += job.totals().accountsNotInDirectory ?? Number.NaN;
    }
    const key = (entry: object) => JSON.stringify(entry);
    const plain = entries.map(({ ...entry }) => {
      const { planned: _, differs: __, ...rest } = entry as Record<string, unknown>;
      return rest;
    });
    expect(plain.map(key).sort()).toEqual(whole.map(key).sort());
    expect(totals.outside).toBe(planned.totals().accountsNotInDirectory);
    expect(planned.totals().accountsNotInDirectory).toBe(5);
  });

  it('charges the fines of its patrons only', async () => {
    const store = memoryEventStore({ now: () => '2026-03-31T12:00:00Z' });
    const loans: AccruingLoan[] = [
      ...Array.from({ length: ACCOUNTS }, (_, n) => lateLoan({ patronId: `p${n}` })),
      lateLoan({ patronId: 'p1', rule: 'unknown' }),
      { loanId: 'without a patron' } as never,
    ];
    const whole = await planAccrual(store, nightPolicy, night(9), { loans });
    const reports = [];
    for (const shard of shardsOf(3)) {
      reports.push(await runAccrual(store, nightPolicy, night(9), { loans, shard }));
    }
    expect(sum(reports.map((report) => report.loans))).toBe(whole.loans);
    expect(sum(reports.map(({ total }) => total.charged.count))).toBe(ACCOUNTS);
    expect(sum(reports.map(({ total }) => cents(total.charged.amount)))).toBe(
      cents(whole.total.charged.amount),
    );
    expect(sum(reports.map(({ findings }) => findings.count))).toBe(whole.findings.count);
    expect(whole.findings.count).toBe(2);
    for (const report of reports) expect(report.total.charged.count).toBeLessThan(ACCOUNTS);
  });
});

/** Never change them: jobs that are running on several machines would do accounts twice or not at all. */
const SHARES = [672, 254, 628, 729, 552, 385];
