import * as v from 'valibot';
import { isPatronFeesError, PatronFeesError } from '../errors.js';
import { checkedArgument } from '../input/checkedArgument.js';
import { wholeNumber } from '../input/wholeNumber.js';
import {
  cursorUnknown,
  type EventStore,
  type StoredAccountEvent,
  type StreamId,
  type StreamKey,
  type UnreadableEvent,
} from './eventStore.js';
import type { WatchableEventStore } from './follow.js';
import { recentAccountsOf, rememberAccountsIn } from './loadAccount.js';
import type { ErasingEventStore, RedactingEventStore } from './redaction.js';
import { checkedEventPage, checkedInstitution, checkedPage, cursorInvalid } from './storeArguments.js';

/** How {@link splitEventStore} divides the institutions among stores. */
export type SplitEventStoreOptions<Store> = {
  /** The stores, by name. Cursors contain the names, so a name must not change. A store may be added. */
  readonly parts: Readonly<Record<string, Store>>;
  /** Returns the name of the store that has the accounts of an institution; always the same for an institution. */
  readonly partOf: (institution: string) => string;
};

const optionsSchema = v.strictObject({
  parts: v.pipe(
    v.custom<Readonly<Record<string, EventStore>>>(
      (input) =>
        typeof input === 'object' &&
        input !== null &&
        Object.values(input).every(
          (store: Partial<EventStore> | null) => typeof store?.append === 'function',
        ),
      'event stores by name',
    ),
    v.check((parts) => Object.keys(parts).length > 0, 'at least one event store'),
  ),
  partOf: v.custom<(institution: string) => string>((input) => typeof input === 'function', 'a function'),
});

/**
 * Creates a store from several stores, each with the accounts of some institutions. It is for a consortium that is too
 * large for one database, or for one stream of NATS, whose leader is a single server.
 *
 * It behaves like any event store. The store of an account handles the appends to it. `readAll` and `accounts` list
 * everything once, from any cursor; the order stays the same as long as nothing is appended. The events of one store
 * are in their order; the events of different stores are not sorted by time. A store that was restored from an older
 * backup than a cursor is detected when its turn comes.
 *
 * The split store has `redact` and `watch` if all its parts have them. Commands are observed as their part observes
 * them. Closing it closes its parts.
 *
 * To move institutions to other stores, or to divide one store, copy all events with {@link copyEvents} to new ones.
 *
 * @param options - the stores, and which one has an institution
 * @returns the store
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if the options are invalid. The functions
 * of the store reject with it if `partOf` returns an unknown name, or another one than that of the store in which an
 * event was found
 *
 * @example
 * ```ts
 * import { memoryEventStore, splitEventStore } from 'patron-fees/history';
 *
 * const now = () => '2026-03-02T09:00:00Z';
 * const parts = { east: memoryEventStore({ now }), west: memoryEventStore({ now }) };
 * const store = splitEventStore({ parts, partOf: (institution) => (institution === 'north' ? 'east' : 'west') });
 *
 * const data = { feeId: 'f1', feeType: 'OTHER', amount: '2.50', currency: 'USD', owner: 'MAIN', at: now() };
 * for (const institution of ['north', 'south']) {
 *   await store.append({ institution, patronId: 'p1' }, [{ type: 'FeeAssessed', data }], { expectedVersion: 0 });
 * }
 * (await parts.east.readAll()).events.length; //=> 1
 * (await store.readAll()).events.map(({ institution }) => institution); //=> ['north', 'south']
 * ```
 */
export function splitEventStore(options: SplitEventStoreOptions<ErasingEventStore>): ErasingEventStore;
/**
 * Creates a store that also reports appends, from stores that do.
 *
 * @param options - the stores, and which one has an institution
 * @returns the store
 */
export function splitEventStore(options: SplitEventStoreOptions<WatchableEventStore>): WatchableEventStore;
/**
 * Creates a store of the office that can erase, from stores that can.
 *
 * @param options - the stores, and which one has an institution
 * @returns the store
 */
export function splitEventStore<Event, Id extends StreamKey>(
  options: SplitEventStoreOptions<RedactingEventStore<Event, Id>>,
): RedactingEventStore<Event, Id>;
/**
 * Creates a store from stores for events of any kind.
 *
 * @param options - the stores, and which one has an institution
 * @returns the store
 */
