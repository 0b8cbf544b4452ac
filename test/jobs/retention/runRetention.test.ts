import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ErasingEventStore,
  execute,
  loadAccount,
  memoryEventStore,
  type StreamId,
} from '../../../src/history/index.js';
import {
  type AccountEvent,
  balancesInMinorUnits,
  type Command,
  decide,
  feeStatus,
  isAccruing,
} from '../../../src/index.js';
import {
  type ErasingStores,
  planRetention,
  type RetainedAccount,
  type RetentionForm,
  type RetentionOptions,
  type RetentionReport,
  runRetention,
} from '../../../src/jobs/index.js';
import { journal, journalViolations } from '../../../src/jobs/reports/index.js';
import { executeTill, type OfficeStore, officeEvents } from '../../../src/office/index.js';
import { mergeAccounts } from '../../../src/patron/index.js';
import { violations } from '../../../src/testing/index.js';
import { paymentPlans } from '../../../src/views/index.js';
import { ask, assess, at, pay, policyWith } from '../../support/account.js';
import { tried } from '../../support/seeded.js';
import { anyPolicy, eventsOf, moves, runMoves } from '../../support/stories.js';

const policy = policyWith({ overpayment: 'credit' });
const institution = 'north';
const by = { userId: 'mo', roles: ['USER_MANAGER'] };
const form: RetentionForm = { institution, at: '2026-06-01T09:00:00Z', by, settledForDays: 30 };
const comment = 'Ada was in hospital';
const item = { title: 'Living with diabetes', barcode: '39001', library: 'MAIN' };

async function filled(accounts: Readonly<Record<string, readonly Command[]>>): Promise<ErasingEventStore> {
  const store = memoryEventStore({ now: () => at });
  for (const [patronId, commands] of Object.entries(accounts)) {
    for (const command of commands) {
      const { decision } = await execute(store, policy, { institution, patronId }, command);
      expect(decision).toMatchObject({ accepted: true });
    }
  }
  return store;
}

async function reportOf(
  store: ErasingStores,
  options: RetentionOptions = {},
  which: RetentionForm = form,
): Promise<RetentionReport> {
  const result = await runRetention(store, policy, which, options);
  if (!result.accepted) throw new Error(result.rejection.type);
  return result.report;
}

async function planOf(store: ErasingEventStore, which: RetentionForm): Promise<RetentionReport> {
  const result = await planRetention(store, policy, which);
  if (!result.accepted) throw new Error(result.rejection.type);
  return result.report;
}

/** Plans and runs; returns the versions whose texts are gone, and what is kept. */
async function retained(commands: readonly Command[], options: RetentionOptions = {}, office?: OfficeStore) {
  const store = await filled({ p1: commands });
  const stores = { accounts: store, ...(office && { office }) };
  const stream = { institution, patronId: 'p1' };
  const before = (await store.read(stream)).events;
  const accounts: RetainedAccount[] = [];
  const onAccount = (account: RetainedAccount) => void accounts.push(account);
  const plan = await planRetention(stores, policy, form, { ...options, onAccount });
  expect((await store.read(stream)).events).toEqual(before);
  const report = await reportOf(stores, { ...options, onAccount });
  expect(plan).toEqual({ accepted: true, report });
  expect(accounts[1]).toEqual(accounts[0]);
  const after = (await store.read(stream)).events;
  const erased = after.filter((event, index) => JSON.stringify(event) !== JSON.stringify(before[index]));
  const kept = (accounts[0]?.kept ?? []).map(({ id, because }) => `${id} ${because}`);
  return { erased: erased.map(({ version }) => version), kept, text: JSON.stringify(after) };
}

const fee = (feeId: string, more = {}) => assess(feeId, '5.00', { comment, item, ...more });
const lateFine = { feeId: 'f1', feeType: 'OVERDUEFINE', total: '5.00', owner: 'MAIN', loanId: 'l1', item };

