import { AssertionError } from 'node:assert';
import { PatronFeesError } from '../../errors.js';
import { definedPolicy, definePolicy, type FeePolicy } from '../../policy/feePolicy.js';
import type { Arbitrary, FastCheck } from '../fastCheck.js';
import {
  assertCapabilities,
  type FeeSystemCapability,
  feeSystemCapabilities,
  requestsOf,
} from './capabilities.js';
import type { FeeSystem } from './feeSystem.js';
import { type Parting, playPlot } from './playPlot.js';
import { type PlotStep, plots } from './plot.js';
import type { RequestName } from './requests.js';
import { shortened } from './shortened.js';
import { toldParting } from './toldParting.js';

/** One thing that a fee system is held to, as a test that any test runner can register. */
export type FeeSystemCase = {
  /** What the system must do, as the rest of a sentence that begins with `it`. */
  readonly title: string;
  /**
   * Plays random stories on new systems and on our account; rejects with node's `AssertionError` when they part. Its
   * message is the shortest such story that was found, and both sides.
   */
  readonly run: () => Promise<void>;
};

/** How a fee system is compared. */
export type FeeSystemConformanceOptions = {
  /** The rules that both follow; dollars, Alma's code tables and no overpayment if left out. */
  readonly policy?: FeePolicy;
  /** What the system can do; everything if left out. */
  readonly capabilities?: readonly FeeSystemCapability[];
  /** How many random stories each case plays; 500 if left out. */
  readonly runs?: number;
  /** The most steps of a story; 10 if left out. */
  readonly maxSteps?: number;
  /** Where chance starts, a 32-bit integer: a failure names it, and with it the same stories are played again. */
  readonly seed?: number;
};

/**
 * Holds a fee system of any make to the rules of this library: the same random requests are sent to it and to our
 * account, and after each one the answers and the balances are compared. It needs `fast-check`, and no test runner.
 *
 * @param open - opens a system in which one patron owes nothing; called once for each story
 * @param options - the rules, what the system can do, and how thorough to be
 * @returns one case for fees and payments, one for each capability, and one for all of it together
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for options that make no sense,
 * `INVALID_POLICY` when the policy is none
 *
 * @example A system that counts in floats
 * ```ts
 * import { type FeeSystem, feeSystemConformance } from 'patron-fees/testing';
 *
 * function floats(): FeeSystem {
 *   const fees = new Map<string, number>();
 *   return {
 *     assess: async ({ id, amount }) => {
 *       fees.set(id, Number(amount));
 *       return { accepted: true };
 *     },
 *     pay: async ({ feeIds: [feeId = ''], amount }) => {
 *       const owed = fees.get(feeId) ?? 0;
 *       if (Number(amount) > owed) return { accepted: false };
 *       fees.set(feeId, owed - Number(amount));
 *       return { accepted: true };
 *     },
 *     balances: async () => ({ fees: [...fees].map(([feeId, owed]) => ({ feeId, owed: String(owed) })) }),
 *   };
 * }
 *
 * const [first] = feeSystemConformance(floats, { capabilities: [] });
 * first?.title; //=> 'charges fees and takes payments as our account does'
 * const told = await first?.run().catch((error: Error) => error.message);
 * told?.includes('is paid for f1'); //=> true
 * ```
 */
export function feeSystemConformance(
  open: () => FeeSystem | Promise<FeeSystem>,
  options: FeeSystemConformanceOptions = {},
): readonly FeeSystemCase[] {
  const { capabilities = feeSystemCapabilities, runs = 500, maxSteps = 10, seed } = options;
  assertCapabilities(capabilities);
  assertWhole('runs', runs, 1);
  assertWhole('maxSteps', maxSteps, 2);
  if (seed !== undefined) assertWhole('seed', seed, -(2 ** 31));
  const policy = definedPolicy(options.policy ?? definePolicy({ currency: 'USD' }));
  const themes = themesFor(capabilities);
  return themes.map(({ title, can, focus }) => ({
    title,
    run: async () => {
      // Loaded here, so that nobody needs it who only tests a store.
      const { default: fc } = await import('fast-check');
      const terms = { policy, reversesTransfers: can.includes('reverseTransfers') };
      const plot = plots(fc, { capabilities: can, focus, maxSteps });
      const found = await partingOf(fc, plot, (steps) => playOnNew(open, steps, terms), { runs, seed });
      if (found !== undefined) fail(found);
    },
  }));
}