export function splitEventStore<Event, Id extends StreamKey>(
  options: SplitEventStoreOptions<EventStore<Event, Id>>,
): EventStore<Event, Id>;
export function splitEventStore(options: SplitEventStoreOptions<EventStore>): EventStore {
  const checked = checkedArgument(optionsSchema, options, 'options');
  const parts = new Map(Object.entries(checked.parts));
  let isClosed = false;
  const assertOpen = () => {
    if (isClosed) throw new PatronFeesError('STORE_CLOSED', 'the event store was closed');
  };
  const nameOf = (institution: string): string => {
    const name = checked.partOf(institution);
    if (parts.has(name)) return name;
    throw new PatronFeesError(
      'INVALID_ARGUMENT',
      `options.partOf: ${JSON.stringify(name)} for ${institution} is not one of ${[...parts.keys()].join(', ')}`,
      { institution, found: name },
    );
  };
  const partOf = (stream: Pick<StreamId, 'institution'>) =>
    parts.get(nameOf(checkedInstitution(stream))) as EventStore;
  /** Throws if entries were found in another part than the one that is read for their institution. */
  const assertOwn = (name: string, entries: readonly StreamId[]) => {
    for (const { institution } of entries) {
      const expected = nameOf(institution);
      if (expected === name) continue;
      const problem = `options.partOf: ${expected} for ${institution}, but ${name} has events of it`;
      throw new PatronFeesError('INVALID_ARGUMENT', problem, { institution, expected, found: name });
    }
  };

  const store: EventStore = {
    read: async (stream, part) => {
      assertOpen();
      return partOf(stream).read(stream, part);
    },
    append: async (stream, events, how) => {
      assertOpen();
      return partOf(stream).append(stream, events, how);
    },
    readAll: async (page) => {
      assertOpen();
      const { page: checkedOne, lists } = checkedEventPage(page);
      const { after, limit } = checkedOne;
      const { entries, cursor } = await readInTurns(parts, after, limit, async (name, part, which) => {
        const read = await part.readAll(lists ? { ...which, onUnreadable: 'list' } : which);
        const found = [...read.events, ...(read.unreadable ?? [])];
        assertOwn(name, found);
        return { entries: found, cursor: read.cursor };
      });
      const isUnreadable = (entry: (typeof entries)[number]): entry is UnreadableEvent => 'error' in entry;
      const unreadable = entries.filter(isUnreadable);
      const events = entries.filter((entry): entry is StoredAccountEvent => !isUnreadable(entry));
      return { events, cursor, ...(unreadable.length > 0 && { unreadable }) };
    },
    accounts: async (page) => {
      assertOpen();
      const { after, limit, institution } = checkedPage(page);
      const only = institution === undefined ? undefined : nameOf(institution);
      const listed = new Map([...parts].filter(([name]) => name === (only ?? name)));
      const { entries, cursor } = await readInTurns(
        parts,
        after,
        limit,
        async (name, part, which) => {
          const read = await part.accounts({ ...which, ...(institution !== undefined && { institution }) });
          assertOwn(name, read.accounts);
          return { entries: read.accounts, cursor: read.cursor };
        },
        listed,
      );
      return { accounts: entries, cursor };
    },
    close: async () => {
      isClosed = true;
      await Promise.all([...parts.values()].map((part) => part.close()));
    },
  };
  const preferred = [...parts.values()].flatMap(({ concurrency }) => concurrency ?? []);
  const [idField] = [...parts.values()].map((part) => part.idField);
  const split = {
    ...store,
    ...(idField && { idField }),
    // A job may work on the accounts of one part only.
    ...(preferred.length === parts.size && { concurrency: Math.min(...preferred) }),
    ...capabilities(parts, partOf, assertOpen),
    ...observer(parts, partOf),
  };
  return rememberAccountsIn(split, (stream) => recentAccountsOf(partOf(stream), stream));
}

/** Returns the observer of commands that a split store has if a part has one: that of the part with the account. */
function observer(
  parts: ReadonlyMap<string, EventStore>,
  partOf: (account: Pick<StreamId, 'institution'>) => EventStore,
): Pick<EventStore, 'observeCommand'> {
  if ([...parts.values()].every(({ observeCommand }) => observeCommand === undefined)) return {};
  return {
    observeCommand: async (command, task) => {
      const { observeCommand } = partOf(command);
      return observeCommand === undefined ? task() : observeCommand(command, task);
    },
  };
}

