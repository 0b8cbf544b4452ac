import type { AccountEvent } from '../account/events.js';
import { forEachPage, type PagingOptions, type Progress } from './catchUp.js';
import { encodeEvent } from './codec.js';
import { type EventStore, type StoredAccountEvent, versionConflict } from './eventStore.js';

/** How events are copied. */
export type CopyOptions = PagingOptions & {
  /** The cursor of the store that is copied from, to go on from; the beginning if left out. */
  readonly after?: string;
  /** Makes the event to write of the one that was read: {@link redactEvent}, for one. If left out, the same event. */
  readonly change?: (event: AccountEvent) => AccountEvent;
};

/**
 * Copies the events of all streams to another store, with their versions and times of recording.
 *
 * May be stopped and run again, from the cursor that was reported last or from the beginning: what is there already is
 * compared and not written again. So one run can copy while the old store is in use, and another, once nobody appends
 * to it any more, what has come in since.
 *
 * @param from - the store to copy from
 * @param to - the store to copy to; nobody else should append to it meanwhile
 * @param options - where to go on, what to change, the size of pages, who is told of the progress
 * @returns how many events were read, and the cursor of `from` behind the last one
 * @throws {@link index.PatronFeesError | PatronFeesError} `VERSION_CONFLICT` when a stream of `to` has other events than that of `from`
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
export async function copyEvents(
  from: EventStore,
  to: EventStore,
  options: CopyOptions = {},
): Promise<Progress> {
  const { after, change = (event: AccountEvent) => event } = options;
  return forEachPage(from, after, options, async (events) => {
    const changed = events.map((recorded) => ({ ...recorded, event: change(recorded.event) }));
    for (const part of partsOf(changed)) await copyPart(to, part);
  });
}

type Part = readonly [StoredAccountEvent, ...StoredAccountEvent[]];

/** Divides events into those that can be appended at once: of one stream, one after the other, recorded together. */
function partsOf(events: readonly StoredAccountEvent[]): readonly Part[] {
  const parts: [StoredAccountEvent, ...StoredAccountEvent[]][] = [];
  for (const event of events) {
    const part = parts.at(-1);
    if (part !== undefined && goTogether(part[0], event)) part.push(event);
    else parts.push([event]);
  }
  return parts;
}

function goTogether(a: StoredAccountEvent, b: StoredAccountEvent): boolean {
  return a.institution === b.institution && a.patronId === b.patronId && a.recordedAt === b.recordedAt;
}

/** Appends what is not there yet of a part; what is there must be the same. */
async function copyPart(to: EventStore, part: Part): Promise<void> {
  const [{ institution, patronId, version, recordedAt }] = part;
  const stream = { institution, patronId };
  const before = version - 1;
  const there = await to.read(stream, { after: before, limit: part.length });
  const same = there.events.every(
    ({ event }, index) => encodeEvent(event) === encodeEvent(part[index]?.event as AccountEvent),
  );
  if (there.version < before || !same) throw versionConflict(stream, before, there.version);
  const rest = part.slice(there.events.length).map(({ event }) => event);
  await to.append(stream, rest, { expectedVersion: before + there.events.length, recordedAt });
}
