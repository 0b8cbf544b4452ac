import assert from 'node:assert/strict';
import type { AccountEvent } from '../../account/events.js';
import type { ErrorCode } from '../../errors.js';
import type { EventStore, PageOptions, StoredAccountEvent, StreamId } from '../../history/eventStore.js';

/** A clause of the port in words, and what finds out whether a store keeps it; the second has the same events. */
export type Clause = readonly [
  title: string,
  check: (store: EventStore, second: EventStore) => void | Promise<void>,
];

/** The stream of most cases. */
export const north: StreamId = { institution: 'north', patronId: 'p1' };

type FeeAssessed = Extract<AccountEvent, { type: 'FeeAssessed' }>;

/** A fee is assessed; events of other ids are other events. */
export function assessed(feeId: string, more: Partial<FeeAssessed['data']> = {}): FeeAssessed {
  const at = '2026-03-02T09:00:00Z';
  const data = { feeId, feeType: 'OTHER', amount: '2.50', currency: 'USD', owner: 'MAIN', at, ...more };
  return { type: 'FeeAssessed', data };
}

/** So many fees, with the ids `f1`, `f2` ... */
export function fees(count: number, prefix = 'f'): readonly FeeAssessed[] {
  return Array.from({ length: count }, (_, index) => assessed(`${prefix}${index + 1}`));
}

/** The fee that an event of {@link assessed} is about. */
export function feeIdOf({ event }: { readonly event: AccountEvent }): string {
  return (event as FeeAssessed).data.feeId;
}

/** The fees of a stream, in its order. */
export async function feeIdsIn(store: EventStore, stream: StreamId): Promise<readonly string[]> {
  return (await store.read(stream)).events.map(feeIdOf);
}

/** Fails unless a call rejects with an error of this library; gives its details. */
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

/** What became of a call: a store may throw instead of rejecting, and must not. */
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

/** How long an event may take until it shows up among those of all streams. */
const PATIENCE_MS = 10_000;

/**
 * Reads all events page by page until there are so many, for an adapter may show them a little later here than in
 * their streams; then makes sure that there are no more.
 */
export async function everything(
  store: EventStore,
  count: number,
  options: PageOptions = {},
): Promise<{ readonly events: readonly StoredAccountEvent[]; readonly cursor: string }> {
  const found = await patiently(count, options, async (page) => {
    const { events, cursor } = await store.readAll(page);
    return { entries: events, cursor };
  });
  return { events: found.entries, cursor: found.cursor };
}

/** Lists accounts page by page until there are so many; then makes sure that there are no more. */
export async function everyAccount(
  store: EventStore,
  count: number,
  options: PageOptions & { readonly institution?: string } = {},
): Promise<{ readonly accounts: readonly StreamId[]; readonly cursor: string }> {
  const found = await patiently(count, options, async (page) => {
    const { accounts, cursor } = await store.accounts(page);
    return { entries: accounts, cursor };
  });
  return { accounts: found.entries, cursor: found.cursor };
}

type Page<Entry> = { readonly entries: readonly Entry[]; readonly cursor: string };

async function patiently<Entry, Options extends PageOptions>(
  count: number,
  options: Options,
  read: (options: Options) => Promise<Page<Entry>>,
): Promise<Page<Entry>> {
  const entries: Entry[] = [];
  let { after } = options;
  for (const start = performance.now(); ; ) {
    const page = await read(after === undefined ? options : { ...options, after });
    entries.push(...page.entries);
    after = page.cursor;
    // A store that gives more than there is may go on for ever.
    if (page.entries.length > 0 && entries.length <= count) continue;
    if (entries.length >= count || performance.now() - start > PATIENCE_MS) break;
    await pause(20);
  }
  assert.equal(entries.length, count, 'how many there are');
  return { entries, cursor: after };
}

/** Waits. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
