import fc from 'fast-check';
import type { AccountEvent } from '../../src/index.js';
import { eventsOf, hostileNames, moves, policies, runMoves } from './stories.js';

/** The history of a random account. */
export type RandomAccount = { readonly patronId: string; readonly events: readonly AccountEvent[] };

/** Suffixes of patron ids and library codes that are difficult for text formats. */
const hostileEnds = [
  '"; drop',
  'a:b',
  'two  spaces',
  'line\nend',
  "(virtual) '",
  '* ! ~ | ; # \\',
  'Bücherei 📚',
  'a,tag:x',
  '-x5F_-x',
  'x@example.org',
  '\t{}[]=~^%20',
];

/**
 * Returns `count` random accounts with events, of all policies and currencies, every other one with hostile ids.
 *
 * @param seed - a fixed seed, for accounts that a test counts; by default `FC_SEED` or a random one, and with `FC_RUNS=0`
 *   there are no accounts
 */
export function randomAccounts(count: number, seed = randomSeed()): readonly RandomAccount[] {
  if (seed === undefined) return [];
  // Some stories have no events.
  const stories = fc.sample(moves(20), { seed, numRuns: 2 * count });
  const accounts = stories.map((story, index) => {
    const policy = policies[index % policies.length];
    if (policy === undefined) throw new Error('no policies');
    const isHostile = index % 2 === 1;
    const events = eventsOf(isHostile ? runMoves(story, policy, hostileNames) : runMoves(story, policy));
    if (!isHostile) return { patronId: `p${index}`, events };
    const end = hostileEnds[(index >> 1) % hostileEnds.length] as string;
    return { patronId: `p${index}${end}`, events: events.map((event) => withCodes(event, end)) };
  });
  return accounts.filter(({ events }) => events.length > 0).slice(0, count);
}

/** Returns the seed of `FC_SEED`, or a random one, and prints it. */
function randomSeed(): number | undefined {
  if (process.env.FC_RUNS === '0') return undefined;
  const seed = Number(process.env.FC_SEED ?? Math.floor(Math.random() * 2 ** 31));
  console.log(`random accounts: seed ${seed}`);
  return seed;
}

/** Returns the event with hostile codes. */
function withCodes(event: AccountEvent, end: string): AccountEvent {
  const data: Record<string, unknown> = { ...event.data };
  for (const name of ['owner', 'feeType', 'method', 'destination', 'reference']) {
    if (typeof data[name] === 'string') data[name] = `${end}${data[name]}`;
  }
  if (event.type === 'CreditTransferred' || event.type === 'FeeTransferred') data.destination = end;
  return { ...event, data } as unknown as AccountEvent;
}
