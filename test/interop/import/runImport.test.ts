import { describe, expect, it } from 'vitest';
import { execute } from '../../../src/history/execute.js';
import type { EventStore } from '../../../src/history/index.js';
import { memoryEventStore } from '../../../src/history/memoryEventStore.js';
import { definePolicy, type FeePolicy } from '../../../src/index.js';
import { openingBalances } from '../../../src/interop/import/openingBalances.js';
import {
  type ImportForm,
  type ImportOptions,
  runImport as runJob,
} from '../../../src/interop/import/runImport.js';
import { withOffice } from '../../support/officeOf.js';
import { withoutPauses } from '../../support/withoutPauses.js';

const policy = definePolicy({ currency: 'USD' });
const form = { jobId: 'import 1', institution: 'north', at: '2026-04-01T00:00:00Z' };
const newStore = () => memoryEventStore({ now: () => '2026-04-01T00:00:00Z' });

const fee = { feeType: 'OTHER', owner: 'MAIN', at: '2026-03-02' };

function rowsOf(count: number) {
  return Array.from({ length: count }, (_, index) => ({
    ...fee,
    patronId: `u${index % 50}`,
    id: `F-${index}`,
    amount: `${(index % 7) + 1}.25`,
    owner: index % 2 === 0 ? 'MAIN' : 'MUS',
  }));
}

const accountsOf = (rows: object[]) => openingBalances(rows, { policy });
const ofRows = (rows: object[]) => ({ accounts: accountsOf(rows), rows });

const runImport = (store: EventStore, rules: FeePolicy, order: ImportForm, options: ImportOptions) =>
  runJob(withOffice(store), rules, order, options);

