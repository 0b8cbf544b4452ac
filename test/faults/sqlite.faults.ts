import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { migrate, sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { assessedFee } from '../support/assessedFee.js';
import { bundledProgram } from '../support/bundledProgram.js';
import { faultsAfter, streams } from '../support/deskWork.js';
import { sqliteDrivers } from '../support/sqliteDrivers.js';
import { timesOf } from './timesOf.js';

const program = fileURLToPath(new URL('./sqliteWriter.ts', import.meta.url));

const KILLS = timesOf(20);

let cleaning: (() => void)[] = [];

afterEach(() => {
  for (const clean of cleaning.reverse()) clean();
  cleaning = [];
});

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'patron-fees-faults-'));
  cleaning.push(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

const [libsql] = sqliteDrivers;

it(`loses and duplicates nothing in SQLite if a process is killed (kill -9) ${KILLS} times with 4 writers`, async () => {
  const file = join(folder(), 'fees.db');
  const database = libsql?.open(file) as NonNullable<ReturnType<NonNullable<typeof libsql>['open']>>;
  cleaning.push(() => database.close());
  migrate(database);
  const store = sqliteEventStore(database);
  const acknowledged = new Set<string>();
  let named = 0;

  type Writer = { readonly process: ChildProcess; readonly ended: Promise<unknown>; acknowledged: number };
  const startWriter = (): Writer => {
    named += 1;
    const child = spawn(process.execPath, [bundledProgram(program), file, `desk${named}`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const writer: Writer = {
      process: child,
      ended: new Promise((resolve) => child.once('close', resolve)),
      acknowledged: 0,
    };
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (id) => {
      acknowledged.add(id);
      writer.acknowledged += 1;
    });
    return writer;
  };

  let writers = [1, 2, 3, 4].map(startWriter);
  cleaning.push(() => {
    for (const writer of writers) writer.process.kill('SIGKILL');
  });
  for (let kills = 0; kills < KILLS; kills++) {
    const [victim, ...others] = writers as [Writer, ...Writer[]];
    while (victim.acknowledged < 5) await pause(5);
    await pause(Math.random() * 50);
    victim.process.kill('SIGKILL');
    await victim.ended;
    // The others continue to write, so only the commands acknowledged so far are checked.
    const until = [...acknowledged];
    expect(await faultsAfter(store, until)).toEqual([]);
    writers = [...others, startWriter()];
  }
  for (const writer of writers) writer.process.kill('SIGKILL');
  await Promise.all(writers.map(({ ended }) => ended));
  expect(await faultsAfter(store, acknowledged, 'at rest')).toEqual([]);
  expect(acknowledged.size).toBeGreaterThanOrEqual(5 * KILLS);
  expect(database.prepare('pragma integrity_check').get()).toMatchObject({ integrity_check: 'ok' });
});

/** A disk of 4 MB in memory, mostly filled with files that can be removed. */
function smallDisk(): { readonly disk: string; readonly freeSpace: () => void } {
  const disk = folder();
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk]);
  // libsql releases a closed file only at garbage collection.
  cleaning.push(() => execFileSync('umount', ['--lazy', disk]));
  const ballast = [1, 2, 3].map((n) => join(disk, `ballast${n}`));
  for (const file of ballast) writeFileSync(file, Buffer.alloc(1_000_000));
  return { disk, freeSpace: () => rmSync(ballast.pop() as string) };
}

// Mounting the small disk needs root.
it.skipIf(process.getuid?.() !== 0).each(sqliteDrivers)(
  'reports a full disk, keeps all acknowledged events, and works again after space is freed ($name, 3 times)',
  async ({ open }) => {
    const { disk, freeSpace } = smallDisk();
    const database = open(join(disk, 'fees.db'));
    cleaning.push(() => database.close());
    migrate(database);
    const store = sqliteEventStore(database);
    const [stream] = streams;
    if (stream === undefined) throw new Error('no stream');
    const event = (feeId: string, length: number) => ({
      type: 'FeeAssessed' as const,
      data: {
        feeId,
        feeType: 'OTHER',
        amount: '2.50',
        currency: 'USD',
        owner: 'MAIN',
        at: '2026-03-02T09:00:00Z',
        comment: 'x'.repeat(length),
      },
    });
    let version = 0;
    for (let round = 0; round < 3; round++) {
      const failure = await (async () => {
        for (let n = 0; n < 1000; n++) {
          ({ version } = await store.append(stream, [event(`${round}-${n}`, 10_000)], {
            expectedVersion: version,
          }));
        }
      })().catch((error: unknown) => error);
      expect(failure).toMatchObject({ code: expect.stringMatching(/^(SQLITE_FULL|ERR_SQLITE_ERROR)$/) });
      expect(String(failure)).toMatch(/disk is full/);
      // Nothing of the append is stored, and the store can be read.
      const { events, version: end } = await store.read(stream);
      expect([end, events.length]).toEqual([version, version]);
      // With free space the append succeeds.
      freeSpace();
      ({ version } = await store.append(stream, [event(`${round}-again`, 10)], { expectedVersion: version }));
    }
    expect((await store.read(stream)).version).toBe(version);
    expect(database.prepare('pragma integrity_check').get()).toMatchObject({ integrity_check: 'ok' });
  },
);

it.skipIf(process.getuid?.() !== 0)(
  'stores what it acknowledges of 100 concurrent appends on a disk that becomes full, and nothing of the others',
  async () => {
    const { disk, freeSpace } = smallDisk();
    const database = (libsql as NonNullable<typeof libsql>).open(join(disk, 'fees.db'));
    cleaning.push(() => database.close());
    migrate(database);
    const store = sqliteEventStore(database);
    const append = (patronId: string, comment: string) =>
      store.append({ institution: 'north', patronId }, [assessedFee('f1', { comment })], {
        expectedVersion: 0,
      });
    const outcomes = await Promise.allSettled(
      // Longer and longer, so that some fit although their batch does not.
      Array.from({ length: 100 }, (_, n) => append(`p${n}`, 'x'.repeat(300 * n))),
    );
    const done = outcomes.flatMap(({ status }, n) => (status === 'fulfilled' ? [`p${n}`] : []));
    expect(done.length).toBeGreaterThan(0);
    expect(done.length).toBeLessThan(100);
    const stored = (await store.readAll()).events.map(({ patronId }) => patronId);
    expect(stored.sort()).toEqual(done.sort());
    freeSpace();
    await append('again', '');
    expect(database.prepare('pragma integrity_check').get()).toMatchObject({ integrity_check: 'ok' });
  },
);
