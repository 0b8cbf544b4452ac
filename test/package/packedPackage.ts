import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of a project that has installed the packed package, and nothing but it. */
    consumer: string;
    /** Why there is no package, or empty. */
    failure: string;
  }
}

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Builds and packs the package as it would be published, and installs it in an empty project outside this one. */
export default function setup(project: TestProject): () => void {
  const consumer = realpathSync(mkdtempSync(join(tmpdir(), 'patron-fees-')));
  let failure = '';
  try {
    installIn(consumer);
  } catch (error) {
    // Thrown here, it would keep all other tests from running too.
    failure = String(error);
  }
  project.provide('consumer', consumer);
  project.provide('failure', failure);
  return () => rmSync(consumer, { recursive: true, force: true });
}

function installIn(consumer: string): void {
  // Built here, even where dist exists: it may be older than the source.
  run('npm', ['run', '--silent', 'build']);
  const [packed] = JSON.parse(
    run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', consumer]),
  );
  const modules = join(consumer, 'node_modules');
  mkdirSync(join(modules, 'patron-fees'), { recursive: true });
  run('tar', [
    '-xzf',
    join(consumer, packed.filename),
    '-C',
    join(modules, 'patron-fees'),
    '--strip-components=1',
  ]);
  // Only what package.json declares; no @types/big.js, so that a Big in a public type would not compile.
  for (const name of ['big.js', 'immer', 'valibot']) {
    symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  cpSync(join(root, 'test/package/consumers'), consumer, { recursive: true });
  // The same source twice: its ending decides whether the package is imported or required.
  cpSync(join(consumer, 'strict.mts'), join(consumer, 'strict.cts'));
  writeFileSync(join(consumer, 'package.json'), '{ "private": true }\n');
}

function run(command: string, args: readonly string[]): string {
  try {
    return execFileSync(command, args, { cwd: root, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    // Both streams: tsup reports type errors on the one, npm on the other.
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${command} ${args.join(' ')} failed\n${stdout}\n${stderr}`);
  }
}
