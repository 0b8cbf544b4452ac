import { isPatronFeesError } from '../errors.js';
import { type Clock, timeOf } from '../input/clock.js';
import { assertMethods } from '../input/methods.js';
import { eventsMissing, isUnreadable, notingOutages } from './consecutive.js';
import {
  assertStore,
  type EventPage,
  type EventStore,
  type StoredAccountEvent,
  streamKey,
} from './eventStore.js';
import {
  type Checkpoint,
  checkpointText,
  concernsAllAccounts,
  type ParkedAccount,
  type ParkingOptions,
  type Position,
  type Projection,
  parkedFrom,
  positionIn,
  positionOf,
  reasonOf,
} from './projection.js';

// How the events of a store reach a projection: page by page, without those of accounts that are parked.

/**
 * The most accounts that a projection parks: more are a fault of the projection, and its checkpoint has all of them.
 */
const PARKED_MAX = 1_000;

/**
 * If `apply` throws for more accounts one after the other, and for no reason that is in their events, the fault is its
 * own.
 */
const SUSPECTS_MAX = 10;

/** How a projection is run. */
type RunSettings = Pick<ParkingOptions, 'onBadEvent'> & {
  readonly onParked?: ParkingOptions['onParked'] | undefined;
  readonly now?: Clock | undefined;
  readonly projection: Projection;
  readonly checkpoint: Checkpoint;
  readonly pageSize: number;
  /** The number of shards of the projection, which its checkpoint has; a projection without shards has none. */
  readonly shards?: number;
  /**
   * Whether an account that `apply` throws for is looked for; if it throws for one event only, that account is parked.
   */
  seeks?: boolean;
  /** Returns the part of a page that belongs to the projection; it has all events if left out. */
  readonly ownPart?: (page: EventPage) => EventPage;
};

/** A projection that is run, and how far it has come. */
export type ProjectionRun = RunSettings & {
  /** Whether the checkpoint is known. */
  isBegun: boolean;
  /** The number of times that the checkpoint was not the one that this run has saved. */
  reloads: number;
  /** The checkpoint that is saved. */
  saved: string | undefined;
  /** The cursor after the events that were applied, or that wait. */
  cursor: string | undefined;
  /** The parked accounts, by key. */
  parked: ReadonlyMap<string, ParkedAccount>;
  /** The keys of those that differ from the saved ones. */
  changed: ReadonlySet<string>;
  /** The accounts that are parked, but not saved as such: they are once an event of another account can be applied. */
  suspects: readonly Suspect[];
  /** The number of events that were read since the checkpoint was saved, all of accounts that are not its own. */
  passed: number;
  /** The number of events to read next: fewer while an account that `apply` throws for is looked for. */
  limit: number;
};

type Suspect = { readonly key: string; readonly error: unknown };

export function projectionRun(settings: RunSettings): ProjectionRun {
  return { ...settings, isBegun: false, reloads: 0, ...newPosition(settings, undefined) };
}

function newPosition({ pageSize, shards }: RunSettings, saved: string | undefined) {
  const nothing = { changed: new Set<string>(), suspects: [], passed: 0, limit: pageSize };
  const { cursor, parked } = positionOf(saved, shards);
  return { saved, cursor, parked, ...nothing };
}

/** Reads the checkpoint, and goes on from it; if it is the known one, from the event that was read last. */
export async function begin(run: ProjectionRun): Promise<void> {
  const saved = (await run.checkpoint.load()) ?? undefined;
  if (run.isBegun && saved === run.saved) return;
  const position = newPosition(run, saved);
  if (saved === undefined) await run.projection.reset();
  Object.assign(run, position);
  run.isBegun = true;
  run.reloads += 1;
}

/** The callbacks of a pass over the pages. */
type PageHandlers = {
  /** Called before a page is applied; throws to end. */
  readonly beforePage?: () => void;
  /** Called after a page was applied, with the number of its events, and the runs that have come past it. */
  readonly afterPage: (page: EventPage, size: number, taken: readonly ProjectionRun[]) => void;
};

/**
 * Applies all waiting events to projections, which share the pages that they read. If one of them fails, the others go
 * on.
 *
 * @returns the last cursor, and the errors of those that failed
 */
