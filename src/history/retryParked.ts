import { isPatronFeesError } from '../errors.js';
import { assertMethods } from '../input/methods.js';
import { eventsMissing } from './consecutive.js';
import { assertStore, type EventStore } from './eventStore.js';
import { notingOutages } from './outages.js';
import {
  checkpointText,
  concernsAllAccounts,
  type ParkedAccount,
  type Position,
  positionIn,
  reasonOf,
} from './parkedAccounts.js';
import type { Checkpoint, Projection } from './projection.js';

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
export async function retryAccount(
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
