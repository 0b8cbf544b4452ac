import { executeRemittance } from 'patron-fees/bursar';
import { type EventStore, execute, memoryEventStore, splitEventStore } from 'patron-fees/history';
import { executeTill, type OfficeEvent, type OfficeStore, officeEvents } from 'patron-fees/office';
import { postgresEventStore, migrate as preparePostgres } from 'patron-fees/postgres';
import { type AuditLine, type AuditTrailForm, runAuditTrail } from 'patron-fees/reports';
import { migrate as prepareSqlite, sqliteEventStore } from 'patron-fees/sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issue, storesWith } from '../../office/receipts/receiptDesk.js';
import { policy, received, undone } from '../../office/remittances/remittances.js';
import { at, by, close, move, open } from '../../office/till/tills.js';
import { newPool, type PostgresServer, postgresServer } from '../../support/postgresServer.js';
import { libsql } from '../../support/sqliteDrivers.js';

const institution = 'north';
const always = { institution, timeZone: 'UTC', from: '2000-01-01', through: '2999-12-31' };
const now = () => '2026-03-02T14:00:00Z';

let server: PostgresServer;
let pool: ReturnType<typeof newPool>;
const databases: ReturnType<typeof libsql.open>[] = [];

beforeAll(async () => {
  server = await postgresServer();
  pool = newPool(server.connection);
});

afterAll(async () => {
  for (const database of databases) database.close();
  await pool.end();
  await server.remove();
});

const offices: Record<string, () => Promise<OfficeStore>> = {
  memory: async () => memoryEventStore({ now, codec: officeEvents }),
  SQLite: async () => {
    const database = libsql.open(':memory:');
    databases.push(database);
    prepareSqlite(database);
    return sqliteEventStore(database, { now, codec: officeEvents });
  },
  PostgreSQL: async () => {
    await preparePostgres(pool);
    return postgresEventStore(pool, { codec: officeEvents });
  },
  'a split store': async () => {
    const parts = { one: memoryEventStore({ now, codec: officeEvents }) };
    return splitEventStore({ parts, partOf: () => 'one' });
  },
};

/** A day of an office: a till, a receipt that is printed twice, and money of the bursar. */
async function dayIn(office: OfficeStore) {
  const stores = await storesWith(1, office);
  const till = { institution, till: 'desk:1' };
  await executeTill(office, policy, till, open());
  await executeTill(office, policy, till, move('m1', 'in', '5.00'));
  await issue(stores, 0);
  await issue(stores, 0);
  await executeTill(office, policy, till, close('z1', '5.00', '60.00'));
  await executeRemittance(office, policy, { institution }, received('r1', '30.00'));
  await executeRemittance(office, policy, { institution }, undone('r2', 'r1'));
  return stores;
}

async function listed(
  stores: { readonly accounts: EventStore; readonly office?: OfficeStore },
  more: Partial<AuditTrailForm> = {},
): Promise<readonly AuditLine[]> {
  const { accounts, ...options } = stores;
  const lines: AuditLine[] = [];
  for await (const line of runAuditTrail({ accounts, ...options }, policy, { ...always, ...more }))
    lines.push(line);
  return lines;
}

describe.each(Object.entries(offices))('an audit trail with the office: %s', (_name, openOffice) => {
  it('says who opened and closed a till, issued a receipt and recorded a remittance', async () => {
    const lines = await listed(await dayIn(await openOffice()));
    const rows = lines.map(({ source, office, patronId, user, commandId, tillSession, events }) =>
      [source, office, patronId, user, commandId, tillSession, ...events].join(' | '),
    );
    expect(rows.sort()).toEqual([
      'account |  | u0 |  | p0 |  | PaymentReceived',
      'receipts | 2026/1 | u0 | ana | p0 |  | ReceiptIssued',
      'remittances | BURSAR |  | fin | r1 |  | RemittanceRecorded',
      'remittances | BURSAR |  | fin | r2 |  | RemittanceReversed',
      'till | desk:1 |  | ana | CIRC/1 | CIRC/1 | TillOpened',
      'till | desk:1 |  | ana | m1 | CIRC/1 | TillMoneyMoved',
      'till | desk:1 |  | ben | z1 | CIRC/1 | TillClosed',
    ]);
    expect(lines.at(-1)).toMatchObject({ institution, channel: 'desk', currency: 'USD', reason: null });
  });

  it('has names of streams, and no patron, in the keys', async () => {
    const { office } = await dayIn(await openOffice());
    const { accounts } = await office.accounts({ institution });
    const streams = ['patron:u0', 'receipts:2026', 'remittances:BURSAR', 'till:desk:1'];
    expect([...accounts].sort((a, b) => (a.stream < b.stream ? -1 : 1))).toEqual(
      streams.map((stream) => ({ institution, stream })),
    );
    const { events } = await office.readAll();
    expect(events.filter((event) => 'patronId' in event)).toEqual([]);
    for (const stream of accounts) {
      const own = events.filter((event) => event.stream === stream.stream);
      expect((await office.read(stream)).events).toEqual(
        own.map(({ institution: _institution, stream: _stream, ...recorded }) => recorded),
      );
    }
  });

  it("names the field of a key that is not one of the office's streams", async () => {
    const office = await openOffice();
    const key = { institution, patronId: 'till:CIRC' } as never;
    const faults = [{ path: 'stream.stream', expected: expect.any(String), found: 'missing' }];
    const refused = { code: 'INVALID_ARGUMENT', details: { faults } };
    await expect(office.read(key)).rejects.toMatchObject(refused);
    await expect(office.append(key, [], { expectedVersion: 0 })).rejects.toMatchObject(refused);
    const stream = { institution, stream: 'till:CIRC' };
    await executeTill(office, policy, { institution, till: 'CIRC' }, open());
    const event = (await office.read(stream)).events[0]?.event as OfficeEvent;
    await expect(office.append(stream, [event], { expectedVersion: 0 })).rejects.toMatchObject({
      code: 'VERSION_CONFLICT',
      details: { stream: 'north/till:CIRC', expected: 0, actual: 1 },
    });
  });
});

