import {
  type ComparisonFormat,
  compareFeeSystem,
  formatComparison,
  processFeeSystem,
  urlFeeSystem,
} from 'patron-fees/testing';
import { type PolicyOptions, readPolicy } from '../policyFile.js';
import { progressBar } from '../progressBar.js';
import { CliError, type ExitCode, print, type Terminal } from '../terminal.js';

/** Options of `compare`. */
export type CompareOptions = PolicyOptions & {
  /** The program of the other system and its arguments. */
  readonly command?: readonly string[];
  readonly url?: string;
  readonly format?: string;
  readonly seed?: string;
  /** Random stories for each case. */
  readonly runs?: string;
};

const formats: readonly string[] = ['text', 'tap', 'junit'] satisfies ComparisonFormat[];

/** Compares a fee system in another process with this library. */
export async function compare(terminal: Terminal, options: CompareOptions): Promise<ExitCode> {
  const { command, url, format = 'text', seed, runs } = options;
  if ((command === undefined) === (url === undefined))
    throw new CliError('Name the other system: --command PROGRAM ARGUMENTS..., or --url URL.');
  if (!formats.includes(format)) throw new CliError(`--format ${format}: expected ${formats.join(', ')}.`);
  for (const [name, value = '1'] of Object.entries({ seed, runs }))
    if (!(name === 'seed' ? /^-?\d+$/ : /^[1-9]\d*$/).test(value))
      throw new CliError(`--${name} ${value}: expected a ${name === 'seed' ? '' : 'positive '}number.`);
  await import('fast-check').catch(() => {
    throw new CliError('Random stories need fast-check: npm install fast-check');
  });
  const policy = await readPolicy(options);
  const [program = '', ...words] = wordsOf(command);
  const system =
    url === undefined
      ? await processFeeSystem(program, words, { policy })
      : await urlFeeSystem(url, { policy });
  const progress = progressBar(terminal, { unit: 'stories' });
  let done = 0;
  try {
    const comparing = compareFeeSystem(system, {
      policy,
      ...(seed !== undefined && { seed: Number(seed) }),
      ...(runs !== undefined && { runs: Number(runs) }),
      onProgress: ({ stories }) => {
        // The count begins again with each case.
        progress.add(stories > done ? stories - done : stories);
        done = stories;
      },
    });
    const results = await Promise.race([comparing, aborted(terminal)]);
    progress.stop();
    await print(terminal, formatComparison(results, format as ComparisonFormat));
    return results.passed ? 0 : 1;
  } finally {
    progress.stop();
    await system.close();
  }
}

/** The words of a command that was given as one text. */
function wordsOf(command: readonly string[] = []): readonly string[] {
  return command.length === 1 ? (command[0] as string).split(/\s+/).filter((word) => word !== '') : command;
}

/** Rejects when the terminal is interrupted. */
function aborted({ signal }: Terminal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
