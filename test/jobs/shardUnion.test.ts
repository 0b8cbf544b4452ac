import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { balancesInMinorUnits, definePolicy, noticeKinds } from 'patron-fees';
import { bursarReference, runBursarExport, runSettlementImport } from 'patron-fees/bursar';
import type { Shard } from 'patron-fees/history';
import { type EventStore, loadAccount, memoryEventStore } from 'patron-fees/history';
import { type Notice, runNotices } from 'patron-fees/jobs';
import { officeEvents } from 'patron-fees/office';
import {
  type JournalTotals,
  journalText,
  runAgedDebtors,
  runAuditTrail,
  runPaymentsList,
  runPlansBehind,
  runUnclaimedCredits,
} from 'patron-fees/reports';
import { afterAll, describe, expect, it } from 'vitest';
import { randomAccounts } from '../support/randomAccounts.js';
import { assertVaried, tried } from '../support/seeded.js';
import { policies } from '../support/stories.js';

const institution = 'north';
const at = '2027-06-01T09:00:00Z';

/** Every policy has its currency; accounts in others are findings, which the shares divide too. */
const policy = definePolicy({
  ...(policies[0] as (typeof policies)[number]),
  transfers: { expectsSettlement: true },
});

/** A number of accounts with random histories, and a number of shares. */
const cases = fc.record({
  seed: fc.nat(),
  count: fc.integer({ min: 1, max: 24 }),
  of: fc.integer({ min: 2, max: 5 }),
});

async function storeWith(seed: number, count: number): Promise<EventStore> {
  const store = memoryEventStore({ now: () => at });
  for (const { patronId, events } of randomAccounts(count, seed)) {
    await store.append({ institution, patronId }, events, { expectedVersion: 0 });
  }
  return store;
}

const shardsOf = (of: number): readonly Shard[] => Array.from({ length: of }, (_, index) => ({ index, of }));

async function listed<Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}

/** The items, each as text, without order: shares run in any order. */
const bag = (items: readonly unknown[]) => items.map((item) => JSON.stringify(item)).sort();

/** Sums reports: numbers and amounts are added, other fields must be equal, lists and samples are joined. */
function added(reports: readonly unknown[]): unknown {
  const [first] = reports;
  if (typeof first === 'number') return (reports as number[]).reduce((sum, number) => sum + number, 0);
  if (typeof first === 'string' && /^-?\d+(\.\d+)?$/.test(first)) {
    return (reports as string[]).reduce((sum, amount) => sum + Math.round(Number(amount) * 1000), 0);
  }
  if (Array.isArray(first)) return bag((reports as unknown[][]).flat());
  if (typeof first !== 'object' || first === null) {
    expect(new Set(reports).size).toBe(1);
    return first;
  }
  const names = new Set(reports.flatMap((report) => Object.keys(report as object)));
  return Object.fromEntries(
    [...names]
      // The last event of the whole is in one share.
      .filter((name) => name !== 'recordedBefore')
      .sort()
      .map((name) => [
        name,
        added(
          reports
            .map((report) => (report as Record<string, unknown>)[name])
            .filter((value) => value !== undefined),
        ),
      ]),
  );
}

const folder = mkdtempSync(join(tmpdir(), 'patron-fees-shards-'));

afterAll(() => rmSync(folder, { recursive: true }));

