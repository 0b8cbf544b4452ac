import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { executeRemittance } from '../../../src/bursar/index.js';
import { execute, memoryEventStore } from '../../../src/history/index.js';
import {
  type ChartRule,
  type JournalForm,
  type JournalTotals,
  journalText,
  runPaymentsReport,
} from '../../../src/jobs/reports/index.js';
import {
  executeTill,
  officeEvents,
  runTillReport,
  type TillCommand,
  type TillEvent,
  tillTakings,
} from '../../../src/office/index.js';
import { received } from '../../office/remittances/remittances.js';
import { at, by, close, move, open, tillEvents } from '../../office/till/tills.js';
import { policyWith } from '../../support/account.js';
import { beanCheck, hledger } from '../../support/ledgerPrograms.js';
import { itWith } from '../../support/programs.js';
import { LAW_TIMEOUT_MS, seeded } from '../../support/seeded.js';

const policy = policyWith({ overpayment: 'credit' });

type Session = {
  readonly float: number;
  readonly moves: readonly { readonly direction: 'in' | 'out'; readonly amount: number }[];
  readonly payments: readonly { readonly method: 'CASH' | 'CHECK'; readonly amount: number }[];
  readonly over: number;
  readonly isClosed: boolean;
};

const cents = (max: number) => fc.integer({ min: 1, max });
const anySession: fc.Arbitrary<Session> = fc.record({
  float: fc.nat(10_000),
  moves: fc.array(
    fc.record({ direction: fc.constantFrom('in' as const, 'out' as const), amount: cents(900) }),
    { maxLength: 3 },
  ),
  payments: fc.array(
    fc.record({ method: fc.constantFrom('CASH' as const, 'CHECK' as const), amount: cents(5_000) }),
    { maxLength: 4 },
  ),
  over: fc.integer({ min: -3, max: 3 }),
  isClosed: fc.boolean(),
});

const written = (minor: number) => (minor / 100).toFixed(2);
const minor = (amount: string) => Math.round(Number(amount) * 100);

/** Plays sessions of one till each, over a store of accounts and a store of the office. */
async function played(sessions: readonly Session[]) {
  const clock = { now: '2026-03-02T14:00:00Z' };
  const accounts = memoryEventStore({ now: () => clock.now });
  const office = memoryEventStore({ now: () => clock.now, codec: officeEvents });
  for (const [index, { float, moves, payments, over, isClosed }] of sessions.entries()) {
    const id = { institution: 'north', till: `T ${index}` };
    const sessionId = `s${index}`;
    const run = (command: TillCommand) => executeTill(office, policy, id, command);
    await run(open(sessionId, written(float)));
    for (const [n, { direction, amount }] of moves.entries()) {
      await run(move(`m${n}`, direction, written(amount), sessionId));
    }
    for (const [n, { method, amount }] of payments.entries()) {
      await execute(
        accounts,
        policy,
        { institution: 'north', patronId: `p${n}` },
        {
          type: 'ReceivePayment',
          id: `${sessionId}/${n}`,
          method,
          amount: written(amount),
          at,
          by: { ...by, tillSession: sessionId },
        },
      );
    }
    if (!isClosed) continue;
    const days = { institution: 'north', timeZone: 'UTC', from: '2026-03-01', through: '2026-03-31' };
    const report = await runPaymentsReport(accounts, policy, { ...days, columns: ['tillSession', 'method'] });
    const takings = tillTakings(report, sessionId);
    const moved = moves.reduce((sum, one) => sum + (one.direction === 'in' ? one.amount : -one.amount), 0);
    const cash = minor(takings.find(({ method }) => method === 'CASH')?.amount ?? '0.00');
    const counts = [
      { method: 'CASH', amount: written(Math.max(0, float + moved + cash + over)) },
      ...takings.filter(({ method }) => method !== 'CASH'),
    ];
    clock.now = '2026-04-02T14:00:00Z';
    await run({ ...close('close', '0', '0', sessionId), takings, counts });
    clock.now = '2026-03-02T14:00:00Z';
  }
  return { accounts, office };
}

async function journalOf(stores: Awaited<ReturnType<typeof played>>, form: Partial<JournalForm> = {}) {
  const whole = { institution: 'north', timeZone: 'UTC', format: 'csv', ...form } as const;
  const pieces = journalText(stores, policy, whole);
  let text = '';
  for (;;) {
    const { done, value } = await pieces.next();
    if (done === true) return { text, totals: value as JournalTotals };
    text += value;
  }
}

