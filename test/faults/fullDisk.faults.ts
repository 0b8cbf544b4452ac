import { execFileSync } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { afterEach, beforeEach, expect, it, type TestContext } from 'vitest';
import {
  inlineAccounts,
  migrate,
  postgresEventStore,
  rebuildAccounts,
} from '../../src/stores/postgres/index.js';
import { faultsOfTables, postgresTables } from '../support/accountTables.js';
import { assessedFee } from '../support/assessedFee.js';
import { newPool, type PostgresServer, postgresServer } from '../support/postgresServer.js';

/** "disk full" */
const DISK_FULL = '53100';

const APPENDS = 600;

let server: PostgresServer;
let pool: pg.Pool;
let unmount = () => {};

beforeEach(async () => {
  server = await postgresServer();
  pool = newPool(server.connection);
  await migrate(pool);
  await rebuildAccounts(pool);
});

afterEach(async () => {
  await pool.end();
  // Without its tablespace the server could not be started again.
  await server.kill();
  unmount();
  unmount = () => {};
  await server.remove();
});

/** Moves a table to a small disk in memory. Returns the function that makes the disk larger. */
async function moveToSmallDisk(table: string, diskKib: number, { skip }: TestContext): Promise<() => void> {
  const folder = join(server.folder, 'small');
  const { uid, gid } = statSync(join(server.folder, 'data'));
  mkdirSync(folder);
  const options = `size=${diskKib}k,uid=${uid},gid=${gid},mode=700`;
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { stdio: 'pipe' });
  } catch (error) {
    if (process.env.REQUIRE_PROGRAMS) throw error;
    skip('this user or container cannot mount a disk');
  }
  // Processes of the killed server may still end.
  unmount = () => execFileSync('umount', ['--lazy', folder]);
  await pool.query(`create tablespace small location '${folder}'`);
  await pool.query(`alter table ${table} set tablespace small`);
  return () => void execFileSync('mount', ['-o', 'remount,size=64m', folder]);
}

it.for([
  { disk: 'the events', table: 'patron_fees_event', diskKib: 512, inline: [] },
  {
    disk: 'the events, with the inline table',
    table: 'patron_fees_event',
    diskKib: 512,
    inline: [inlineAccounts],
  },
  { disk: 'the inline table', table: 'patron_fees_owed_all', diskKib: 256, inline: [inlineAccounts] },
])(
  `stores what it acknowledges of ${APPENDS} concurrent appends when the disk of $disk becomes full, and the others later`,
  async ({ table, diskKib, inline }, context) => {
    const enlarge = await moveToSmallDisk(table, diskKib, context);
    const store = postgresEventStore(pool, { inline });
    const fee = assessedFee('f1', { comment: 'x'.repeat(1_500) });
    const appendAll = async (patronIds: readonly string[]) => {
      const append = (patronId: string) =>
        store.append({ institution: 'north', patronId }, [fee], { expectedVersion: 0 });
      const outcomes = await Promise.allSettled(patronIds.map(append));
      const errors = outcomes.flatMap((outcome) =>
        outcome.status === 'rejected' ? [outcome.reason.code] : [],
      );
      const stored = patronIds.filter((_, n) => outcomes[n]?.status === 'fulfilled');
      return { stored, rejected: patronIds.filter((patronId) => !stored.includes(patronId)), errors };
    };
    const storedIds = async () =>
      (await pool.query('select patron_id from patron_fees_event order by patron_id')).rows.map(
        ({ patron_id }) => patron_id,
      );
    const faults = async () => (inline.length === 0 ? [] : faultsOfTables(await postgresTables(pool), store));

    // Every second row of the inline table is longer, so that some may fit although their batch does not.
    const all = Array.from({ length: APPENDS }, (_, n) => `p${n}`.padEnd(n % 2 === 0 ? 10 : 200, '-'));
    const [first = '', ...others] = all;
    expect(await appendAll([first])).toEqual({ stored: [first], rejected: [], errors: [] });
    const { stored, rejected, errors } = await appendAll(others);
    expect(rejected).not.toEqual([]);
    expect(new Set(errors)).toEqual(new Set([DISK_FULL]));
    expect(await storedIds()).toEqual([first, ...stored].sort());
    expect(await faults()).toEqual([]);

    enlarge();
    expect(await appendAll(rejected)).toEqual({ stored: rejected, rejected: [], errors: [] });
    expect(await storedIds()).toEqual([...all].sort());
    expect(await faults()).toEqual([]);
  },
);
