import { execFileSync } from 'node:child_process';
import { report, round } from './measure.js';

const program = (specifier: string) => `
  const start = process.hrtime.bigint();
  const { fold } = await import(${JSON.stringify(specifier)});
  const imported = process.hrtime.bigint();
  if (fold) fold([{ type: 'FeeAssessed', data: { feeId: 'f', feeType: 'OTHER', amount: '1.00', currency: 'USD', owner: 'M', at: 'now' } }]);
  console.log(Number(imported - start), Number(process.hrtime.bigint() - imported));
`;

/** Measures the import of an entry point in a new process, and the first fold in it, in milliseconds. */
export function coldStart(): void {
  for (const specifier of ['patron-fees', 'patron-fees/history', 'patron-fees/evolve', 'patron-fees/alma']) {
    const runs = Array.from({ length: 11 }, () =>
      execFileSync(process.execPath, ['--input-type=module', '-e', program(specifier)], { encoding: 'utf8' })
        .split(' ')
        .map(Number),
    );
    const median = (column: number) =>
      runs.map((run) => run[column] as number).sort((a, b) => a - b)[5] as number;
    const first = specifier === 'patron-fees' ? { firstFold: round(median(1) / 1e6) } : {};
    report('cold start, milliseconds', { import: specifier, milliseconds: round(median(0) / 1e6), ...first });
  }
}
