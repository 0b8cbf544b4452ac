import { beforeEach, expect, it } from 'vitest';
import type { EventStore, StreamId } from '../../src/history/index.js';
import type { AccountEvent } from '../../src/index.js';
import { keyedEventStore, memoryKeys } from '../../src/stores/keys/index.js';

const at = '2026-03-02T09:00:00Z';

const assessed = (feeId: string): AccountEvent => ({
  type: 'FeeAssessed',
  data: { feeId, feeType: 'OTHER', amount: '2.50', currency: 'USD', owner: 'MAIN', at, comment: 'The dog' },
});

/** Returns an account. */
export const patron = (patronId: string): StreamId => ({ institution: 'north', patronId });

/** Appends a fee with a text. */
export const add = (
  store: Pick<EventStore, 'append'>,
  patronId: string,
  expectedVersion: number | 'any' = 'any',
) => store.append(patron(patronId), [assessed('f1')], { expectedVersion });

const incomplete = (...missing: string[]) => ({ code: 'STORE_INCOMPLETE', details: { missing } });

/** A database, whose stores have some inline projections. */
export type DatabaseWithParts = {
  readonly store: (...inline: ('accounts' | 'outbox' | 'nameless')[]) => EventStore;
  /** Appends in a transaction that is rolled back. */
  readonly rolledBack: (store: EventStore) => Promise<void>;
  readonly partsOf: () => Promise<readonly string[]>;
  readonly forgetPart: (name: string) => Promise<boolean>;
  readonly migrate: () => Promise<void>;
  readonly sql: (text: string) => Promise<unknown>;
  readonly versionOf: (patronId: string) => Promise<number>;
};

/** A projection without a name. */
export const nameless = { apply: () => undefined };

/** Registers the tests of what a database notes. `open` empties it, as `migrate` leaves it. */
export function partsCases(open: () => Promise<DatabaseWithParts>): void {
  let database: DatabaseWithParts;
  beforeEach(async () => {
    database = await open();
  });

  it('refuse the appends of a store without them, and tell what is missing', async () => {
    const plain = database.store();
    await add(plain, 'before');
    await add(database.store('accounts', 'outbox'), 'p1');
    await expect(add(plain, 'p1', 1)).rejects.toMatchObject(incomplete('accounts', 'outbox'));
    await expect(add(plain, 'p2', 0)).rejects.toMatchObject(incomplete('accounts', 'outbox'));
    await expect(add(plain, 'p2')).rejects.toMatchObject(incomplete('accounts', 'outbox'));
    await expect(add(database.store('outbox'), 'p3')).rejects.toMatchObject(incomplete('accounts'));
    const several = plain.append(patron('p4'), [assessed('f1'), assessed('f2')], { expectedVersion: 0 });
    await expect(several).rejects.toMatchObject(incomplete('accounts', 'outbox'));
    expect(await database.partsOf()).toEqual(['accounts', 'outbox']);
    expect(await database.versionOf('p1')).toBe(1);
    expect(await database.versionOf('p4')).toBe(0);
    await add(database.store('outbox', 'nameless', 'accounts'), 'p1', 1);
  });

  it('refuse them in batches and purges, too', async () => {
    const plain = database.store();
    await add(plain, 'p0');
    await add(database.store('accounts'), 'p1');
    const results = await Promise.allSettled(['a', 'b', 'c', 'd'].map((patronId) => add(plain, patronId)));
    for (const result of results)
      expect(result).toMatchObject({ status: 'rejected', reason: incomplete('accounts') });
    const data = { purgeId: 'x', events: 1, currency: 'USD', totals: [], at };
    const left = { type: 'AccountPurged', data };
    const purge = (plain as unknown as { purge: (stream: StreamId, event: unknown) => Promise<unknown> })
      .purge;
    await expect(purge(patron('p0'), left)).rejects.toMatchObject(incomplete('accounts'));
    expect(await database.versionOf('p0')).toBe(1);
  });

  it('are not noted of a projection without a name, or by an append of nothing', async () => {
    await add(database.store('nameless'), 'p1');
    await database.store('accounts').append(patron('p1'), [], { expectedVersion: 'any' });
    expect(await database.partsOf()).toEqual([]);
    await add(database.store(), 'p1');
  });

  it('are forgotten by name, and noted again by a store that still has them', async () => {
    const [plain, full] = [database.store(), database.store('accounts', 'outbox')];
    await add(full, 'p1');
    expect(await database.forgetPart('accounts')).toBe(true);
    expect(await database.forgetPart('accounts')).toBe(false);
    expect(await database.partsOf()).toEqual(['outbox']);
    expect(await database.forgetPart('outbox')).toBe(true);
    await add(plain, 'p1');
    await add(full, 'p1');
    await expect(add(plain, 'p1')).rejects.toMatchObject(incomplete('accounts', 'outbox'));
    await expect(async () => database.forgetPart('')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('have the keys among them', async () => {
    const plain = database.store('accounts');
    await add(plain, 'p1');
    const keyed = keyedEventStore(plain, { keys: memoryKeys() });
    await add(keyed, 'p1', 1);
    await add(keyed, 'p2');
    expect(await database.partsOf()).toEqual(['accounts', 'keys']);
    await expect(add(plain, 'p2')).rejects.toMatchObject(incomplete('keys'));
    const both = await Promise.allSettled([add(plain, 'p3'), add(keyed, 'p4'), add(plain, 'p5')]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected']);
    await expect(add(database.store(), 'p1')).rejects.toMatchObject(incomplete('accounts', 'keys'));
  });

  it('are not noted by a transaction that is rolled back', async () => {
    const full = database.store('accounts');
    await database.rolledBack(full);
    expect(await database.partsOf()).toEqual([]);
    await add(database.store(), 'p1');
    await add(full, 'p1');
    expect(await database.partsOf()).toEqual(['accounts']);
  });

  it('are missing in a database that this release has not migrated: it can be read, and then it can be appended to', async () => {
    await add(database.store('accounts'), 'p1');
    await database.sql('alter table patron_fees_schema drop column part_names');
    const store = database.store('accounts');
    expect((await store.read(patron('p1'))).version).toBe(1);
    expect((await store.readAll()).events.length).toBe(1);
    await expect(add(store, 'p1')).rejects.toThrow('run migrate first');
    await database.migrate();
    expect(await database.partsOf()).toEqual([]);
    await add(store, 'p1');
    expect(await database.partsOf()).toEqual(['accounts']);
  });
}
