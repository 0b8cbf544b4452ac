import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type EventStore, execute } from '../../src/history/index.js';
import { balancesInMinorUnits } from '../../src/index.js';
import { journal } from '../../src/jobs/reports/index.js';
import { ask, assess, at } from '../support/account.js';
import {
  accountOf,
  expecting,
  type ImportSetup,
  institution,
  runImport,
  storeOf,
  temporaryFolder,
} from './bursarLibrary.js';

const sent = () =>
  storeOf({
    a: [assess('f1', '123.45'), ask('TransferFees', 'job', { eligible: { fees: {} } })],
    b: [
      assess('f1', '300.00'),
      ask('IssueCredit', 'c1', { amount: '5.00', cause: 'imported' }),
      ask('TransferFees', 'job', { eligible: { fees: {}, credits: {} } }),
    ],
  });

function csv(...rows: readonly string[]) {
  const file = join(temporaryFolder(), 'answer.csv');
  writeFileSync(file, ['reference,amount,paymentReference', ...rows, ''].join('\r\n'));
  return { file, format: 'csv' } as const;
}

/** Imports a file under its own job. */
const book = (store: EventStore, jobId: string, rows: readonly string[], more: Partial<ImportSetup> = {}) =>
  runImport(store, expecting, csv(...rows), { jobId, at, institution, ...more });

const pendingOf = async (store: EventStore, patronId: string) =>
  balancesInMinorUnits(await accountOf(store, patronId)).transferred;

const settlementOf = async (store: EventStore, patronId: string, index = 0) =>
  (await accountOf(store, patronId)).settlements[index]?.settlementId as string;

it('a bounced payment is pending again, however often its file is imported', async () => {
  const store = await sent();
  await book(store, 'march', ['a@job,23.45,B-1', 'a@job,100,B-2', 'b@job,300,B-3', 'b@job#1,-5,B-4']);
  expect([await pendingOf(store, 'a'), await pendingOf(store, 'b')]).toEqual([0, 0]);

  const rows = ['a@job,-100,B-2', 'b@job#1,5,B-4'];
  const bounced = await book(store, 'april', rows);
  expect(bounced).toMatchObject({
    rowsBookedNow: 2,
    fees: { count: 0 },
    reversed: { count: 2, amount: '105.00' },
    findings: { count: 0 },
  });
  expect([await pendingOf(store, 'a'), await pendingOf(store, 'b')]).toEqual([10_000, -500]);
  expect((await accountOf(store, 'a')).transfers[0]).toMatchObject({ settled: 2_345 });

  expect(await book(store, 'april', rows)).toEqual({ ...bounced, rowsBookedNow: 0 });
  const repeated = await book(store, 'april again', [...rows].reverse());
  expect(repeated).toMatchObject({ rowsBookedNow: 0, findings: { byCode: { REPEATED: 2 } } });
  expect(repeated.findings.first.map(({ bookedBy }) => bookedBy)).toEqual(['april/2', 'april/1']);
});

it('a surplus is withdrawn first; once it was used, a bounced payment is refused', async () => {
  const store = await sent();
  await book(store, 'march', ['b@job,301.45,B-1']);
  expect(await book(store, 'april', ['b@job,-2.00,B-1'])).toMatchObject({
    reversed: { count: 1, amount: '0.55' },
    findings: { count: 0 },
  });
  expect(await pendingOf(store, 'b')).toBe(55 - 500);
  expect((await accountOf(store, 'b')).credits.at(-1)).toMatchObject({ cause: 'settlement', withdrawn: 145 });

  const used = await sent();
  await book(used, 'march', ['b@job,301.45,B-1']);
  const creditId = (await accountOf(used, 'b')).credits.at(-1)?.creditId as string;
  const refund = ask('RefundCredit', 'paid-out', { creditId, method: 'CASH' });
  await execute(used, expecting, { institution, patronId: 'b' }, refund);
  expect(await book(used, 'april', ['b@job,-301.45,B-1'])).toMatchObject({
    rowsBookedNow: 0,
    findings: { first: [{ code: 'REFUSED', rejection: { type: 'CreditInUse', creditId } }] },
  });
});

it('a corrected file after a wrong one is booked, once, if its form allows it', async () => {
  const store = await sent();
  const wrong = ['a@job,123.45,B-1', 'b@job,300,B-2'];
  const corrected = ['a@job,23.45,B-1', 'b@job,300,B-2'];
  await book(store, 'march', wrong);
  const undo = ask('ReverseSettlement', 'undo', { settlementId: await settlementOf(store, 'a') });
  await execute(store, expecting, { institution, patronId: 'a' }, undo);
  expect(await pendingOf(store, 'a')).toBe(12_345);

  const stopped = await book(store, 'march corrected', corrected);
  expect(stopped).toMatchObject({
    rowsBookedNow: 0,
    fees: { count: 0 },
    findings: { byCode: { REVERSED_SINCE: 1, REPEATED: 1 } },
  });
  expect(stopped.findings.first[0]?.message).toContain(await settlementOf(store, 'a'));
  expect(await book(store, 'march', wrong)).toMatchObject({
    rowsBookedNow: 0,
    findings: { byCode: { REVERSED_SINCE: 1 } },
  });

  const done = await book(store, 'march corrected', corrected, { bookReversed: true });
  expect(done).toMatchObject({
    rowsBookedNow: 1,
    fees: { count: 1, amount: '23.45' },
    findings: { byCode: { REPEATED: 1 } },
  });
  expect(await pendingOf(store, 'a')).toBe(10_000);
  expect(await book(store, 'march corrected', corrected, { bookReversed: true })).toEqual({
    ...done,
    rowsBookedNow: 0,
  });
  const { settlements } = await accountOf(store, 'a');
  expect(settlements.map(({ amount }) => amount)).toEqual([12_345, 2_345]);
});

it('the journal of payments booked, bounced and booked again sums to zero, with the final settlement', async () => {
  const store = await sent();
  await book(store, 'march', ['a@job,124.00,B-1']);
  await book(store, 'april', ['a@job,-124.00,B-1']);
  await book(store, 'may', ['a@job,100.00,B-1'], { bookReversed: true });
  const { events } = await store.read({ institution, patronId: 'a' });
  const entries = [...journal(events.map(({ event }) => event))];
  const totals = new Map<string, number>();
  for (const { postings } of entries) {
    expect(postings.reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(0);
    for (const { account, amountMinor } of postings) {
      totals.set(account.join(':'), (totals.get(account.join(':')) ?? 0) + amountMinor);
    }
  }
  expect(totals.get('settled')).toBe(10_000);
  expect(totals.get('transferred')).toBe(2_345);
  expect(totals.get('credits:refundable')).toBe(0);
  expect(totals.get('settlementSurplus')).toBe(0);
});
