import { AssertionError } from 'node:assert';
import { PatronFeesError } from '../../errors.js';
import { definedPolicy, definePolicy, type FeePolicy } from '../../policy/feePolicy.js';
import { checkedCount, checkedFunction, checkedOptions, checkedSeed } from '../checkedArguments.js';
import { assertCapabilities, type FeeSystemCapability, feeSystemCapabilities } from './capabilities.js';
import type { FeeSystem } from './feeSystem.js';
import { type Parting, playPlot } from './playPlot.js';
import { type PlotStep, plots } from './plot.js';
import { type Found, shortestParting } from './shortestParting.js';
import { themesFor } from './themes.js';
import { toldParting } from './toldParting.js';

/** One thing that a fee system is held to, as a test that any test runner can register. */
export type FeeSystemCase = {
  /** What the system must do, as the rest of a sentence that begins with `it`. */
  readonly title: string;
  /**
   * Plays random stories on new systems and on our account; rejects with node's `AssertionError` when they part. Its
   * message is the shortest such story that was found, and both sides; its `cause` is what the system threw, if it did.
   * Rejects with `INVALID_ARGUMENT` when no system was opened, and with what opening or clearing away throws.
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
  /**
   * Where chance starts, a 32-bit integer: a failure names it, and with it the same stories are played again.
   *
   * @defaultValue another one each time
   */
  readonly seed?: number;
};

/**
 * Holds a fee system of any make to the rules of this library: the same random requests are sent to it and to our
 * account, and after each one the answers and the balances are compared. It needs `fast-check`, and no test runner.
 *
 * @param open - opens a system in which one patron owes nothing; called once for each story
 * @param options - the rules, what the system can do, and how thorough to be
 * @returns one case for fees and payments, one for each capability, and one for all of it together
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for options that make no sense, and for a
 * capability that the policy has nothing for, such as `waive` without a reason to waive; `INVALID_POLICY` when the policy is none
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
  const { capabilities = feeSystemCapabilities, runs = 500, maxSteps = 10, seed } = checkedOptions(options);
  checkedFunction('open', open);
  checkedCount('runs', runs);
  checkedCount('maxSteps', maxSteps, 2);
  checkedSeed(seed);
  const policy = definedPolicy(options.policy ?? definePolicy({ currency: 'USD' }));
  assertCapabilities(capabilities, policy);
  const themes = themesFor(capabilities);
  return themes.map(({ title, can, focus }) => ({
    title,
    run: async () => {
      // Loaded here, so that nobody needs it who only tests a store.
      const { default: fc } = await import('fast-check');
      const terms = { policy, reversesTransfers: can.includes('reverseTransfers') };
      const plot = plots(fc, { capabilities: can, focus, maxSteps });
      const found = await shortestParting(fc, plot, (steps) => playOnNew(open, steps, terms), { runs, seed });
      if (found !== undefined) fail(found);
    },
  }));
}

async function playOnNew(
  open: () => FeeSystem | Promise<FeeSystem>,
  plot: readonly PlotStep[],
  terms: Parameters<typeof playPlot>[2],
): Promise<Parting | undefined> {
  const system = await open();
  if (Object(system) !== system)
    throw new PatronFeesError('INVALID_ARGUMENT', `open: expected a fee system, found ${String(system)}`);
  let parting: Parting | undefined;
  try {
    parting = await playPlot(plot, system, terms);
  } finally {
    // That it does not clear away is told too, but not instead of where it parts.
    await release(system).catch((error) => {
      if (parting === undefined) throw error;
    });
  }
  return parting;
}

async function release(system: FeeSystem): Promise<void> {
  await system.release?.();
}

function fail({ parting, error, seed }: Found): never {
  if (parting === undefined) throw error;
  const { rows } = parting.comparison;
  const side = (column: number) => Object.fromEntries(rows.map(({ label, cells }) => [label, cells[column]]));
  const message = `The fee system parts from our account.\n\n${toldParting(parting)}\n\nTo play it again: seed ${seed}`;
  const parted = new AssertionError({
    message,
    expected: side(0),
    actual: side(1),
    operator: 'feeSystemConformance',
  });
  if ('thrown' in parting) parted.cause = parting.thrown;
  throw parted;
}