describe('an import into a store', () => {
  it('reconciles the totals by fee type and library', async () => {
    const rows = [
      { ...fee, patronId: 'u1', id: 'F-1', amount: '10.00', remaining: '4.00' },
      { ...fee, patronId: 'u2', id: 'F-2', amount: '3.00', owner: 'MUS' },
      { ...fee, patronId: 'u2', id: 'C-1', kind: 'credit', amount: '2.00' },
      { ...fee, patronId: 'u3', id: 'F-3', amount: 'x' },
    ];
    const reported: string[] = [];
    const report = await runImport(newStore(), policy, form, {
      ...ofRows(rows),
      onFinding: ({ code }) => void reported.push(code),
    });
    expect(report).toMatchObject({
      job: { jobId: 'import 1' },
      currency: 'USD',
      rows: 4,
      accounts: 3,
      accountsChanged: 2,
      events: 4,
      total: { fees: 2, charged: '13.00', owed: '7.00', owedByRows: '7.00', difference: '0.00' },
      byType: [
        {
          feeType: 'OTHER',
          owner: 'MAIN',
          fees: 1,
          charged: '10.00',
          owed: '4.00',
          owedByRows: '4.00',
          difference: '0.00',
        },
        {
          feeType: 'OTHER',
          owner: 'MUS',
          fees: 1,
          charged: '3.00',
          owed: '3.00',
          owedByRows: '3.00',
          difference: '0.00',
        },
      ],
      credits: { credits: 1, unused: '2.00', unusedByRows: '2.00', difference: '0.00' },
      findings: { count: 1, byCode: { MalformedField: 1 } },
    });
    expect(reported).toEqual(['MalformedField']);
  });

  it('continues where a run was aborted, and reports both runs', async () => {
    const store = newStore();
    const abort = new AbortController();
    let done = 0;
    async function* some() {
      for await (const account of accountsOf(rowsOf(500))) {
        done += 1;
        if (done === 20) abort.abort(new Error('stopped'));
        yield account;
      }
    }
    await expect(
      runImport(store, policy, form, { accounts: some(), rows: rowsOf(500), signal: abort.signal }),
    ).rejects.toThrow('stopped');
    const report = await runImport(store, policy, form, { ...ofRows(rowsOf(500)) });
    expect(report.accountsChanged).toBeGreaterThan(20);
    expect(report.accountsChanged).toBeLessThan(50);
    const { events, accountsChanged, recordedBefore, ...totals } = await runImport(newStore(), policy, form, {
      ...ofRows(rowsOf(500)),
    });
    expect([events, accountsChanged]).toEqual([500, 50]);
    expect(report).toMatchObject(totals);
    expect((await runImport(store, policy, form, { ...ofRows(rowsOf(500)) })).events).toBe(0);
  });

  it("gives its events the job's id as correlation id, and shows progress", async () => {
    const store = newStore();
    const seen: number[] = [];
    const options = { total: 50, onProgress: ({ done }: { done: number }) => void seen.push(done) };
    await runImport(store, policy, form, {
      ...ofRows(rowsOf(100)),
      ...options,
      patronIdOf: (id) => `koha-${id}`,
    });
    expect(seen.at(-1)).toBe(50);
    const { events } = await store.read({ institution: 'north', patronId: 'koha-u1' });
    expect(events.map(({ event }) => event.metadata)).toEqual(Array(2).fill({ correlationId: 'import 1' }));
  });

  it('leaves what was done here, and reports what the account no longer accepts', async () => {
    const store = newStore();
    const u1 = { institution: 'north', patronId: 'u1' };
    const rows = [{ ...fee, patronId: 'u1', id: 'F-1', amount: '10.00' }];
    await runImport(store, policy, form, { ...ofRows(rows) });
    const at = '2026-04-01T09:00:00Z';
    await execute(store, policy, u1, {
      type: 'ReceivePayment',
      id: 'p1',
      amount: '8.00',
      method: 'CASH',
      at,
    });
    const later = [
      { ...rows[0], remaining: '5.00' },
      { ...fee, patronId: 'u1', id: 'F-2', amount: '1.00' },
    ];
    const report = await runImport(store, policy, { ...form, jobId: 'import 2' }, { ...ofRows(later) });
    expect(report).toMatchObject({ events: 1, findings: { byCode: { Refused: 1 } } });
    expect((await store.read(u1)).events.map(({ event }) => event.type)).toEqual([
      'FeeAssessed',
      'PaymentReceived',
      'FeeAssessed',
    ]);
  });

  it('continues past accounts in another currency or with a corrupt history', async () => {
    const store = newStore();
    const u1 = { institution: 'north', patronId: 'u1' };
    const waived = { waiverId: 'w', feeId: 'f', amount: '1.00', currency: 'USD', at: '2026-03-02T09:00:00Z' };
    await store.append(u1, [{ type: 'FeeWaived', data: waived }], { expectedVersion: 0 });
    const row = { ...fee, id: 'F-1', amount: '10.00' };
    const rows = [
      { ...row, patronId: 'u1' },
      { ...row, patronId: 'u2' },
    ];
    const report = await runImport(store, policy, form, { ...ofRows(rows) });
    expect(report.findings.byCode).toEqual({ CORRUPT_HISTORY: 1 });
    expect(report.total).toMatchObject({ owed: '10.00', owedByRows: '20.00', difference: '-10.00' });
    const euro = await runImport(newStore(), definePolicy({ currency: 'EUR' }), form, {
      ...ofRows(rows),
    });
    expect(euro.findings.byCode).toEqual({ OTHER_CURRENCY: 2 });
  });

  it('reports an account that others keep changing', async () => {
    withoutPauses();
    const store = newStore();
    const event = {
      feeId: 'f',
      feeType: 'OTHER',
      owner: 'MAIN',
      amount: '1.00',
      currency: 'USD',
      at: '2026-03-02T09:00:00Z',
    };
    const busy = {
      ...store,
      append: async () => {
        const stream = { institution: 'n', patronId: 'p' };
        return store.append(stream, [{ type: 'FeeAssessed', data: event }], { expectedVersion: 9 });
      },
    };
    const report = await runImport(busy, policy, form, { ...ofRows(rowsOf(1)) });
    expect(report.findings.byCode).toEqual({ ACCOUNT_BUSY: 1 });
  });

  it('checks its form and options', async () => {
    const accounts = accountsOf([]);
    const run = (wrong: object, options: object) =>
      runImport(newStore(), policy, { ...form, ...wrong }, options as never);
    await expect(run({ x: 1 }, { accounts })).rejects.toThrow('form.x');
    await expect(run({}, {})).rejects.toThrow('options.accounts');
    await expect(run({}, { accounts, onFound: 1 })).rejects.toThrow('options.onFound');
  });
});
