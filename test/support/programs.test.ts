import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import type { Program } from './programs.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

let folders: string[] = [];

afterEach(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
  folders = [];
});

/** Runs the sample where only these programs are in the path; gives the last lines that it prints. */
function sampleRun(programs: readonly Program[], env: NodeJS.ProcessEnv = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'patron-fees-path-'));
  folders.push(folder);
  for (const program of programs) {
    writeFileSync(join(folder, program), '');
    chmodSync(join(folder, program), 0o755);
  }
  const { REQUIRE_PROGRAMS: _, ...usual } = process.env;
  const { status, stdout } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--root', join(root, 'test/support/sampleRun')],
    { env: { ...usual, ...env, PATH: folder }, encoding: 'utf8' },
  );
  return { status, lastLines: stdout.trimEnd().split('\n') };
}

describe('tests that need programs', () => {
  it('run if all programs are found, without a message', () => {
    expect(sampleRun(['hledger', 'bean-check', 'chromium'])).toEqual({
      status: 0,
      lastLines: ['5 passed, 0 failed'],
    });
  });

  it('are skipped if a program is missing, and a line before the last names it and how to install it', () => {
    expect(sampleRun(['hledger'])).toEqual({
      status: 0,
      lastLines: [
        'Skipped for want of bean-check (2 tests), chromium (1 tests). To run them: apt-get install -y beancount chromium',
        '2 passed, 0 failed, 3 skipped',
      ],
    });
  });

  it('fail if a program is missing and REQUIRE_PROGRAMS is set', () => {
    const { status, lastLines } = sampleRun(['hledger'], { REQUIRE_PROGRAMS: '1' });
    expect([status, lastLines.at(-1)]).toEqual([1, '2 passed, 2 failed']);
  });
});
