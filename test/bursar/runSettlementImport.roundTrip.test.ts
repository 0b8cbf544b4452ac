import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { BursarExportReport } from '../../src/bursar/index.js';
import { type EventStore, memoryEventStore } from '../../src/history/index.js';
import {
  balancesInMinorUnits,
  type Command,
  definePolicy,
  type FeePolicy,
  formatAmount,
} from '../../src/index.js';
import { assess, at } from '../support/account.js';
import { assertVaried, tried } from '../support/seeded.js';
import { anyPolicy, eventsOf, hostileNames, moves, runMoves } from '../support/stories.js';
import {
  accountOf,
  expecting,
  institution,
  rowsOf,
  runExport,
  runImport,
  storeOf,
  temporaryFolder,
} from './bursarLibrary.js';

const formats = ['csv', 'alma-xml'] as const;

/** Patrons with misleading names. */
const names = [
  '__proto__',
  '=1+1',
  '-5',
  'a@b',
  "o'b",
  '\u{1F4DA} é',
  '<&>',
  '\u0001',
  'p,"q"\r\n',
  '17',
] as const;

/** A store with the events of one story for each patron. */
async function storeOfStories(stories: readonly Parameters<typeof runMoves>[0][], policy: FeePolicy) {
  const store = memoryEventStore({ now: () => at });
  for (const [index, story] of stories.entries()) {
    const events = eventsOf(runMoves(story, policy, hostileNames));
    await store.append({ institution, patronId: names[index] ?? `p${index}` }, events, {
      expectedVersion: 0,
    });
  }
  return store;
}

async function pendingOfJob(store: EventStore, jobId: string): Promise<number> {
  const { accounts } = await store.accounts();
  let pending = 0;
  for (const { patronId } of accounts) {
    for (const { batchId, amount, settled, recalled } of (await accountOf(store, patronId)).transfers) {
      if (batchId === jobId) pending += amount - settled - recalled;
    }
  }
  return pending;
}

const stories = fc.array(moves(15), { minLength: 1, maxLength: 4, size: 'max' });

it.each(formats)('payments in full are settled to the cent, for any accounts (%s)', async (format) => {
  let rows = 0;
  await assertVaried(
    fc.asyncProperty(stories, anyPolicy, async (all, policy) => {
      const store = await storeOfStories(all, policy);
      const file = join(temporaryFolder(), 'export');
      const form = { jobId: 'job/<&> 1', at, institution, fees: {}, credits: {}, expectsSettlement: true };
      const exported = await runExport(store, policy, { ...form, file, format });
      expect(await pendingOfJob(store, form.jobId)).toBeGreaterThanOrEqual(exported.fees.count);
      const { transferred } = await sums(store);
      // The file itself is an answer: everything was paid to the bursar.
      const answer = { jobId: 'answer', at, institution };
      const settled = await runImport(store, policy, { file, format }, answer);
      expect(settled).toMatchObject({
        fees: exported.fees,
        credits: exported.credits,
        overpaid: { count: 0 },
      });
      expect(settled.findings.count).toBe(0);
      expect(await pendingOfJob(store, form.jobId)).toBe(0);
      expect(BigInt(transferred - (await sums(store)).transferred)).toBe(netOf(exported));
      rows += exported.fees.count + exported.credits.count;
    }),
    tried(60),
    10,
    () => expect(rows).toBeGreaterThan(10),
  );
});

async function sums(store: EventStore) {
  let transferred = 0;
  for (const { patronId } of (await store.accounts()).accounts)
    transferred += balancesInMinorUnits(await accountOf(store, patronId)).transferred;
  return { transferred };
}

const netOf = ({ net }: BursarExportReport) => BigInt(net.replace('.', ''));

it('partial payments and overpayments become pending, settled and credited amounts, to the cent', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 99_999 }), fc.integer({ min: 1, max: 150_000 })), {
        minLength: 1,
        maxLength: 20,
      }),
      async (fees) => {
        const commands = fees.map(([amount], index): Command => assess(`f${index}`, formatAmount(amount, 2)));
        const store = await storeOf({ a: commands });
        const file = join(temporaryFolder(), 'export.csv');
        await runExport(store, expecting, {
          jobId: 'job',
          at,
          institution,
          fees: {},
          file,
          format: 'csv',
        });
        const rows = rowsOf(file).map(({ reference = '' }, index) => ({
          reference,
          amount: formatAmount(fees[index]?.[1] ?? 0, 2),
        }));
        const report = await runImport(store, expecting, { rows }, { jobId: 'answer', at, institution });
        const sum = (of: (owed: number, paid: number) => number) =>
          fees.reduce((total, [owed, paid]) => total + of(owed, paid), 0);
        expect(report.fees.amount).toBe(formatAmount(sum(Math.min), 2));
        expect(report.overpaid.amount).toBe(
          formatAmount(
            sum((owed, paid) => Math.max(0, paid - owed)),
            2,
          ),
        );
        const account = await accountOf(store, 'a');
        expect(balancesInMinorUnits(account).transferred).toBe(sum((owed, paid) => Math.max(0, owed - paid)));
        expect(0 - balancesInMinorUnits(account).active).toBe(sum((owed, paid) => Math.max(0, paid - owed)));
      },
    ),
    tried(100),
  );
});

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }).filter((text) => !text.includes('\u0000')),
  fc.constantFrom(
    '=HYPERLINK("http://x")',
    '@SUM(1)',
    '<!DOCTYPE x>',
    ']]>',
    '"',
    '\r\n',
    '\u001b',
    '\ufffe',
    '😀',
    "'; drop table",
  ),
);

it.each(formats)(
  'titles and names of any kind neither break the file nor change an amount (%s)',
  async (format) => {
    await fc.assert(
      fc.asyncProperty(hostile, hostile, hostile, async (title, name, barcode) => {
        const policy = definePolicy({ currency: 'USD', transfers: { expectsSettlement: true } });
        const store = await storeOf(
          { '=1+1': [assess('f1', '123.45', { item: { title, barcode, callNumber: name } })] },
          policy,
        );
        const file = join(temporaryFolder(), 'export');
        const patrons = [{ patronId: '=1+1', name, identifier: title, identifierType: barcode }];
        await runExport(store, policy, {
          jobId: 'job',
          at,
          institution,
          fees: {},
          file,
          format,
          patrons,
        });
        // A byte order mark added by an editor changes nothing.
        writeFileSync(file, `\ufeff${readFileSync(file, 'utf8')}`);
        const report = await runImport(store, policy, { file, format }, { jobId: 'answer', at, institution });
        expect(report).toMatchObject({ fees: { count: 1, amount: '123.45' }, findings: { count: 0 } });
      }),
      tried(100),
    );
  },
);
