import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of a project that has installed the packed package, and nothing but it. */
    consumer: string;
    /** The folder of a project that has its optional peers too, and the types of Node and of drivers. */
    consumerWithPeers: string;
    /** Why there is no package, or empty. */
    failure: string;
  }
}

const root = fileURLToPath(new URL('../../', import.meta.url));

const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const typesOfPeers = ['@types/node', '@types/pg', '@types/better-sqlite3'];

/** Builds and packs the package as it would be published, and installs it in empty projects outside this one. */
export default function setup(project: TestProject): () => void {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'patron-fees-')));
  const consumer = join(folder, 'alone');
  const consumerWithPeers = join(folder, 'with-peers');
  let failure = '';
  try {
    const packed = pack(folder);
    install(packed, consumer, Object.keys(dependencies));
    cpSync(join(root, 'test/package/consumers'), consumer, { recursive: true });
    // The same source twice: its ending decides whether the package is imported or required.
    cpSync(join(consumer, 'strict.mts'), join(consumer, 'strict.cts'));
    const peers = [...Object.keys(peerDependencies), ...typesOfPeers];
    install(packed, consumerWithPeers, [...Object.keys(dependencies), ...peers]);
  } catch (error) {
    // Thrown here, it would keep all other tests from running too.
    failure = String(error);
  }
  project.provide('consumer', consumer);
  project.provide('consumerWithPeers', consumerWithPeers);
  project.provide('failure', failure);
  return () => rmSync(folder, { recursive: true, force: true });
}

function pack(folder: string): string {
  // Built here, even where dist exists: it may be older than the source. The gate has just built it.
  if (process.env.BUILT !== '1') run('npm', ['run', '--silent', 'build']);
  const words = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const [packed] = JSON.parse(run('npm', words));
  return join(folder, packed.filename);
}

/** Only what is named is installed besides; no @types/big.js, so that a Big in a public type would not compile. */
function install(packed: string, project: string, names: readonly string[]): void {
  const modules = join(project, 'node_modules');
  mkdirSync(join(modules, 'patron-fees'), { recursive: true });
  run('tar', ['-xzf', packed, '-C', join(modules, 'patron-fees'), '--strip-components=1']);
  for (const name of names) {
    // better-sqlite3 is missing where it cannot be compiled; its types are there.
    if (!existsSync(join(root, 'node_modules', name))) continue;
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  writeFileSync(join(project, 'package.json'), '{ "private": true }\n');
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
