import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { type EventStore, memoryEventStore } from '../../../src/history/index.js';
import type { AccountEvent } from '../../../src/index.js';
import {
  type ChartRule,
  type JournalForm,
  type JournalTotals,
  journalText,
} from '../../../src/jobs/reports/index.js';
import { policyWith } from '../../support/account.js';
import { beanCheck, hledger } from '../../support/ledgerPrograms.js';
import { itWith } from '../../support/programs.js';
import { randomAccounts } from '../../support/randomAccounts.js';
import { LAW_TIMEOUT_MS, seeded, tried } from '../../support/seeded.js';

const policy = policyWith({ overpayment: 'credit' });
const pool = randomAccounts(60);

/** Returns some accounts of the pool. */
function pick(count: number, from: number) {
  return Array.from({ length: count }, (_, n) => pool[(from + 7 * n) % pool.length] as (typeof pool)[number]);
}

const folder = mkdtempSync(join(tmpdir(), 'periods-'));

afterAll(() => rmSync(folder, { recursive: true }));

const march = {
  institution: 'north',
  timeZone: 'Europe/Vienna',
  from: '2026-03-01',
  through: '2026-03-31',
} as const;

/** A store whose clock is set by hand. */
function clockedStore() {
  const clock = { now: '2026-01-01T00:00:00Z' };
  return { clock, store: memoryEventStore({ now: () => clock.now }) };
}

async function written(store: EventStore, form: JournalForm) {
  const pieces = journalText(store, policy, form);
  let text = '';
  for (;;) {
    const { done, value } = await pieces.next();
    if (done === true) return { text, totals: value as JournalTotals };
    text += value;
  }
}

/** Records the events of an account a few at a time, on days spread over half a year. */
async function record(
  { clock, store }: ReturnType<typeof clockedStore>,
  patronId: string,
  events: readonly AccountEvent[],
  firstDay: number,
  step: number,
) {
  let day = firstDay;
  for (const event of events) {
    clock.now = new Date(Date.UTC(2026, 0, 1 + Math.min(day, 85), 22, 59)).toISOString();
    await store.append({ institution: 'north', patronId }, [event], { expectedVersion: 'any' });
    day += step;
  }
}

describe('a closed period', () => {
  it(
    'stays the same byte for byte, whatever is recorded later, even with earlier dates and in corrupt accounts',
    async () => {
      const plan = fc.record({
        seed: fc.nat(),
        step: fc.nat(40),
        late: fc.nat(),
        format: fc.constantFrom('hledger', 'beancount', 'csv'),
        entries: fc.constantFrom('each', 'monthly'),
        basis: fc.constantFrom('accrual', 'cash'),
        lostItems: fc.constantFrom('gross', 'net'),
      } as const);
      await fc.assert(
        fc.asyncProperty(plan, async ({ seed, step, late, ...how }) => {
          const office = clockedStore();
          for (const [index, { patronId, events }] of pick(4, seed).entries()) {
            await record(office, patronId, events.slice(0, 20), index * 13, step);
          }
          office.clock.now = '2026-03-31T22:00:00Z';
          const form = { ...march, ...how } as const;
          const onFirstOfApril = await written(office.store, form);
          // Backdated events of old and new patrons, some of which fold and some of which do not.
          for (const { patronId, events } of [...pick(4, seed), ...pick(3, late)]) {
            const stream = { institution: 'north', patronId };
            await office.store.append(stream, events.slice(0, 5), { expectedVersion: 'any' });
          }
          const inJune = await written(office.store, form);
          expect(inJune.text).toBe(onFirstOfApril.text);
        }),
        seeded('closed periods'),
      );
    },
    LAW_TIMEOUT_MS,
  );

  it('begins where the one before ended', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(2 ** 31 - 1), fc.nat(40), async (seed, step) => {
        const office = clockedStore();
        for (const [index, { patronId, events }] of pick(4, seed).entries()) {
          await record(office, patronId, events.slice(0, 20), index * 13, step);
        }
        const before = await written(office.store, {
          ...march,
          from: '2026-01-01',
          through: '2026-02-28',
          format: 'csv',
        });
        const within = await written(office.store, { ...march, format: 'csv' });
        const whole = await written(office.store, { ...march, from: '2026-01-01', format: 'csv' });
        expect(standing(within.totals.opening)).toEqual(standing(before.totals.balances));
        expect(standing(within.totals.balances)).toEqual(standing(whole.totals.balances));
        expect(results(within.totals.opening)).toEqual(new Map());
        expect(results(within.totals.balances)).toEqual(
          difference(results(whole.totals.balances), results(before.totals.balances)),
        );
        expect(before.totals.entries + within.totals.entries).toBe(whole.totals.entries);
      }),
      tried(100),
    );
  });

  it('is posted by the day of the event if the form says so', async () => {
    const { clock, store } = clockedStore();
    clock.now = '2026-04-02T09:00:00Z';
    const data = { feeId: 'f1', feeType: 'OTHER', amount: '2.50', currency: 'USD', owner: 'MAIN' };
    const fee = { type: 'FeeAssessed', data: { ...data, at: '2026-03-31T21:59:00Z' } } as const;
    await store.append({ institution: 'north', patronId: 'a/b' }, [fee], { expectedVersion: 0 });
    expect((await written(store, { ...march, format: 'csv' })).totals.entries).toBe(0);
    const { text } = await written(store, { ...march, format: 'csv', postedBy: 'at' });
    expect(text.split('\r\n')[1]).toBe(
      '2026-03-31,a%2Fb/1,Assets:Receivable:MAIN,2.50,,USD,FeeAssessed,a%2Fb,f1,2026-03-31,,,,,,1,,2026-04-02T09:00:00Z',
    );
    const april = { ...march, from: '2026-04-01', through: '2026-04-30', format: 'hledger' } as const;
    expect((await written(store, april)).text).toContain('2026-04-02 a%2Fb | FeeAssessed');
    await expect(written(store, { ...april, through: '2026-03-31' })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });

  itWith(['hledger'], 'passes the strict checks of hledger alone, in full and as monthly sums', async () => {
    await checked('hledger', (path) => hledger(path, 'check', '--strict'));
  });

  itWith(['bean-check'], 'passes bean-check alone, in full and as monthly sums', async () => {
    await checked('beancount', beanCheck);
  });
});

