import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { type EventStore, execute, loadAccount } from '../../src/history/index.js';
import { balancesInMinorUnits, definePolicy } from '../../src/index.js';
import { accountsOf, mergeAccounts, separateAccounts } from '../../src/patron/index.js';
import { migrate, sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { assess, at } from '../support/account.js';
import { bundledProgram } from '../support/bundledProgram.js';
import { merge, patron } from '../support/merging.js';
import { libsql, temporaryFile } from '../support/sqliteDrivers.js';

const program = fileURLToPath(new URL('./accountMerger.ts', import.meta.url));
const policy = definePolicy({ currency: 'USD' });
const names = ['a', 'b', 'c', 'd', 'e', 'f'];
const KILLS = 20;

/** Returns the merges that only one of their two accounts records, or records as ended. */
async function halves(store: EventStore) {
  const sides = new Map<string, { from?: string; into?: string; isOver: boolean[] }>();
  for (const name of names) {
    for (const row of (await loadAccount(store, patron(name))).account.merges) {
      const side = sides.get(row.mergeId) ?? { isOver: [] };
      sides.set(row.mergeId, side);
      side.isOver.push(row.separatedAt !== null);
      if (row.direction === 'into') Object.assign(side, { from: name, into: row.patronId });
    }
  }
  // A merge that was undone before the other account recorded it has one side.
  return [...sides].filter(([, { isOver }]) =>
    isOver.length === 1 ? isOver[0] === false : isOver[0] !== isOver[1],
  );
}

it('leaves no half of a merge that the same call cannot finish, with processes that cross and are killed (kill -9)', async () => {
  const { file, remove } = temporaryFile();
  const database = libsql.open(file);
  migrate(database);
  const store = sqliteEventStore(database, { synchronous: 'normal', busyTimeoutMs: 60_000 });
  for (const name of names) await execute(store, policy, patron(name), assess('f1', '10.00'));
  let [killed, merged, halfDone] = [0, 0, 0];
  for (let round = 0; round < KILLS / 4; round++) {
    const runs = Array.from({ length: 4 }, async (_, index) => {
      const child = spawn(process.execPath, [bundledProgram(program), file, String(round * 4 + index)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const ended = once(child, 'close');
      let lines = 0;
      for await (const line of createInterface({ input: child.stdout })) {
        if (line.split(' ')[3] === 'true') merged += 1;
        lines += 1;
        if (lines === 3 + index * 2) killed += Number(child.kill('SIGKILL'));
      }
      await ended;
    });
    await Promise.all(runs);
    // The calls that died are sent again: first those that merge, then those that separate.
    const open = await halves(store);
    halfDone += open.length;
    for (const [mergeId, { from = '', into = '' }] of open) {
      await mergeAccounts(store, policy, merge(from, into, mergeId));
      await separateAccounts(store, policy, { from: patron(from), mergeId, at });
    }
    expect(await halves(store)).toEqual([]);
    for (const name of names) {
      const group = await accountsOf(store, patron(name));
      for (const { patronId } of group) {
        expect((await accountsOf(store, patron(patronId))).map((one) => one.patronId)).toEqual(
          group.map((one) => one.patronId),
        );
      }
    }
  }
  expect(killed).toBe(KILLS);
  // The first call of all merges; how many of the others do depends on which processes cross.
  expect(merged).toBeGreaterThan(0);
  console.log(`${merged} merges, ${halfDone} halves finished after ${killed} kills`);
  for (const name of names) {
    expect(balancesInMinorUnits((await loadAccount(store, patron(name))).account).owed).toBe(1_000);
  }
  database.close();
  remove();
});
