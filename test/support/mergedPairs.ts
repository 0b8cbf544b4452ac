import fc from 'fast-check';
import { expect } from 'vitest';
import { bursarReference, runSettlementImport } from '../../src/bursar/index.js';
import { type EventStore, loadAccount, memoryEventStore } from '../../src/history/index.js';
import {
  type AccountEvent,
  balancesInMinorUnits,
  type Command,
  decide,
  type FeePolicy,
  fold,
  formatAmount,
  minorDigits,
  type PatronAccount,
} from '../../src/index.js';
import { journal, journalViolations, runAgedDebt, runPaymentsReport } from '../../src/jobs/reports/index.js';
import { accountsOf, mergeAccounts, separateAccounts } from '../../src/patron/index.js';
import { undoingOf } from '../../src/testing/laws/undoing.js';
import { household } from '../../src/views/index.js';
import { cutAfter } from './merging.js';
import { anyPolicy, eventsOf, type Move, moves, runMoves } from './stories.js';

const at = '2026-06-01T09:00:00Z';

/** Two random accounts of one policy, and after which event each call is interrupted. */
export type Pair = {
  readonly policy: FeePolicy;
  readonly from: readonly Move[];
  readonly into: readonly Move[];
  readonly cut: number;
};

export const pairs: fc.Arbitrary<Pair> = fc.record({
  policy: anyPolicy,
  from: moves(12),
  into: moves(12),
  cut: fc.nat(2),
});

type LaterCommand = { readonly command: Command; readonly account: 'from' | 'into' };

/**
 * Checks a merge and its separation of two random accounts in a store: no figure of the institution changes, nor does
 * any answer to what was done before.
 *
 * @param institution - one without accounts
 * @returns how many undos, webhooks and late answers were compared
 */
export async function checkPair(store: EventStore, institution: string, { policy, cut, ...lists }: Pair) {
  const from = { institution, patronId: 'from' };
  const into = { institution, patronId: 'into' };
  const histories = {
    from: eventsOf(runMoves(lists.from, policy)),
    into: eventsOf(runMoves(lists.into, policy)),
  };
  // A policy of another time or place decided the first command.
  const currencies = Object.values(histories).map((history) => fold(history).currency ?? policy.currency);
  if (currencies.some((currency) => currency !== policy.currency)) return { undos: 0, webhooks: 0, late: 0 };
  await store.append(from, histories.from, { expectedVersion: 0 });
  await store.append(into, histories.into, { expectedVersion: 0 });
  const commands = (['from', 'into'] as const).flatMap((account) =>
    laterCommands(histories[account]).map((command) => ({ command, account })),
  );
  const accounts = async () => ({
    from: (await loadAccount(store, from)).account,
    into: (await loadAccount(store, into)).account,
  });
  const facts = async () => {
    const both = await accounts();
    return {
      rows: [rowsOf(both.from), rowsOf(both.into)],
      reports: await reportsOf(store, institution, policy),
      answers: commands.map(({ command, account }) => decide(command, both[account], policy)),
    };
  };
  const before = await facts();
  const merge = { from, into, id: 'the merge', at };
  if (cut < 2) {
    await expect(mergeAccounts(cutAfter(store, cut), policy, merge)).rejects.toThrow('power cut');
    expect(await facts()).toEqual(before);
  }
  expect(await mergeAccounts(store, policy, merge)).toEqual({ accepted: true, written: 2 - (cut % 2) });
  expect(await facts()).toEqual(before);
  const group = await accountsOf(store, from);
  expect(group.map(({ patronId }) => patronId)).toEqual(['into', 'from']);
  const sum = group.reduce((total, { account }) => total + balancesInMinorUnits(account).active, 0);
  const { total } = household(group, policy);
  const active = formatAmount(Math.abs(sum), minorDigits(policy.currency) as number);
  expect(total.active).toBe(sum < 0 ? `-${active}` : active);
  const late = await answerLate(store, institution, policy, histories);
  const end = { from, mergeId: merge.id, at };
  const now = await facts();
  if (cut < 2) {
    await expect(separateAccounts(cutAfter(store, cut), policy, end)).rejects.toThrow('power cut');
    expect(await facts()).toEqual(now);
  }
  expect(await separateAccounts(store, policy, end)).toEqual({ accepted: true, written: 2 - (cut % 2) });
  expect(await facts()).toEqual(now);
  for (const stream of [from, into]) {
    const events = (await store.read(stream)).events.map(({ event }) => event);
    expect(journalViolations(events)).toEqual([]);
  }
  return { ...countsOf(commands, before.answers), late };
}

