// What an auditor found in a year of books, each as it was reproduced. That nothing can be removed or changed unnoticed is in
// test/seals/manipulations.test.ts.
import { execute, memoryEventStore } from 'patron-fees/history';
import { runPurge } from 'patron-fees/jobs';
import { issueReceipt } from 'patron-fees/office';
import { type JournalForm, journalText, runAdjustments, runUnclaimedCredits } from 'patron-fees/reports';
import { expect, it } from 'vitest';
import type { Command } from '../../src/index.js';
import { type Books, emptyBooks, found, institution, seal, sealed, timeZone } from '../seals/sealedBooks.js';
import { policyWith } from '../support/account.js';

const policy = policyWith({
  overpayment: 'credit',
  forfeitAfterDays: 1_095,
  approvals: { WaiveFees: { above: '50.00', roles: ['SUPERVISOR'] } },
});
const patron = { institution, patronId: 'p' };
const ana = { channel: 'desk', userId: 'ana', desk: 'CIRC', library: 'MAIN' } as const;
const fee = { type: 'AssessFee', feeType: 'OTHER', amount: '80.00', owner: 'MAIN' } as const;

/** Records a command when the clock of the store says `now`. */
async function record({ stores, clock }: Books, now: string, command: Command) {
  clock.now = now;
  return (await execute(stores.accounts, policy, patron, command)).decision;
}

/** The text of a journal. */
async function written({ stores }: Pick<Books, 'stores'>, more: Partial<JournalForm> = {}) {
  const form = { institution, format: 'csv', timeZone, ...more } as const;
  const text = journalText(stores.accounts, policy, form);
  let whole = '';
  for (;;) {
    const next = await text.next();
    if (next.done) return { whole, ...next.value };
    whole += next.value;
  }
}

const january = { from: '2026-01-01', through: '2026-01-31' };
const inJanuary = '2026-01-20T15:00:00Z';

it('late entries do not change a byte of the file of a closed month', async () => {
  const books = emptyBooks();
  await record(books, inJanuary, { ...fee, id: 'f1', at: inJanuary });
  await sealed(books, '2026-01');
  const before = await written(books, january);
  const late = { type: 'ReceivePayment', id: 'p1', amount: '5.00', method: 'CASH', at: inJanuary } as const;
  expect((await record(books, '2026-03-05T15:00:00Z', late)).accepted).toBe(true);
  expect(await written(books, january)).toEqual(before);
  expect((await written(books, { from: '2026-03-01', through: '2026-03-31' })).whole).toContain(
    'PaymentReceived',
  );
  expect(await found(books)).toEqual([]);
});

it('a clock that is 12 minutes slow changes no closed month unnoticed', async () => {
  const books = emptyBooks();
  // At 00:11 in New York its clock says 23:59 of the month before: sealed, because a month is sealed only 15 minutes later.
  await record(books, '2026-02-01T04:59:00Z', { ...fee, id: 'f1', at: inJanuary });
  expect(await seal(books, '2026-01', { at: '2026-02-01T05:12:00Z' })).toMatchObject({
    rejection: { type: 'SealTooEarly' },
  });
  expect(await sealed(books, '2026-01', { at: '2026-02-01T05:15:00Z' })).toMatchObject({ events: 1 });
  expect(await found(books)).toEqual([]);
  // What such a clock records after the seal is in the next month; what a slower one or a hand does is found.
  const slower = await record(books, '2026-02-01T04:59:30Z', { ...fee, id: 'f2', at: inJanuary });
  expect(slower.accepted).toBe(true);
  expect(await found(books)).toEqual(['EVENT_ADDED p 2 1']);
  await record(books, '2026-02-01T05:03:00Z', { ...fee, id: 'f3', at: inJanuary });
  expect(await found(books)).toEqual(['EVENT_ADDED p 2 1']);
});

it('the reversal of a payment has a numbered document, and the two documents name each other', async () => {
  const books = emptyBooks();
  const { stores } = books;
  const at = inJanuary;
  await record(books, at, { type: 'ReceivePayment', id: 'p1', amount: '5.00', method: 'CHECK', at });
  const form = { ...patron, series: '2026', at, by: ana } as const;
  const payment = { ...form, kind: 'payment', subjectId: 'p1' } as const;
  expect(await issueReceipt(stores, policy, payment)).toMatchObject({ number: 1, reversed: '0.00' });
  await record(books, at, { type: 'ReversePayment', id: 'bounced', paymentId: 'p1', at });
  const reversal = await issueReceipt(stores, policy, { ...form, kind: 'reversal', subjectId: 'bounced' });
  expect([reversal.number, reversal.amount, reversal.original?.receipt?.number]).toEqual([2, '5.00', 1]);
  const copy = await issueReceipt(stores, policy, payment);
  expect([copy.isCopy, copy.reversed, copy.reversals[0]?.receipt?.number]).toEqual([true, '5.00', 2]);
});

