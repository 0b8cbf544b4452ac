import type { AccountEvent } from '../account/events/accountEvent.js';
import { type Fault, PatronFeesError } from '../errors.js';
import {
  type EventStore,
  type IdField,
  type RecordedEvent,
  type StreamId,
  type StreamSlice,
  streamName,
} from '../history/eventStore.js';
import { compareInstants } from '../history/instants.js';
import type { ErasingEventStore } from '../history/redaction.js';
import { faultText, MISSING } from '../input/faults.js';
import { PROMISE, shown } from '../input/shown.js';
import { recordedBefore } from './localDay.js';

/** The stores of a job: that of the accounts alone, or together with that of the office. */
export type JobStores<Accounts = EventStore, Office = unknown> =
  | Accounts
  | {
      /** The store with the events of the accounts. */
      readonly accounts: Accounts;
      /** The store with the events of tills, receipts and remittances, opened with the codec `officeEvents`. */
      readonly office?: Office;
    };

/** Returns the faults of the stores of a job, and the stores. */
export function checkedStores<Accounts extends EventStore, Office>(
  stores: JobStores<Accounts, Office>,
  { needsOffice = false, erases }: { readonly needsOffice?: boolean; readonly erases?: 'texts' | 'events' },
): { readonly accounts: Accounts; readonly office: Office | undefined; readonly faults: readonly Fault[] } {
  const isAlone = isStore(stores);
  const { accounts, office } = (isAlone ? { accounts: stores } : (stores ?? {})) as {
    readonly accounts: Accounts;
    readonly office?: Office;
  };
  const faults: Fault[] = [];
  const path = isAlone || accounts === undefined ? 'stores' : 'stores.accounts';
  const given = shown(stores) === PROMISE ? stores : accounts;
  if (!isStore(accounts)) faults.push({ path, expected: 'an event store', found: foundInstead(given) });
  else if (isOther(accounts, 'patronId')) faults.push({ path, ...OFFICE_INSTEAD });
  else if (erases !== undefined && !canErase(accounts, erases)) {
    const expected =
      erases === 'texts'
        ? 'a store that can erase; for one that cannot, such as NATS, keyedEventStore can, or copyEvents copies it'
        : 'a store that can remove events; one that cannot, such as NATS, is copied to a new one by copyEvents';
    faults.push({ path, expected, found: 'another store' });
  }
  const wrong =
    needsOffice || office !== undefined ? officeFault(office, 'stores.office', isStore, accounts) : [];
  return { accounts, office, faults: [...faults, ...wrong] };
}

/** A store of the office where one of accounts belongs. */
const OFFICE_INSTEAD = { expected: 'the store of the accounts', found: 'the store of the office' };

/** Returns the fault of what should be the store of the office; none if it is. */
function officeFault(
  office: unknown,
  path: string,
  looksRight: (input: unknown) => boolean,
  accounts?: unknown,
): readonly Fault[] {
  const expected = 'a store with the events of the office';
  if (!looksRight(office)) return [{ path, expected, found: foundInstead(office) }];
  if (office !== accounts && !isOther(office, 'stream')) return [];
  return [
    { path, expected: `${expected}, opened with the codec officeEvents`, found: 'a store of accounts' },
  ];
}

/**
 * Checks the store of a function of the office.
 *
 * @param path - the name of the argument
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for a store of accounts, and for what is no store
 */
export function assertOfficeStore(office: unknown, path = 'office'): void {
  assertNone(officeFault(office, path, isReadable));
}

/** Checks both stores of a function of the office, of which that of the accounts may be within a transaction. */
export function assertBothStores(stores: { readonly accounts: unknown; readonly office: unknown }): void {
  const { accounts, office } = stores ?? {};
  const path = 'stores.accounts';
  const expected = 'an event store';
  const faults = isReadable(accounts)
    ? isOther(accounts, 'patronId')
      ? [{ path, ...OFFICE_INSTEAD }]
      : []
    : [{ path, expected, found: foundInstead(accounts) }];
  assertNone([...faults, ...officeFault(office, 'stores.office', isReadable, accounts)]);
}

function assertNone(faults: readonly Fault[]): void {
  if (faults.length === 0) return;
  throw new PatronFeesError('INVALID_ARGUMENT', faults.map((fault) => faultText(fault)).join('; '), {
    faults,
  });
}