/** What one case is about. */
type Theme = {
  readonly title: string;
  /** What of the system is used. */
  readonly can: readonly FeeSystemCapability[];
  /** What is tried most. */
  readonly focus: readonly RequestName[];
};

const titles: Readonly<Record<FeeSystemCapability, string>> = {
  paySeveralFees: 'spreads payments over several fees',
  waive: 'waives fees',
  dispute: 'disputes and restores fees',
  transfer: 'transfers fees',
  returnLostItem: 'takes lost items back',
  cancel: 'cancels fees that were charged in error',
  refund: 'refunds money that is the patron’s',
  reversePayment: 'reverses payments',
  reverseTransfers: 'reverses what was transferred',
  repeats: 'does a request once that is delivered twice,',
  races: 'does requests one after the other that come at once,',
};

/** Where money for a refund comes from. */
const sourcesOfCredit: readonly FeeSystemCapability[] = ['cancel', 'returnLostItem'];

function themesFor(capabilities: readonly FeeSystemCapability[]): readonly Theme[] {
  const has = (capability: FeeSystemCapability) => capabilities.includes(capability);
  const theme = (capability: FeeSystemCapability): Theme => {
    const basis: Partial<Record<FeeSystemCapability, readonly FeeSystemCapability[]>> = {
      refund: sourcesOfCredit,
      reverseTransfers: ['transfer', 'waive', 'cancel', 'returnLostItem'],
    };
    const can = [capability, ...(basis[capability] ?? []).filter(has)];
    const title = `${titles[capability]} as our account does`;
    if (capability === 'reverseTransfers') return { title, can, focus: ['pay', 'transfer', 'cancel'] };
    const focus = can.flatMap((used) => requestsOf[used]);
    return { title, can, focus: focus.length > 0 ? focus : ['pay'] };
  };
  const basics: Theme = {
    title: 'charges fees and takes payments as our account does',
    can: [],
    focus: ['pay'],
  };
  const all: Theme = { title: 'does all of it together as our account does', can: capabilities, focus: [] };
  const each = feeSystemCapabilities.filter(has).map(theme);
  return each.length > 1 ? [basics, ...each, all] : [basics, ...each];
}

async function playOnNew(
  open: () => FeeSystem | Promise<FeeSystem>,
  plot: readonly PlotStep[],
  terms: Parameters<typeof playPlot>[2],
): Promise<Parting | undefined> {
  const system = await open();
  try {
    return await playPlot(plot, system, terms);
  } finally {
    await system.release?.();
  }
}

/** The shortest story found in which the systems part, or what was thrown beside the requests. */
type Found = { readonly seed: number; readonly parting?: Parting; readonly error?: unknown };

async function partingOf(
  fc: FastCheck,
  plot: Arbitrary<readonly PlotStep[]>,
  play: (plot: readonly PlotStep[]) => Promise<Parting | undefined>,
  { runs, seed }: { readonly runs: number; readonly seed: number | undefined },
): Promise<Found | undefined> {
  // Kept here, since a system that races with itself may not fail once more.
  let last: Omit<Found, 'seed'> & { readonly steps: readonly PlotStep[] } = { steps: [] };
  const property = fc.asyncProperty(plot, async (steps) => {
    try {
      const parting = await play(steps);
      if (parting !== undefined) last = { parting, steps };
      return parting === undefined;
    } catch (error) {
      last = { error, steps };
      return false;
    }
  });
  const details = await fc.check(property, { numRuns: runs, ...(seed === undefined ? {} : { seed }) });
  if (!details.failed) return undefined;
  if (last.parting === undefined) return { ...last, seed: details.seed };
  return { parting: (await shortened(last.steps, play)) ?? last.parting, seed: details.seed };
}

function fail({ parting, error, seed }: Found): never {
  if (parting === undefined) throw error;
  const { rows } = parting.comparison;
  const side = (column: number) => Object.fromEntries(rows.map(({ label, cells }) => [label, cells[column]]));
  const message = `The fee system parts from our account.\n\n${toldParting(parting)}\n\nTo play it again: seed ${seed}`;
  throw new AssertionError({ message, expected: side(0), actual: side(1), operator: 'feeSystemConformance' });
}

function assertWhole(name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  const found = typeof value === 'number' ? value : typeof value;
  throw new PatronFeesError(
    'INVALID_ARGUMENT',
    `${name}: expected a whole number of at least ${least}, found ${found}`,
  );
}