export async function applyWaiting(
  store: EventStore,
  runs: readonly ProjectionRun[],
  { beforePage, afterPage }: PageHandlers,
): Promise<{ readonly cursor: string; readonly failures: ReadonlyMap<ProjectionRun, unknown> }> {
  const waiting = new Set(runs);
  const failures = new Map<ProjectionRun, unknown>();
  const attempt = async (run: ProjectionRun, task: () => Promise<boolean>) => {
    try {
      return await task();
    } catch (error) {
      run.isBegun = false;
      waiting.delete(run);
      failures.set(run, error);
      return false;
    }
  };
  let end = '';
  for (const run of runs) if (!run.isBegun) await attempt(run, () => begin(run).then(() => true));
  for (;;) {
    const [first] = waiting;
    if (first === undefined) break;
    const { cursor: after, limit } = first;
    const together = [...waiting].filter((run) => run.cursor === after && run.limit === limit);
    const page = await store.readAll({
      limit,
      ...(after !== undefined && { after }),
      ...(first.onBadEvent === 'park' && { onUnreadable: 'list' }),
    });
    const size = page.events.length + (page.unreadable?.length ?? 0);
    beforePage?.();
    const taken: ProjectionRun[] = [];
    for (const run of together) {
      if (size === 0) {
        await attempt(run, () => settle(store, run).then(() => true));
        waiting.delete(run);
      } else if (await attempt(run, () => takePage(store, run, page, size))) taken.push(run);
    }
    end = page.cursor;
    if (taken.length > 0) afterPage(page, size, taken);
  }
  return { cursor: end, failures };
}

/**
 * Applies a page. Returns false if a shorter one must be read, because an account that `apply` throws for is looked
 * for.
 */
async function takePage(
  store: EventStore,
  run: ProjectionRun,
  page: EventPage,
  size: number,
): Promise<boolean> {
  const sorted = withoutParked(run, page);
  const { events, parked, changed, suspects } = sorted;
  assertRoom(sorted);
  const isOfOthers = events.length === 0 && changed.size === 0 && run.ownPart !== undefined;
  if (isOfOthers || (events.length === 0 && suspects.length > 0)) {
    Object.assign(run, sorted, { cursor: page.cursor, passed: run.passed + size });
    return true;
  }
  try {
    await apply(run, page.cursor, sorted);
  } catch (error) {
    const [event] = events;
    const seeks = run.onBadEvent === 'park' && (run.seeks !== false || isUnreadable(error));
    if (event === undefined || !seeks || concernsAllAccounts(error)) throw error;
    if (events.length > 1) {
      run.limit = Math.ceil(Math.min(run.limit, size) / 2);
      return false;
    }
    const key = streamKey(event);
    Object.assign(run, {
      cursor: page.cursor,
      parked: new Map(parked).set(key, parkedFrom(event, error, timeIn(run))),
      changed: new Set(changed).add(key),
      suspects: [...suspects, { key, error }],
    });
    const failing = run.suspects.filter((suspect) => !isUnreadable(suspect.error));
    if (failing.length > SUSPECTS_MAX) throw failing[0]?.error;
    assertRoom(run);
    return true;
  }
  await save(store, run, page.cursor, sorted);
  return true;
}

/** Throws the reason for which another account would be parked if there are too many. */
function assertRoom({ parked, suspects }: Pick<ProjectionRun, 'parked' | 'suspects'>): void {
  if (parked.size > PARKED_MAX && suspects.length > 0) throw suspects.at(-1)?.error;
}

type Sorted = Pick<ProjectionRun, 'parked' | 'changed' | 'suspects'> & {
  readonly events: readonly StoredAccountEvent[];
};

