import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type ErasingEventStore, execute, loadAccount } from '../../../src/history/index.js';
import {
  type AccountEvent,
  balancesInMinorUnits,
  creditStatus,
  definePolicy,
  feeStatus,
  formatAmount,
  isAccruing,
  type PatronAccount,
} from '../../../src/index.js';
import {
  type PurgedAccount,
  type PurgeResult,
  planPurge,
  runPurge,
  runRetention,
} from '../../../src/jobs/index.js';
import { journal } from '../../../src/jobs/reports/index.js';
import { accountsOf } from '../../../src/patron/index.js';
import type { MergedAccounts } from '../../../src/testing/index.js';
import { household, paymentPlans } from '../../../src/views/index.js';
import { ask, pay } from '../../support/account.js';
import { institution, mergedAccounts, patron, storeOf } from '../../support/mergedGroups.js';
import { assertVaried, tried } from '../../support/seeded.js';
import { storeWith } from '../../support/stores.js';

const policy = definePolicy({ currency: 'USD' });
const by = { userId: 'mo', roles: ['USER_MANAGER'] };
const retention = { institution, at: '2099-01-01T00:00:00Z', by, settledForDays: 365 };
/** The plan was made before the events of the purge were recorded. */
const withoutTime = (result: PurgeResult) =>
  result.accepted ? { ...result.report, recordedBefore: null } : result;

const purge = { ...retention, jobId: 'purge', timeZone: 'UTC' };
const comment = 'Ada was in hospital';

/** Returns the ids of the fees and credits that are still open. */
function openRows(account: PatronAccount): readonly string[] {
  const running = paymentPlans(account, policy, { on: '2099-01-01' }).filter(
    ({ status }) => status === 'running',
  );
  const planned = new Set(running.flatMap(({ fees }) => fees.map(({ feeId }) => feeId)));
  const isOpen = (fee: PatronAccount['fees'][number]) =>
    feeStatus(fee) !== 'closed' || isAccruing(fee) || planned.has(fee.feeId);
  return [
    ...account.fees.filter(isOpen).map(({ feeId }) => feeId),
    ...account.credits
      .filter((credit) => creditStatus(account, credit) !== 'closed')
      .map(({ creditId }) => creditId),
  ];
}

/** Returns the accounts with a text in every event. */
function secret({ accounts, ...rest }: MergedAccounts): MergedAccounts {
  const withText = (event: AccountEvent) =>
    ({ ...event, data: { ...event.data, comment, staffNote: comment } }) as AccountEvent;
  return { ...rest, accounts: accounts.map((one) => ({ ...one, events: one.events.map(withText) })) };
}

/** Returns a store in which one write fails. */
function failingAt(store: ErasingEventStore, write: number): ErasingEventStore {
  let left = write;
  const cut =
    <Given extends unknown[], Result>(act: (...given: Given) => Promise<Result>) =>
    async (...given: Given): Promise<Result> => {
      left -= 1;
      if (left < 0) throw new Error('power cut');
      return act(...given);
    };
  return storeWith(store, { purge: cut(store.purge), redact: cut(store.redact) });
}

const few = mergedAccounts({ policies: [policy], maxCommands: 3 });

/** Pays what can be paid in an account, and cancels its credits. */
async function settle(store: ErasingEventStore, patronId: string): Promise<void> {
  const { account } = await loadAccount(store, patron(patronId));
  const { payable } = balancesInMinorUnits(account);
  if (payable > 0 && payable < 10 ** 12)
    await execute(store, policy, patron(patronId), pay('settle', formatAmount(payable, 2)));
  for (const { creditId } of account.credits)
    await execute(store, policy, patron(patronId), ask('CancelCredit', `not ${creditId}`, { creditId }));
}

