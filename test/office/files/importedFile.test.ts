import { runSettlementImport } from 'patron-fees/bursar';
import { copyEvents, memoryEventStore } from 'patron-fees/history';
import { csvRows, jsonLines, openingBalances, runImport } from 'patron-fees/import';
import { runBulkWaive } from 'patron-fees/jobs';
import { type OfficeEvent, type OfficeStore, officeEvents } from 'patron-fees/office';
import { describe, expect, it } from 'vitest';
import { fileHash } from '../../../src/office/files/importedFile.js';
import {
  at,
  count,
  filled,
  imports,
  institution,
  policy,
  recorded,
  refusedBy,
  type Stores,
  settlementFile,
} from '../../support/importedFiles.js';

type Order = { readonly jobId: string; readonly again?: boolean; readonly fileId?: string };
type Report = { readonly findings: { readonly byCode: object; readonly first: readonly unknown[] } };

async function waive(stores: Stores, order: Order): Promise<Report> {
  const by = { userId: 'mo', roles: ['USER_MANAGER'] };
  const form = { ...order, at, by, institution, reason: 'OTHER', fileName: 'old.csv' };
  const patrons = [{ patronId: 'u17', group: 'G', hasOverdueLoans: false }];
  const fees = csvRows(['patronId,feeId\nu17,f2\n']);
  const job = runBulkWaive(stores, policy, form, { patrons, fees });
  if (!job.accepted) throw new Error(job.rejection.type);
  for await (const _ of job.entries);
  return job.totals();
}

const opening = 'patronId,id,amount,at,feeType,owner\nu17,F-1,12.00,2026-03-02,OTHER,MAIN\n';

/** Each job that reads a file, always the same one. */
const jobs: Readonly<Record<string, (stores: Stores, order: Order) => Promise<Report>>> = {
  runSettlementImport: (stores, order) =>
    runSettlementImport(stores, policy, { ...order, at, institution, source: settlementFile() }),
  runBulkWaive: waive,
  runImport: (stores, order) =>
    runImport(
      stores,
      policy,
      { ...order, at, institution },
      { accounts: openingBalances(csvRows([opening]), { policy }), rows: csvRows([opening]) },
    ),
};

describe.each(Object.entries(jobs))('the file of %s', (name, run) => {
  it('is recorded before its first row, and refused in another job', async () => {
    const stores = await filled();
    const before = await count(stores);
    expect((await run(stores, { jobId: 'first' })).findings.byCode).toEqual({});
    const after = await count(stores);
    expect(after).toBeGreaterThan(before);
    const [event] = await recorded(stores);
    const data = { jobId: 'first', sha256: expect.stringMatching(/^[0-9a-f]{64}$/), rows: 1, at };
    expect(event).toMatchObject({ type: 'FileImported', data });
    expect(await run(stores, { jobId: 'second' })).toMatchObject(refusedBy('first'));
    expect([await count(stores), await imports(stores)]).toEqual([after, ['first']]);
  });

  it('continues under the id of its job, even after a kill between the record and the first row', async () => {
    const stores = await filled();
    const killed = new Error('killed');
    const dying = { ...stores.accounts, append: () => Promise.reject(killed) };
    await expect(run({ ...stores, accounts: dying }, { jobId: 'first' })).rejects.toThrow('killed');
    expect(await imports(stores)).toEqual(['first']);
    const before = await count(stores);
    expect(await run(stores, { jobId: 'second' })).toMatchObject(refusedBy('first'));
    expect(await count(stores)).toBe(before);
    expect((await run(stores, { jobId: 'first' })).findings.byCode).toEqual({});
    const after = await count(stores);
    expect(after).toBeGreaterThan(before);
    expect((await run(stores, { jobId: 'first' })).findings.byCode).toEqual({});
    expect([await count(stores), await imports(stores)]).toEqual([after, ['first']]);
  });

  it('is imported by one of two servers with two job ids, and by both with the same job id', async () => {
    for (let round = 0; round < 5; round++) {
      const other = await filled();
      const two = await Promise.all([run(other, { jobId: 'a' }), run(other, { jobId: 'b' })]);
      const codes = two.map(({ findings }) => Object.keys(findings.byCode));
      expect(codes).toContainEqual(['FILE_ALREADY_IMPORTED']);
      expect(codes).toContainEqual([]);
      const once = await filled();
      await run(once, { jobId: 'a' });
      expect(await count(other)).toBe(await count(once));
      const same = await filled();
      await Promise.all([run(same, { jobId: 'a' }), run(same, { jobId: 'a' })]);
      expect([await count(same), await imports(same)]).toEqual([await count(once), ['a']]);
    }
  });

  it('is imported again, and once more, if the form says so; each of these jobs can continue', async () => {
    const stores = await filled();
    await run(stores, { jobId: 'a' });
    for (const jobId of ['b', 'c', 'b']) {
      expect((await run(stores, { jobId, again: true })).findings.byCode).not.toHaveProperty(
        'FILE_ALREADY_IMPORTED',
      );
    }
    expect(await imports(stores)).toEqual(['a', 'b', 'c']);
    for (const jobId of ['a', 'b', 'c'])
      expect((await run(stores, { jobId })).findings.byCode).not.toHaveProperty('FILE_ALREADY_IMPORTED');
    expect(await run(stores, { jobId: 'd' })).toMatchObject(refusedBy('c'));
  });

  it('counts as another file if the form gives another number of the sender', async () => {
    const stores = await filled();
    await run(stores, { jobId: 'march', fileId: 'March' });
    expect(await run(stores, { jobId: 'oops', fileId: 'March' })).toMatchObject(refusedBy('march'));
    const april = await run(stores, { jobId: 'april', fileId: 'April' });
    expect(april.findings.byCode).not.toHaveProperty('FILE_ALREADY_IMPORTED');
    expect(await imports(stores)).toEqual(['march', 'april']);
  });

  it('is known in a copy of the office, also beside other accounts', async () => {
    const stores = await filled();
    await run(stores, { jobId: 'first' });
    const copy = memoryEventStore<OfficeEvent, never>({ now: () => at, codec: officeEvents as never });
    await copyEvents(stores.office as never, copy as never);
    const empty = { accounts: memoryEventStore({ now: () => at }), office: copy as unknown as OfficeStore };
    expect(await run(empty, { jobId: 'second' })).toMatchObject(refusedBy('first'));
    expect(await count(empty)).toBe(0);
  });

  it('is refused without an office', async () => {
    const { accounts } = await filled();
    const before = (await accounts.readAll()).events.length;
    await expect(Promise.resolve().then(() => run({ accounts } as never, { jobId: 'a' }))).rejects.toThrow(
      'stores.office: missing',
    );
    expect((await accounts.readAll()).events.length).toBe(before);
    expect(name).toMatch(/^run/);
  });
});

