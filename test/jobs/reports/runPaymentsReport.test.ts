import { describe, expect, it } from 'vitest';
import type { EventStore } from '../../../src/history/index.js';
import { definePolicy, PatronFeesError } from '../../../src/index.js';
import { paymentsReport, runPaymentsReport } from '../../../src/jobs/reports/index.js';
import { migrate, sqliteEventStore } from '../../../src/stores/sqlite/index.js';
import { ask } from '../../support/account.js';
import { accountWith } from '../../support/accountWith.js';
import { libsql, temporaryFile } from '../../support/sqliteDrivers.js';
import { tickingStore } from '../../support/stores.js';

const policy = definePolicy({ currency: 'USD', overpayment: 'credit' });
const form = { timeZone: 'UTC', from: '2026-01-01', through: '2026-12-31', columns: ['method'] as const };
const paid = (amount: string, method = 'CASH') =>
  accountWith([ask('ReceivePayment', 'p1', { amount, method })]);

async function filled(store: EventStore, count: number) {
  for (let index = 0; index < count; index++) {
    const events = paid('0.10', index % 2 === 0 ? 'CASH' : 'CHECK').map(({ event }) => event);
    await store.append({ institution: 'north', patronId: `p${index}` }, events, { expectedVersion: 0 });
  }
  return store;
}

describe('a payments report of a store', () => {
  it('covers the histories of one institution', async () => {
    const store = await filled(tickingStore(), 25);
    const other = paid('99').map(({ event }) => event);
    await store.append({ institution: 'south', patronId: 'p1' }, other, { expectedVersion: 0 });
    const report = await runPaymentsReport(store, policy, { institution: 'north', ...form });
    expect(report.rows.map(({ method, net }) => [method, net])).toEqual([
      ['CASH', '1.30'],
      ['CHECK', '1.20'],
    ]);
    expect([report.accounts, report.total.net]).toEqual([25, '2.50']);
    const histories = [];
    for (const stream of (await store.accounts({ institution: 'north' })).accounts) {
      histories.push({ ...stream, events: (await store.read(stream)).events });
    }
    expect({
      job: report.job,
      recordedBefore: report.recordedBefore,
      ...paymentsReport(histories, policy, form),
    }).toEqual(report);
  });

  it('is the same from an SQLite file, for any number of concurrent reads', async () => {
    const { file, remove } = temporaryFile();
    const database = libsql.open(file);
    try {
      migrate(database);
      const store = await filled(sqliteEventStore(database), 25);
      for (const concurrency of [1, 3, 100]) {
        const report = await runPaymentsReport(
          store,
          policy,
          { institution: 'north', ...form },
          { concurrency },
        );
        expect([report.accounts, report.total.net]).toEqual([25, '2.50']);
      }
    } finally {
      database.close();
      remove();
    }
  });

  it('continues after a corrupt account, and reports it', async () => {
    const store = await filled(tickingStore(), 3);
    const broken: EventStore = {
      ...store,
      read: async (stream, options) => {
        if (stream.patronId === 'p1') throw new PatronFeesError('INVALID_EVENT', 'north/p1: version 1');
        return store.read(stream, options);
      },
    };
    const report = await runPaymentsReport(broken, policy, { institution: 'north', ...form });
    expect([report.accounts, report.findings.count, report.total.net]).toEqual([3, 1, '0.20']);
    expect(report.findings.first).toMatchObject([{ patronId: 'p1', code: 'INVALID_EVENT' }]);
  });

  it('rejects if the store fails or the job is stopped', async () => {
    const store = await filled(tickingStore(), 3);
    const full: EventStore = { ...store, read: () => Promise.reject(new Error('disk gone')) };
    await expect(runPaymentsReport(full, policy, { institution: 'north', ...form })).rejects.toThrow(
      'disk gone',
    );
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(
      runPaymentsReport(store, policy, { institution: 'north', ...form }, { signal }),
    ).rejects.toThrow('enough');
  });

  it('reports its progress', async () => {
    const store = await filled(tickingStore(), 5);
    const reported: unknown[] = [];
    const onProgress = ({
      done,
      total,
      secondsLeft,
    }: {
      done: number;
      total: number | null;
      secondsLeft: number | null;
    }) => reported.push([done, total, secondsLeft]);
    await runPaymentsReport(store, policy, { institution: 'north', ...form }, { total: 5, onProgress });
    expect(reported.at(-1)).toEqual([5, 5, 0]);
  });

  it('refuses an invalid form, institution or policy before anything is read', async () => {
    const closed = tickingStore();
    await closed.close();
    const refused = 'INVALID_ARGUMENT';
    await expect(runPaymentsReport(closed, policy, { ...form, institution: '' })).rejects.toThrow(refused);
    await expect(runPaymentsReport(closed, policy, { institution: 'north' } as never)).rejects.toThrow(
      refused,
    );
    await expect(
      runPaymentsReport(closed, { currency: 'X' } as never, { institution: 'north', ...form }),
    ).rejects.toThrow('INVALID_POLICY');
    await expect(runPaymentsReport(closed, policy, { institution: 'north', ...form })).rejects.toMatchObject({
      code: 'STORE_CLOSED',
    });
  });
});
