import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, it } from 'vitest';

/** Programs that tests run and npm does not have, each with the Debian package that installs it. */
const packages = {
  'nats-server': 'nats-server',
  hledger: 'hledger',
  'bean-check': 'beancount',
  chromium: 'chromium',
} as const;

/** A program that tests run and npm does not have. */
export type Program = keyof typeof packages;

declare module 'vitest' {
  interface TaskMeta {
    /** The programs that a skipped test needs and this machine does not have. */
    missingPrograms?: readonly Program[];
  }
}

/** The path of a program's file; undefined where the machine does not have it. */
export function programPath(program: Program): string | undefined {
  // Debian keeps servers in /usr/sbin, which is not in the PATH of every user.
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'];
  return folders
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, program))
    .find((path) => existsSync(path));
}

/** The command that installs programs. */
export function installCommand(programs: Iterable<Program>): string {
  const names = new Set([...programs].map((program) => packages[program]));
  return `apt-get install -y ${[...names].join(' ')}`;
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
  const missing = programs.filter((program) => programPath(program) === undefined);
  if (missing.length === 0) {
    describe(title, body);
  } else if (process.env.REQUIRE_PROGRAMS) {
    describe(title, () => {
      it.each(missing)('needs %s', (program) => {
        throw new Error(`${program} is missing: ${installCommand([program])}`);
      });
    });
  } else {
    describe(title, { skip: true, meta: { missingPrograms: missing } }, body);
  }
}
