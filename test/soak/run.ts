// npm run soak: see soakArguments.ts for what it can be told.
import { soak } from './soak.js';
import { soakArguments, usage } from './soakArguments.js';
import { closingLines, progressLine } from './soakProgress.js';

const asked = soakArguments(process.argv.slice(2));
if ('wrong' in asked) {
  console.error(`${asked.wrong}\n\n${usage}`);
  process.exit(2);
}

const { isTTY } = process.stderr;
const EVERY_MS = isTTY ? 200 : 10_000;
let shown = performance.now();
const stop = new AbortController();
process.once('SIGINT', () => stop.abort());

const { histories, seed, commands, only, subject } = asked;
console.log(`Seed ${seed}.`);
const end = await soak(asked, {
  signal: stop.signal,
  progress: (state) => {
    if (performance.now() - shown < EVERY_MS) return;
    shown = performance.now();
    process.stderr.write(isTTY ? `\r\u001b[K${progressLine(state)}` : `${progressLine(state)}\n`);
  },
});
if (isTTY) process.stderr.write('\r\u001b[K');

const { broken, trouble, stopped, state } = end;
if (broken !== undefined) {
  const same = `--seed ${seed} --commands ${commands}${subject === undefined ? '' : ` --subject ${subject}`}`;
  const again = `npm run soak -- ${same} --only ${broken.batch}`;
  console.log(`${broken.story}\n\nOnce more: ${again}\n`);
}
if (stopped) console.log(only === undefined ? `Stopped, ${histories} were asked for.` : 'Stopped.');
console.log(closingLines(state));
if (trouble !== undefined) console.error(`The soak did not get through: ${trouble}.`);
process.exitCode = broken !== undefined ? 1 : stopped ? 130 : trouble === undefined ? 0 : 2;
