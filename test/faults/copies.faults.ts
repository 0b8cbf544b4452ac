import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import { afterEach, expect, it } from 'vitest';
import type { EventStore } from '../../src/history/index.js';
import { type OfficeStore, officeEvents } from '../../src/office/index.js';
import { postgresEventStore } from '../../src/stores/postgres/index.js';
import { sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { verify } from '../seals/sealedBooks.js';
import { sealedFiles } from '../seals/sealedFiles.js';
import { bundledProgram } from '../support/bundledProgram.js';
import { libsql } from '../support/sqliteDrivers.js';
import { temporaryFolder } from '../support/temporaryFolder.js';
import { timesOf } from './timesOf.js';

const program = fileURLToPath(new URL('./copier.ts', import.meta.url));

type Stores = { readonly accounts: EventStore; readonly office: OfficeStore };

let closes: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closes) await close();
  closes = [];
});

function inSqlite(accounts: string, office: string): Stores {
  const [own, other] = [libsql.open(accounts), libsql.open(office)];
  closes.push(
    () => own.close(),
    () => other.close(),
  );
  return { accounts: sqliteEventStore(own), office: sqliteEventStore(other, { codec: officeEvents }) };
}

async function inPglite(accounts: string, office: string): Promise<Stores> {
  const [own, other] = [await PGlite.create(accounts), await PGlite.create(office)];
  closes.push(
    () => own.close(),
    () => other.close(),
  );
  return { accounts: postgresEventStore(own), office: postgresEventStore(other, { codec: officeEvents }) };
}

/** All events in their order, with their times of recording to the millisecond, as SQLite has them. */
async function eventsOf({ accounts, office }: Stores) {
  return [await accounts.readAll(), await office.readAll()].map(({ events }) =>
    events.map((event) => ({ ...event, recordedAt: new Date(event.recordedAt).toISOString() })),
  );
}

for (const { target, open, times } of [
  { target: 'sqlite', open: inSqlite, times: 24 },
  { target: 'pglite', open: inPglite, times: 4 },
] as const) {
  it(`a copy with its office to ${target} that is killed (kill -9) anywhere, and again, goes on and is proved by the seals`, async () => {
    const from = await sealedFiles();
    const original = inSqlite(from.accounts, from.office);
    const expected = await eventsOf(original);
    expect(expected.map(({ length }) => length > 10)).toEqual([true, true]);
    /** Copies until a call of the target; returns how it ended, and how many calls it made. */
    const copyUntil = async (call: number, to: readonly [string, string]) => {
      const child = spawn(
        process.execPath,
        [bundledProgram(program), String(call), target, from.accounts, from.office, ...to],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      );
      const ended = once(child, 'close');
      const printed = await text(child.stdout);
      const [code, signal] = await ended;
      return { end: signal ?? code, calls: Number(printed) };
    };
    const places = () => {
      const folder = temporaryFolder();
      return [join(folder, 'accounts'), join(folder, 'office')] as const;
    };
    const { end, calls } = await copyUntil(Number.POSITIVE_INFINITY, places());
    expect(end).toBe(0);
    const kills = timesOf(times);
    for (let kill = 1; kill <= kills; kill++) {
      const to = places();
      const first = Math.ceil((kill * calls) / (kills + 1));
      expect(await copyUntil(first, to)).toMatchObject({ end: 'SIGKILL' });
      // What is there is only compared: the second one gets as far, and is killed there.
      await copyUntil(Math.ceil(first / 2), to);
      expect(await copyUntil(Number.POSITIVE_INFINITY, to)).toMatchObject({ end: 0 });
      const stores = await open(...to);
      expect(await eventsOf(stores)).toEqual(expected);
      const books = { stores: stores as never, clock: { now: '' }, folder: from.seals };
      expect(await verify(books)).toMatchObject({ seals: 3, findings: { count: 0 } });
    }
  });
}
