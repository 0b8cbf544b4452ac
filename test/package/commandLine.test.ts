import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { storedLines } from '../support/commandLine.js';
import { describeWith } from '../support/programs.js';
import { temporaryFolder } from '../support/temporaryFolder.js';

// The command line as a person runs it: the packed package, in a process of its own.
const consumer = inject('consumer');
const program = join(consumer, 'node_modules/patron-fees/dist/cli/patron-fees.js');

function run(args: readonly string[], input = '') {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', input });
  return { exitCode: status, output: stdout, errors: stderr };
}

/** Runs a line of a shell, in which `patron-fees` is the program. */
function shell(line: string) {
  const script = `patron-fees() { ${program} "$@"; }; ${line}`;
  return spawnSync('bash', ['-c', script], { encoding: 'utf8' });
}

/** Writes a file of many accounts. */
function largeFile(): string {
  const file = join(temporaryFolder(), 'fees.jsonl');
  const patrons = Array.from({ length: 2_000 }, (_, index) => `u${index}`);
  writeFileSync(file, `${storedLines(patrons).join('\n')}\n`);
  return file;
}

describe('npx patron-fees', () => {
  it('can be run as it is, and knows its version', () => {
    const { version, bin } = JSON.parse(
      readFileSync(join(consumer, 'node_modules/patron-fees/package.json'), 'utf8'),
    );
    expect(join(consumer, 'node_modules/patron-fees', bin)).toBe(program);
    expect(run(['--version'])).toEqual({ exitCode: 0, output: `${version}\n`, errors: '' });
  });

  it('has its schemas, vectors and page with it', () => {
    expect(JSON.parse(run(['schema', 'events']).output).$defs).toHaveProperty('AccountEvent');
    expect(run(['vectors']).output).toMatch(/^money +/m);
    const money = readFileSync(new URL('../../vectors/money.json', import.meta.url), 'utf8');
    expect(run(['vectors', 'money']).output).toBe(money);
    const page = run(['explain', '-'], `${storedLines(['u17']).join('\n')}\n`).output;
    expect(page).toMatch(/^<!DOCTYPE html>/);
    expect(page).toContain('"patronId":"u17"');
  });

  it('names the driver that is missing, in one sentence', () => {
    const sentence = (args: readonly string[]) => {
      const { exitCode, errors } = run(args);
      expect([exitCode, errors.trimEnd().split('\n').length]).toEqual([2, 1]);
      return errors;
    };
    expect(sentence(['validate', 'postgres://h/d'])).toContain('npm install pg');
    expect(sentence(['validate', 'nats://h/S'])).toContain(
      'npm install @nats-io/transport-node @nats-io/jetstream',
    );
    expect(sentence(['compare', '--command', 'true'])).toContain('npm install fast-check');
  });
});

describe('in a terminal and in a pipe', () => {
  it('shows progress on a terminal, and none in a pipe', () => {
    const file = largeFile();
    const terminal = spawnSync('script', ['-qec', `${program} validate ${file}`, '/dev/null'], {
      encoding: 'utf8',
    });
    expect(terminal.stdout).toMatch(/% of [\d.]+ MB \| [\d.]+ MB\/s/);
    expect(terminal.stdout).toContain('6000 readable events of 2000 accounts, 0 faults');
    expect(run(['validate', file])).toMatchObject({ exitCode: 0, errors: '' });
  });

  it('asks for the name of a page on a terminal', () => {
    const terminal = spawnSync('script', ['-qec', `${program} explain ${largeFile()}`, '/dev/null'], {
      encoding: 'utf8',
    });
    expect(terminal.stdout).toContain('name its file with -o');
    expect(terminal.status).toBe(2);
  });

  it('ends quietly when nobody reads on', () => {
    const { stdout, stderr } = shell(
      `patron-fees export ${largeFile()} | head -n 1; echo "\${PIPESTATUS[0]}"`,
    );
    expect(stdout.trim().split('\n').at(-1)).toBe('141');
    expect(stderr).toBe('');
  });
});