/** Returns the events of a page to apply, and what is parked after it. */
function withoutParked(run: ProjectionRun, page: EventPage): Sorted {
  const { ownPart, parked, changed, suspects } = run;
  const { events, unreadable = [] } = ownPart?.(page) ?? page;
  if (parked.size === 0 && unreadable.length === 0) return { events, parked, changed, suspects };
  const after = { parked: new Map(parked), changed: new Set(changed), suspects: [...suspects] };
  for (const bad of unreadable) {
    const key = streamKey(bad);
    const known = after.parked.get(key);
    if (known !== undefined && known.version <= bad.version) continue;
    after.parked.set(key, parkedFrom(bad, bad.error, timeIn(run)));
    after.suspects.push({ key, error: bad.error });
  }
  const applied: StoredAccountEvent[] = [];
  for (const event of [...events, ...unreadable]) {
    const key = streamKey(event);
    const account = after.parked.get(key);
    if (account === undefined || event.version < account.version) {
      if (!('error' in event)) applied.push(event);
      continue;
    }
    after.changed.add(key);
    if (event.version < account.lastVersion) continue;
    const { version: lastVersion, recordedAt: lastRecordedAt } = event;
    after.parked.set(key, { ...account, lastVersion, lastRecordedAt });
  }
  return { ...after, events: applied };
}

/** Applies events, with the checkpoint after them. */
async function apply(
  { projection, saved, shards }: ProjectionRun,
  cursor: string,
  { events, parked, changed }: Sorted,
) {
  const accounts = [...changed].map((key) => parked.get(key) as ParkedAccount);
  await projection.apply(events, checkpointText(cursor, parked, shards), saved, accounts);
}

/** Saves the checkpoint after applied events. */
async function save(
  store: EventStore,
  run: ProjectionRun,
  cursor: string,
  { parked, suspects }: Omit<Sorted, 'events'>,
) {
  const text = checkpointText(cursor, parked, run.shards);
  await run.checkpoint.save(text, run.saved);
  const limit = Math.min(run.pageSize, run.limit * 2);
  Object.assign(run, newPosition(run, undefined), { saved: text, cursor, parked, limit });
  for (const { key, error } of suspects) {
    // The projection works again: what `apply` threw before may have been an outage.
    if (!isUnreadable(error) && (await heals(store, run, key))) continue;
    run.onParked?.(parked.get(key) as ParkedAccount, error);
  }
}

/** Tries an account again that was just parked. A runner tries it later if that fails for another reason. */
async function heals(store: EventStore, run: ProjectionRun, key: string): Promise<boolean> {
  try {
    return await retryIn(store, run, key);
  } catch (error) {
    if (concernsAllAccounts(error)) return false;
    throw error;
  }
}

/** Applies the events that wait of a parked account. Returns whether it was unparked. */
async function retryIn(store: EventStore, run: ProjectionRun, key: string): Promise<boolean> {
  const { projection, checkpoint, limit } = run;
  const isUnparked = await retryAccount(store, projection, checkpoint, key);
  Object.assign(run, newPosition(run, (await checkpoint.load()) ?? undefined), { limit });
  return isUnparked;
}

function timeIn({ now = () => new Date() }: RunSettings): string {
  return timeOf(now);
}

/** Ends a pass: no more events are waiting. */
async function settle(store: EventStore, run: ProjectionRun): Promise<void> {
  const { cursor, changed, passed, pageSize } = run;
  // If it has passed many events of others, a restart would read them all again.
  if (cursor !== undefined && (passed >= pageSize || changed.size > 0)) {
    await apply(run, cursor, { ...run, events: [] });
    await save(store, run, cursor, run);
  }
  await run.projection.caughtUp?.(run.saved);
}

/**
 * Lists the accounts that a projection has parked.
 *
 * @param checkpoint - the storage of the projection's checkpoint
 * @returns the accounts, in the order in which they were parked; none before the first event
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if a later release has written the
 * checkpoint; errors of the storage
 *
 * @example
 * ```ts
 * import { catchUp, memoryEventStore, parked } from 'patron-fees/history';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const store = memoryEventStore({ now: () => at });
 * const data = { feeId: 'f1', feeType: 'OTHER', amount: '2.50', currency: 'USD', owner: 'MAIN', at };
 * for (const patronId of ['dverma', 'asmith']) {
 *   await store.append({ institution: 'north', patronId }, [{ type: 'FeeAssessed', data }], { expectedVersion: 0 });
 * }
 *
 * const names = new Map([['asmith', 'A. Smith']]);
 * const seen: string[] = [];
 * const projection = {
 *   reset: () => undefined,
 *   apply: (events: readonly { patronId: string }[]) => {
 *     const found = events.map(({ patronId }) => names.get(patronId));
 *     if (found.includes(undefined)) throw new RangeError('no name');
 *     seen.push(...(found as string[]));
 *   },
 * };
 * let saved: string | undefined;
 * const checkpoint = { load: async () => saved, save: async (cursor: string) => void (saved = cursor) };
 *
 * await catchUp(store, projection, checkpoint, { onBadEvent: 'park' });
 * seen; //=> ['A. Smith']
 * const [account] = await parked(checkpoint);
 * [account?.patronId, account?.version, account?.reason.code]; //=> ['dverma', 1, 'RangeError']
 * ```
 */
