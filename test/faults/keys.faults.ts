import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { keyedEventStore, sqliteKeys } from '../../src/stores/keys/index.js';
import { migrate, sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { bundledProgram } from '../support/bundledProgram.js';
import { libsql, temporaryFile } from '../support/sqliteDrivers.js';

const forgetter = fileURLToPath(new URL('./forgetter.ts', import.meta.url));
const KILLS = 40;

/** What is known of an account: its texts up to a version are gone, and may be gone up to a later one. */
type Known = { appended: number; forgot: number; forgets: number };

it('reads every account, no forgotten text, and every other one, after a process is killed (kill -9) 40 times', async () => {
  const [events, keyFile] = [temporaryFile(), temporaryFile()];
  const database = libsql.open(events.file);
  migrate(database);
  database.close();
  const known = new Map<string, Known>();
  const seed = Number(process.env.FC_SEED ?? Math.floor(Math.random() * 2 ** 31));
  console.log(`keys: seed ${seed}`);
  let steps = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const given = [bundledProgram(forgetter), events.file, keyFile.file, String(seed + kill)];
    const child = spawn(process.execPath, given, { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(child, 'close');
    // A number of lines, so that it is killed in the middle of an append or of a redaction.
    let left = 2 + ((seed + kill * 7) % 25);
    for await (const line of createInterface({ input: child.stdout })) {
      const { patronId, appended, forgets, forgot } = JSON.parse(line);
      const account = known.get(patronId) ?? { appended: 0, forgot: 0, forgets: 0 };
      known.set(patronId, account);
      account.appended = Math.max(account.appended, appended ?? 0);
      account.forgets = Math.max(account.forgets, forgets ?? 0);
      account.forgot = Math.max(account.forgot, forgot ?? 0);
      steps += 1;
      left -= 1;
      if (left === 0) child.kill('SIGKILL');
    }
    await ended;
    const [store, keys] = [libsql.open(events.file), libsql.open(keyFile.file)];
    const read = keyedEventStore(sqliteEventStore(store), { keys: sqliteKeys(keys) });
    for (const [patronId, { appended, forgot, forgets }] of known) {
      const found = (await read.read({ institution: 'north', patronId })).events;
      expect(found.length).toBeGreaterThanOrEqual(appended);
      for (const { version, event } of found) {
        const text = `secret-${patronId}-${version}-`;
        if (version <= forgot) expect([version, event.data.comment]).toEqual([version, undefined]);
        else if (version > forgets && version <= appended) expect(event.data.comment).toBe(text);
        else expect([undefined, text]).toContain(event.data.comment);
      }
    }
    store.close();
    keys.close();
  }
  for (const path of [events.file, `${events.file}-wal`].filter(existsSync))
    expect(readFileSync(path, 'latin1')).not.toMatch(/secret-p\d/);
  console.log(`${steps} lines`, Object.fromEntries(known));
  for (const { remove } of [events, keyFile]) remove();
});
