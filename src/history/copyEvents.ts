import type { AccountEvent, AccountPurged } from '../account/events/accountEvent.js';
import { PatronFeesError } from '../errors.js';
import {
  assertStore,
  type EventStore,
  idOf,
  type StoredAccountEvent,
  type StreamId,
  type StreamKey,
  streamName,
  versionConflict,
} from './eventStore.js';
import { forEachPage, type PagingOptions, type Progress } from './follow.js';
import type { ErasingEventStore } from './redaction.js';

/** How events are copied. */
export type CopyOptions<Event = AccountEvent> = PagingOptions & {
  /** The cursor of `from` to continue from; the beginning if left out. */
  readonly after?: string;
  /**
   * Converts each event, for example {@link redactEvent}.
   *
   * @defaultValue events are copied unchanged
   */
  readonly change?: (event: Event) => Event;
};

/**
 * Copies the events of all streams to another store, with their versions and recording times: events of accounts, or
 * those of the office, from a store with the codec `officeEvents` to another one.
 *
 * The copy may be stopped and run again, from the last reported cursor or from the beginning: events that were already
 * copied are compared and not written again. So a first run can copy while the old store is in use, and a second run
 * copies the rest once it gets no more appends.
 *
 * @param from - the store to copy from
 * @param to - the store to copy to; it must get no other appends meanwhile
 * @param options - the cursor to continue from, a conversion, the page size, and a progress callback
 * @returns the number of events that were read, and the cursor of `from` after the last one
 * @throws {@link index.PatronFeesError | PatronFeesError} `VERSION_CONFLICT` if a stream of `to` has other events than
 * that of `from`
 *
 * @example
 * ```ts
 * import { copyEvents, memoryEventStore } from 'patron-fees/history';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const old = memoryEventStore({ now: () => at });
 * const stream = { institution: 'north', patronId: 'p1' };
 * const data = { feeId: 'f1', feeType: 'OTHER', amount: '2.50', currency: 'USD', owner: 'MAIN', at };
 * await old.append(stream, [{ type: 'FeeAssessed', data }], { expectedVersion: 0 });
 *
 * const next = memoryEventStore({ now: () => '2026-06-01T12:00:00Z' });
 * (await copyEvents(old, next)).events; //=> 1
 * (await next.read(stream)).events[0]?.recordedAt; //=> '2026-03-02T09:00:00Z'
 * ```
 */
export async function copyEvents<Event = AccountEvent, Id extends StreamKey = StreamId>(
  from: EventStore<Event, Id>,
  to: EventStore<Event, Id>,
  options: CopyOptions<Event> = {},
): Promise<Progress> {
  assertStore(from, 'readAll', 'from');
  assertStore(to, 'append', 'to');
  const { after, change = (event: Event) => event } = options;
  // What follows needs only the names of events, and copies the keys of streams as they are.
  const [source, target] = [from, to] as unknown as readonly [EventStore, EventStore];
  return forEachPage(source, after, options, async (events) => {
    const changed = events.map((recorded) => {
      return { ...recorded, event: change(recorded.event as Event) as AccountEvent };
    });
    for (const part of partsOf(changed)) await copyPart(source, target, part);
  });
}

type Part = readonly [StoredAccountEvent, ...StoredAccountEvent[]];

/** Splits events into runs that can be appended together: consecutive, of one stream, with one recording time. */
function partsOf(events: readonly StoredAccountEvent[]): readonly Part[] {
  const parts: [StoredAccountEvent, ...StoredAccountEvent[]][] = [];
  for (const event of events) {
    const part = parts.at(-1);
    if (part !== undefined && belongTogether(part[0], event)) part.push(event);
    else parts.push([event]);
  }
  return parts;
}

function belongTogether(a: StoredAccountEvent, b: StoredAccountEvent): boolean {
  return a.institution === b.institution && idOf(a) === idOf(b) && a.recordedAt === b.recordedAt;
}

/** Removes the copied events of a stream that was purged afterwards, and leaves the event of its purge. */
async function purgeCopy(
  to: EventStore,
  stream: StreamId,
  event: AccountPurged,
  recordedAt: string,
): Promise<void> {
  const { purge } = to as Partial<ErasingEventStore>;
  if (purge === undefined) {
    const problem = `${streamName(stream)} was purged, and this store cannot begin a stream at its version`;
    throw new PatronFeesError('INVALID_ARGUMENT', `to: expected a store that can erase: ${problem}`);
  }
  await purge(stream, event, { recordedAt });
}

/** Returns an event as text, to compare it with another. */
function textOf(recorded: Pick<StoredAccountEvent, 'event'> | undefined): string {
  return JSON.stringify(recorded?.event);
}

/** Appends the missing events of a part; the existing ones must be equal. */
async function copyPart(from: EventStore, to: EventStore, part: Part): Promise<void> {
  const [{ version, recordedAt, event: first, ...stream }] = part;
  const before = version - 1;
  if (first.type === 'AccountPurged') {
    const [left] = (await to.read(stream, { after: before, limit: 1 })).events;
    if (left === undefined || textOf(left) !== textOf(part[0]))
      await purgeCopy(to, stream, first, recordedAt);
    if (part.length === 1) return;
  }
  const there = await to.read(stream, { after: before, limit: part.length });
  const same = there.events.every((recorded, index) => textOf(recorded) === textOf(part[index]));
  // The events between them may be missing in the first store.
  if (there.version < before) await from.read(stream);
  if (there.version < before || !same) throw versionConflict(stream, before, there.version);
  const rest = part.slice(there.events.length).map(({ event }) => event);
  await to.append(stream, rest, { expectedVersion: before + there.events.length, recordedAt });
}