describe('with optional peers', () => {
  const withPeers = (args: readonly string[]) => {
    const own = join(inject('consumerWithPeers'), 'node_modules/patron-fees/dist/cli/patron-fees.js');
    const { status, stdout, stderr } = spawnSync(own, args, { encoding: 'utf8' });
    return { exitCode: status, output: stdout, errors: stderr };
  };

  it('copies a file to SQLite and back', () => {
    const file = largeFile();
    const store = `sqlite:${join(temporaryFolder(), 'fees.db')}`;
    expect(withPeers(['copy', file, store])).toMatchObject({ exitCode: 0, errors: '' });
    expect(withPeers(['diff', file, store])).toMatchObject({ exitCode: 0, errors: '' });
    const back = join(temporaryFolder(), 'back.jsonl');
    expect(withPeers(['export', store, '-o', back])).toEqual({ exitCode: 0, output: '', errors: '' });
    expect(readFileSync(back, 'utf8') === readFileSync(file, 'utf8')).toBe(true);
  });

  describeWith(['python3'], 'a fee system in another process', () => {
    it('is compared, in the format of build servers', () => {
      const adapter = join(consumer, 'node_modules/patron-fees/examples/process/fees.py');
      const command = [
        'compare',
        '--seed',
        '7',
        '--runs',
        '10',
        '--format',
        'tap',
        // The program may need any time to start.
        '--timeout',
        '600',
        '--command',
        'python3',
        adapter,
      ];
      const { exitCode, output, errors } = withPeers(command);
      expect([exitCode, errors]).toEqual([1, '']);
      expect(output).toMatch(/^TAP version 14\n[\s\S]*not ok/);
    });
  });
});

describe('what goes wrong', () => {
  it('says that a file may not be written', () => {
    const { exitCode, errors } = run(['export', largeFile(), '-o', '/proc/fees.jsonl']);
    expect(exitCode).toBe(2);
    expect(errors).toMatch(/^patron-fees: E[A-Z]+: .*\n$/);
  });

  it('says that the disk is full, and leaves nothing half written', ({ skip }) => {
    const { status, stderr } = shell(`patron-fees export ${largeFile()} > /dev/full`);
    expect([status, stderr]).toEqual([2, expect.stringMatching(/^patron-fees: ENOSPC: .*\n$/)]);
    const disk = join(temporaryFolder(), 'disk');
    mkdirSync(disk);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk], { stdio: 'pipe' });
    } catch {
      return skip('this user or container cannot mount a disk');
    }
    try {
      writeFileSync(join(disk, 'fees.jsonl'), 'the old file\n');
      const { exitCode, errors } = run(['export', largeFile(), '-o', join(disk, 'fees.jsonl')]);
      expect([exitCode, errors]).toEqual([2, expect.stringMatching(/^patron-fees: ENOSPC: .*\n$/)]);
      expect(readFileSync(join(disk, 'fees.jsonl'), 'utf8')).toBe('the old file\n');
      expect(readdirSync(disk)).toEqual(['fees.jsonl']);
    } finally {
      execFileSync('umount', ['--lazy', disk]);
    }
  });

  it('leaves nothing half written when it is interrupted', async () => {
    const folder = temporaryFolder();
    const child = spawn(program, ['export', '-', '-o', join(folder, 'out.jsonl')], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let errors = '';
    child.stderr.on('data', (text) => {
      errors += text;
    });
    const closed = once(child, 'close');
    child.stdin.write(`${storedLines(['u17']).join('\n')}\n`);
    // It is at work once its file is there, unless it has ended.
    const isAtWork = () => child.exitCode !== null || existsSync(join(folder, 'out.jsonl.unfinished'));
    await expect.poll(isAtWork).toBe(true);
    child.kill('SIGINT');
    const [exitCode] = await closed;
    expect([exitCode, errors]).toEqual([130, '']);
    expect(readdirSync(folder)).toEqual([]);
  });
});
