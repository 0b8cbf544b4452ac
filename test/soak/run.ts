// npm run soak: see soakArguments.ts for its options.
import { soak } from './soak.js';
import { soakArguments, usage } from './soakArguments.js';
import { closingLines, progressLine } from './soakProgress.js';

const args = soakArguments(process.argv.slice(2));
if ('fault' in args) {
  console.error(`${args.fault}\n\n${usage}`);
  process.exit(2);
}

const { isTTY } = process.stderr;
const EVERY_MS = isTTY ? 200 : 10_000;
let shown = performance.now();
const stop = new AbortController();
process.once('SIGINT', () => stop.abort());

const { histories, seed, commands, only, subject } = args;
console.log(`Seed ${seed}.`);
const end = await soak(args, {
  signal: stop.signal,
  progress: (state) => {
    if (performance.now() - shown < EVERY_MS) return;
    shown = performance.now();
    process.stderr.write(isTTY ? `\r\u001b[K${progressLine(state)}` : `${progressLine(state)}\n`);
  },
});
if (isTTY) process.stderr.write('\r\u001b[K');

const { broken, failure, stopped, state } = end;
if (broken !== undefined) {
  const same = `--seed ${seed} --commands ${commands}${subject === undefined ? '' : ` --subject ${subject}`}`;
  const again = `npm run soak -- ${same} --only ${broken.batch}`;
  console.log(`${broken.story}\n\nTo reproduce: ${again}\n`);
}
if (stopped)
  console.log(only === undefined ? `Stopped before all ${histories} histories were run.` : 'Stopped.');
console.log(closingLines(state));
if (failure !== undefined) console.error(`The soak failed: ${failure}.`);
process.exitCode = broken !== undefined ? 1 : stopped ? 130 : failure === undefined ? 0 : 2;