/** Returns the functions that a split store has if all parts have them. */
function capabilities(
  parts: ReadonlyMap<string, EventStore>,
  partOf: (stream: StreamId) => EventStore,
  assertOpen: () => void,
): Partial<Pick<ErasingEventStore, 'redact' | 'purge' | 'sweep'> & Pick<WatchableEventStore, 'watch'>> {
  const stores = [...parts.values()] as (EventStore & Partial<ErasingEventStore & WatchableEventStore>)[];
  const redact: ErasingEventStore['redact'] = async (stream, options) => {
    assertOpen();
    return (partOf(stream) as ErasingEventStore).redact(stream, options);
  };
  const purge: ErasingEventStore['purge'] = async (stream, event, options) => {
    assertOpen();
    return (partOf(stream) as ErasingEventStore).purge(stream, event, options);
  };
  const sweep: ErasingEventStore['sweep'] = async () => {
    assertOpen();
    const swept = await Promise.all(stores.map((store) => (store as ErasingEventStore).sweep()));
    return swept.find(({ remaining }) => remaining !== undefined) ?? {};
  };
  const watch: WatchableEventStore['watch'] = async (onChange) => {
    assertOpen();
    const started = await Promise.allSettled(
      stores.map((store) => (store as WatchableEventStore).watch(onChange)),
    );
    const stop = async () => {
      await Promise.all(started.map((each) => each.status === 'fulfilled' && each.value()));
    };
    const failed = started.find(({ status }) => status === 'rejected');
    if (failed?.status !== 'rejected') return stop;
    await stop();
    throw failed.reason;
  };
  return {
    ...(stores.every((store) => store.redact !== undefined) && { redact }),
    ...(stores.every((store) => store.purge !== undefined) && { purge }),
    ...(stores.every((store) => store.sweep !== undefined) && { sweep }),
    ...(stores.every((store) => store.watch !== undefined) && { watch }),
  };
}

/**
 * The number of entries that are read of one part before the next one is read, so that a busy part does not delay the
 * others. In cursors: never change it, or lists would have another order than before.
 */
const TURN = 1_000;

/** The position in the lists of all parts. */
type Place = {
  /** The part whose turn it is, and the number of its entries that were read in this turn. */
  readonly turn: readonly [name: string, read: number];
  /** The cursors of the parts that were read. */
  readonly after: readonly (readonly [name: string, cursor: string])[];
};

const placeSchema = v.strictObject({
  turn: v.strictTuple([v.string(), wholeNumber(0)]),
  after: v.array(v.strictTuple([v.string(), v.string()])),
});

type PartPage<Entry> = { readonly entries: readonly Entry[]; readonly cursor: string };

/** Reads a page: of each part up to a number of entries in turn, until the page is full or all parts have ended. */
async function readInTurns<Entry>(
  parts: ReadonlyMap<string, EventStore>,
  cursor: string | undefined,
  limit = Number.POSITIVE_INFINITY,
  readPart: (
    name: string,
    part: EventStore,
    which: { readonly after?: string; readonly limit: number },
  ) => Promise<PartPage<Entry>>,
  listed = parts,
): Promise<PartPage<Entry>> {
  const place = placeOf(parts, cursor);
  const cursors = new Map(place.after);
  const names = [...listed.keys()];
  let [name, read] = place.turn;
  const entries: Entry[] = [];
  const ended = new Set<string>();
  const next = () => {
    name = names[(names.indexOf(name) + 1) % names.length] as string;
    read = 0;
  };
  if (!listed.has(name)) next();
  while (entries.length < limit && ended.size < names.length) {
    const wanted = Math.min(TURN - read, limit - entries.length);
    const after = cursors.get(name);
    const which = { ...(after !== undefined && { after }), limit: wanted };
    const page = ended.has(name)
      ? undefined
      : await ofSplit(cursor, readPart(name, parts.get(name) as EventStore, which));
    if (page !== undefined) {
      for (const entry of page.entries) entries.push(entry);
      cursors.set(name, page.cursor);
      read += page.entries.length;
      if (page.entries.length < wanted) ended.add(name);
    }
    if (ended.has(name) || read === TURN) next();
  }
  const after = [...parts.keys()].flatMap((each): Place['after'] => {
    const reached = cursors.get(each);
    return reached === undefined ? [] : [[each, reached]];
  });
  return { entries, cursor: JSON.stringify({ turn: [name, read], after } satisfies Place) };
}

/** Reports an unknown cursor of a part as the cursor of the split store. */
async function ofSplit<Page>(cursor: string | undefined, page: Promise<Page>): Promise<Page> {
  try {
    return await page;
  } catch (error) {
    throw cursor !== undefined && isPatronFeesError(error, 'CURSOR_UNKNOWN') ? cursorUnknown(cursor) : error;
  }
}

function placeOf(parts: ReadonlyMap<string, EventStore>, cursor: string | undefined): Place {
  const [first] = parts.keys();
  if (cursor === undefined) return { turn: [first as string, 0], after: [] };
  const parsed = v.safeParse(placeSchema, jsonOf(cursor));
  if (parsed.success) {
    const { turn, after } = parsed.output;
    const isKnown = [turn, ...after].every(([name]) => parts.has(name));
    if (isKnown && turn[1] < TURN) return parsed.output;
  }
  throw cursorInvalid(cursor);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