type Balances = JournalTotals['balances'];

const isResult = ({ name }: Balances[number]) => /^(Income|Expenses):/.test(name);

/** The balances that continue from period to period. */
function standing(balances: Balances) {
  return balances.filter((line) => !isResult(line) && line.account[0] !== 'retainedEarnings');
}

/** Income and expense other than zero, in minor units. */
function results(balances: Balances): ReadonlyMap<string, bigint> {
  const lines = balances.filter(isResult);
  return nonzero(
    lines.map(({ name, currency, amount }) => [`${name} ${currency}`, BigInt(amount.replace('.', ''))]),
  );
}

function difference(a: ReadonlyMap<string, bigint>, b: ReadonlyMap<string, bigint>) {
  const keys = [...new Set([...a.keys(), ...b.keys()])];
  return nonzero(keys.map((key) => [key, (a.get(key) ?? 0n) - (b.get(key) ?? 0n)]));
}

function nonzero(lines: readonly (readonly [string, bigint])[]): ReadonlyMap<string, bigint> {
  return new Map(lines.filter(([, amount]) => amount !== 0n));
}

/** A chart of accounts: codes by fee type, library, method and rate; waivers as contra-revenue, write-offs as a loss. */
const chart: readonly ChartRule[] = [
  { kind: 'receivable', owner: 'MAIN', account: 'Assets:1210-Main' },
  { kind: 'receivable', account: 'Assets:1200-Fees' },
  { kind: 'cash', method: 'CASH', account: 'Assets:1000-Cash' },
  { kind: 'cash', account: 'Assets:1010-Bank' },
  { kind: 'revenue', feeType: 'OVERDUEFINE', account: 'Income:4100-Fines' },
  { kind: 'revenue', account: 'Income:4000-Fees' },
  { kind: 'waivers', account: 'Income:4900-Waived' },
  { kind: 'writeOffs', account: 'Expenses:6300-Losses' },
  { kind: 'vat', vatPercent: 19, account: 'Liabilities:3806-Tax-19' },
  { kind: 'vat', account: 'Liabilities:3800-Tax' },
];

/** Checks a month of random accounts with a program, and that it is not empty and has opening balances. */
async function checked(
  format: 'hledger' | 'beancount',
  check: (path: string) => { ok: boolean; output: string },
) {
  const office = clockedStore();
  // The same accounts in every run, since the accounts of the chart that they must use are counted.
  for (const [index, { patronId, events }] of randomAccounts(60, 1).entries()) {
    await record(office, patronId, events, index % 80, 3);
  }
  for (const entries of ['each', 'monthly'] as const) {
    for (const [from, basis, lostItems] of [
      [march.from, 'accrual', 'gross'],
      ['2026-01-01', 'accrual', 'net'],
      [march.from, 'cash', 'net'],
      ['2026-01-01', 'cash', 'gross'],
    ] as const) {
      const isCharted = lostItems === 'net';
      const form = { ...march, from, format, entries, basis, lostItems, chart: isCharted ? chart : [] };
      const { text, totals } = await written(office.store, form);
      const path = join(folder, `${from}-${entries}-${basis}.${format}`);
      if (isCharted) {
        const named = totals.balances.filter(({ name }) => chart.some(({ account }) => account === name));
        expect(new Set(named.map(({ account }) => account[0]))).toEqual(
          new Set(basis === 'cash' ? ['cash', 'revenue', 'vat'] : chart.map(({ kind }) => kind)),
        );
      }
      writeFileSync(path, text);
      expect(totals.entries).toBeGreaterThan(10);
      expect(totals.opening.length > 0).toBe(from === march.from);
      expect(check(path)).toMatchObject({ ok: true });
      expect(text.includes('Opening balances')).toBe(from === march.from);
      if (entries === 'monthly') expect(text).toContain('Summary of 2026-03');
    }
  }
}
