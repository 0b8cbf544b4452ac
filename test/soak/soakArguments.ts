import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';

/** The options of a soak. */
export type SoakArguments = {
  readonly histories: number;
  readonly seed: number;
  /** The only batch to run, if set. */
  readonly only: number | undefined;
  readonly processes: number;
  /** The maximum number of commands of a history. */
  readonly commands: number;
  /** A module whose functions are tested instead of this library. */
  readonly subject: string | undefined;
};

export const usage = `Usage: npm run soak -- [--histories N] [--seed S] [--commands C] [--only BATCH] [--processes P]
                       [--subject FILE]

Runs N random histories (default 10000), valid, hostile and corrupt ones, and checks all laws on them.

  --seed S        random seed: the same seed runs the same histories on any number of processes
  --commands C    maximum number of commands of a history (default 20)
  --only BATCH    runs only one batch of a seed, to reproduce a failure
  --processes P   number of processes (default: number of cores)
  --subject FILE  a module that exports decide, fold, evolve, spread, journal or policies to test instead`;

const SEED_MAX = 2 ** 31 - 1;

/** Reads the arguments; returns a message if they are invalid. */
export function soakArguments(
  given: readonly string[],
  anySeed = Math.floor(Math.random() * SEED_MAX),
): SoakArguments | { readonly fault: string } {
  const text = { type: 'string' } as const;
  const options = { histories: text, seed: text, only: text, commands: text, processes: text, subject: text };
  try {
    const { values } = parseArgs({ args: [...given], options, strict: true, allowPositionals: false });
    return {
      histories: wholeNumber('--histories', values.histories ?? '10000', 1, Number.MAX_SAFE_INTEGER),
      seed: wholeNumber('--seed', values.seed ?? String(anySeed), 0, SEED_MAX),
      only:
        values.only === undefined
          ? undefined
          : wholeNumber('--only', values.only, 0, Number.MAX_SAFE_INTEGER),
      processes: wholeNumber('--processes', values.processes ?? String(availableParallelism()), 1, 1_000),
      commands: wholeNumber('--commands', values.commands ?? '20', 1, 1_000),
      subject: values.subject,
    };
  } catch (error) {
    return { fault: (error as Error).message };
  }
}

function wholeNumber(name: string, text: string, least: number, most: number): number {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new Error(`${name}: expected a whole number from ${least} to ${most}, found ${JSON.stringify(text)}`);
}