export async function parked(checkpoint: Checkpoint): Promise<readonly ParkedAccount[]> {
  assertMethods(checkpoint, ['load'], 'checkpoint', 'a checkpoint');
  return [...positionIn(await checkpoint.load()).parked.values()];
}

/** What {@link retryParked} did. */
export type RetriedAccounts = {
  /** The number of accounts that are no longer parked. */
  readonly unparked: number;
  /** The accounts that are still parked, with their new reasons. */
  readonly parked: readonly ParkedAccount[];
};

/** A runner moves the checkpoint with every page. */
const ATTEMPTS = 50;

/**
 * Applies the events of parked accounts, account by account in their order, and unparks them: after the cause was
 * removed, for example by an upgrade to a release that can read the events. An account whose events still cannot be
 * read or applied stays parked as a whole.
 *
 * Each account is applied and unparked in one call of `apply`, so nothing is lost or applied twice if it is
 * interrupted. A runner may go on meanwhile: it finds that the checkpoint has moved, and continues from there.
 *
 * @param store - the event store
 * @param projection - the projection
 * @param checkpoint - the storage of its checkpoint
 * @returns the number of accounts that were unparked, and those that are still parked
 * @throws {@link index.PatronFeesError | PatronFeesError} `CHECKPOINT_MOVED` if a runner moves the checkpoint all the
 * time; errors of the store, the projection and the checkpoint that concern all accounts. Call it again then
 *
 * @example
 * ```ts
 * import { catchUp, memoryEventStore, parked, retryParked } from 'patron-fees/history';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const store = memoryEventStore({ now: () => at });
 * const data = { feeId: 'f1', feeType: 'OTHER', amount: '2.50', currency: 'USD', owner: 'MAIN', at };
 * await store.append({ institution: 'north', patronId: 'p1' }, [{ type: 'FeeAssessed', data }], { expectedVersion: 0 });
 *
 * let seen = 0;
 * let isFixed = false;
 * const projection = {
 *   reset: () => undefined,
 *   apply: (events: readonly unknown[]) => {
 *     if (events.length > 0 && !isFixed) throw new RangeError('a fault');
 *     seen += events.length;
 *   },
 * };
 * let saved: string | undefined;
 * const checkpoint = { load: async () => saved, save: async (cursor: string) => void (saved = cursor) };
 * await catchUp(store, projection, checkpoint, { onBadEvent: 'park' });
 * (await parked(checkpoint)).length; //=> 1
 *
 * isFixed = true;
 * await retryParked(store, projection, checkpoint); //=> { unparked: 1, parked: [] }
 * seen; //=> 1
 * ```
 */
export async function retryParked(
  store: EventStore,
  projection: Projection,
  checkpoint: Checkpoint,
): Promise<RetriedAccounts> {
  assertStore(store, 'read');
  assertMethods(projection, ['apply'], 'projection', 'a projection');
  assertMethods(checkpoint, ['load', 'save'], 'checkpoint', 'a checkpoint');
  let unparked = 0;
  for (const key of (await loaded(checkpoint)).parked.keys())
    if (await retryAccount(store, projection, checkpoint, key)) unparked += 1;
  return { unparked, parked: [...(await loaded(checkpoint)).parked.values()] };
}

async function loaded(checkpoint: Pick<Checkpoint, 'load'>): Promise<Loaded> {
  const saved = (await checkpoint.load()) ?? undefined;
  return { saved, ...positionIn(saved) };
}

