import { describe, expect, it } from 'vitest';
import { type EventStore, execute, memoryEventStore } from '../../../src/history/index.js';
import { type Command, definePolicy, type FeePolicy } from '../../../src/index.js';
import {
  runUnclaimedCredits,
  type UnclaimedCredit,
  type UnclaimedCreditsForm,
  unclaimedCreditsCsv,
} from '../../../src/jobs/reports/index.js';
import { mergeAccounts } from '../../../src/patron/index.js';
import { ask, assess, assessLost, pay, policyWith } from '../../support/account.js';
import { errorOf } from '../../support/events.js';
import { tickingStore } from '../../support/stores.js';

const policy = policyWith({ overpayment: 'credit' });
const institution = 'north';
const form = { institution, timeZone: 'Europe/Vienna', asOf: '2026-03-31', idleForDays: 365 };
const at = '2023-03-02T09:00:00Z';
const old = { at };
const desk = { channel: 'desk', userId: 'ana' } as const;
const nightly = { channel: 'job' } as const;

async function filled(accounts: Readonly<Record<string, readonly Command[]>>, rules: FeePolicy = policy) {
  const store = memoryEventStore({ now: () => at });
  await fill(store, accounts, rules);
  return store;
}

async function fill(
  store: EventStore,
  accounts: Readonly<Record<string, readonly Command[]>>,
  rules: FeePolicy,
) {
  for (const [patronId, commands] of Object.entries(accounts)) {
    for (const command of commands) {
      const { decision } = await execute(store, rules, { institution, patronId }, command);
      expect(decision).toMatchObject({ accepted: true });
    }
  }
}

async function listOf(store: EventStore, more: Partial<UnclaimedCreditsForm> = {}) {
  const lines: UnclaimedCredit[] = [];
  const running = runUnclaimedCredits(store, policy, { ...form, ...more });
  for (;;) {
    const next = await running.next();
    if (next.done) return { lines, report: next.value };
    lines.push(next.value);
  }
}

/** The listed patrons and amounts. */
async function listed(store: EventStore, more: Partial<UnclaimedCreditsForm> = {}) {
  return (await listOf(store, more)).lines.map(({ patronId, amount }) => `${patronId} ${amount}`);
}

const prepaid = [pay('p1', '5.00', old)];