/** Returns the commands that may follow a history: every undo, and every payment that a provider reports again. */
function laterCommands(history: readonly AccountEvent[]): readonly Command[] {
  return history.flatMap((event, index) => {
    const undo = undoingOf(event, `undo ${index}`) ?? [];
    const webhook = event.type === 'PaymentReceived' ? webhookOf(event, `webhook ${index}`) : [];
    return [undo, webhook].flat();
  });
}

function webhookOf({ data }: Extract<AccountEvent, { type: 'PaymentReceived' }>, id: string): Command[] {
  const { externalTransactionId, feesNamed, amount, method } = data;
  if (externalTransactionId === undefined) return [];
  const fees = feesNamed === undefined || feesNamed.length === 0 ? {} : { feeIds: feesNamed };
  return [{ type: 'ReceivePayment', id, amount, method, externalTransactionId, ...fees, at }];
}

/** Returns all rows and figures of an account, without its merges. */
function rowsOf({ merges, mergedInto, ids, eventCount, ...rest }: PatronAccount) {
  return rest;
}

/** Returns what the reports of the institution say, without how many accounts they read, and until when. */
async function reportsOf(store: EventStore, institution: string, policy: FeePolicy) {
  const day = { institution, timeZone: 'UTC' };
  const { accounts, recordedBefore, ...aged } = await runAgedDebt(store, policy, {
    ...day,
    asOf: '2027-01-01',
  });
  const paid = await runPaymentsReport(store, policy, { ...day, from: '2020-01-01', through: '2030-01-01' });
  const {
    accounts: _paidAccounts,
    recordedBefore: _recorded,
    ...payments
  } = paid as typeof paid & { accounts?: number };
  const ledger = new Map<string, bigint>();
  for (const stream of (await store.accounts({ institution })).accounts) {
    const events = (await store.read(stream)).events.map(({ event }) => event);
    for (const { postings, currency } of journal(events)) {
      for (const { account, amountMinor } of postings) {
        const key = JSON.stringify([currency, account]);
        ledger.set(key, (ledger.get(key) ?? 0n) + BigInt(amountMinor));
      }
    }
  }
  return { aged, payments, ledger };
}

/** Lets the bursar pay every pending transfer, in this store and in one in which nothing was merged. */
async function answerLate(
  store: EventStore,
  institution: string,
  policy: FeePolicy,
  histories: Readonly<Record<string, readonly AccountEvent[]>>,
): Promise<number> {
  const apart = memoryEventStore({ now: () => at });
  const rows: { reference: string; amount: string; paymentReference: string }[] = [];
  for (const [patronId, history] of Object.entries(histories)) {
    const stream = { institution, patronId };
    await apart.append(stream, history, { expectedVersion: 0 });
    const { account } = await loadAccount(apart, stream);
    for (const { transferId, feeId, amount } of account.transfers) {
      const sign = feeId === null ? '-' : '';
      const reference = bursarReference({ patronId, transferId });
      const row = { reference, amount: `${sign}${formatAmount(amount, account.minorDigits)}` };
      rows.push({ ...row, paymentReference: `B-${rows.length}` });
    }
  }
  const form = () => ({ jobId: 'late answer', institution, at, source: { rows: [...rows] } });
  const report = await runSettlementImport(store, policy, form());
  const { recordedBefore } = report;
  expect(report).toEqual({ ...(await runSettlementImport(apart, policy, form())), recordedBefore });
  for (const patronId of Object.keys(histories)) {
    const stream = { institution, patronId };
    const here = (await loadAccount(store, stream)).account;
    expect(rowsOf(here)).toEqual(rowsOf((await loadAccount(apart, stream)).account));
  }
  return report.rowsBookedNow;
}

function countsOf(commands: readonly LaterCommand[], answers: readonly ReturnType<typeof decide>[]) {
  const accepted = commands.filter((_, index) => answers[index]?.accepted === true);
  const webhooks = accepted.filter(({ command }) => command.type === 'ReceivePayment').length;
  return { undos: accepted.length - webhooks, webhooks };
}