describe('the reports of all shares add up to the whole', () => {
  it.each([
    {
      title: 'payment plans behind',
      run: (store: EventStore, shard?: Shard) =>
        listed(runPlansBehind(store, policy, { institution, on: '2100-01-01' }, shard && { shard })),
      fields: ['plan'],
    },
    {
      title: 'payments list',
      run: async (store: EventStore, shard?: Shard) => {
        const findings: unknown[] = [];
        const form = { institution, timeZone: 'UTC', from: '2000-01-01', through: '2100-01-01' };
        const onFinding = (finding: unknown) => void findings.push(finding);
        const lines = await listed(
          runPaymentsList(store, policy, form, { onFinding, ...(shard && { shard }) }),
        );
        return [...lines, ...findings] as readonly object[];
      },
      fields: ['method', 'code'],
    },
    {
      title: 'audit trail',
      run: (store: EventStore, shard?: Shard) =>
        listed(
          runAuditTrail(
            store,
            policy,
            { institution, timeZone: 'UTC', from: '2000-01-01', through: '2100-01-01' },
            shard && { shard },
          ),
        ),
      fields: ['commandId'],
    },
    {
      title: 'debtors',
      run: (store: EventStore, shard?: Shard) =>
        listed(
          runAgedDebtors(
            store,
            policy,
            { institution, timeZone: 'UTC', asOf: '2100-01-01' },
            shard && { shard },
          ),
        ),
      fields: ['owed'],
    },
    {
      title: 'unclaimed credits',
      run: (store: EventStore, shard?: Shard) =>
        listed(
          runUnclaimedCredits(
            store,
            policy,
            { institution, timeZone: 'UTC', asOf: '2100-01-01', idleForDays: 1 },
            shard && { shard },
          ),
        ),
      fields: ['creditId'],
    },
  ])('$title: each line once', async ({ run, fields }) => {
    const seen = new Set<string>();
    await assertVaried(
      fc.asyncProperty(cases, async ({ seed, count: accounts, of }) => {
        const store = await storeWith(seed, accounts);
        const whole: readonly object[] = await run(store);
        const parts = await Promise.all(shardsOf(of).map((shard) => run(store, shard)));
        expect(bag(parts.flat())).toEqual(bag(whole));
        for (const field of whole.flatMap(Object.keys)) seen.add(field);
      }),
      tried(200),
      4,
      // A property over nothing would hold, too.
      () => expect([...seen]).toEqual(expect.arrayContaining(fields)),
    );
  });

  it.each(['csv', 'hledger'] as const)('journal, %s: each entry once, and the same sums', async (format) => {
    const form = { institution, timeZone: 'UTC', format, assertBalances: false } as const;
    const write = async (store: EventStore, shard?: Shard) => {
      const pieces: string[] = [];
      const text = journalText(store, policy, form, shard && { shard });
      for (;;) {
        const { done, value } = await text.next();
        if (done) return { pieces, totals: value };
        pieces.push(value);
      }
    };
    const sums = ({ findings, balances: found, ...counts }: JournalTotals) => ({
      ...counts,
      findings: findings.count,
      balances: Object.fromEntries(
        found.map(({ name, currency, amount }) => [`${name} ${currency}`, amount]),
      ),
    });
    let seen = 0;
    await assertVaried(
      fc.asyncProperty(cases, async ({ seed, count, of }) => {
        const store = await storeWith(seed, count);
        const whole = await write(store);
        const parts = await Promise.all(shardsOf(of).map((shard) => write(store, shard)));
        // Each file has its own heading, list of accounts and numbers of entries; the entries are what is divided.
        const numbers = /,\d+(,(?:"(?:[^"]|"")*"|[^,"\r\n]*),[^,\r\n]*)$/gm;
        const entries = (pieces: readonly string[]) =>
          bag(
            pieces
              .filter((piece) => piece.includes('2027-06-01'))
              .map((piece) => piece.replace(numbers, ',N$1')),
          );
        expect(entries(parts.flatMap(({ pieces }) => pieces))).toEqual(entries(whole.pieces));
        expect(nonZero(added(parts.map(({ totals }) => sums(totals))))).toEqual(
          nonZero(added([sums(whole.totals)])),
        );
        seen += whole.totals.entries;
      }),
      tried(100),
      2,
      () => expect(seen).toBeGreaterThan(0),
    );
  });

  it('notices: each once, to the share of its patron', async () => {
    const telling = definePolicy({
      ...(policies[0] as (typeof policies)[number]),
      blockLimits: { '*': [{ amount: '1' }] },
      notices: { from: '2000-01-01T00:00:00Z', rules: [{ kinds: noticeKinds }] },
    });
    const told = async (accounts: EventStore, shards: readonly (Shard | undefined)[]) => {
      const office = memoryEventStore({ now: () => at, codec: officeEvents });
      const notices: Notice[] = [];
      const run = (shard: Shard | undefined) =>
        runNotices(
          { accounts, office },
          telling,
          { institution, at, on: '2027-06-01' },
          {
            send: (notice) => notices.push(notice),
            patronOf: () => ({ group: 'STUDENT' }),
            ...(shard && { shard }),
          },
        );
      const reports = await Promise.all(shards.map(run));
      return { notices: bag(notices), report: nonZero(added(reports)), again: await run(undefined) };
    };
    const seen = new Set<string>();
    await assertVaried(
      fc.asyncProperty(cases, async ({ seed, count, of }) => {
        const store = await storeWith(seed, count);
        const whole = await told(store, [undefined]);
        expect(await told(store, shardsOf(of))).toEqual(whole);
        // What the shares have sent, a run without shares does not send again.
        expect(whole.again.sent).toBe(0);
        for (const notice of whole.notices) seen.add((JSON.parse(notice) as Notice).kind);
      }),
      tried(100),
      4,
      () => expect([...seen]).toEqual(expect.arrayContaining(['charged', 'paid', 'owed'])),
    );
  });

  it('bursar export and settlement import: each transfer and each settlement once', async () => {
    const form = { jobId: 'export-9', institution, at, fees: {}, credits: {} };
    const exported = async (store: EventStore, shard?: Shard) => {
      // A new file each time: an export compares itself with a file of an earlier run.
      const file = join(mkdtempSync(join(folder, 'export-')), 'export.csv');
      const report = await runBursarExport(store, policy, form, {
        file,
        format: 'csv',
        ...(shard && { shard }),
      });
      const [heading, ...lines] = readFileSync(file, 'utf8').split('\r\n');
      return { report, heading, lines: lines.filter((line) => line !== '') };
    };
    const seen = { exported: 0, settled: 0, findings: 0 };
    await assertVaried(
      fc.asyncProperty(cases, fc.array(fc.nat(40), { maxLength: 12 }), async ({ seed, count, of }, picks) => {
        const [one, shared] = [await storeWith(seed, count), await storeWith(seed, count)];
        const whole = await exported(one);
        const parts = [];
        for (const shard of shardsOf(of)) parts.push(await exported(shared, shard));
        expect(new Set(parts.map(({ heading }) => heading))).toEqual(new Set([whole.heading]));
        expect(bag(parts.flatMap(({ lines }) => lines))).toEqual(bag(whole.lines));
        expect(added(parts.map(({ report }) => report))).toEqual(added([whole.report]));
        seen.exported += whole.lines.length;

        const source = { rows: await answersTo(one, picks) };
        const settlement = { jobId: 'answer-9', institution, at, source };
        const settled = await runSettlementImport(one, policy, settlement);
        const shares = [];
        for (const shard of shardsOf(of)) {
          shares.push(await runSettlementImport(shared, policy, settlement, { shard }));
        }
        expect(added(shares)).toEqual(added([settled]));
        expect(settled.rows).toBe(source.rows.length);
        seen.settled += settled.rowsBookedNow;
        seen.findings += settled.findings.count;
        expect(await balancesIn(shared)).toEqual(await balancesIn(one));
      }),
      tried(100),
      6,
      () => {
        for (const [name, count] of Object.entries(seen)) expect(count, name).toBeGreaterThan(0);
      },
    );
  });
});

/** Sums without those that are zero, which a share does not have if it has no entry for them. */
function nonZero(sums: unknown): unknown {
  return JSON.parse(JSON.stringify(sums, (_, value) => (value === 0 ? undefined : value)));
}

/** Rows that answer some of the transfers of the export, and rows that answer nothing. */
async function answersTo(store: EventStore, picks: readonly number[]) {
  const references: string[] = [];
  for (const { event, patronId } of (await store.readAll()).events) {
    if (event.type !== 'FeeTransferred' || event.data.batchId !== 'export-9') continue;
    references.push(bursarReference({ patronId, transferId: event.data.transferId }));
  }
  const rows = picks.map((pick, index) => ({
    reference: references[pick] ?? (pick % 2 === 0 ? 'no reference' : `nobody${pick}@export-9`),
    amount: `${pick % 7}.5`,
    paymentReference: `B-${index}`,
  }));
  return rows;
}

async function balancesIn(store: EventStore) {
  const all = [];
  for (const stream of (await store.accounts()).accounts) {
    const { account } = await loadAccount(store, stream);
    all.push([stream.patronId, account.eventCount, balancesInMinorUnits(account)]);
  }
  return all;
}