describe('runUnclaimedCredits', () => {
  it('lists each credit with its amount, its age and the payments behind it', async () => {
    const store = await filled({
      u1: [
        assessLost('f1', '9.00'),
        pay('p1', '4.00', { ...old, feeIds: ['f1'] }),
        pay('p2', '6.00', { ...old, method: 'CREDIT_CARD' }),
        ask('ReturnLostItem', 'r1', { ...old, feeIds: ['f1'] }),
      ].map((command) => ({ ...command, at, by: desk })),
    });
    const { lines } = await listOf(store);
    const head = {
      institution,
      patronId: 'u1',
      currency: 'USD',
      issuedAt: at,
      lastActivityAt: at,
      idleDays: 1125,
    };
    const [p1, p2] = [
      { paymentId: 'p1', method: 'CASH' },
      { paymentId: 'p2', method: 'CREDIT_CARD' },
    ];
    expect(lines).toMatchObject([
      { ...head, cause: 'overpayment', owner: null, amount: '1.00', payments: [p2] },
      { ...head, cause: 'returned', owner: 'MAIN', amount: '9.00', payments: [p1, p2] },
    ]);
  });

  it('lists only the unused part of refundable credits', async () => {
    const spent = (id: string, amount: string) =>
      ask('RefundCredit', id, { ...old, creditId: 'p1#1', amount, method: 'CASH' });
    const store = await filled({
      goodwill: [ask('IssueCredit', 'c1', { ...old, amount: '5.00', cause: 'manual', reason: 'GOODWILL' })],
      part: [...prepaid, spent('r1', '2.00')],
      spent: [...prepaid, spent('r1', '5.00')],
    });
    expect(await listed(store)).toEqual(['part 3.00']);
  });

  it('counts calendar days in the time zone, from the last activity or the issue', async () => {
    // In Vienna, 23:30 UTC is the next day.
    const late = await filled({ u1: [pay('p1', '5.00', { at: '2026-03-20T23:30:00Z' })] });
    expect(await listed(late, { idleForDays: 10 })).toEqual(['u1 5.00']);
    expect(await listed(late, { idleForDays: 11 })).toEqual([]);
    expect(await listed(late, { idleForDays: 11, timeZone: 'UTC' })).toEqual(['u1 5.00']);
    const issued = ask('IssueCredit', 'c1', {
      amount: '5.00',
      cause: 'imported',
      at: '2026-03-20T12:00:00Z',
    });
    const imported = await filled({ u1: [{ ...issued, by: { channel: 'import' } }] });
    expect(await listed(imported, { idleForDays: 12 })).toEqual([]);
    const [line] = (await listOf(imported, { idleForDays: 11 })).lines;
    expect(line).toMatchObject({ lastActivityAt: null, idleDays: 11, payments: [] });
  });

  it('counts what patrons and staff do as activity, not jobs, imports and growing fines', async () => {
    const recently = { at: '2026-03-01T09:00:00Z' };
    const fine = assess('f1', '1.00', recently);
    const growth = { feeId: 'g', feeType: 'OVERDUEFINE', owner: 'MAIN', loanId: 'l1' };
    const store = await filled({
      desk: [...prepaid, { ...fine, by: desk }],
      unknown: [...prepaid, fine],
      job: [...prepaid, { ...fine, by: nightly }],
      pays: [...prepaid, { ...fine, by: nightly }, { ...pay('p2', '1.00', recently), by: nightly }],
      import: [...prepaid, { ...fine, by: { channel: 'import' } }],
      grows: [
        ...prepaid,
        ask('AccrueFine', 'g1', { ...old, ...growth, total: '1.00' }),
        ask('AccrueFine', 'g2', { ...recently, ...growth, total: '2.00' }),
      ],
    });
    expect(await listed(store)).toEqual(['job 5.00', 'import 5.00', 'grows 5.00']);
  });

  it('counts the activity in merged accounts of the patron, and not the merge', async () => {
    const store = await filled({
      u1: prepaid,
      idle: [assess('f1', '1.00', old)],
      u2: prepaid,
      active: [assess('f1', '1.00', { at: '2026-03-01T09:00:00Z' })],
    });
    const merge = (from: string, into: string) =>
      mergeAccounts(store, policy, {
        from: { institution, patronId: from },
        into: { institution, patronId: into },
        id: 'm1',
        at: '2026-03-05T09:00:00Z',
      });
    expect(await merge('u1', 'idle')).toMatchObject({ accepted: true });
    expect(await merge('u2', 'active')).toMatchObject({ accepted: true });
    expect(await listed(store)).toEqual(['u1 5.00']);
  });

  it('sums the listed credits by currency', async () => {
    const store = await filled({ u1: prepaid, u2: [...prepaid, pay('p2', '2.50', old)] });
    await fill(
      store,
      { yen: [pay('p1', '700', old)] },
      definePolicy({ currency: 'JPY', overpayment: 'credit' }),
    );
    const { lines, report } = await listOf(store);
    expect(lines).toHaveLength(4);
    expect(report.byCurrency).toEqual({
      USD: { count: 3, amount: '12.50' },
      JPY: { count: 1, amount: '700' },
    });
    expect((await listOf(await filled({}))).report.byCurrency).toEqual({});
  });

  it('reports an account that cannot be read, also one merged with it, and lists the others', async () => {
    const store = await filled({ u1: prepaid, idle: [assess('f1', '1.00', old)], u2: prepaid });
    await mergeAccounts(store, policy, {
      from: { institution, patronId: 'u1' },
      into: { institution, patronId: 'idle' },
      id: 'm1',
      at,
    });
    const broken: EventStore = {
      ...store,
      read: async (stream, which) => {
        const slice = await store.read(stream, which);
        return stream.patronId === 'idle' ? { ...slice, events: slice.events.slice(1) } : slice;
      },
    };
    const { lines, report } = await listOf(broken);
    expect(lines.map(({ patronId }) => patronId)).toEqual(['u2']);
    expect(report.findings.first.map(({ patronId, code }) => `${patronId} ${code}`)).toEqual([
      'u1 CORRUPT_HISTORY',
      'idle CORRUPT_HISTORY',
    ]);
  });

  it('gives the same lines for a day that is over, whatever is recorded later', async () => {
    let now = at;
    const store = memoryEventStore({ now: () => now });
    await fill(store, { u1: prepaid }, policy);
    const first = await listOf(store);
    now = '2026-04-01T09:00:00Z';
    await fill(store, { u1: [{ ...assess('f1', '1.00', { at: now }), by: desk }], u2: prepaid }, policy);
    expect(await listOf(store)).toEqual(first);
    expect(await listed(store, { asOf: '2026-04-02' })).toEqual(['u2 5.00']);
  });

  it('refuses invalid forms', () => {
    const run = (more: object) =>
      errorOf(() => runUnclaimedCredits(tickingStore(), policy, { ...form, ...more }));
    for (const wrong of [
      { idleForDays: 0 },
      { idleForDays: 1.5 },
      { asOf: 'today' },
      { timeZone: '+01:00' },
    ]) {
      expect(run(wrong).details.faults).toMatchObject([{ path: `form.${Object.keys(wrong)[0]}` }]);
    }
  });
});

describe('unclaimedCreditsCsv', () => {
  it('has one line for each credit, with the payments in one cell', async () => {
    const store = await filled({
      '=u1': [
        assessLost('f1', '9.00'),
        pay('p1', '4.00', { feeIds: ['f1'] }),
        pay('p2', '5.00', { method: 'CREDIT_CARD' }),
        ask('ReturnLostItem', 'r1', { feeIds: ['f1'] }),
      ].map((command) => ({ ...command, at })),
    });
    let text = '';
    const pieces = unclaimedCreditsCsv(runUnclaimedCredits(store, policy, form));
    for await (const piece of pieces) text += piece;
    const [header, line, ...rest] = text.split('\r\n');
    expect(header).toBe(
      'institution,patronId,creditId,cause,owner,amount,currency,issuedAt,lastActivityAt,idleDays,paymentIds,methods',
    );
    expect(line).toMatch(
      new RegExp(`^north,'=u1,[^,]+,returned,MAIN,9\\.00,USD,${at},${at},1125,p1 p2,CASH CREDIT_CARD$`),
    );
    expect(rest).toEqual(['']);
  });
});
