// `tsx scripts/everyScript.ts [NAMES...]`, as the gate runs it: every script of package.json once, each in its smallest form. What
// the gate runs by itself is named with the step that does; a script that this table does not have is a failure.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const scratch = mkdtempSync(join(tmpdir(), 'scripts-'));

/** How a script is run here, or the step of the gate or of `npm run check:release` that runs it. */
type Trial =
  | { readonly words: readonly string[] /** Its exit code; 0 if left out. */; readonly ends?: number }
  /** A server: it must print where it listens, and end when it is asked to. */
  | { readonly serves: readonly string[]; readonly env?: Readonly<Record<string, string>> }
  | { readonly in: string };

const trials: Readonly<Record<string, Trial>> = {
  start: { in: 'bare' },
  alma: { serves: ['--port', '0'] },
  folio: { serves: ['--port', '0'] },
  koha: { serves: ['--port', '0'] },
  rest: { serves: ['--port', '0'] },
  sip2: { serves: ['--port', '0'] },
  desk: { serves: [], env: { DESK_PORT: '0' } },
  shop: { serves: [], env: { SHOP_PORT: '0' } },
  // The sample differs on purpose.
  compare: { words: ['perl', 'examples/process/fees.pl'], ends: 1 },
  test: { in: 'bare, full' },
  'test:site': { in: 'site' },
  'test:desk': { in: 'site' },
  'test:faults': { in: 'faults' },
  'test:peers': { words: [] },
  'test:mutation': { words: ['src/money/split.ts'] },
  drill: { in: 'faults' },
  soak: { words: ['--histories', '200'] },
  'desk:breaks': { words: ['0', '1'] },
  'desk:pictures': { in: 'check:release' },
  commits: { in: 'check' },
  lint: { in: 'check' },
  types: { in: 'check' },
  package: { in: 'check' },
  unused: { in: 'check' },
  size: { in: 'check' },
  docs: { in: 'check' },
  build: { in: 'check' },
  check: { in: 'check' },
  'check:release': { in: 'check:release' },
  coverage: { in: 'full' },
  format: { words: ['package.json'] },
  bench: { in: 'benches' },
  pictures: { words: [] },
  vectors: { words: [] },
  'vectors:mutation': { words: ['5'] },
  'online:faults': { words: ['is found once'] },
  golden: { words: [] },
  figures: { words: [] },
  'docs:publish': { words: [join(scratch, 'site')] },
  'story-page': { words: [] },
};

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
const named = process.argv.slice(2);
const failed: string[] = [];

for (const name of Object.keys(trials)) if (scripts[name] === undefined) failed.push(`${name} is no script`);
for (const name of named.length > 0 ? named : Object.keys(scripts)) {
  const trial = trials[name];
  const begin = performance.now();
  if (trial === undefined) failed.push(`${name} has no trial in scripts/everyScript.ts`);
  else if (!('in' in trial)) {
    const works =
      'serves' in trial
        ? await serves(name, trial.serves, trial.env)
        : await ends(name, trial.words, trial.ends);
    console.log(
      `== ${works ? 'ran' : 'failed'}: ${name}, ${Math.round((performance.now() - begin) / 1000)} s`,
    );
    if (!works) failed.push(name);
  }
}
rmSync(scratch, { recursive: true, force: true });
for (const fault of failed) console.error(`== failed: ${fault}`);
process.exitCode = failed.length > 0 ? 1 : 0;

function npmRun(
  name: string,
  words: readonly string[],
  env: object,
  stdout: 'inherit' | 'pipe',
): ChildProcess {
  return spawn('npm', ['run', '--silent', name, '--', ...words], {
    stdio: ['ignore', stdout, 'inherit'],
    env: { ...process.env, ...env },
    detached: true,
  });
}

async function ends(name: string, words: readonly string[], expected = 0): Promise<boolean> {
  const [code] = await once(npmRun(name, words, {}, 'inherit'), 'exit');
  return code === expected;
}

async function serves(name: string, words: readonly string[], env: object = {}): Promise<boolean> {
  const child = npmRun(name, words, env, 'pipe');
  const ended = once(child, 'exit');
  const line = await Promise.race([
    once(createInterface(child.stdout as NodeJS.ReadableStream), 'line').then(([text]) => String(text)),
    ended.then(() => ''),
  ]);
  console.log(line);
  // npm hands the signal on to the server; the group is what an operator's Ctrl-C reaches.
  if (child.pid !== undefined && line !== '') process.kill(-child.pid, 'SIGINT');
  const [, signal] = await ended;
  return /:\d+/.test(line) && signal !== 'SIGKILL';
}
