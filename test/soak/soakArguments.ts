import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';

/** What a soak is asked to do. */
export type SoakArguments = {
  readonly histories: number;
  readonly seed: number;
  /** The only batch to run, if it is to be one. */
  readonly only: number | undefined;
  readonly processes: number;
  /** How many commands a history has at most. */
  readonly commands: number;
  /** A module with what is held to the laws instead of this library. */
  readonly subject: string | undefined;
};

export const usage = `Usage: npm run soak -- [--histories N] [--seed S] [--commands C] [--only BATCH] [--processes P]
                       [--subject FILE]

Plays N random histories (10000 if left out), valid, hostile and corrupt ones, and holds them to all laws.

  --seed S        where chance begins: the same seed plays the same histories on any number of processes
  --commands C    how many commands a history has at most; 20 if left out
  --only BATCH    plays one batch of a seed again, as a failure says
  --processes P   how many processes share the work; all cores if left out
  --subject FILE  a module that exports decide, fold, evolve, spread, journal or policies to hold to the laws instead`;

const SEED_MAX = 2 ** 31 - 1;

/** Reads the arguments; or says in a sentence what is wrong with them. */
export function soakArguments(
  given: readonly string[],
  anySeed = Math.floor(Math.random() * SEED_MAX),
): SoakArguments | { readonly wrong: string } {
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
    return { wrong: (error as Error).message };
  }
}

function wholeNumber(name: string, text: string, least: number, most: number): number {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new Error(`${name}: expected a whole number from ${least} to ${most}, found ${JSON.stringify(text)}`);
}