function foundInstead(value: unknown): string {
  if (shown(value) === PROMISE) return PROMISE;
  return value === undefined || value === null ? MISSING : 'something else';
}

/** Returns whether a store is known to have keys with another field. */
function isOther(store: unknown, idField: IdField): boolean {
  const { idField: known = idField } = store as { readonly idField?: IdField };
  return known !== idField;
}

function isReadable(input: unknown): boolean {
  const { read, append } = (input ?? {}) as Partial<EventStore>;
  return typeof read === 'function' && typeof append === 'function';
}

function isStore(input: unknown): boolean {
  const { read, accounts } = (input ?? {}) as Partial<EventStore>;
  return typeof read === 'function' && typeof accounts === 'function';
}

function canErase(store: Partial<ErasingEventStore>, what: 'texts' | 'events'): boolean {
  const needed = [store.redact, store.sweep, ...(what === 'events' ? [store.purge] : [])];
  return needed.every((each) => typeof each === 'function');
}

/** Notes what a job reads from its stores. */
export function storeReader(before: string | undefined) {
  let last: string | undefined;
  const noted = <Event>(slice: StreamSlice<Event>, after: number): StreamSlice<Event> => {
    const events =
      before === undefined ? slice.events : slice.events.slice(0, recordedBefore(slice.events, before));
    const end = events.at(-1);
    if (end !== undefined && isLater(end.recordedAt)) last = end.recordedAt;
    return events.length === slice.events.length ? slice : { version: end?.version ?? after, events };
  };
  const isLater = (time: string) =>
    (last === undefined || compareInstants(time, last) > 0) &&
    (before === undefined || compareInstants(time, before) < 0);
  return {
    /** Returns a store that refuses streams with a gap, and leaves out what was recorded too late. */
    reading<Store>(given: Store): Store {
      const store = given as unknown as EventStore & Partial<ErasingEventStore>;
      const reading: EventStore = {
        read: async (stream, options) => {
          const slice = await store.read(stream, options);
          assertNoGap(stream, slice, options?.after ?? 0, options?.limit);
          return noted(slice, options?.after ?? 0);
        },
        append: (...given) => store.append(...given),
        readAll: (...given) => store.readAll(...given),
        accounts: (...given) => store.accounts(...given),
        close: () => store.close(),
      };
      const { redact, purge, sweep } = store;
      return {
        ...reading,
        ...(redact && { redact: redact.bind(store) }),
        ...(purge && { purge: purge.bind(store) }),
        ...(sweep && { sweep: sweep.bind(store) }),
      } as unknown as Store;
    },
    /** Returns the instant right after the last event that was read; without any, the given one or null. */
    recordedBefore: (): string | null => (last === undefined ? (before ?? null) : rightAfter(last)),
  };
}

/** Throws if events are missing from a stream, for example because somebody deleted them in the database. */
function assertNoGap<Event>(
  stream: StreamId,
  { version, events }: StreamSlice<Event>,
  after: number,
  limit: number | undefined,
): void {
  const [first] = events as readonly RecordedEvent<Event | AccountEvent>[];
  const isPurged = (first?.event as AccountEvent | undefined)?.type === 'AccountPurged';
  let expected = isPurged ? (first as RecordedEvent).version : after + 1;
  for (const recorded of events) {
    if (recorded.version !== expected) throw gap(stream, expected, recorded.version);
    expected += 1;
  }
  const isWhole = limit === undefined || events.length < limit;
  if (isWhole && after < version && expected !== version + 1) throw gap(stream, expected, version);
}

function gap(stream: StreamId, expected: number, found: number): PatronFeesError {
  const name = streamName(stream);
  const message = `${name}: expected version ${expected}, found ${found}: events are missing from the stream`;
  return new PatronFeesError('CORRUPT_HISTORY', message, { stream: name, expected, found });
}

/** Returns the first instant after one that a store recorded, to the nanosecond: stores record microseconds. */
function rightAfter(instant: string): string {
  return instant.replace(
    /T(\d\d:\d\d)(:\d\d)?(?:\.(\d+))?/,
    (_, minute: string, second = ':00', digits = '') =>
      `T${minute}${second}.${digits.slice(0, 6).padEnd(6, '0')}001`,
  );
}