it('a waiver above the amount needs the approval of a second user, and the report of adjustments counts it', async () => {
  const books = emptyBooks();
  await record(books, inJanuary, { ...fee, id: 'f1', at: inJanuary });
  const waiver = {
    type: 'WaiveFees',
    id: 'w1',
    fees: [{ feeId: 'f1' }],
    reason: 'OTHER',
    at: inJanuary,
  } as const;
  expect(await record(books, inJanuary, { ...waiver, by: ana })).toMatchObject({
    rejection: { type: 'ApprovalRequired', above: '50.00' },
  });
  const own = { userId: 'ana', roles: ['SUPERVISOR'] };
  expect((await record(books, inJanuary, { ...waiver, by: ana, approvedBy: own })).accepted).toBe(false);
  const other = { userId: 'mo', roles: ['SUPERVISOR'], upTo: '80.00' };
  expect((await record(books, inJanuary, { ...waiver, by: ana, approvedBy: other })).accepted).toBe(true);
  const { byUser } = await runAdjustments(books.stores, policy, { institution, timeZone, ...january });
  expect(byUser).toMatchObject([
    { user: 'ana', kind: 'waived', amount: '80.00', approved: 1, approvalAbove: '50.00' },
  ]);
});

it('credits that nobody fetched are listed, forfeited with a document, and their account is purged', async () => {
  const books = emptyBooks();
  const { stores } = books;
  const at = '2016-01-20T15:00:00Z';
  await record(books, at, { type: 'ReceivePayment', id: 'p1', amount: '12.00', method: 'CASH', at });
  const form = { institution, timeZone, asOf: '2026-01-20', idleForDays: 1_095 };
  const listed = [];
  for await (const line of runUnclaimedCredits(stores, policy, form)) listed.push(line);
  expect(listed).toMatchObject([{ creditId: 'p1#1', amount: '12.00', payments: [{ paymentId: 'p1' }] }]);
  const forfeit = { type: 'CancelCredit', id: 'k1', creditId: 'p1#1', forfeit: true, by: ana } as const;
  expect((await record(books, inJanuary, { ...forfeit, at: inJanuary })).accepted).toBe(true);
  const document = { ...patron, kind: 'forfeiture', subjectId: 'k1', series: '2026', at, by: ana } as const;
  expect(await issueReceipt(stores, policy, document)).toMatchObject({ number: 1, amount: '12.00' });
  const purge = { jobId: 'purge', institution, at: '2037-06-01T09:00:00Z', timeZone, settledForDays: 3_652 };
  const by = { userId: 'mo', roles: ['USER_MANAGER'] };
  expect(await runPurge(stores, policy, { ...purge, by }, { now: purge.at })).toMatchObject({
    report: { purged: 1 },
  });
});

it('with a chart of accounts by desk, the opening balances after a purge agree for each account', async () => {
  const now = '2016-01-20T15:00:00Z';
  const accounts = memoryEventStore({ now: () => now });
  for (const [patronId, desk] of [
    ['p1', 'CIRC'],
    ['p2', 'LAW'],
    ['p3', undefined],
  ] as const) {
    const by = { channel: 'desk', userId: 'ana', ...(desk && { desk }) } as const;
    await execute(accounts, policy, { institution, patronId }, [
      { ...fee, id: 'f1', at: now },
      { type: 'ReceivePayment', id: 'p1', amount: '80.00', method: 'CASH', at: now, by },
    ]);
  }
  const chart = ['CIRC', 'LAW'].map((desk) => ({ kind: 'cash', desk, account: `1010-${desk}` }) as const);
  const opening = async () =>
    (await written({ stores: { accounts } as never }, { chart, from: '2030-01-01' })).opening;
  const before = await opening();
  expect(before.map(({ name, amount }) => `${name} ${amount}`)).toEqual(
    expect.arrayContaining(['1010-CIRC 80.00', '1010-LAW 80.00']),
  );
  const purge = { jobId: 'purge', institution, at: '2037-06-01T09:00:00Z', timeZone, settledForDays: 3_652 };
  const by = { userId: 'mo', roles: ['USER_MANAGER'] };
  expect(await runPurge(accounts, policy, { ...purge, by }, { now: purge.at })).toMatchObject({
    report: { purged: 3 },
  });
  expect((await opening()).filter(({ amount }) => amount !== '0.00')).toEqual(
    before.filter(({ amount }) => amount !== '0.00'),
  );
});
