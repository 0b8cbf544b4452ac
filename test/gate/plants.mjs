// `node test/gate/plants.mjs NODE_FOLDER`: plants tests that must not pass on a bare machine into the clone of .ci/bare, and fails
// unless each of them, and nothing else, turns it red.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** @type {Record<string, RegExp>} */
const expected = {
  'needsNats.plant.ts': /FAIL .*needs nats-server, and does not say so/,
  'needsRoot.plant.ts': /FAIL .*needs root, and does not say so/,
  'needsCompiledDriver.plant.ts': /FAIL .*needs better-sqlite3, and does not say so/,
  'writesOutside.plant.ts': /left outside the clone:\n(?:.*\n)*?\/tmp\/patron-fees-planted-/,
};

const source = new URL('plants/', import.meta.url);
const plants = mkdtempSync(join(tmpdir(), 'plants-'));
const folder = join(plants, 'test/gate/plants');
mkdirSync(folder, { recursive: true });
for (const name of readdirSync(source))
  cpSync(new URL(name, source), join(folder, name.replace('.plant.ts', '.test.ts')));

const { status, stdout } = spawnSync('.ci/bare', process.argv.slice(2), {
  encoding: 'utf8',
  env: { ...process.env, BARE_PLANT: plants },
  maxBuffer: 1e9,
  stdio: ['ignore', 'pipe', 'inherit'],
});
rmSync(plants, { recursive: true });
for (const name of readdirSync('/tmp'))
  if (name.startsWith('patron-fees-planted-')) rmSync(join('/tmp', name), { recursive: true });

// biome-ignore lint/suspicious/noControlCharactersInRegex: the colours of a terminal.
const printed = stdout.replaceAll(/\u001b\[[0-9;]*m/g, '');
const faults = [];
for (const name of readdirSync(source)) {
  const pattern = expected[name];
  if (pattern === undefined) faults.push(`${name}: what it turns red is not in the table`);
  else if (!pattern.test(printed)) faults.push(`${name} did not turn the run red`);
}
const failed = new Set(printed.match(/^ *FAIL .*/gm) ?? []);
for (const line of failed) if (!/does not say so/.test(line)) faults.push(`failed, too: ${line.trim()}`);
if (status === 0) faults.push('the run passed');
if (faults.length > 0) console.log(printed.split('\n').slice(-60).join('\n'));
console.log(faults.length > 0 ? faults.join('\n') : `${Object.keys(expected).length} plants, each found`);
process.exitCode = faults.length > 0 ? 1 : 0;
