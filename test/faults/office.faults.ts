import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { executeRemittance, loadRemittances } from '../../src/bursar/index.js';
import { memoryEventStore } from '../../src/history/index.js';
import { journalText } from '../../src/jobs/reports/index.js';
import { executeTill, loadTill, type OfficeStore, officeEvents } from '../../src/office/index.js';
import { migrate, sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { bundledProgram } from '../support/bundledProgram.js';
import { libsql, temporaryFile } from '../support/sqliteDrivers.js';
import { officeCommands, officePolicy, SESSIONS } from './officeCommands.js';

const program = fileURLToPath(new URL('./officeWriter.ts', import.meta.url));
const WRITERS = 4;
const till = { institution: 'north', till: 'CIRC' };
const bursar = { institution: 'north', destination: 'BURSAR' };

/** Runs a process until it has written a number of lines, then kills it; returns how it ended. */
async function runUntil(file: string, lines: number): Promise<unknown> {
  const child = spawn(process.execPath, [bundledProgram(program), file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  let written = 0;
  for await (const _ of createInterface({ input: child.stdout })) {
    written += 1;
    if (written === lines) child.kill('SIGKILL');
  }
  const [code, signal] = await ended;
  return signal ?? code;
}

async function booksOf(office: OfficeStore) {
  const form = { institution: 'north', timeZone: 'UTC', format: 'csv', postedBy: 'at' } as const;
  const accounts = memoryEventStore({ now: () => '2026-03-02T09:00:00Z' });
  const pieces = journalText({ accounts, office }, officePolicy, form);
  let text = '';
  for (;;) {
    const { done, value } = await pieces.next();
    // The last column is the time of recording, which depends on the store.
    if (done === true) return { text: text.replaceAll(/,[^,\r\n]*$/gm, ''), balances: value.balances };
    text += value;
  }
}

it(`${WRITERS} processes at one till, each killed (kill -9) 3 times, open, close and remit once each`, async () => {
  const { file, remove } = temporaryFile();
  const database = libsql.open(file);
  migrate(database);
  const office = sqliteEventStore(database, { synchronous: 'normal', codec: officeEvents });
  const killed = await Promise.all(
    Array.from({ length: WRITERS }, async (_, index) => {
      const kills = [];
      for (const lines of [3 + index, 25 + 7 * index, 70 + 9 * index])
        kills.push(await runUntil(file, lines));
      kills.push(await runUntil(file, -1));
      return kills;
    }),
  );
  expect(killed).toEqual(Array(WRITERS).fill(['SIGKILL', 'SIGKILL', 'SIGKILL', 0]));

  const undisturbed = memoryEventStore({ now: () => '2026-03-02T09:00:00Z', codec: officeEvents });
  for (const each of officeCommands()) {
    if (each.of === 'till') await executeTill(undisturbed, officePolicy, till, each.command);
    else await executeRemittance(undisturbed, officePolicy, { institution: 'north' }, each.command);
  }
  const { sessions } = await loadTill(office, till);
  expect(sessions).toHaveLength(SESSIONS);
  expect(sessions).toEqual((await loadTill(undisturbed, till)).sessions);
  expect(await loadRemittances(office, bursar)).toEqual(await loadRemittances(undisturbed, bursar));
  expect(await booksOf(office as never)).toEqual(await booksOf(undisturbed as never));
  database.close();
  remove();
});
