import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { type EventStore, type StreamId, streamName } from '../../src/history/index.js';
import { isPatronFeesError } from '../../src/index.js';
import { assessedFee } from './assessedFee.js';

/** An append of a random interleaving. */
export interface PlannedAppend {
  /** Which of the stores appends. */
  readonly through: number;
  /** The account's number. */
  readonly account: number;
  /** The expected version; null for any. */
  readonly expected: number | null;
  /** The number of events. */
  readonly events: number;
  /** The turns of the event loop until the next append is called. */
  readonly turns: number;
}

/** Appends whose calls overlap, to few accounts, with expected versions that are often right. */
export const interleavings: fc.Arbitrary<readonly PlannedAppend[]> = fc.array(
  fc.record({
    through: fc.nat(1),
    account: fc.nat(3),
    expected: fc.option(fc.nat(6), { freq: 4 }),
    events: fc.integer({ min: 1, max: 3 }),
    turns: fc.nat(2),
  }),
  { minLength: 1, maxLength: 40 },
);

interface Call {
  readonly plan: PlannedAppend;
  readonly ids: readonly string[];
  /** When it was called and when it ended, in the order of all calls and ends. */
  readonly from: number;
  readonly until: number;
  /** The version after it; or the version that it conflicted with. */
  readonly version: number | undefined;
  readonly actual: number | undefined;
}

/**
 * Makes the appends without waiting for each other, and compares the outcome with an order of them one by one: every
 * append that succeeded is stored in one piece, at the version that it returned; no other is stored; and every conflict
 * shows a version that the stream had between the call and its end, which is not the expected one.
 *
 * @returns what does not agree
 */
export async function faultsOfInterleaving(
  stores: readonly EventStore[],
  plans: readonly PlannedAppend[],
  institution: string,
): Promise<readonly string[]> {
  let clock = 0;
  const streamOf = ({ account }: PlannedAppend): StreamId => ({ institution, patronId: `p${account}` });
  const begin = async (plan: PlannedAppend, index: number): Promise<Call> => {
    clock += 1;
    const from = clock;
    const ids = Array.from({ length: plan.events }, (_, place) => `${index}-${place}`);
    const expectedVersion = plan.expected ?? 'any';
    const store = stores[plan.through % stores.length] as EventStore;
    const outcome = await store
      .append(
        streamOf(plan),
        ids.map((id) => assessedFee(id)),
        { expectedVersion },
      )
      .then(
        ({ version }) => ({ version, actual: undefined }),
        (error: unknown) => {
          if (!isPatronFeesError(error, 'VERSION_CONFLICT')) throw error;
          return { version: undefined, actual: Number(error.details.actual) };
        },
      );
    clock += 1;
    return { plan, ids, from, until: clock, ...outcome };
  };
  const running: Promise<Call>[] = [];
  for (const [index, plan] of plans.entries()) {
    running.push(begin(plan, index));
    for (let n = 0; n < plan.turns; n++) await turn();
  }
  const calls = await Promise.all(running);
  const faults: string[] = [];
  for (const account of new Set(plans.map((plan) => plan.account))) {
    const own = calls.filter(({ plan }) => plan.account === account);
    const stream = streamOf((own[0] as Call).plan);
    const { events } = await (stores[0] as EventStore).read(stream);
    const stored = events.map(({ event }) => ('feeId' in event.data ? event.data.feeId : ''));
    faults.push(...faultsOfStream(own, stored).map((fault) => `${streamName(stream)}: ${fault}`));
  }
  return faults;
}

function faultsOfStream(calls: readonly Call[], stored: readonly string[]): readonly string[] {
  const faults: string[] = [];
  const accepted = calls
    .filter((call): call is Call & { version: number } => call.version !== undefined)
    .sort((a, b) => a.version - b.version);
  const order = accepted.flatMap(({ ids }) => ids);
  if (order.join() !== stored.join()) faults.push(`stored ${stored.join()}, acknowledged ${order.join()}`);
  let version = 0;
  for (const [index, call] of accepted.entries()) {
    const { expected, events } = call.plan;
    if (expected !== null && expected !== version)
      faults.push(`expected ${expected}, stored after ${version}`);
    version += events;
    if (call.version !== version) faults.push(`returned ${call.version}, stored up to ${version}`);
    if (accepted.slice(index + 1).some((later) => later.until < call.from))
      faults.push(`${call.ids.join()} is before one that had ended when it was called`);
  }
  for (const { plan, actual, from, until } of calls) {
    if (actual === undefined) continue;
    const before = accepted.find((call) => call.version === actual);
    const next = accepted.find((call) => call.version > actual);
    const wasThere = actual === 0 || (before !== undefined && before.from < until);
    const wasStillThere = next === undefined || next.until > from;
    if (plan.expected === actual || !wasThere || !wasStillThere)
      faults.push(`conflict of ${plan.expected} with ${actual}, which the stream did not have`);
  }
  return faults;
}