describe('runRetention', () => {
  it('erases the texts of fees that were settled long enough ago', async () => {
    const { erased, kept, text } = await retained([fee('f1'), pay('p1', '5.00', { comment })]);
    expect(erased).toEqual([1, 2]);
    expect(kept).toEqual([]);
    expect(text).not.toMatch(/hospital|diabetes|39001/);
  });

  it.each<[string, readonly Command[], readonly number[], readonly string[]]>([
    [
      'owed',
      [fee('f1'), fee('f2'), pay('p1', '5.00', { allocations: [{ feeId: 'f1', amount: '5.00' }] })],
      [1],
      ['f2 FeeOpen'],
    ],
    [
      'paid together with an open fee: the payment',
      [fee('f1'), fee('f2'), pay('p1', '6.00', { comment })],
      [1],
      ['f2 FeeOpen'],
    ],
    ['an unused credit', [fee('f1'), pay('p1', '7.00', { comment })], [1], ['p1#1 CreditOpen']],
    [
      'pending at the bursar',
      [fee('f1'), ask('TransferFees', 't1', { fees: [{ feeId: 'f1' }], expectsSettlement: true })],
      [],
      ['f1 TransferPending'],
    ],
    ['a growing fine', [ask('AccrueFine', 'a1', lateFine), pay('p1', '5.00')], [], ['f1 FineGrowing']],
    [
      'in a running plan',
      [
        fee('f1'),
        fee('f2'),
        ask('AgreePaymentPlan', 'n1', {
          feeIds: ['f1', 'f2'],
          instalments: [{ dueOn: '2026-04-01', amount: '10.00' }],
        }),
        pay('p1', '5.00', { allocations: [{ feeId: 'f1', amount: '5.00' }] }),
      ],
      [],
      ['f1 PlanRunning', 'f2 FeeOpen'],
    ],
    [
      'settled only lately',
      [fee('f1'), pay('p1', '5.00', { at: '2026-05-02T09:00:01Z' })],
      [],
      ['f1 TooRecent'],
    ],
    [
      'settled exactly long enough ago',
      [fee('f1'), pay('p1', '5.00', { at: '2026-05-02T09:00:00Z' })],
      [1],
      [],
    ],
  ])('keeps what is still needed, and says why: %s', async (_, commands, erased, kept) => {
    const result = await retained(commands);
    expect(result).toMatchObject({ erased, kept });
  });

  it('erases the note of a merge once it is old enough', async () => {
    const store = await filled({
      from: [],
      into: [fee('f1'), pay('p1', '5.00', { at: '2026-05-31T00:00:00Z' })],
    });
    const [from, into] = ['from', 'into'].map((patronId) => ({ institution, patronId })) as [
      StreamId,
      StreamId,
    ];
    const note = { comment, at };
    expect(await mergeAccounts(store, policy, { from, into, id: 'm1', ...note })).toMatchObject({
      accepted: true,
    });
    expect((await planOf(store, { ...form, settledForDays: 92 })).kept).toEqual({ TooRecent: 3 });
    expect(await reportOf(store)).toMatchObject({ events: 2, kept: { TooRecent: 1 } });
    expect(JSON.stringify((await store.read(from)).events)).not.toMatch(/hospital/);
  });

  it('keeps money of a till session that is not closed yet', async () => {
    const office = memoryEventStore({ now: () => at, codec: officeEvents });
    const by = { channel: 'desk', userId: 'ana' } as const;
    const till = { institution, till: 'CIRC' };
    const opened = await executeTill(office, policy, till, {
      type: 'OpenTill',
      id: 's1',
      float: '50.00',
      at,
      by,
    });
    expect(opened.decision.accepted).toBe(true);
    const commands = [fee('f1'), pay('p1', '5.00', { comment, by: { ...by, tillSession: 's1' } })];
    expect(await retained(commands, {}, office)).toMatchObject({ erased: [], kept: ['f1 TillOpen'] });
    const cash = (amount: string) => [{ method: 'CASH', amount }];
    const counted = { takings: cash('5.00'), counts: cash('55.00') };
    const close = { type: 'CloseTill', id: 'c1', sessionId: 's1', ...counted, at, by } as const;
    const closed = await executeTill(office, policy, till, close);
    expect(closed.decision.accepted).toBe(true);
    expect(await retained(commands, {}, office)).toMatchObject({ erased: [1, 2], kept: [] });
  });

  it('changes no figure of any account, still recognises every command, and changes nothing the second time', async () => {
    const secret = (events: readonly AccountEvent[]) =>
      events.map(
        (event) => ({ ...event, data: { ...event.data, comment, staffNote: comment } }) as AccountEvent,
      );
    await fc.assert(
      fc.asyncProperty(moves(), anyPolicy, async (story, rules) => {
        const steps = runMoves(story, rules);
        const events = secret(eventsOf(steps));
        const store = memoryEventStore({ now: () => at });
        const stream = { institution, patronId: 'p1' };
        await store.append(stream, events, { expectedVersion: 0 });
        const before = (await loadAccount(store, stream)).account;
        const late = { ...form, at: '2099-01-01T00:00:00Z' };
        const accounts: RetainedAccount[] = [];
        const onAccount = (account: RetainedAccount) => void accounts.push(account);
        const report = await reportOf(store, { onAccount }, late);
        const after = await loadAccount(store, stream);
        const recorded = (await store.read(stream)).events.map(({ event }) => event);

        expect(balancesInMinorUnits(after.account)).toEqual(balancesInMinorUnits(before));
        expect(violations(after.account)).toEqual([]);
        expect(journalViolations(recorded)).toEqual([]);
        expect([...journal(recorded)].map(({ postings }) => postings)).toEqual(
          [...journal(events)].map(({ postings }) => postings),
        );
        for (const { command, policy: given, decision } of steps) {
          if (!decision.accepted || decision.events.length === 0) continue;
          expect(decide(command, after.account, given)).toMatchObject({ accepted: true, events: [] });
        }
        // A fee is kept with its texts exactly if its status is not closed, it grows, or its plan runs.
        const running = paymentPlans(before, rules, { on: '2099-01-01' }).filter(
          ({ status }) => status === 'running',
        );
        const inPlan = new Set(running.flatMap(({ fees }) => fees.map(({ feeId }) => feeId)));
        const keptIds = accounts.flatMap(({ kept }) => kept.map(({ id }) => id));
        for (const row of after.account.fees) {
          if (row.shortfallCreditId !== null) continue;
          const isKept = feeStatus(row) !== 'closed' || isAccruing(row) || inPlan.has(row.feeId);
          expect(row.transactions[0]?.comment !== null, row.feeId).toBe(isKept);
          expect(keptIds.includes(row.feeId), row.feeId).toBe(isKept);
        }
        expect(await reportOf(store, {}, late)).toEqual({ ...report, changed: 0, events: 0 });
      }),
      tried(200),
    );
  });

  it('processes one institution, shard by shard, and reports accounts that cannot be read', async () => {
    const accounts = Object.fromEntries(
      Array.from({ length: 20 }, (_, index) => [`p${index}`, [fee('f1'), pay('p1', '5.00')]]),
    );
    const store = await filled(accounts);
    const [first] = (await store.read({ institution, patronId: 'p0' })).events.map(({ event }) => event);
    await store.append({ institution: 'south', patronId: 'p1' }, [first as AccountEvent], {
      expectedVersion: 0,
    });
    await store.append({ institution, patronId: 'broken' }, [first, first] as never, { expectedVersion: 0 });
    const found: string[] = [];
    const onFinding = ({ patronId, code }: { patronId: string; code: string }) =>
      void found.push(`${patronId} ${code}`);
    const reports = [];
    for (const index of [0, 1, 2])
      reports.push(await reportOf(store, { shard: { index, of: 3 }, onFinding }));
    expect(reports.map(({ changed }) => changed).every((changed) => changed > 0)).toBe(true);
    expect(reports.reduce((sum, { changed }) => sum + changed, 0)).toBe(20);
    expect(reports.reduce((sum, { accounts: count }) => sum + count, 0)).toBe(21);
    expect(found).toEqual(['broken CORRUPT_HISTORY']);
    expect(JSON.stringify((await store.read({ institution: 'south', patronId: 'p1' })).events)).toMatch(
      /hospital/,
    );
  });

  it('stops when the signal is aborted, and does the rest when it runs again', async () => {
    const accounts = Object.fromEntries(
      Array.from({ length: 20 }, (_, index) => [`p${index}`, [fee('f1'), pay('p1', '5.00')]]),
    );
    const store = await filled(accounts);
    const controller = new AbortController();
    let done = 0;
    const stopped = reportOf(store, {
      signal: controller.signal,
      concurrency: 1,
      onAccount: () => {
        done += 1;
        if (done === 7) controller.abort(new Error('enough'));
      },
    });
    await expect(stopped).rejects.toThrow('enough');
    const { events } = await reportOf(store);
    expect(events).toBeGreaterThan(0);
    expect(events).toBeLessThan(20);
    expect(JSON.stringify((await store.readAll()).events)).not.toMatch(/hospital|diabetes/);
  });

  it('refuses an age below that of the policy, planned or run, and names both; nothing is read', async () => {
    const store = await filled({ p1: [fee('f1')] });
    const unread = { ...store, accounts: () => Promise.reject(new Error('read')) };
    const rules = policyWith({ overpayment: 'credit', retention: { eraseTextsAfterDays: 365 } });
    for (const job of [planRetention, runRetention]) {
      const error = await job(unread, rules, { ...form, settledForDays: 364 }).catch((thrown) => thrown);
      expect(error.code).toBe('INVALID_ARGUMENT');
      expect(error.details.faults).toEqual([
        {
          path: 'form.settledForDays',
          expected: 'a whole number, 365 or more, as `retention.eraseTextsAfterDays` of the policy requires',
          found: '364',
        },
      ]);
    }
    const result = await runRetention(store, rules, { ...form, settledForDays: 365 });
    expect(result).toMatchObject({ accepted: true, report: { accounts: 1 } });
  });

  it('refuses an actor without permission before anything is read, and a store that cannot erase', async () => {
    const store = await filled({ p1: [fee('f1')] });
    const { redact: _, ...cannotErase } = store;
    const kim = { userId: 'kim', roles: ['CIRC_DESK'] };
    expect(
      await runRetention({ ...store, accounts: () => Promise.reject(new Error('read')) }, policy, {
        ...form,
        by: kim,
      }),
    ).toEqual({
      accepted: false,
      rejection: { type: 'ActorLacksRole', kind: 'forbidden', userId: 'kim', role: 'USER_MANAGER' },
    });
    await expect(runRetention(cannotErase as never, policy, form)).rejects.toThrow('INVALID_ARGUMENT');
    for (const wrong of [{ settledForDays: 0 }, { at: 'today' }, { institution: '' }, { days: 5 }])
      await expect(runRetention(store, policy, { ...form, ...wrong })).rejects.toThrow('INVALID_ARGUMENT');
    await expect(runRetention({ accounts: store, office: {} as never }, policy, form)).rejects.toThrow(
      'stores.office',
    );
    for (const wrong of [{ office: store }, { concurency: 1 }])
      await expect(runRetention(store, policy, form, wrong as never)).rejects.toThrow('INVALID_ARGUMENT');
    await expect(runRetention(store, {} as never, form)).rejects.toThrow('INVALID_POLICY');
  });
});