/** Applies the events that wait of one parked account, as {@link retryParked} does. Returns whether it was unparked. */
async function retryAccount(
  store: EventStore,
  projection: Projection,
  checkpoint: Checkpoint,
  key: string,
): Promise<boolean> {
  const move = async ({ saved, cursor, shards }: Loaded, change: Change) => {
    const text = checkpointText(cursor as string, change.parked, shards);
    await projection.apply(change.events, text, saved, change.still);
    await checkpoint.save(text, saved);
  };
  return unlessMoved(async () => {
    const before = await loaded(checkpoint);
    const account = before.parked.get(key);
    // Another program has unparked it.
    if (account === undefined) return false;
    const parked = new Map(before.parked);
    try {
      const events = await waitingEvents(store, account);
      parked.delete(key);
      await move(before, { events, parked, still: [] });
      return true;
    } catch (error) {
      if (concernsAllAccounts(error)) throw error;
      const reason = reasonOf(error);
      if (reason.code === account.reason.code && reason.text === account.reason.text) return false;
      const still = { ...account, reason };
      await move(before, { events: [], parked: parked.set(key, still), still: [still] });
      return false;
    }
  });
}

type Loaded = Position & { readonly saved: string | undefined };

type Change = {
  readonly events: Parameters<Projection['apply']>[0];
  readonly parked: Map<string, ParkedAccount>;
  readonly still: readonly ParkedAccount[];
};

/** Reads the events that wait; later ones follow among those of all accounts. */
async function waitingEvents(store: EventStore, { version, lastVersion, ...parked }: ParkedAccount) {
  const { institution, patronId } = parked;
  const stream = { institution, patronId };
  // A later event may be unreadable.
  const which = { after: version - 1, limit: lastVersion - version + 1 };
  const slice = await notingOutages(() => store.read(stream, which));
  if (slice.version < lastVersion) throw eventsMissing(stream, slice.version + 1, lastVersion);
  return slice.events
    .filter((event) => event.version <= lastVersion)
    .map((event) => ({ ...stream, ...event }));
}

/** Runs a task again while another program moves the checkpoint. */
async function unlessMoved<Result>(task: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await task();
    } catch (error) {
      if (attempt === ATTEMPTS || !isPatronFeesError(error, 'CHECKPOINT_MOVED')) throw error;
    }
  }
}

// A runner tries parked accounts again by itself: what `apply` threw may have been no fault of the account.

const MINUTE_MS = 60_000;

/** From this number of minutes on, the pauses are an hour: 1 + 2 + 4 + 8 + 16 + 32. */
const HOURLY_FROM = 63;

/**
 * Returns when an account is to be tried next: 1, 3, 7, 15, 31, 63, 123 ... minutes after it was parked, so that the
 * pauses are 1, 2, 4 ... 60 minutes.
 *
 * @param since - when it was parked, in milliseconds
 * @param last - when it was tried last
 */
export function nextTry(since: number, last: number): number {
  const minutes = (last - since) / MINUTE_MS;
  if (minutes < 0) return since;
  const next =
    minutes < HOURLY_FROM
      ? 2 ** (Math.floor(Math.log2(minutes + 1)) + 1) - 1
      : HOURLY_FROM + 60 * (Math.floor((minutes - HOURLY_FROM) / 60) + 1);
  return since + next * MINUTE_MS;
}

/** Waits for a cause in the events to be removed, such as by an upgrade: `retryParked` is for it. */
function staysUnread({ reason: { code } }: ParkedAccount): boolean {
  return code === 'INVALID_EVENT' || code === 'CORRUPT_HISTORY';
}

/** Returns a function that tries those accounts of a run again that are due; first, those that this runner does not know. */
export function parkedRetries(
  store: EventStore,
  now: Clock,
  beforeEach: () => void,
): (run: ProjectionRun) => Promise<void> {
  const tried = new Map<string, number>();
  return async (run) => {
    if (run.onBadEvent !== 'park' || run.parked.size === 0) return;
    const time = Date.parse(timeOf(now));
    for (const [key, account] of run.parked) {
      const last = tried.get(key);
      if (staysUnread(account) || (last !== undefined && time < nextTry(Date.parse(account.since), last)))
        continue;
      beforeEach();
      if (await retryIn(store, run, key)) tried.delete(key);
      else tried.set(key, time);
    }
  };
}