describe('what identifies a file', () => {
  const identity = (rows: readonly unknown[], fileId?: string, kind = 'settlements' as const) => {
    const hash = fileHash(kind, fileId);
    for (const row of rows) hash.add(row);
    return hash.identity();
  };

  it('is what is stored, for ever', () => {
    expect(identity([{ amount: '30.00', reference: 'u17@sent' }])).toEqual({
      sha256: 'd95266c22cbe2bf71b79e025080e489edfbdb6bc8571e2430ef46c2f7d19c1e2',
      rows: 1,
    });
  });

  it('does not depend on the order of fields, but on the order of rows, every value, and the number', () => {
    const [a, b] = [{ x: '1', y: '2' }, { y: '3' }];
    expect(identity([a, b])).toEqual(identity([{ y: '2', x: '1' }, b]));
    const others = [[b, a], [a], [a, b, b], [{ x: '1', y: '4' }, b], [{ x: '1' }, { y: '2' }, b]];
    const all = [[a, b], ...others].map((rows) => identity(rows)?.sha256);
    expect(new Set([...all, identity([a, b], '7')?.sha256]).size).toBe(all.length + 1);
  });

  it('is the same if a spreadsheet program saved an amount without its zeros, but not for another amount', () => {
    const hashes = (amounts: readonly string[]) => amounts.map((amount) => identity([{ amount }])?.sha256);
    expect(new Set(hashes(['30.00', '30.0', '30.', '30'])).size).toBe(1);
    expect(new Set(hashes(['30', '3', '300', '30.01', '30.10', '-30', '.', ''])).size).toBe(7);
  });

  it('does not exist without rows; rows may be of any type', () => {
    expect(identity([])).toBeNull();
    const cyclic: Record<string, unknown> = {};
    cyclic.self = cyclic;
    expect(identity([undefined, 5n, { at: new Date(at) }, cyclic, () => 1])?.rows).toBe(5);
    expect(identity([{ at: new Date(at) }])).toEqual(identity([{ at: '2026-03-02T09:00:00.000Z' }]));
  });
});

describe('opening balances', () => {
  it('are refused without their rows, before anything is recorded', async () => {
    const stores = await filled();
    const before = await count(stores);
    const accounts = openingBalances(jsonLines(['{"patronId":"u","id":"1","amount":"1"}']), { policy });
    const job = runImport(stores, policy, { jobId: 'a', institution }, { accounts });
    await expect(job).rejects.toThrow('options.rows: missing');
    expect(await count(stores)).toBe(before);
    await expect(
      runImport(stores, policy, { jobId: 'a', institution }, { accounts, rows: [] }),
    ).rejects.toThrow('form.at: missing');
  });

  it('are one file under any name of the system: under a second name all rows would be charged again', async () => {
    const stores = await filled();
    const load = (jobId: string, system: string) =>
      runImport(
        stores,
        policy,
        { jobId, at, institution },
        { accounts: openingBalances(csvRows([opening]), { policy, system }), rows: csvRows([opening]) },
      );
    await load('a', 'symphony');
    expect(await load('b', 'import')).toMatchObject({ events: 0, ...refusedBy('a') });
  });
});
