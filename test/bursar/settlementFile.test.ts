import { runSettlementImport } from 'patron-fees/bursar';
import { type EventStore, execute, loadAccount } from 'patron-fees/history';
import { runPurge } from 'patron-fees/jobs';
import { summary } from 'patron-fees/views';
import { describe, expect, it } from 'vitest';
import {
  at,
  count,
  filled,
  imports,
  institution,
  policy,
  refusedBy,
  type Stores,
  settlementFile,
  u17,
} from '../support/importedFiles.js';

const transferred = async (store: EventStore) => {
  const account = (await loadAccount(store, u17)).account;
  const { transferred: pending, credit } = summary(account, policy) as unknown as Record<string, string>;
  return [pending, credit];
};

describe('an answer of a student system', () => {
  const run = (stores: Stores, jobId: string, source: Parameters<typeof runSettlementImport>[2]['source']) =>
    runSettlementImport(stores, policy, { jobId, at, institution, source });

  it('that is imported twice makes no money', async () => {
    const stores = await filled();
    await run(stores, 'answer', settlementFile());
    const once = await transferred(stores.accounts);
    expect(await run(stores, 'answer again', settlementFile())).toMatchObject({ rows: 0, rowsBookedNow: 0 });
    expect(await transferred(stores.accounts)).toEqual(once);
  });

  it('is the same as XML, with other columns, with a broken row, or as rows, if the office is given', async () => {
    const stores = await filled();
    await run(stores, 'answer', settlementFile());
    const rows = function* () {
      yield { reference: ' u17@sent', amount: '30.00 ' };
    };
    for (const source of [
      settlementFile('amount,reference,note\r\n30.00,u17@sent,x\r\n'),
      settlementFile('reference,amount\r\n,1.00\r\nu17@sent,30.00\r\n'),
      { rows: rows() },
    ])
      expect(await run(stores, 'other', source)).toMatchObject(refusedBy('answer'));
    const alone = await run(stores.accounts as never, 'other', { rows: rows() });
    expect(alone.rowsBookedNow).toBe(1);
  });

  it('is known after a purge; its own job finds no account, and books nothing', async () => {
    const { accounts, office } = await filled();
    const stores = { accounts, office };
    const whole = settlementFile('reference,amount\r\nu17@sent,40.00\r\n');
    await run(stores, 'answer', whole);
    await execute(accounts, policy, u17, {
      type: 'ReceivePayment',
      id: 'p',
      amount: '5',
      method: 'CASH',
      at,
    });
    const by = { userId: 'mo', roles: ['USER_MANAGER'] };
    const form = {
      jobId: 'purge',
      at: '2040-01-01T00:00:00Z',
      by,
      institution,
      settledForDays: 365,
      timeZone: 'UTC',
    };
    const purge = await runPurge(stores as never, policy, form, { now: form.at });
    expect(purge).toMatchObject({ accepted: true, report: { events: expect.any(Number) } });
    expect((await accounts.read(u17)).events.map(({ event }) => event.type)).toEqual(['AccountPurged']);
    expect(await run(stores, 'other', whole)).toMatchObject(refusedBy('answer'));
    expect((await run(stores, 'answer', whole)).findings.byCode).toEqual({ UNKNOWN_REFERENCE: 1 });
    expect(await count(stores)).toBe(1);
  });

  it('that was broken or empty is not recorded', async () => {
    const stores = await filled();
    const broken = settlementFile('reference,amount\r\nu17@sent,30.00\r\n"');
    expect((await run(stores, 'broken', broken)).findings.byCode).toEqual({ BROKEN_FILE: 1 });
    for (const jobId of ['empty', 'empty too'])
      expect((await run(stores, jobId, settlementFile('reference,amount\r\n'))).findings.count).toBe(0);
    expect(await imports(stores)).toEqual([]);
  });

  it('is recorded by one shard, and read by the others without a refusal', async () => {
    const stores = await filled();
    const form = { jobId: 'answer', at, institution, source: settlementFile() };
    const shards = [0, 1, 2].map((index) => ({ index, of: 3 }));
    const reports = await Promise.all(
      shards.map((shard) => runSettlementImport(stores, policy, form, { shard })),
    );
    expect(reports.map(({ rowsBookedNow }) => rowsBookedNow).sort()).toEqual([0, 0, 1]);
    expect(await imports(stores)).toEqual(['answer']);
    const again = await Promise.all(
      shards.map((shard) => runSettlementImport(stores, policy, { ...form, jobId: 'b' }, { shard })),
    );
    expect(again.map(({ findings }) => findings.count).sort()).toEqual([0, 0, 1]);
  });
});
