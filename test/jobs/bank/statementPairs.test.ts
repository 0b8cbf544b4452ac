// What becomes of a statement that was read when a run is killed, the office is restored or moved, and months are sealed,
// closed and purged.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { verifySeals } from 'patron-fees/closing';
import { copyEvents, memoryEventStore } from 'patron-fees/history';
import { runPurge } from 'patron-fees/jobs';
import {
  executeBank,
  loadBankAccount,
  type OfficeStore,
  officeEvents,
  readCamt053,
  runBankReconciliation,
} from 'patron-fees/office';
import { expect, it } from 'vitest';
import { after, type Books, institution, policy, seal, timeZone } from '../../seals/sealedBooks.js';
import { type Closing, close, filled, verified } from '../closing/closedMonths.js';
import { balance, booked, camt053 } from './camt053.js';

const giro = { institution, bank: 'GIRO' };
const by = { channel: 'desk', userId: 'fin' } as const;
const at = '2026-01-20T10:00:00Z';

/** The statement of a day of January, with one entry of 1.00. */
function daily(day: number): string {
  const date = (of: number) => `2026-01-${String(of).padStart(2, '0')}`;
  return camt053(booked('1.00', date(day), `B${day}`), {
    id: `S${day}`,
    numbers: `<ElctrncSeqNb>${day}</ElctrncSeqNb>`,
    balances: balance('OPBD', `${day}.00`, date(day)) + balance('CLBD', `${day + 1}.00`, date(day)),
  }).replaceAll('Ccy="EUR"', 'Ccy="USD"');
}

async function read(stores: Books['stores'], days: readonly number[]): Promise<readonly string[]> {
  async function* entries() {
    for (const day of days) yield* readCamt053([daily(day)]);
  }
  const form = { ...giro, timeZone, from: '2026-01-01', through: '2026-01-31', at, by };
  const { findings } = await runBankReconciliation(stores, policy, form, { entries: entries() });
  return findings.first.map(({ code }) => code).filter((code) => code !== 'ENTRY_UNKNOWN');
}

const account = async ({ office }: Books['stores']) => loadBankAccount(office as OfficeStore, giro);

/** A deposit from the safe, which the statement of the 3rd confirms by its amount. */
async function deposit({ office }: Books['stores']) {
  const command = { type: 'DepositFromSafe', id: 'd', amount: '1', at: '2026-01-03T08:00:00Z', by } as const;
  await executeBank(office as OfficeStore, policy, giro, command);
}

it('a run that is killed between an entry and its statement is finished by the next one', async () => {
  const { stores } = await filled();
  await deposit(stores);
  const { office } = stores;
  const append: OfficeStore['append'] = async (id, events, options) => {
    if (events.some(({ type }) => type === 'BankStatementRead')) throw new Error('killed');
    return office.append(id, events, options);
  };
  await expect(read({ ...stores, office: { ...office, append } }, [3])).rejects.toThrow('killed');
  const killed = await account(stores);
  expect([killed.entries.size, killed.statements]).toEqual([1, []]);
  expect(await read(stores, [3])).toEqual([]);
  expect(await account(stores)).toMatchObject({ eventCount: 3, statements: [{ number: '3', unposted: [] }] });
});

it('an office restored from a backup before a statement reports it as missing, until it is read again', async () => {
  const { stores, clock } = await filled();
  const backup = memoryEventStore({ now: () => clock.now, codec: officeEvents });
  expect(await read(stores, [3])).toEqual([]);
  await copyEvents(stores.office as OfficeStore, backup);
  expect(await read(stores, [4])).toEqual([]);
  const restored = { ...stores, office: backup };
  expect(await read(restored, [5])).toEqual(['STATEMENT_GAP']);
  expect(await read(restored, [4])).toEqual([]);
  expect(await read(restored, [5])).toEqual([]);
});

it('an office that was moved knows its statements', async () => {
  const { stores, clock } = await filled();
  await read(stores, [3, 4]);
  const office = memoryEventStore({ now: () => clock.now, codec: officeEvents });
  await copyEvents(stores.office as OfficeStore, office);
  const moved = { ...stores, office };
  expect(await account(moved)).toEqual(await account(stores));
  expect(await read(moved, [3, 4])).toEqual([]);
  expect(await account(moved)).toEqual(await account(stores));
});

