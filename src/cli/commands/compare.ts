import type { FeePolicy } from 'patron-fees';
import {
  almaFeeSystem,
  type ComparisonFormat,
  type ComparisonOptions,
  compareFeeSystem,
  folioFeeSystem,
  formatComparison,
  kohaFeeSystem,
  processFeeSystem,
  type RemoteFeeSystem,
  urlFeeSystem,
} from 'patron-fees/testing';
import { type PolicyOptions, readPolicy } from '../policyFile.js';
import { progressBar } from '../progressBar.js';
import { CliError, type ExitCode, print, type Terminal } from '../terminal.js';

/** Options of `compare`. */
export type CompareOptions = PolicyOptions & {
  /** The program of the other system and its arguments, or all of them as one text. */
  readonly command?: readonly string[];
  readonly url?: string;
  /** The address of an Alma's API. */
  readonly alma?: string;
  /** The address of a Koha's API. */
  readonly koha?: string;
  /** The address of a FOLIO's Okapi. */
  readonly folio?: string;
  /** What `--alma`, `--koha` or `--folio` needs: `name=value`. */
  readonly with?: readonly string[];
  /** What the system is held to: `account` or `laws`. */
  readonly against?: string;
  /** Seconds that a reply may take. */
  readonly timeout?: string;
  readonly format?: string;
  readonly seed?: string;
  /** Random stories for each case. */
  readonly runs?: string;
};

const formats: readonly string[] = ['text', 'tap', 'junit'] satisfies ComparisonFormat[];

const standards: readonly string[] = ['account', 'laws'] satisfies ComparisonOptions['against'][];

/**
 * Compares a fee system in another process with this library.
 *
 * @param terminal - the streams, and the signal of an interrupt
 * @param program - the program of the other system and its arguments, as they are
 * @param options - the options
 * @returns the exit code
 */
export async function compare(
  terminal: Terminal,
  program: readonly string[],
  options: CompareOptions,
): Promise<ExitCode> {
  const {
    command,
    url,
    alma,
    koha,
    folio,
    against = 'account',
    timeout = '10',
    format = 'text',
    seed,
    runs,
  } = options;
  if ([command, url, alma, koha, folio, program[0]].filter((system) => system !== undefined).length !== 1)
    throw new CliError(
      'Name one other system: -- PROGRAM ARGUMENTS..., --command PROGRAM ARGUMENTS..., --url, --alma, --koha or --folio URL.',
    );
  if (!standards.includes(against))
    throw new CliError(`--against ${against}: expected ${standards.join(' or ')}.`);
  // A timer of Node counts no more than 24 days.
  if (!/^[1-9]\d{0,5}$/.test(timeout))
    throw new CliError(`--timeout ${timeout}: expected seconds, 1 to 999999.`);
  if (!formats.includes(format)) throw new CliError(`--format ${format}: expected ${formats.join(', ')}.`);
  for (const [name, value = '1'] of Object.entries({ seed, runs }))
    if (!(name === 'seed' ? /^-?\d+$/ : /^[1-9]\d*$/).test(value))
      throw new CliError(`--${name} ${value}: expected a ${name === 'seed' ? '' : 'positive '}number.`);
  await import('fast-check').catch(() => {
    throw new CliError('Random stories need fast-check: npm install fast-check');
  });
  const policy = await readPolicy(options);
  const system = await opened(program, options, { policy, replyTimeoutMs: Number(timeout) * 1_000 });
  const progress = progressBar(terminal, { unit: 'stories' });
  let done = 0;
  try {
    const comparing = compareFeeSystem(system, {
      policy,
      against: against as 'account' | 'laws',
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

/** Reaches the system that the command line names. */
async function opened(
  program: readonly string[],
  { command, url, alma, koha, folio, with: named = [] }: CompareOptions,
  terms: { readonly policy: FeePolicy; readonly replyTimeoutMs: number },
): Promise<RemoteFeeSystem> {
  if (alma !== undefined) return almaFeeSystem({ ...terms, url: alma, ...fieldsOf(named, almaFields) });
  if (koha !== undefined) return kohaFeeSystem({ ...terms, url: koha, ...fieldsOf(named, kohaFields) });
  if (folio !== undefined) return folioFeeSystem({ ...terms, okapi: folio, ...fieldsOf(named, folioFields) });
  if (url !== undefined) return urlFeeSystem(url, terms);
  const [file = '', ...words] = command === undefined ? program : wordsOf(command);
  return processFeeSystem(file, words, terms);
}

/** The names of `--with`, and whether each is needed. Credentials come from the environment. */
const liveFields = { requestsPerSecond: false, mayBeLive: false };
const almaFields = {
  library: true,
  userGroup: false,
  paymentMethod: false,
  waiveReason: false,
  ...liveFields,
};
const kohaFields = { library: true, category: true, paymentType: false, ...liveFields };
const folioFields = {
  tenant: true,
  owner: true,
  servicePoint: true,
  patronGroup: false,
  paymentMethod: false,
  waiveReason: false,
  transferAccount: false,
  ...liveFields,
};

/** Reads `name=value` pairs. */
function fieldsOf<Name extends string>(pairs: readonly string[], known: Readonly<Record<Name, boolean>>) {
  const fields: Record<string, unknown> = {};
  for (const pair of pairs) {
    const [name = '', ...rest] = pair.split('=');
    if (!Object.hasOwn(known, name) || rest.length === 0)
      throw new CliError(`--with ${pair}: expected NAME=VALUE with one of ${Object.keys(known).join(', ')}.`);
    const value = rest.join('=');
    fields[name] =
      name === 'requestsPerSecond' ? Number(value) : name === 'mayBeLive' ? value === 'true' : value;
  }
  const missing = (Object.keys(known) as Name[]).find((name) => known[name] && fields[name] === undefined);
  if (missing !== undefined) throw new CliError(`--with ${missing}=... is missing.`);
  return fields as { readonly [Field in Name]: never };
}

/** The words of a command that was given as one text. */
function wordsOf(command: readonly string[]): readonly string[] {
  return command.length === 1 ? (command[0] as string).split(/\s+/).filter((word) => word !== '') : command;
}

/** Rejects when the terminal is interrupted. */
function aborted({ signal }: Terminal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
