import { closeSync, openSync, writeSync } from 'node:fs';
import type { FeePolicy } from 'patron-fees';
import {
  almaFeeSystem,
  type ComparisonFormat,
  type ComparisonOptions,
  compareFeeSystem,
  folioFeeSystem,
  formatComparison,
  kohaFeeSystem,
  type LiveFeeSystem,
  processFeeSystem,
  type RecordedExchange,
  type RemoteFeeSystem,
  sip2FeeSystem,
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
  /** The host and port of the SIP2 server of the Alma, the Koha or the FOLIO, to list and pay fees over. */
  readonly sip2?: string;
  /** What `--alma`, `--koha`, `--folio` or `--sip2` needs: `name=value`. */
  readonly with?: readonly string[];
  /** The file that gets the requests and answers of an Alma, a Koha or a FOLIO, JSON lines. */
  readonly record?: string;
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
    sip2,
    record,
    against = 'account',
    timeout = '10',
    format = 'text',
    seed,
    runs,
  } = options;
  if (sip2 !== undefined && [alma, koha, folio].every((system) => system === undefined))
    throw new CliError('--sip2 needs --alma, --koha or --folio, which charges the fees.');
  if (record !== undefined && [alma, koha, folio].every((system) => system === undefined))
    throw new CliError('--record needs --alma, --koha or --folio.');
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
  const terms = { policy, replyTimeoutMs: Number(timeout) * 1_000 };
  const recording = record === undefined ? undefined : recordingTo(record);
  const system = await opened(program, options, terms, recording).catch((error: unknown) => {
    recording?.close();
    throw error;
  });
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
    recording?.close();
  }
}

/** Where exchanges are recorded. */
type Recording = { readonly record: (exchange: RecordedExchange) => void; readonly close: () => void };

/** Records exchanges in a file, each at once: what led to a failure is in it. */
function recordingTo(path: string): Recording {
  try {
    const file = openSync(path, 'w');
    return {
      record: (exchange) => void writeSync(file, `${JSON.stringify(exchange)}\n`),
      close: () => closeSync(file),
    };
  } catch (error) {
    throw new CliError(`--record ${path}: ${(error as Error).message}`);
  }
}

/** Reaches the system that the command line names. */
async function opened(
  program: readonly string[],
  options: CompareOptions,
  terms: Terms,
  recording?: Recording,
): Promise<RemoteFeeSystem> {
  const { command, url, alma, koha, folio } = options;
  const live = recording === undefined ? terms : { ...terms, record: recording.record };
  if (alma !== undefined)
    return overSip2(options, almaFields, live, (fields) => almaFeeSystem({ ...live, url: alma, ...fields }));
  if (koha !== undefined)
    return overSip2(options, kohaFields, live, (fields) => kohaFeeSystem({ ...live, url: koha, ...fields }));
  if (folio !== undefined)
    return overSip2(options, folioFields, live, (fields) =>
      folioFeeSystem({ ...live, okapi: folio, ...fields }),
    );
  if (url !== undefined) return urlFeeSystem(url, terms);
  const [file = '', ...words] = command === undefined ? program : wordsOf(command);
  return processFeeSystem(file, words, terms);
}

type Terms = {
  readonly policy: FeePolicy;
  readonly replyTimeoutMs: number;
  readonly record?: Recording['record'];
};

/** Reaches an Alma, a Koha or a FOLIO, and its SIP2 server if there is one. */
async function overSip2<Name extends string>(
  { sip2, with: pairs = [] }: CompareOptions,
  own: Readonly<Record<Name, boolean>>,
  terms: Terms,
  open: (fields: Fields<Name>) => Promise<LiveFeeSystem>,
): Promise<RemoteFeeSystem> {
  if (sip2 === undefined) return open(fieldsOf(pairs, own));
  const fields = fieldsOf(pairs, { ...sip2Fields, ...own });
  const { institution, location, requestsPerSecond, mayBeLive } = fields;
  const charging = await open(fields);
  const given = Object.entries({ institution, location, requestsPerSecond, mayBeLive });
  const known = Object.fromEntries(given.filter(([, value]) => value !== undefined));
  return sip2FeeSystem({ ...terms, ...known, address: sip2, charging });
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
const sip2Fields = { institution: false, location: false, ...liveFields };

type Fields<Name extends string> = { readonly [Field in Name]: never };

/** Reads `name=value` pairs. */
function fieldsOf<Name extends string>(
  pairs: readonly string[],
  known: Readonly<Record<Name, boolean>>,
): Fields<Name> {
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
  return fields as Fields<Name>;
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