it('a purge removes a whole group or nothing, depending on all its accounts, even if it is killed (property)', async () => {
  const seen = { groups: 0, kept: 0, killedHalfway: 0 };
  await assertVaried(
    fc.asyncProperty(few, fc.array(fc.nat(2), { maxLength: 4 }), fc.nat(7), async (given, kills, spared) => {
      const store = await storeOf(given);
      for (const [index, { patronId }] of given.accounts.entries())
        if (index !== spared) await settle(store, patronId);
      const accountOf = async (patronId: string) => (await loadAccount(store, patron(patronId))).account;
      const isPurged = async (patronId: string) =>
        (await store.read(patron(patronId))).events[0]?.event.type === 'AccountPurged';
      const rules = [];
      for (const patronIds of given.groups) {
        const accounts = await Promise.all(patronIds.map(accountOf));
        // A total of a month has at most twelve digits, as any amount.
        if (accounts.some(({ turnover }) => turnover >= 10 ** 12)) return;
        rules.push({ patronIds, isSettled: accounts.every((account) => openRows(account).length === 0) });
      }
      const read = async ({ patronId }: { patronId: string }) => {
        return { patronId, version: (await store.read(patron(patronId))).version };
      };
      const versions = await Promise.all(given.accounts.map(read));
      const entries: PurgedAccount[] = [];
      const onAccount = (account: PurgedAccount) => void entries.push(account);
      const plan = await planPurge(store, policy, purge, { onAccount, now: purge.at });
      for (const write of kills) {
        await runPurge(failingAt(store, write), policy, purge, { concurrency: 1, now: purge.at }).catch(
          (error: Error) => expect(error.message).toBe('power cut'),
        );
        for (const { patronIds, isSettled } of rules) {
          const purged = await Promise.all(patronIds.map(isPurged));
          if (!isSettled) expect(purged).not.toContain(true);
          const left = patronIds.filter((_, index) => purged[index] !== true);
          if (left.length > 0 && left.length < patronIds.length) {
            seen.killedHalfway += 1;
            // Those that are left still know each other.
            const group = await accountsOf(store, patron(left[0] as string));
            expect(group.map(({ patronId }) => patronId)).toEqual(left);
          }
        }
      }
      const result = await runPurge(store, policy, purge, { now: purge.at });
      for (const { patronIds, isSettled } of rules) {
        const used = versions.filter(({ patronId, version }) => patronIds.includes(patronId) && version > 0);
        for (const { patronId, version } of used) {
          expect(await isPurged(patronId), patronId).toBe(isSettled);
          const entry = entries.find((one) => one.patronId === patronId);
          expect(entry?.events).toBe(isSettled ? version : 0);
          expect(entry?.because === null).toBe(isSettled);
        }
        if (used.length > 1) seen[isSettled ? 'groups' : 'kept'] += 1;
      }
      if (kills.length === 0) expect(withoutTime(result)).toEqual(withoutTime(plan));
    }),
    tried(1_000),
    100,
    () => {
      for (const [name, count] of Object.entries(seen)) expect(count, name).toBeGreaterThan(0);
    },
  );
});

it('retention leaves no texts of settled rows in any account of a group, and changes no sum, wherever it is killed (property)', async () => {
  let erased = 0;
  await assertVaried(
    fc.asyncProperty(
      mergedAccounts({ policies: [policy] }),
      fc.array(fc.nat(4), { maxLength: 3 }),
      async (given, kills) => {
        const store = await storeOf(secret(given));
        const facts = async () => {
          const list = [];
          for (const patronIds of given.groups) {
            const group = await accountsOf(store, patron(patronIds[0] as string));
            const isOurs = group.every(({ account }) => (account.currency ?? 'USD') === 'USD');
            const entries = [];
            for (const { patronId } of group) {
              const { events } = await store.read(patron(patronId));
              entries.push([...journal(events.map(({ event }) => event))].map(({ postings }) => postings));
            }
            list.push({
              patronIds: group.map(({ patronId }) => patronId),
              sums: isOurs && household(group, policy).total,
              balances: group.map(({ account }) => balancesInMinorUnits(account)),
              entries,
            });
          }
          return list;
        };
        const before = await facts();
        for (const write of kills)
          await runRetention(failingAt(store, write), policy, retention, { concurrency: 1 }).catch(
            (error: Error) => expect(error.message).toBe('power cut'),
          );
        const result = await runRetention(store, policy, retention);
        expect(await facts()).toEqual(before);
        for (const { patronId } of given.accounts) {
          const { account } = await loadAccount(store, patron(patronId));
          const open = new Set(openRows(account));
          for (const { feeId, shortfallCreditId, transactions } of account.fees) {
            // Its texts are also those of the credit that it comes from.
            if (shortfallCreditId !== null) continue;
            expect(transactions[0]?.comment, feeId).toBe(open.has(feeId) ? comment : null);
            if (!open.has(feeId)) erased += 1;
          }
          const { events } = await store.read(patron(patronId));
          for (const { event } of events)
            if (/^Account(Merged|Joined|Separated)$/.test(event.type))
              expect(event.data).not.toHaveProperty('comment');
          if (open.size === 0) expect(JSON.stringify(events)).not.toContain('hospital');
        }
        expect(await runRetention(store, policy, retention)).toMatchObject({
          report: { ...(result.accepted && result.report), changed: 0, events: 0 },
        });
      },
    ),
    tried(200),
    20,
    () => expect(erased).toBeGreaterThan(5),
  );
});