describe('an audit trail with the office', () => {
  it('lists everything by user, by command and by day', async () => {
    const stores = await dayIn(memoryEventStore({ now, codec: officeEvents }));
    const ids = async (more: Partial<AuditTrailForm>) =>
      (await listed(stores, more)).map(({ source, commandId }) => `${source} ${commandId}`);
    expect(await ids({ users: ['ana'] })).toEqual(['till CIRC/1', 'till m1', 'receipts p0']);
    expect(await ids({ commandIds: ['p0'] })).toEqual(['account p0', 'receipts p0']);
    expect(await ids({ from: '2026-03-02', through: '2026-03-02' })).toHaveLength(7);
    expect(await ids({ from: '2026-03-03' })).toEqual([]);
  });

  it("covers only accounts without the office's store", async () => {
    const { accounts } = await dayIn(memoryEventStore({ now, codec: officeEvents }));
    expect((await listed({ accounts })).map(({ source }) => source)).toEqual(['account']);
  });

  it("never mistakes an account for an office stream, whatever the patron's id", async () => {
    const accounts = memoryEventStore({ now });
    const payment = {
      type: 'ReceivePayment',
      id: 'p',
      amount: '5',
      method: 'CASH',
      overpayment: 'credit',
      at,
    } as const;
    await execute(accounts, policy, { institution, patronId: 'till:CIRC' }, payment);
    const [line] = await listed({ accounts, office: memoryEventStore({ now, codec: officeEvents }) });
    expect(line).toMatchObject({ source: 'account', patronId: 'till:CIRC', office: null });
  });

  it('reads a long series page by page, once over all shares', async () => {
    const office = memoryEventStore({ now, codec: officeEvents });
    const receipt = {
      series: '2026',
      patronId: 'u1',
      kind: 'payment',
      accountVersion: 1,
      amount: '5.00',
    } as const;
    const issued = Array.from({ length: 2_500 }, (_, index) => ({
      type: 'ReceiptIssued' as const,
      data: { ...receipt, subjectId: `p${index}`, number: index + 1, currency: 'USD', at, by },
    }));
    await office.append({ institution, stream: 'receipts:2026' }, issued, { expectedVersion: 0 });
    await executeTill(office, policy, { institution, till: 'CIRC' }, open());
    const limits: unknown[] = [];
    const read: typeof office.read = (stream, options) => {
      if (options?.limit !== undefined) limits.push(options.limit);
      return office.read(stream, options);
    };
    const accounts = memoryEventStore({ now });
    const lines = await listed({ accounts, office: { ...office, read } });
    expect(lines.filter(({ source }) => source === 'receipts').map(({ office: name }) => name)).toEqual(
      issued.map(({ data }) => `2026/${data.number}`),
    );
    expect(new Set(limits)).toEqual(new Set([1_000]));
    const shares: number[] = [];
    for (const index of [0, 1, 2]) {
      let count = 0;
      const shard = { index, of: 3 };
      for await (const _ of runAuditTrail({ accounts, office }, policy, always, { shard })) count += 1;
      shares.push(count);
    }
    expect(shares.reduce((sum, count) => sum + count, 0)).toBe(2_501);
  });

  it('reports an office stream that cannot be read', async () => {
    const { accounts, office } = await dayIn(memoryEventStore({ now, codec: officeEvents }));
    const error = Object.assign(new Error('x'), {
      name: 'PatronFeesError',
      code: 'INVALID_EVENT',
      details: {},
    });
    const read: typeof office.read = (stream, options) =>
      stream.stream.startsWith('till:') && options?.limit !== undefined
        ? Promise.reject(error)
        : office.read(stream, options);
    const found: unknown[] = [];
    const sources: string[] = [];
    const onFinding = (finding: unknown) => void found.push(finding);
    const stores = { accounts, office: { ...office, read } };
    for await (const { source } of runAuditTrail(stores, policy, always, { onFinding })) sources.push(source);
    expect(found).toEqual([{ institution, stream: 'till:desk:1', code: 'INVALID_EVENT', message: 'x' }]);
    expect(sources.sort()).toEqual(['account', 'receipts', 'remittances', 'remittances']);
  });
});
