import assert from 'node:assert/strict';
import type { AccountEvent } from '../../account/events/accountEvent.js';
import type { ErrorCode } from '../../errors.js';
import type {
  EventStore,
  PageOptions,
  ReadAppendStore,
  StoredAccountEvent,
  StreamId,
} from '../../history/eventStore.js';

/** An event, as the inline projection of a store under test has kept it. */
export type ProjectedEvent = {
  /** The patron of the event's stream. */
  readonly patronId: string;
  /** The event's version. */
  readonly version: number;
};

/** The stores of one case, without events. */
export type StoreUnderTest = {
  /** The store. */
  readonly store: EventStore;
  /** A second store with the same events, like that of another connection or process; the same store if left out. */
  readonly second?: EventStore;
  /**
   * Runs work in a transaction that the caller begins, with the store within it: commits, or rolls back if the work
   * rejects, and then rejects with the same error. For the option `transactions`.
   */
  readonly transaction?: (work: (within: ReadAppendStore) => Promise<void>) => Promise<void>;
  /**
   * Returns what an inline projection of the store has kept: patron and version of every event that it was given. The
   * projection must throw an error `refused by the projection` for a fee with the id `refuse this`. For the option
   * `inline`.
   */
  readonly inline?: () => Promise<readonly ProjectedEvent[]>;
  /**
   * Deletes an event in the database, behind the store's back, as a person with SQL can. For the option `deletions`.
   */
  readonly deleteEvent?: (stream: StreamId, version: number) => Promise<void>;
  /**
   * Makes the text of an event unreadable, behind the store's back, like one that a later release wrote. For the option
   * `damages`.
   */
  readonly damageEvent?: (stream: StreamId, version: number) => Promise<void>;
  /** Cleans up after the case, whether it passed or failed. Both stores may already be closed. */
  readonly release?: () => Promise<void>;
};

/** A clause on functions that only some stores have. */
export type CapabilityClause = readonly [title: string, check: (opened: StoreUnderTest) => Promise<void>];

/** A clause of the port: its title, and the check of a store; the second store has the same events. */
export type Clause = readonly [
  title: string,
  check: (store: EventStore, second: EventStore) => void | Promise<void>,
];

/** The stream of most cases. */
export const north: StreamId = { institution: 'north', patronId: 'p1' };

type FeeAssessed = Extract<AccountEvent, { type: 'FeeAssessed' }>;

/** Returns the event of an assessed fee. */
export function assessed(feeId: string, more: Partial<FeeAssessed['data']> = {}): FeeAssessed {
  const at = '2026-03-02T09:00:00Z';
  const data = { feeId, feeType: 'OTHER', amount: '2.50', currency: 'USD', owner: 'MAIN', at, ...more };
  return { type: 'FeeAssessed', data };
}

/** Returns the events of `count` fees, with the ids `f1`, `f2` ... */
export function fees(count: number, prefix = 'f'): readonly FeeAssessed[] {
  return Array.from({ length: count }, (_, index) => assessed(`${prefix}${index + 1}`));
}

/** Returns the fee id of an event of {@link assessed}. */
export function feeIdOf({ event }: { readonly event: AccountEvent }): string {
  return (event as FeeAssessed).data.feeId;
}

/** Returns the fee ids of a stream, in its order. */
export async function feeIdsIn(store: ReadAppendStore, stream: StreamId): Promise<readonly string[]> {
  return (await store.read(stream)).events.map(feeIdOf);
}

/** Fails unless a call rejects with an error of this library; returns its details. */
export async function refused(
  code: ErrorCode,
  call: () => Promise<unknown>,
  what: string,
): Promise<Readonly<Record<string, unknown>>> {
  const outcome = await settled(call);
  assert.ok('error' in outcome, `${what}: expected ${code}, but it was accepted`);
  const { name, code: actual, details } = outcome.error as Record<string, unknown>;
  assert.deepEqual({ name, code: actual }, { name: 'PatronFeesError', code }, what);
  return details as Readonly<Record<string, unknown>>;
}

/** Returns the outcome of a call. A store must reject and never throw, so a thrown error is not caught. */
export async function settled<Value>(
  call: () => Promise<Value>,
): Promise<{ readonly value: Value } | { readonly error: unknown }> {
  const promise = call();
  try {
    return { value: await promise };
  } catch (error) {
    return { error };
  }
}

/** How long is waited for an event to appear among those of all streams. */
const TIMEOUT_MS = 10_000;

const PAUSE_MS = 20;

/**
 * Reads all events page by page until there are `count`, since an adapter may return them a little later here than in
 * their streams. Fails if there are more.
 */
export async function everything(
  store: EventStore,
  count: number,
  options: PageOptions = {},
): Promise<{ readonly events: readonly StoredAccountEvent[]; readonly cursor: string }> {
  const found = await pagesUntil(count, options, async (page) => {
    const { events, cursor } = await store.readAll(page);
    return { entries: events, cursor };
  });
  return { events: found.entries, cursor: found.cursor };
}

/** Lists accounts page by page until there are `count`. Fails if there are more. */
export async function everyAccount(
  store: EventStore,
  count: number,
  options: PageOptions & { readonly institution?: string } = {},
): Promise<{ readonly accounts: readonly StreamId[]; readonly cursor: string }> {
  const found = await pagesUntil(count, options, async (page) => {
    const { accounts, cursor } = await store.accounts(page);
    return { entries: accounts, cursor };
  });
  return { accounts: found.entries, cursor: found.cursor };
}

type Page<Entry> = { readonly entries: readonly Entry[]; readonly cursor: string };

async function pagesUntil<Entry, Options extends PageOptions>(
  count: number,
  options: Options,
  read: (options: Options) => Promise<Page<Entry>>,
): Promise<Page<Entry>> {
  const entries: Entry[] = [];
  let { after } = options;
  for (let waitedMs = 0; ; ) {
    const page = await read(after === undefined ? options : { ...options, after });
    entries.push(...page.entries);
    after = page.cursor;
    // Stops above the count: a broken store may return pages without end.
    if (page.entries.length > 0 && entries.length <= count) continue;
    if (entries.length >= count || waitedMs > TIMEOUT_MS) break;
    await pause(PAUSE_MS);
    waitedMs += PAUSE_MS;
  }
  assert.equal(entries.length, count, 'the number of entries');
  return { entries, cursor: after };
}

/** Waits. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
