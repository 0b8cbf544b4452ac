import Database from 'libsql';
import { describe, expect, it } from 'vitest';
import { type EventStore, execute, memoryEventStore } from '../../../src/history/index.js';
import { runPaymentsReport, type TillIndex } from '../../../src/jobs/reports/index.js';
import {
  executeTill,
  officeEvents,
  runTillReport,
  type TillCommand,
  type TillReportFinding,
  type TillReportForm,
  type TillReportOptions,
  tillTakings,
} from '../../../src/office/index.js';
import {
  inlineAccounts,
  migrate,
  rebuildAccounts,
  sqliteEventStore,
  tillIndex,
} from '../../../src/stores/sqlite/index.js';
import { at, by, close, move, officeStore, open } from '../../office/till/tills.js';
import { pay, policyWith } from '../../support/account.js';
import { storeWith } from '../../support/stores.js';

const policy = policyWith({ overpayment: 'credit' });
const form = {
  institution: 'north',
  timeZone: 'America/New_York',
  from: '2026-03-02',
  through: '2026-03-02',
};

async function office() {
  const stores = { accounts: memoryEventStore({ now: () => '2026-03-02T14:00:00Z' }), office: officeStore() };
  const till = { institution: 'north', till: 'CIRC' };
  const take = (id: string, amount: string, more = {}) =>
    execute(stores.accounts, policy, { institution: 'north', patronId: `of ${id}` }, [
      pay(id, amount, { at, by: { ...by, tillSession: 'CIRC/1' }, ...more }),
    ]);
  await executeTill(stores.office, policy, till, open());
  await take('p1', '7.25');
  await take('p2', '5.00');
  await take('p3', '20.00', { method: 'CHECK' });
  await take('p4', '9.00', { by });
  return { stores, till, take };
}

