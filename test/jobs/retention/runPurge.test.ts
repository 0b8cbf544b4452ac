import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  accountAsOf,
  copyEvents,
  type ErasingEventStore,
  execute,
  loadAccount,
  loadAccountAsOf,
  memoryEventStore,
  openAccount,
  type StreamId,
} from '../../../src/history/index.js';
import { type AccountEvent, balancesInMinorUnits, type Command } from '../../../src/index.js';
import {
  type PurgedAccount,
  type PurgeForm,
  type PurgeJobOptions,
  type PurgeReport,
  planPurge,
  runPurge,
} from '../../../src/jobs/index.js';
import {
  type JournalForm,
  journalText,
  journalViolations,
  runAuditTrail,
} from '../../../src/jobs/reports/index.js';
import { mergeAccounts } from '../../../src/patron/index.js';
import { assess, at, pay, policyWith, waive } from '../../support/account.js';
import { assertVaried, tried } from '../../support/seeded.js';
import { storeWith } from '../../support/stores.js';
import { anyPolicy, eventsOf, moves, runMoves } from '../../support/stories.js';

const policy = policyWith({ overpayment: 'credit' });
const institution = 'north';
const stream: StreamId = { institution, patronId: 'p1' };
const by = { userId: 'mo', roles: ['USER_MANAGER'] };
const form: PurgeForm = {
  jobId: 'purge-2036',
  institution,
  at: '2036-06-01T09:00:00Z',
  by,
  settledForDays: 3_652,
  timeZone: 'Europe/Vienna',
};

/** A store whose clock moves on by 20 days with every append: the events span many months. */
function monthsLong(): ErasingEventStore {
  let time = Date.parse('2016-01-10T10:00:00Z');
  return memoryEventStore({
    now: () => {
      time += 20 * 86_400_000;
      return new Date(time).toISOString();
    },
  });
}

async function filled(accounts: Readonly<Record<string, readonly Command[]>>): Promise<ErasingEventStore> {
  const store = monthsLong();
  for (const [patronId, commands] of Object.entries(accounts)) {
    for (const command of commands) {
      const { decision } = await execute(store, policy, { institution, patronId }, command);
      expect(decision).toMatchObject({ accepted: true });
    }
  }
  return store;
}

async function reportOf(
  store: ErasingEventStore,
  options: PurgeJobOptions = {},
  which: PurgeForm = form,
): Promise<PurgeReport> {
  const result = await runPurge(store, policy, which, { now: which.at, ...options });
  if (!result.accepted) throw new Error(result.rejection.type);
  return result.report;
}

/** The balances at the end of a journal, and its text with sums only. */
async function books(store: ErasingEventStore, more: Partial<JournalForm> = {}) {
  const text = journalText(store, policy, {
    institution,
    format: 'hledger',
    timeZone: 'Europe/Vienna',
    entries: 'monthly',
    ...more,
  });
  let written = '';
  for (;;) {
    const next = await text.next();
    if (next.done)
      return { text: written, opening: sorted(next.value.opening), balances: sorted(next.value.balances) };
    written += next.value;
  }
}

function sorted(
  lines: readonly { readonly name: string; readonly currency: string; readonly amount: string }[],
) {
  return lines
    .filter(({ amount }) => /[1-9]/.test(amount))
    .map(({ name, currency, amount }) => `${currency} ${name} ${amount}`);
}

const settledCommands = [assess('f1', '5.00'), assess('f2', '3.00'), pay('p1', '6.00'), waive('w1', 'f2')];