describe('a journal with tills', () => {
  it(
    'has the figures of the till report after the counts, and only the cash of open tills',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(anySession, { maxLength: 4 }), async (sessions) => {
          const stores = await played(sessions);
          const { totals } = await journalOf(stores);
          const sum = (kind: string) =>
            totals.balances
              .filter(({ account }) => account[0] === kind)
              .reduce((total, { amount }) => total + minor(amount), 0);
          const days = { institution: 'north', timeZone: 'UTC', from: '2026-03-01', through: '2026-03-31' };
          const report = await runTillReport(stores, policy, days);
          expect(sum('deposited')).toBe(minor(report.total.deposit));
          expect(sum('overShort') + minor(report.total.difference)).toBe(0);
          const openDrawers = report.rows
            .filter(({ closedAt }) => closedAt === null)
            .reduce((total, row) => total + minor(row.float) + minor(row.moved) + minor(row.takings), 0);
          expect(sum('cash')).toBe(openDrawers);
          expect(totals.balances.reduce((total, { amount }) => total + minor(amount), 0)).toBe(0);
        }),
        seeded('till postings'),
      );
    },
    LAW_TIMEOUT_MS,
  );

  const sessions: readonly Session[] = [
    {
      float: 5_000,
      moves: [{ direction: 'out', amount: 300 }],
      payments: [
        { method: 'CASH', amount: 1_250 },
        { method: 'CHECK', amount: 2_000 },
      ],
      over: -2,
      isClosed: true,
    },
    { float: 100, moves: [], payments: [], over: 0, isClosed: false },
  ];

  it('names its documents after the streams of the tills, and its accounts by the chart', async () => {
    const chart: ChartRule[] = [
      { kind: 'safe', account: '1000' },
      { kind: 'overShort', method: 'CASH', account: '6900' },
      { kind: 'deposited', desk: 'CIRC', account: '1200' },
    ];
    const { text, totals } = await journalOf(await played(sessions), { chart });
    expect(totals).toMatchObject({ accounts: 2, entries: 6, findings: { count: 0 } });
    const lines = text.split('\r\n').filter((line) => line.includes('office/till%3AT%200/3'));
    expect(lines.map((line) => line.split(',').slice(0, 7).join())).toEqual([
      '2026-04-02,office/till%3AT%200/3,Assets:Cash:CASH,,59.50,USD,TillClosed',
      '2026-04-02,office/till%3AT%200/3,6900,0.02,,USD,TillClosed',
      '2026-04-02,office/till%3AT%200/3,1200,9.48,,USD,TillClosed',
      '2026-04-02,office/till%3AT%200/3,Assets:Cash:CHECK,,20.00,USD,TillClosed',
      '2026-04-02,office/till%3AT%200/3,1200,20.00,,USD,TillClosed',
      '2026-04-02,office/till%3AT%200/3,1000,50.00,,USD,TillClosed',
    ]);
  });

  it("gives no two documents the same number, even if a patron is named like a till's stream", async () => {
    const stores = await played(sessions);
    await execute(
      stores.accounts,
      policy,
      { institution: 'north', patronId: 'till:T 0' },
      { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '5.00', owner: 'MAIN', at },
    );
    const { text, totals } = await journalOf(stores);
    const documents = text
      .trimEnd()
      .split('\r\n')
      .slice(1)
      .map((line) => line.split(',')[1]);
    expect(documents).toContain('till%3AT%200/1');
    expect(new Set(documents).size).toBe(totals.entries);
  });

  it('reports a till that cannot be read, and leaves it out', async () => {
    const stores = await played(sessions);
    const [closed] = tillEvents(open('x'), close('c', '1.00', '51.00', 'x')).slice(1);
    await stores.office.append({ institution: 'north', stream: 'till:bad' }, [closed as TillEvent], {
      expectedVersion: 0,
    });
    const { totals } = await journalOf(stores);
    expect(totals.findings.first).toEqual([
      {
        institution: 'north',
        stream: 'till:bad',
        code: 'CORRUPT_HISTORY',
        message: expect.any(String),
      },
    ]);
    expect(totals.entries).toBe(6);
  });

  it('shares its tills between shards', async () => {
    const stores = await played(sessions);
    const { totals } = await journalOf(stores);
    let entries = 0;
    for (const index of [0, 1, 2]) {
      const form = { institution: 'north', timeZone: 'UTC', format: 'csv' } as const;
      const shard = { index, of: 3 };
      const pieces = journalText(stores, policy, form, { shard });
      let end = await pieces.next();
      while (end.done !== true) end = await pieces.next();
      entries += end.value.entries;
    }
    expect(entries).toBe(totals.entries);
  });

  it('refuses a value that is not a store', () => {
    const form = { institution: 'north', timeZone: 'UTC', format: 'csv' } as const;
    const store = memoryEventStore({ now: () => at });
    expect(() => journalText({ accounts: store, office: {} as never }, policy, form)).toThrow(
      'stores.office',
    );
  });

  const folder = mkdtempSync(join(tmpdir(), 'till-journal-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const judges = {
    hledger: (path: string) => hledger(path, 'check', '--strict'),
    beancount: beanCheck,
  } as const;

  for (const [format, program] of [
    ['hledger', 'hledger'],
    ['beancount', 'bean-check'],
  ] as const) {
    itWith([program], `passes the checks of ${program}: all of it, and each month alone`, async () => {
      const stores = await played(sessions);
      const { destination: _, ...money } = received('r1', '80', { commission: '20', surplus: '1' });
      const { decision } = await executeRemittance(stores.office, policy, { institution: 'north' }, money);
      expect(decision).toMatchObject({ accepted: true });
      const months = [
        {},
        { from: '2026-03-01', through: '2026-03-31' },
        { from: '2026-04-01', through: '2026-04-30' },
        { from: '2026-04-01', through: '2026-04-30', entries: 'monthly' },
      ] as const;
      for (const [index, month] of months.entries()) {
        const { text, totals } = await journalOf(stores, { ...month, format });
        expect(totals.entries).toBeGreaterThan(0);
        const path = join(folder, `${index}.${format}`);
        writeFileSync(path, text);
        expect(judges[format](path)).toMatchObject({ ok: true });
        expect(text).toContain('Assets:Safe');
        // Recorded after the count of the first till, in April.
        expect(text.includes('Expenses:CommissionUnnamed')).toBe(index !== 1);
      }
    });
  }
});
