import * as v from 'valibot';
import { type FoldOptions, fold } from '../account/fold.js';
import { emptyAccount, type PatronAccount } from '../account/patronAccount.js';
import { PatronFeesError } from '../errors.js';
import { checkedArgument } from '../input/checkedArgument.js';
import { instantField } from '../input/instant.js';
import { wholeNumber } from '../input/wholeNumber.js';
import { assertStore, type EventStore, type RecordedEvent, type StreamId, streamName } from './eventStore.js';
import { compareInstants } from './instants.js';
import type { LoadedAccount } from './loadAccount.js';

/**
 * A moment in the history of an account: a version of the stream, or a time of the store's clock.
 *
 * The time is when events were recorded, not when things happened (`at`): an event that was recorded late was not known
 * earlier.
 */
export type Moment =
  | {
      /** The number of events, from 0 to the stream's version. */
      readonly version: number;
    }
  | {
      /** The time up to which events count, itself included; ISO 8601 with a zone. */
      readonly recordedAt: string;
    };

/**
 * Returns the account as it was known at a moment: the events up to then, folded. Every view accepts it.
 *
 * @param events - the recorded events of one stream, from its first
 * @param moment - the version, or the time
 * @returns the account as it was then; its `eventCount` is its version
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if the moment is invalid or after the last
 * version, or if the events are not a stream from its first event on; `CORRUPT_HISTORY` if they do not fold
 *
 * @example
 * ```ts
 * import { balancesInMinorUnits } from 'patron-fees';
 * import { accountAsOf } from 'patron-fees/history';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const fee = { feeType: 'OTHER', amount: '2.50', currency: 'USD', owner: 'MAIN', at };
 * const events = [
 *   { version: 1, recordedAt: at, event: { type: 'FeeAssessed' as const, data: { ...fee, feeId: 'f1' } } },
 *   {
 *     version: 2,
 *     recordedAt: '2026-03-09T16:30:00Z',
 *     event: { type: 'FeeAssessed' as const, data: { ...fee, feeId: 'f2' } },
 *   },
 * ];
 * balancesInMinorUnits(accountAsOf(events, { version: 1 })).active; //=> 250
 * balancesInMinorUnits(accountAsOf(events, { recordedAt: '2026-03-05T00:00:00Z' })).active; //=> 250
 * balancesInMinorUnits(accountAsOf(events, { recordedAt: '2026-03-09T16:30:00Z' })).active; //=> 500
 * ```
 */
export function accountAsOf(events: readonly RecordedEvent[], moment: Moment): PatronAccount {
  return asOf(events, moment, {});
}

/**
 * Reads an account as it was known at a moment.
 *
 * @param store - the event store
 * @param stream - the account to read
 * @param moment - the version, or the time
 * @returns the account as it was then, and its version
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if the moment is invalid or after the last
 * version; `CORRUPT_HISTORY` if the events up to it do not fold
 *
 * @example
 * ```ts
 * import { balancesInMinorUnits, definePolicy } from 'patron-fees';
 * import { execute, loadAccountAsOf, memoryEventStore } from 'patron-fees/history';
 *
 * let at = '2026-03-02T09:00:00Z';
 * const store = memoryEventStore({ now: () => at });
 * const policy = definePolicy({ currency: 'USD' });
 * const stream = { institution: 'north', patronId: 'p1' };
 * const fee = { type: 'AssessFee', feeType: 'OTHER', amount: '2.50', owner: 'MAIN', at } as const;
 * await execute(store, policy, stream, { ...fee, id: 'f1' });
 * at = '2026-03-09T16:30:00Z';
 * await execute(store, policy, stream, { ...fee, id: 'f2' });
 *
 * const { account, version } = await loadAccountAsOf(store, stream, { recordedAt: '2026-03-05T00:00:00Z' });
 * version; //=> 1
 * balancesInMinorUnits(account).active; //=> 250
 * ```
 */
export async function loadAccountAsOf(
  store: EventStore,
  stream: StreamId,
  moment: Moment,
): Promise<LoadedAccount> {
  assertStore(store, 'read');
  const { events } = await store.read(stream);
  const account = asOf(events, moment, { stream: streamName(stream) });
  return { version: account.eventCount, account };
}

const momentSchema = v.union(
  [v.strictObject({ version: wholeNumber(0) }), v.strictObject({ recordedAt: instantField })],
  'a version, 0 or more, or a time, ISO 8601 with a zone',
);

function asOf(events: readonly RecordedEvent[], when: Moment, options: FoldOptions): PatronAccount {
  const length = knownAt(events, when, 'moment');
  const known = events.slice(0, length).map(({ event }) => event);
  return fold(known, emptyAccount(), options);
}

/**
 * Returns the number of events of a stream that were known at a moment.
 *
 * @param name - the name of the moment, for the paths of its faults
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if the moment is invalid or after the last
 * version, or if the events are not a stream from its first event on
 */
export function knownAt(events: readonly RecordedEvent[], when: Moment, name: string): number {
  const moment = checkedArgument(momentSchema, when, name);
  assertStream(events, 'events');
  if (!('version' in moment)) return recordedUntil(events, moment.recordedAt);
  const last = events.at(-1)?.version ?? 0;
  if (moment.version > last) refuse(`${name}.version: expected 0 to ${last}, found ${moment.version}`);
  return events.filter(({ version }) => version <= moment.version).length;
}

/**
 * Checks that a list is a stream from its first event on.
 *
 * @param name - the name of the list, for the message
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if it is not
 */
export function assertStream(events: readonly RecordedEvent[], name: string): void {
  if (!Array.isArray(events)) refuse(`${name}: expected a list of recorded events`);
  // A purge leaves one event, at the version after those that it removed.
  const first = events[0]?.event?.type === 'AccountPurged' ? events[0].version : 1;
  const gap = events.findIndex((row: RecordedEvent | null, index) => row?.version !== index + first);
  if (gap >= 0)
    refuse(`${name}: expected version ${gap + first} at position ${gap}: a stream from its first event on`);
}

/**
 * Returns the number of events that had been recorded at a time: all before the first that was recorded later. If the
 * clock went back, earlier times after that event do not count: the result is always a prefix of the stream.
 */
function recordedUntil(events: readonly RecordedEvent[], time: string): number {
  const later = events.findIndex(({ recordedAt }) => compareInstants(recordedAt, time) > 0);
  return later < 0 ? events.length : later;
}

function refuse(message: string): never {
  throw new PatronFeesError('INVALID_ARGUMENT', message);
}
