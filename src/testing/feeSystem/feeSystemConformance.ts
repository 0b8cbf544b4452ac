import { AssertionError } from 'node:assert';
import { PatronFeesError } from '../../errors.js';
import { mismatchText } from '../../input/faults.js';
import { definedPolicy, definePolicy, type FeePolicy } from '../../policy/feePolicy.js';
import { checkedCount, checkedFunction, checkedOptions, checkedSeed } from '../checkedArguments.js';
import { assertCapabilities, type FeeSystemCapability, feeSystemCapabilities } from './capabilities.js';
import { type Found, formatDivergence, shortestDivergence } from './divergence.js';
import type { FeeSystem } from './feeSystem.js';
import { runLawfulStory } from './runLawfulStory.js';
import { type Divergence, runStory } from './runStory.js';
import { stories, themesFor } from './story.js';

/** One requirement on a fee system, as a test that any test runner can register. */
export type FeeSystemCase = {
  /** The requirement, as the rest of a sentence that begins with `it`. */
  readonly title: string;
  /**
   * Runs random stories on new systems and on our account. Rejects with Node's `AssertionError` if they differ: its
   * message has the shortest such story found and both sides; its `cause` is the error that the system threw, if any.
   * Rejects with `INVALID_ARGUMENT` if `open` returns no system, and with any error of `open` or `release`.
   */
  readonly run: () => Promise<void>;
};

/** Options of {@link feeSystemConformance}. */
export type FeeSystemConformanceOptions = {
  /**
   * The policy that both systems follow.
   *
   * @defaultValue USD, Alma's code tables, overpayments refused
   */
  readonly policy?: FeePolicy;
  /**
   * The capabilities of the system.
   *
   * @defaultValue all of {@link feeSystemCapabilities}
   */
  readonly capabilities?: readonly FeeSystemCapability[];
  /**
   * What the system is held to: `account`, the answers and figures of our account; or `laws`, for a system that differs
   * from it on purpose. The laws are those that answers and figures show: no fee owes less than nothing or more than
   * was charged; waivers never exceed the fee; a payment goes to the fees that it names, and what is left belongs to
   * the patron; a request that is refused or repeated changes nothing; a request changes no other fee; no more is paid
   * out than was paid. With `laws`, requests come one after the other: `races` is not tried.
   *
   * @defaultValue `account`
   */
  readonly against?: 'account' | 'laws';
  /**
   * The number of random stories of each case.
   *
   * @defaultValue `500`
   */
  readonly runs?: number;
  /**
   * The largest number of steps of a story; at least 2.
   *
   * @defaultValue `10`
   */
  readonly maxSteps?: number;
  /**
   * The random seed, a 32-bit integer. A failure names it; the same seed runs the same stories.
   *
   * @defaultValue a random seed
   */
  readonly seed?: number;
};

/**
 * Tests any fee system against the rules of this library: sends the same random requests to it and to our account, and
 * compares answers and balances after each one. Needs `fast-check`, but no test runner.
 *
 * @param open - opens a system in which one patron owes nothing; called once for each story
 * @param options - the policy, the capabilities of the system, and the number and length of stories
 * @returns one case for fees and payments, one for each capability, and one for all of it together
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for invalid options, and for a capability
 * that the policy does not allow, such as `waive` without a waive reason; `INVALID_POLICY` for an invalid policy
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
 *     balances: async () => ({ fees: [...fees].map(([feeId, owed]) => ({ feeId, owed: owed.toFixed(2) })) }),
 *   };
 * }
 *
 * const [first] = feeSystemConformance(floats, { capabilities: [] });
 * first?.title; //=> 'charges fees and takes payments as our account does'
 * const divergence = await first?.run().catch((error: Error) => error.message);
 * divergence?.includes('is paid for f1'); //=> true
 * ```
 */
export function feeSystemConformance(
  open: () => FeeSystem | Promise<FeeSystem>,
  options: FeeSystemConformanceOptions = {},
): readonly FeeSystemCase[] {
  const {
    capabilities = feeSystemCapabilities,
    against = 'account',
    runs = 500,
    maxSteps = 10,
    seed,
  } = checkedOptions(options);
  checkedFunction('open', open);
  checkedCount('runs', runs);
  checkedCount('maxSteps', maxSteps, 2);
  checkedSeed(seed);
  const policy = definedPolicy(options.policy ?? definePolicy({ currency: 'USD' }));
  assertCapabilities(capabilities, policy);
  if (against !== 'account' && against !== 'laws')
    throw new PatronFeesError('INVALID_ARGUMENT', mismatchText('against', 'account or laws', against));
  const play = against === 'laws' ? runLawfulStory : runStory;
  const themes = themesFor(against === 'laws' ? capabilities.filter((one) => one !== 'races') : capabilities);
  return themes.map(({ title, can, focus }) => ({
    title: against === 'laws' ? title.replace(/as our account does$/, 'within the laws') : title,
    run: async () => {
      // Loaded here, so that testing a store does not need fast-check.
      const { default: fc } = await import('fast-check');
      const terms = { policy, reversesTransfers: can.includes('reverseTransfers') };
      const story = stories(fc, { capabilities: can, focus, maxSteps });
      const found = await shortestDivergence(
        fc,
        story,
        (steps) => runOnNew(open, (system) => play(steps, system, terms)),
        {
          runs,
          seed,
        },
      );
      if (found !== undefined) fail(found, against);
    },
  }));
}

async function runOnNew(
  open: () => FeeSystem | Promise<FeeSystem>,
  play: (system: FeeSystem) => Promise<Divergence | undefined>,
): Promise<Divergence | undefined> {
  const system = await open();
  if (Object(system) !== system)
    throw new PatronFeesError('INVALID_ARGUMENT', mismatchText('open()', 'a fee system', system));
  let divergence: Divergence | undefined;
  try {
    divergence = await play(system);
  } finally {
    // A failed release is reported too, but never in place of a divergence.
    await release(system).catch((error) => {
      if (divergence === undefined) throw error;
    });
  }
  return divergence;
}

async function release(system: FeeSystem): Promise<void> {
  await system.release?.();
}

function fail({ divergence, error, seed }: Found, against: 'account' | 'laws'): never {
  if (divergence === undefined) throw error;
  const { rows } = divergence.comparison;
  const side = (column: number) => Object.fromEntries(rows.map(({ label, cells }) => [label, cells[column]]));
  const [what, rule] =
    against === 'laws'
      ? ['The fee system breaks a law.', 'lawful']
      : ['The fee system differs from our account.', 'ours'];
  const message = `${what}\n\n${formatDivergence(divergence, rule)}\n\nTo repeat it: seed ${seed}`;
  const failure = new AssertionError({
    message,
    expected: side(0),
    actual: side(1),
    operator: 'feeSystemConformance',
  });
  if ('thrown' in divergence) failure.cause = divergence.thrown;
  throw failure;
}