describe('runPurge', () => {
  it('leaves one event of an account that is settled, with its totals by month', async () => {
    const store = await filled({ p1: settledCommands, open: [assess('f1', '5.00')] });
    const accounts: PurgedAccount[] = [];
    const onAccount = (account: PurgedAccount) => void accounts.push(account);
    const plan = await planPurge(store, policy, form, { onAccount, now: form.at });
    expect((await store.read(stream)).version).toBe(4);
    const report = await reportOf(store, { onAccount });
    expect(plan).toEqual({ accepted: true, report });
    expect(report).toMatchObject({
      accounts: 2,
      purged: 1,
      events: 4,
      kept: { FeeOpen: 1 },
      remaining: null,
    });
    expect(accounts.slice(0, 2)).toEqual(accounts.slice(2));
    const { version, events } = await store.read(stream);
    expect(version).toBe(5);
    const month = { account: ['revenue', 'MAIN', 'OVERDUEFINE'], side: 'credit' };
    expect(events.map(({ event }) => event)).toMatchObject([
      {
        type: 'AccountPurged',
        data: { purgeId: 'purge-2036', events: 4, currency: 'USD', by: { userId: 'mo', channel: 'job' } },
        metadata: { correlationId: 'purge-2036' },
      },
    ]);
    const [left] = events as unknown as [{ event: Extract<AccountEvent, { type: 'AccountPurged' }> }];
    expect(left.event.data.totals).toContainEqual({ month: '2016-01', ...month, amount: '5.00' });
    expect(left.event.data.totals).toContainEqual({
      month: '2016-03',
      account: ['cash', 'CASH'],
      side: 'debit',
      amount: '6.00',
    });
    expect(balancesInMinorUnits((await loadAccount(store, stream)).account).active).toBe(0);
    expect(await reportOf(store)).toMatchObject({ accounts: 1, purged: 0, events: 0, kept: { FeeOpen: 1 } });
  });

  it('records who ordered it and why, for the audit trail', async () => {
    const store = await filled({ p1: settledCommands });
    await reportOf(store, {}, { ...form, reason: 'Ten years' });
    const days = { institution, timeZone: 'UTC', from: '2000-01-01', through: '2999-12-31' };
    const lines = [];
    for await (const line of runAuditTrail(store, policy, { ...days, jobIds: ['purge-2036'] }))
      lines.push(line);
    expect(lines).toMatchObject([
      {
        patronId: stream.patronId,
        events: ['AccountPurged'],
        user: 'mo',
        channel: 'job',
        reason: 'Ten years',
      },
    ]);
  });

  it('keeps the sums and opening balances of every month, for any accounts and a chart by desk', async () => {
    const chart = [
      { kind: 'cash', desk: 'north', account: 'Assets:North' },
      { kind: 'cash', desk: 'south', account: 'Assets:South' },
      { kind: 'revenue', vatPercent: 19, account: 'Income:Taxed' },
    ] as const;
    let purged = 0;
    await assertVaried(
      fc.asyncProperty(
        fc.array(moves(12), { minLength: 1, maxLength: 2 }),
        anyPolicy,
        async (stories, rules) => {
          const store = monthsLong();
          for (const [index, story] of stories.entries()) {
            const id = { institution, patronId: `p${index}` };
            for (const [turn, { data, ...event }] of eventsOf(runMoves(story, rules)).entries()) {
              const { version } = await store.read(id);
              const desk = ['north', 'south', undefined][turn % 3];
              const at = { channel: 'desk', ...(desk && { desk }) } as const;
              const placed = { ...event, data: { ...data, by: at } } as AccountEvent;
              await store.append(id, [placed], { expectedVersion: version });
            }
          }
          const froms = [
            ['2016-05-01', '2016-04-30'],
            ['2040-01-01', '2039-12-31'],
          ] as const;
          const all = async () => {
            const list = [await books(store)];
            for (const [from, through] of froms)
              for (const more of [{}, { chart }])
                list.push(await books(store, { from, ...more }), await books(store, { through, ...more }));
            return list.map(({ opening, balances: end }) => ({ opening, end }));
          };
          const late = { ...form, at: '2099-01-01T00:00:00Z' };
          const plan = await planPurge(store, policy, late, { now: late.at });
          if (!plan.accepted || plan.report.purged === 0) return;
          const before = await all();
          purged += (await reportOf(store, {}, late)).purged;
          expect(await all()).toEqual(before);
          for (const { patronId } of (await store.accounts()).accounts) {
            const { events } = await store.read({ institution, patronId });
            expect(journalViolations(events.map(({ event }) => event))).toEqual([]);
          }
        },
      ),
      tried(2_000),
      300,
      () => expect(purged).toBeGreaterThan(2),
    );
  });

  it('leaves the books unchanged', async () => {
    const store = await filled({ p1: settledCommands });
    const recordedBefore = '2016-04-05T00:00:00Z';
    const before = await books(store, { recordedBefore });
    expect(before.balances).toEqual((await books(store)).balances);
    await reportOf(store);
    expect(await books(store, { recordedBefore })).toEqual(before);
  });

  it('writes the same summary of each month after a purge', async () => {
    const store = await filled({ p1: settledCommands, p2: settledCommands });
    const before = await books(store);
    await reportOf(store);
    expect((await books(store)).text.replaceAll(/\d+ accounts?/g, '')).toBe(
      before.text.replaceAll(/\d+ accounts?/g, ''),
    );
    const each = await books(store, { entries: 'each' });
    expect(each.text).toMatch(/2016-01-31 p1 \| AccountPurged/);
    expect(each.balances).toEqual(before.balances);
  });

  it('starts again for a patron who comes back, and keeps all totals when that account is purged too', async () => {
    const store = await filled({ p1: settledCommands });
    const before = await books(store);
    await reportOf(store);
    const again = await execute(store, policy, stream, assess('f1', '1.00', { at: '2037-01-01T09:00:00Z' }));
    expect(again.version).toBe(6);
    expect((await store.accounts()).accounts).toEqual([stream]);
    await execute(store, policy, stream, pay('p1', '1.00', { at: '2037-01-02T09:00:00Z' }));
    expect(await reportOf(store)).toMatchObject({ purged: 0, kept: { TooRecent: 1 } });
    const middle = await books(store);
    const late = { ...form, at: '2050-01-01T00:00:00Z', jobId: 'purge-2050' };
    expect(await reportOf(store, {}, late)).toMatchObject({ purged: 1, events: 3 });
    expect((await store.read(stream)).version).toBe(8);
    const after = await books(store);
    const withoutNothing = (text: string) => text.replaceAll(/^.* 0\.00 USD.*\n/gm, '');
    expect(withoutNothing(after.text)).toBe(withoutNothing(middle.text));
    expect(after.balances).not.toEqual(before.balances);
  });

  it('keeps a merged account until the accounts joined with it are settled', async () => {
    const store = await filled({ from: settledCommands, into: [assess('g1', '5.00')] });
    const [from, into] = ['from', 'into'].map((patronId) => ({ institution, patronId })) as [
      StreamId,
      StreamId,
    ];
    expect(await mergeAccounts(store, policy, { from, into, id: 'm1', at })).toMatchObject({
      accepted: true,
    });
    const late = { ...form, at: '2060-01-01T00:00:00Z' };
    expect(await reportOf(store, {}, late)).toMatchObject({
      purged: 0,
      kept: { JoinedAccountOpen: 1, FeeOpen: 1 },
    });
    await execute(store, policy, into, pay('p9', '5.00'));
    expect(await reportOf(store, {}, late)).toMatchObject({ purged: 2, kept: {} });
  });

  it('empties an account that was held open with fewer events, once it is refreshed', async () => {
    const store = await filled({ p1: settledCommands.slice(0, 1) });
    const held = await openAccount(store, policy, stream);
    await execute(store, policy, stream, settledCommands.slice(1));
    await reportOf(store);
    expect((await held.refresh()).account).toMatchObject({ fees: [], eventCount: 5 });
  });

  it('loses no event that somebody appends meanwhile', async () => {
    const store = await filled({ p1: settledCommands });
    let raced = false;
    const racing = storeWith(store, {
      purge: async (id, event) => {
        if (!raced) {
          raced = true;
          await execute(store, policy, id, assess('late', '2.00'));
        }
        return store.purge(id, event);
      },
    });
    expect(await reportOf(racing)).toMatchObject({ purged: 0, kept: { FeeOpen: 1 } });
    expect((await store.read(stream)).version).toBe(5);
  });

  it('is copied to another store, even if the copy has the removed events', async () => {
    const store = await filled({ p1: settledCommands, p2: settledCommands });
    const [early, late] = [monthsLong(), monthsLong()];
    const { cursor } = await copyEvents(store, early);
    await reportOf(store);
    await execute(store, policy, stream, assess('f9', '1.00'));
    await copyEvents(store, early, { after: cursor as string });
    for (const copy of [early, late]) {
      await copyEvents(store, copy);
      await copyEvents(store, copy);
      for (const patronId of ['p1', 'p2']) {
        const read = async (from: ErasingEventStore) =>
          (await from.read({ institution, patronId })).events.map(({ version, event }) => ({
            version,
            event,
          }));
        expect(await read(copy)).toEqual(await read(store));
      }
    }
    const { redact: _, purge: __, ...cannotErase } = monthsLong();
    await expect(copyEvents(store, cannotErase)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('can be read as of a version or a time, as far as events remain', async () => {
    const store = await filled({ p1: settledCommands });
    await reportOf(store);
    await execute(store, policy, stream, assess('f9', '1.00'));
    const { events } = await store.read(stream);
    expect(accountAsOf(events, { version: 3 }).eventCount).toBe(0);
    expect(accountAsOf(events, { version: 5 })).toMatchObject({ eventCount: 5, fees: [] });
    expect((await loadAccountAsOf(store, stream, { version: 6 })).account.fees).toHaveLength(1);
    await expect(loadAccountAsOf(store, stream, { version: 7 })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });

  it('keeps an account with a credit that nobody fetched, and removes it once the credit was forfeited', async () => {
    const store = await filled({ p1: [assess('f1', '5.00'), pay('p1', '6.00')] });
    expect(await reportOf(store)).toMatchObject({ purged: 0, kept: { CreditOpen: 1 } });
    const before = await books(store);
    const forfeit = { type: 'CancelCredit', id: 'k1', creditId: 'p1#1', forfeit: true } as const;
    const rules = policyWith({ overpayment: 'credit', forfeitAfterDays: 1_095 });
    const done = await execute(store, rules, stream, { ...forfeit, at: '2030-01-01T09:00:00Z' });
    expect(done.decision.accepted).toBe(true);
    const closed = await books(store);
    expect(closed.balances.filter((line) => !before.balances.includes(line))).toEqual([
      'USD Income:Forfeited -1.00',
    ]);
    const later = { ...form, at: '2041-06-01T09:00:00Z' };
    expect(await reportOf(store, {}, later)).toMatchObject({ purged: 1, kept: {} });
    expect((await books(store)).balances).toEqual(closed.balances);
  });

  it('refuses an age below that of the policy, planned or run, and names both; nothing is read', async () => {
    const store = await filled({ p1: settledCommands });
    const unread = { ...store, accounts: () => Promise.reject(new Error('read')) };
    const rules = policyWith({ overpayment: 'credit', retention: { purgeAfterDays: 3652 } });
    for (const job of [planPurge, runPurge]) {
      const error = await job(unread, rules, { ...form, settledForDays: 3651 }).catch((thrown) => thrown);
      expect(error.code).toBe('INVALID_ARGUMENT');
      expect(error.details.faults).toEqual([
        {
          path: 'form.settledForDays',
          expected: 'a whole number, 3652 or more, as `retention.purgeAfterDays` of the policy requires',
          found: '3651',
        },
      ]);
    }
    const result = await runPurge(store, rules, { ...form, settledForDays: 3652 }, { now: form.at });
    expect(result).toMatchObject({ accepted: true, report: { accounts: 1 } });
  });

  it('refuses an actor without permission, a wrong form, and a store that cannot erase', async () => {
    const store = await filled({});
    const kim = { userId: 'kim', roles: [] };
    expect(await runPurge(store, policy, { ...form, by: kim })).toMatchObject({
      accepted: false,
      rejection: { type: 'ActorLacksRole', userId: 'kim' },
    });
    const { redact: _, ...cannotErase } = store;
    await expect(runPurge(cannotErase as never, policy, form)).rejects.toThrow('INVALID_ARGUMENT');
    for (const wrong of [{ jobId: '' }, { timeZone: '+01:00' }, { settledForDays: 0 }])
      await expect(runPurge(store, policy, { ...form, ...wrong })).rejects.toThrow('INVALID_ARGUMENT');
  });
});