/** Returns the files of a folder with their texts. */
const textsOf = (folder: string) =>
  readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]);

it('reading a statement before or after its month is closed changes no file, and a purge keeps the statement', async () => {
  const books: Closing = await filled();
  const { stores, folder } = books;
  await read(stores, [3]);
  expect(await close(books, '2026-01')).toMatchObject({ accepted: true });
  const [files, seals] = [textsOf(books.files), textsOf(folder)];
  const isVerified = async () =>
    (await verifySeals(stores, policy, { institution }, { folder })).findings.byCode;
  expect(await read(stores, [4])).toEqual([]);
  expect(await close(books, '2026-01')).toMatchObject({ accepted: true });
  expect([textsOf(books.files), textsOf(folder)]).toEqual([files, seals]);
  expect(await isVerified()).toEqual({});
  expect(await close(books, '2026-02')).toMatchObject({ accepted: true });
  const before = await account(stores);
  const now = '2027-06-01T12:00:00Z';
  books.clock.now = now;
  const order = { institution, jobId: 'purge', by: { userId: 'mo', roles: ['USER_MANAGER'] } };
  const form = { ...order, timeZone, at: now, settledForDays: 40 };
  expect(await runPurge(stores, policy, form, { seals: folder, now })).toMatchObject({ accepted: true });
  expect(await account(stores)).toEqual(before);
  expect(await isVerified()).toEqual({});
  expect((await verified(books)).slice(1)).toEqual([]);
});

it('a statement that somebody changes after a seal is found by the seal', async () => {
  const books = await filled();
  await read(books.stores, [3]);
  books.clock.now = after('2026-01');
  expect(await seal(books, '2026-01')).toMatchObject({ accepted: true });
  const office = books.stores.office as OfficeStore;
  const forged: OfficeStore = {
    ...office,
    async read(id, options) {
      const found = await office.read(id, options);
      const events = found.events.map((recorded) => {
        const { event } = recorded;
        if (event.type !== 'BankStatementRead') return recorded;
        return { ...recorded, event: { ...event, data: { ...event.data, unposted: [] } } };
      });
      return { ...found, events };
    },
  };
  const { findings } = await verifySeals(
    { ...books.stores, office: forged },
    policy,
    { institution },
    { folder: books.folder },
  );
  expect(findings.first.map(({ code, stream }) => [code, stream])).toEqual([['EVENT_CHANGED', 'bank:GIRO']]);
});

it('a confirmation is undone after its month was sealed and closed: a posting of the next month, and no finding', async () => {
  const books: Closing = await filled();
  const { stores, folder, clock } = books;
  await deposit(stores);
  clock.now = at;
  expect(await read(stores, [3])).toEqual([]);
  expect(await close(books, '2026-01')).toMatchObject({ accepted: true });
  const [files, seals] = [textsOf(books.files), textsOf(folder)];
  const [recordId] = [...(await account(stores)).entries.values()];
  const undo = {
    type: 'ReverseBankRecord',
    id: 'u',
    recordId: recordId as string,
    at: clock.now,
    by,
  } as const;
  const undone = await executeBank(stores.office as OfficeStore, policy, giro, undo);
  expect(undone.decision.accepted).toBe(true);
  expect(await close(books, '2026-01')).toMatchObject({ accepted: true });
  expect([textsOf(books.files), textsOf(folder)]).toEqual([files, seals]);
  expect(await close(books, '2026-02')).toMatchObject({ accepted: true });
  const { findings } = await verifySeals(stores, policy, { institution }, { folder });
  expect([findings.byCode, (await verified(books)).slice(1)]).toEqual([{}, []]);
  const bankLines = (month: string) =>
    readFileSync(join(books.files, `journal-${month}.csv`), 'utf8')
      .split('\n')
      .filter((line) => line.includes('Assets:Bank'));
  // The opening balance, and what undoes it.
  expect([bankLines('2026-01').length, bankLines('2026-02').length]).toEqual([1, 2]);
});
