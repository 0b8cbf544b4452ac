// `npm run desk:breaks` breaks the desk of the examples in one place after the other, runs the tests of the guide's numbers that
// must catch it, and restores the file. It prints the breaks that no test caught, and fails if there are more than two.
// `npm run desk:breaks -- 10 20` takes the breaks from the tenth to before the twentieth.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { deskBreaks } from '../test/desk/support/deskBreaks.js';

const MISSED_MAX = 2;

/** How long a test may wait for what a break took away, in milliseconds; a whole one takes a few seconds. */
const TEST_TIMEOUT_MS = 90_000;

const [from = 0, to = deskBreaks.length] = process.argv.slice(2).map(Number);
const chosen = deskBreaks.slice(from, to);
if (!holds(chosen.flatMap(({ numbers }) => numbers))) throw new Error('the tests fail without a break');
const missed = chosen.filter(({ file, from: whole, to: broken, numbers }, index) => {
  const source = readFileSync(file, 'utf8');
  const name = `${from + index}. ${file}: ${JSON.stringify(whole)} as ${JSON.stringify(broken)}`;
  let isCaught: boolean;
  try {
    writeFileSync(
      file,
      source.replace(whole, () => broken),
    );
    isCaught = !holds(numbers);
  } finally {
    writeFileSync(file, source);
  }
  console.log(`${isCaught ? 'caught' : 'MISSED'} ${name}`);
  return !isCaught;
});
console.log(`${chosen.length - missed.length} of ${chosen.length} breaks were caught`);
process.exitCode = missed.length > MISSED_MAX ? 1 : 0;

/** Whether the tests of some of the guide's numbers pass. */
function holds(numbers: readonly number[]): boolean {
  const tests = ['--config', 'vitest.desk.config.ts', 'test/desk/guide.desk.ts'];
  const named = ['-t', `^the guide (${numbers.join('|')}) `, `--testTimeout=${TEST_TIMEOUT_MS}`];
  const { status } = spawnSync('npx', ['vitest', 'run', ...tests, ...named], { stdio: 'ignore' });
  return status === 0;
}
