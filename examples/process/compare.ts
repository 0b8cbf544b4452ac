// `npx tsx examples/process/compare.ts perl fees.pl`: compares a fee system in any language with patron-fees.
// Formats: FORMAT=tap or FORMAT=junit in the environment; exit code 1 if the systems differ.
import { fileURLToPath } from 'node:url';
import {
  type ComparisonFormat,
  compareFeeSystem,
  formatComparison,
  processFeeSystem,
} from 'patron-fees/testing';

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [command = '', ...parameters] = process.argv.slice(2);
  const system = await processFeeSystem(command, parameters);
  const results = await compareFeeSystem(system, {
    onProgress: ({ number, cases, stories, perSecond }) => {
      if (process.stderr.isTTY && stories % 50 === 0)
        process.stderr.write(`\rcase ${number} of ${cases}: ${stories} stories, ${perSecond} a second \r`);
    },
  });
  await system.close();
  process.stdout.write(formatComparison(results, (process.env.FORMAT ?? 'text') as ComparisonFormat));
  process.exitCode = results.passed ? 0 : 1;
}
