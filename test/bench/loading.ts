/** Prints what loading each entry point takes: `npm run build && npm run bench -- loading [runs]`. */
import { execFileSync } from 'node:child_process';
import { entryPoints } from '../../entryPoints.js';

const runs = Number(process.argv[2] ?? 15);

/** The processor time of a Node that runs a program, in milliseconds. */
function processorTime(program: string): number {
  const measured = `${program}; const { user, system } = process.cpuUsage(); console.log((user + system) / 1000)`;
  return Number(
    execFileSync(process.execPath, ['--input-type=module', '-e', measured], { encoding: 'utf8' }),
  );
}

const programs = ['', ...entryPoints.map(({ name }) => `await import('./dist/${name}.js')`)];
const best = programs.map(() => Number.POSITIVE_INFINITY);
// In turns: the machine is as busy for one as for another.
for (let run = 0; run < runs; run++)
  programs.forEach((program, index) => {
    best[index] = Math.min(best[index] as number, processorTime(program));
  });

const [empty = 0, ...loaded] = best;
console.log(`| entry point | ms of processor time, besides the ${empty.toFixed(0)} of Node |\n|---|---|`);
entryPoints.forEach(({ specifier }, index) => {
  console.log(`| \`${specifier}\` | ${((loaded[index] as number) - empty).toFixed(0)} |`);
});
