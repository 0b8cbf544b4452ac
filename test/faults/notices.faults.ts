import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { officeEvents } from '../../src/office/index.js';
import { migrate, sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { bundledProgram } from '../support/bundledProgram.js';
import { libsql, temporaryFile } from '../support/sqliteDrivers.js';
import { temporaryFolder } from '../support/temporaryFolder.js';
import { fill, NOTICES, PATRONS } from './noticePatrons.js';

const program = fileURLToPath(new URL('./noticeSender.ts', import.meta.url));
const KILLS = [1, 2, 3, 5, 8, 13, 21, 34];

it('loses no notice, and repeats at most one a kill, with the same id, when it is killed (kill -9) 8 times', async () => {
  const [one, other, folder] = [temporaryFile(), temporaryFile(), temporaryFolder()];
  const [accountsFile, officeFile] = [libsql.open(one.file), libsql.open(other.file)];
  migrate(accountsFile);
  migrate(officeFile);
  await fill(sqliteEventStore(accountsFile, { synchronous: 'normal' }));
  accountsFile.close();
  officeFile.close();

  /** Runs the process, kills it once it has sent so many notices, and returns its last line. */
  const run = async (lines: number) => {
    const child = spawn(process.execPath, [bundledProgram(program), one.file, other.file, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'close');
    let [said, last] = [0, ''];
    for await (const line of createInterface({ input: child.stdout })) {
      last = line;
      said += 1;
      if (said === lines) child.kill('SIGKILL');
    }
    const [, signal] = await ended;
    return { last, wasKilled: signal === 'SIGKILL' };
  };
  const names = () => readdirSync(folder).filter((name) => name !== 'log');
  let kills = 0;
  for (const lines of KILLS) {
    const { wasKilled } = await run(lines);
    if (wasKilled) kills += 1;
  }
  expect(kills).toBeGreaterThan(0);
  const { last } = await run(-1);
  expect(JSON.parse(last)).toMatchObject({ findings: { count: 0 } });

  // A mail system that drops known ids sends each notice once.
  expect(names()).toHaveLength(PATRONS * NOTICES);
  const log = readFileSync(join(folder, 'log'), 'utf8').trimEnd().split('\n');
  expect(new Set(log).size).toBe(PATRONS * NOTICES);
  expect(log.length - new Set(log).size).toBeLessThanOrEqual(kills);

  // Nothing is left to send, and each notice is recorded once.
  expect(JSON.parse((await run(-1)).last)).toMatchObject({ sent: 0 });
  const office = libsql.open(other.file);
  const { events } = await sqliteEventStore(office, { codec: officeEvents }).readAll({ limit: 1_000 });
  const told = events.flatMap(({ event }) => (event.type === 'NoticeSent' ? event.data.told : []));
  expect(told).toHaveLength(PATRONS * NOTICES);
  office.close();
  one.remove();
  other.remove();
});
