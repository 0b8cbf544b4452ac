import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { execute } from '../../src/history/index.js';
import { definePolicy } from '../../src/index.js';
import { migrate, postgresEventStore } from '../../src/stores/postgres/index.js';
import { newPool, postgresServer } from '../support/postgresServer.js';
import { until } from '../support/until.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

const git = (...args: string[]) =>
  execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();

/** The commit before the last one that changed the schema; the one before this one, or this one, if the history is cut off. */
function earlierCommit(): string {
  for (const commit of [git('log', '-1', '--format=%H', '--', 'src/stores/postgres/migrate.ts'), 'HEAD']) {
    try {
      return git('rev-parse', '--verify', `${commit}^`);
    } catch {
      // A shallow clone.
    }
  }
  return git('rev-parse', 'HEAD');
}

/** A folder with the files of an earlier commit. */
function earlierRelease(commit: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'patron-fees-earlier-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const files = execFileSync('git', ['archive', commit, 'src', 'package.json', 'tsconfig.json'], {
    cwd: root,
    maxBuffer: 2 ** 28,
  });
  execFileSync('tar', ['-x', '-C', folder], { input: files });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

it('a process of an earlier release goes on while and after a later one migrates, until it starts anew', async () => {
  const commit = earlierCommit();
  const folder = earlierRelease(commit);
  const server = await postgresServer();
  const pool = newPool(server.connection);
  onTestFinished(async () => {
    await pool.end();
    await server.remove();
  });
  const program = fileURLToPath(new URL('earlierProcess.ts', import.meta.url));
  const earlier = spawn(process.execPath, ['--import', 'tsx', program, folder, server.url], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void earlier.kill('SIGKILL'));
  const lines: string[] = [];
  createInterface({ input: earlier.stdout }).on('line', (line) => lines.push(line));
  // Not `exit`, which comes before its last line may be read.
  const ended = new Promise((resolve) => earlier.once('close', resolve));
  const isDead = () => earlier.exitCode !== null;
  await until(() => lines.length > 100 || isDead());
  const versionBefore = await versionOf();
  await migrate(pool);
  const store = postgresEventStore(pool);
  const policy = definePolicy({ currency: 'USD' });
  const acknowledged: string[] = [];
  for (let n = 0; n < 300; n++) {
    const patronId = `p${n % 20}`;
    const fee = {
      type: 'AssessFee',
      id: `later-${n}`,
      feeType: 'OTHER',
      amount: '1.00',
      owner: 'MAIN',
      at: new Date().toISOString(),
    } as const;
    await execute(store, policy, { institution: 'north', patronId }, fee);
    acknowledged.push(`${patronId} later-${n}`);
  }
  const during = lines.length;
  await until(() => lines.length > during + 100 || isDead());
  earlier.stdin.end();
  await ended;
  const last = lines.pop();
  const { events } = await store.readAll();
  const stored = events.map(
    ({ patronId, event }) => `${patronId} ${'feeId' in event.data ? event.data.feeId : ''}`,
  );
  expect([...stored].sort()).toEqual([...lines, ...acknowledged].sort());
  expect(lines.length).toBeGreaterThan(200);
  // It started before the migration. From then on one that starts is told that a later release has migrated.
  const isChanged = (await versionOf()) !== versionBefore;
  console.log(
    `commit ${commit.slice(0, 8)}: ${lines.length} appends beside ${acknowledged.length}; schema changed: ${isChanged}`,
  );
  expect(last).toBe(`migrate: ${isChanged ? 'INVALID_ARGUMENT' : 'done'}`);

  async function versionOf(): Promise<number> {
    return Number((await pool.query('select version from patron_fees_schema')).rows[0].version);
  }
});