describe('a till report', () => {
  it('closes a session with the takings of the payments report', async () => {
    const { stores, till, take } = await office();
    await executeTill(stores.office, policy, till, move('drop', 'out', '30.00'));
    const report = await runPaymentsReport(stores.accounts, policy, {
      ...form,
      columns: ['tillSession', 'user', 'method'],
    });
    expect(
      report.rows.map(({ tillSession, user, method, payments, net }) => [
        tillSession,
        user,
        method,
        payments,
        net,
      ]),
    ).toEqual([
      ['CIRC/1', 'ana', 'CASH', 2, '12.25'],
      ['CIRC/1', 'ana', 'CHECK', 1, '20.00'],
      [null, 'ana', 'CASH', 1, '9.00'],
    ]);
    const takings = tillTakings(report, 'CIRC/1');
    expect(takings).toEqual([
      { method: 'CASH', amount: '12.25' },
      { method: 'CHECK', amount: '20.00' },
    ]);
    const counts = [
      { method: 'CASH', amount: '32.00' },
      { method: 'CHECK', amount: '20.00' },
    ];
    await executeTill(stores.office, policy, till, {
      ...close('c', '0', '0'),
      takings,
      counts,
      depositReference: '7',
    });
    await take('late', '1.00');

    const { rows, total, findings, repeatedSessions } = await runTillReport(stores, policy, form);
    expect(rows[0]).toEqual({
      till: 'CIRC',
      sessionId: 'CIRC/1',
      openedAt: at,
      openedBy: 'ana',
      closedAt: '2026-03-02T18:00:00-05:00',
      closedBy: 'ben',
      method: 'CASH',
      float: '50.00',
      moved: '-30.00',
      payments: 3,
      takings: '13.25',
      recordedLater: '1.00',
      expected: '32.25',
      counted: '32.00',
      difference: '-0.25',
      deposit: '0.00',
      depositReference: '7',
      undeclared: '0.00',
    });
    expect(rows[1]).toMatchObject({
      method: 'CHECK',
      float: '0.00',
      recordedLater: '0.00',
      deposit: '20.00',
    });
    expect(total).toEqual({
      takings: '33.25',
      difference: '-0.25',
      deposit: '20.00',
      recordedLater: '1.00',
      undeclared: '0.00',
    });
    // What was recorded after the count is in no drawer that was counted.
    expect(findings.first).toMatchObject([{ code: 'TAKINGS_LATE', method: 'CASH', amount: '1.00' }]);
    expect(repeatedSessions).toEqual([]);
  });

  it('has one finding for cash of a mistyped session, with the amount of the period', async () => {
    const { stores, take } = await office();
    const mistyped = { by: { ...by, tillSession: 'CRIC/1' } };
    await take('m1', '3.00', mistyped);
    await take('m2', '4.50', mistyped);
    await take('m3', '8.00', { ...mistyped, method: 'CHECK' });
    await take('other day', '99.00', { ...mistyped, at: '2026-03-03T09:00:00-05:00' });
    const found: TillReportFinding[] = [];
    const { rows, findings, total } = await runTillReport(stores, policy, form, {
      onFinding: (finding) => void found.push(finding),
    });
    expect(rows.map(({ sessionId, takings }) => [sessionId, takings])).toEqual([
      ['CIRC/1', '12.25'],
      ['CIRC/1', '20.00'],
    ]);
    expect(total.takings).toBe('32.25');
    expect(findings.first).toEqual([
      {
        code: 'TILL_SESSION_UNKNOWN',
        sessionId: 'CRIC/1',
        method: 'CASH',
        payments: 2,
        takings: '7.50',
        message: '7.50 by CASH are for the session CRIC/1, which no readable till has',
      },
      expect.objectContaining({ method: 'CHECK', takings: '8.00' }),
    ]);
    expect(found).toEqual(findings.first);
    // A session of another day is known, although it is not listed.
    const earlier = { ...open('CRIC/1'), at: '2026-02-02T09:00:00-05:00' };
    await executeTill(stores.office, policy, { institution: 'north', till: 'ANNEX' }, earlier);
    expect((await runTillReport(stores, policy, form)).findings.count).toBe(0);
  });

  it('reads only the accounts with money since the first day, with a till index', async () => {
    const database = new Database(':memory:');
    migrate(database);
    let now = '2026-02-01T14:00:00Z';
    const accounts = sqliteEventStore(database, { inline: [inlineAccounts], now: () => now });
    await rebuildAccounts(database);
    const stores = { accounts, office: officeStore() };
    const take = (id: string, paidAt: string, more = {}) => {
      now = paidAt;
      const patron = { institution: 'north', patronId: `of ${id}` };
      const payment = pay(id, '1.00', { at: paidAt, by: { ...by, tillSession: 'CIRC/1' }, ...more });
      return execute(accounts, policy, patron, payment);
    };
    for (let n = 0; n < 20; n++) await take(`before ${n}`, '2026-02-01T14:00:00Z', { by });
    await executeTill(stores.office, policy, { institution: 'north', till: 'CIRC' }, open());
    await take('p1', '2026-03-02T14:00:00Z');
    await take('p2', '2026-03-02T15:00:00Z', { by: { ...by, tillSession: 'CRIC/1' } });
    await take('later', '2026-04-30T14:00:00Z');
    const readBy = async (options: TillReportOptions, which: TillReportForm = form) => {
      let reads = 0;
      const counted = storeWith<EventStore>(accounts, {
        read: (...given) => {
          reads += 1;
          return accounts.read(...given);
        },
      });
      return { report: await runTillReport({ ...stores, accounts: counted }, policy, which, options), reads };
    };
    const [all, indexed] = [await readBy({}), await readBy({ till: tillIndex(database) })];
    expect([all.reads, indexed.reads]).toEqual([23, 3]);
    expect(indexed.report).toEqual(all.report);
    expect(all.report.total.takings).toBe('2.00');
    expect(all.report.findings.count).toBe(1);
    // By the days of recording, of which the session was opened a month before: its money is read from then on.
    const early = { ...open('OLD/1'), at: '2026-02-01T09:00:00-05:00' };
    await executeTill(stores.office, policy, { institution: 'north', till: 'OLD' }, early);
    const old = await readBy({ till: tillIndex(database) }, { ...form, dayOf: 'recordedAt' });
    expect(old.reads).toBe(23);
    expect(old.report.rows.map(({ till, payments }) => [till, payments])).toEqual([
      ['CIRC', 2],
      ['OLD', 0],
    ]);
  });

  it('reads the money since a session was opened, also if its opening names a later time', async () => {
    let now = '2026-01-05T14:00:00Z';
    const stores = {
      accounts: memoryEventStore({ now: () => now }),
      office: memoryEventStore({ now: () => now, codec: officeEvents }),
    };
    const give = (command: TillCommand) =>
      executeTill(stores.office, policy, { institution: 'north', till: 'CIRC' }, command);
    await give({ ...open(), at: '2062-01-05T14:00:00Z' });
    now = '2026-03-02T14:00:00Z';
    await give(close('c', '0', '50'));
    const since: string[] = [];
    const till: TillIndex = {
      accounts: async function* (_institution, period) {
        since.push(period.from);
        yield* [];
      },
    };
    await runTillReport(stores, policy, { ...form, dayOf: 'recordedAt' }, { till });
    expect(since).toEqual(['2026-01-04T00:00:00.000Z']);
  });

  it('does not list a till in another currency, which is a finding', async () => {
    const { stores } = await office();
    const euro = policyWith({ currency: 'EUR' });
    const report = await runTillReport(stores, euro, form);
    expect([report.currency, report.rows]).toEqual(['EUR', []]);
    expect(report.findings.first).toContainEqual({
      institution: 'north',
      stream: 'till:CIRC',
      code: 'OTHER_CURRENCY',
      message: 'the till is in USD, the policy in EUR',
    });
  });

  it('shows open sessions without a count, and only those of the days', async () => {
    const { stores } = await office();
    await executeTill(stores.office, policy, { institution: 'north', till: 'ANNEX' }, open());
    await executeTill(stores.office, policy, { institution: 'south', till: 'X' }, open());
    const report = await runTillReport(stores, policy, form);
    expect(report.rows.map(({ till, method, takings, counted }) => [till, method, takings, counted])).toEqual(
      [
        ['ANNEX', 'CASH', '12.25', null],
        ['ANNEX', 'CHECK', '20.00', null],
        ['CIRC', 'CASH', '12.25', null],
        ['CIRC', 'CHECK', '20.00', null],
      ],
    );
    expect(report.repeatedSessions).toEqual(['CIRC/1']);
    const before = { ...open(), at: '2025-03-02T09:00:00-05:00' };
    const others = await office();
    await executeTill(others.stores.office, policy, { institution: 'north', till: 'OLD' }, before);
    expect((await runTillReport(others.stores, policy, form)).repeatedSessions).toEqual(['CIRC/1']);
    expect(
      (await runTillReport(stores, policy, { ...form, from: '2026-03-03', through: '2026-03-04' })).rows,
    ).toEqual([]);
    await expect(runTillReport(stores, policy, { ...form, from: '2026-03-03' })).rejects.toThrow(
      'INVALID_ARGUMENT',
    );
  });
});
