import { existsSync } from 'node:fs';
import { basename, delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'vitest';

/** Programs that tests need and npm cannot promise, each with the Debian packages that bring it. */
const packages = {
  'nats-server': 'nats-server',
  pgbouncer: 'pgbouncer',
  hledger: 'hledger',
  'bean-check': 'beancount',
  chromium: 'chromium',
  xmllint: 'libxml2-utils',
  python3: 'python3',
  perl: 'perl',
  // A driver that npm compiles where no binary of it can be downloaded, and leaves out where that fails.
  'better-sqlite3': 'g++ make python3',
} as const;

/** A program that tests need and npm cannot promise. */
export type Program = keyof typeof packages;

declare module 'vitest' {
  interface TaskMeta {
    /** The programs that a skipped test needs and this machine does not have. */
    missingPrograms?: readonly Program[];
  }
}

/** The path of a program's file; undefined where the machine does not have it. */
export function programPath(program: Program): string | undefined {
  if (program === 'better-sqlite3') return compiledDriver();
  // Debian keeps servers in /usr/sbin, beside /usr/bin; it is not in the PATH of every user.
  return (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .flatMap((folder) => [folder, ...(basename(folder) === 'bin' ? [join(folder, '../sbin')] : [])])
    .map((folder) => join(folder, program))
    .find((path) => existsSync(path));
}

function compiledDriver(): string | undefined {
  const path = fileURLToPath(
    new URL('../../node_modules/better-sqlite3/build/Release/better_sqlite3.node', import.meta.url),
  );
  return existsSync(path) ? path : undefined;
}

/** The command that installs programs. */
export function installCommand(programs: Iterable<Program>): string {
  const names = new Set<string>([...programs].map((program) => packages[program]));
  const install = `apt-get install -y ${[...names].join(' ')}`;
  return names.has(packages['better-sqlite3']) ? `${install} && npm ci` : install;
}

/**
 * Registers tests that need programs. Where one is missing they are skipped, and the end of the run names it. With
 * `REQUIRE_PROGRAMS=1`, as the gate has it, a missing program is a failed test instead.
 *
 * @example
 * describeWith(['chromium'], 'the API pages', () => {
 *   it('draw their diagrams', async () => { ... });
 * });
 */
export function describeWith(programs: readonly Program[], title: string, body: () => void): void {
  const missing = missingOf(programs);
  if (missing.length === 0) {
    describe(title, body);
  } else if (process.env.REQUIRE_PROGRAMS) {
    describe(title, () => {
      it(`needs ${missing.join(', ')}`, () => failFor(missing));
    });
  } else {
    describe(title, { skip: true, meta: { missingPrograms: missing } }, body);
  }
}

/** Registers one test that needs programs, as {@link describeWith} does. */
export function itWith(
  programs: readonly Program[],
  title: string,
  body: () => void | Promise<void>,
  timeoutMs?: number,
): void {
  const missing = missingOf(programs);
  if (missing.length === 0) it(title, body, timeoutMs);
  else if (process.env.REQUIRE_PROGRAMS) it(title, () => failFor(missing));
  else it(title, { skip: true, meta: { missingPrograms: missing } }, body);
}

function missingOf(programs: readonly Program[]): readonly Program[] {
  return programs.filter((program) => programPath(program) === undefined);
}

function failFor(missing: readonly Program[]): never {
  throw new Error(`${missing.join(', ')} not found: ${installCommand(missing)}`);
}
