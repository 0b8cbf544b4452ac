import { copyEvents, type EventStore, type StoredAccountEvent, type StreamKey } from 'patron-fees/history';
import { expect, it } from 'vitest';
import { everyStore } from '../support/everyStore.js';
import { describeWith } from '../support/programs.js';
import { randomAccounts } from '../support/randomAccounts.js';
import { temporaryFolder } from '../support/temporaryFolder.js';
import { emptyBooks, found, institution, months, sealed, verify } from './sealedBooks.js';

const accounts = randomAccounts(8, 9);
const clock = () => () => '2027-01-01T00:00:00Z';

/** Records the same events, with the same times, in any store. */
async function fill(store: EventStore): Promise<void> {
  for (const [minute, { patronId, events }] of accounts.entries()) {
    for (const [index, event] of events.entries()) {
      const month = Math.floor((index * months.length) / events.length);
      const recordedAt = new Date(Date.UTC(2026, month, 5, 15, minute, index, 123)).toISOString();
      await store.append({ institution, patronId }, [event], { expectedVersion: index, recordedAt });
    }
  }
}

async function totalsOf(
  stores: ReturnType<typeof emptyBooks>['stores'],
  folder = temporaryFolder(),
): Promise<readonly string[]> {
  const books = { stores, clock: { now: '' }, folder };
  const totals: string[] = [];
  for (const month of months) totals.push((await sealed(books, month)).total);
  expect(await found(books)).toEqual([]);
  return totals;
}

const inMemory = emptyBooks();
inMemory.clock.now = clock()();
const expected = fill(inMemory.stores.accounts).then(() => totalsOf(inMemory.stores, inMemory.folder));

const kinds = everyStore(clock);

for (const { name, programs, open, openOffice } of kinds) {
  describeWith(programs, `seals over ${name}`, () => {
    it('the seals of every store have the same totals, and so do those of a copy', async () => {
      const [store, copy] = [await open(), await open()];
      await fill(store);
      const office = await openOffice();
      expect(await totalsOf({ accounts: store as never, office })).toEqual(await expected);
      await copyEvents(store, copy);
      expect(await totalsOf({ accounts: copy as never, office: await openOffice() })).toEqual(await expected);
    });
  });
}

/** Copies a store: the copy is stopped after every page, and begun again. */
async function copied<Event, Id extends StreamKey>(from: EventStore<Event, Id>, to: EventStore<Event, Id>) {
  const stop = new Error('stopped');
  const { events: all } = await from.readAll();
  for (let pages = 1; pages <= 3; pages++) {
    let left = pages;
    const onProgress = () => {
      left -= 1;
      if (left === 0) throw stop;
    };
    const copying = copyEvents(from, to, { pageSize: Math.ceil(all.length / 4), onProgress });
    await expect(copying).rejects.toBe(stop);
  }
  await copyEvents(from, to);
}

const [memory, ...databases] = kinds;
for (const others of [databases.filter(({ programs }) => programs.length === 0), databases]) {
  const chain = [...others, memory].flatMap((kind) => kind ?? []);
  const names = ['memory', ...chain.map(({ name }) => name)].join(' -> ');
  const programs = chain.flatMap((kind) => kind.programs);
  describeWith(programs, `seals of copies ${names}`, () => {
    it('each copy is verified without a finding, and has the same totals when it is sealed again', async () => {
      const totals = await expected;
      let { stores } = inMemory;
      for (const { open, openOffice } of chain) {
        const [accountsCopy, officeCopy] = [await open(), await openOffice()];
        await copied(stores.accounts, accountsCopy);
        await copied(stores.office, officeCopy);
        stores = { accounts: accountsCopy as never, office: officeCopy };
        const report = await verify({ ...inMemory, stores });
        expect(report).toMatchObject({ seals: 3, findings: { count: 0 }, newest: { total: totals[2] } });
        expect(report.streams).toBeGreaterThan(accounts.length);
        expect(await totalsOf({ ...stores, office: await openOffice() })).toEqual(totals);
      }
    });
  });
}

it('the stores have random accounts with events in each month', async () => {
  const { events } = await inMemory.stores.accounts.readAll();
  const seen = new Set(events.map(({ recordedAt }: StoredAccountEvent) => recordedAt.slice(0, 7)));
  expect([...seen].sort()).toEqual([...months]);
});
