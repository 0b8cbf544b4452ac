import { expect, it } from 'vitest';
import {
  catchUp,
  type EventStore,
  type FollowedProjection,
  memoryEventStore,
} from '../../src/history/index.js';
import type { FindAccountsForm, FoundAccounts } from '../../src/stores/sqlite/index.js';

/** A database whose table of accounts can be kept inline or by following. */
export type TableUnderTest = {
  /** A store with its events; `inline` if it keeps the table. */
  readonly store: (how: 'inline' | 'plain') => EventStore;
  readonly projection: (store: EventStore) => FollowedProjection;
  readonly find: (form: FindAccountsForm) => Promise<FoundAccounts>;
};

const at = '2026-03-02T09:00:00Z';
const form = { institution: 'north', currency: 'USD' };
const incomplete = { code: 'READ_MODEL_INCOMPLETE' };
const moved = { code: 'CHECKPOINT_MOVED' };
const fee = (feeId: string) => ({
  type: 'FeeAssessed' as const,
  data: { feeId, feeType: 'OTHER', amount: '2.50', currency: 'USD', owner: 'MAIN', at },
});

const appendTo = (store: EventStore, patronId: string) =>
  store.append({ institution: 'north', patronId }, [fee('f1')], { expectedVersion: 0 });

/** Registers the tests of when a table of accounts is complete. `open` empties the database, as `migrate` leaves it. */
export function tableStateCases(open: () => Promise<TableUnderTest>): void {
  it('is complete in a new database, and stays so while every append keeps it', async () => {
    const { store, find } = await open();
    expect(await find(form)).toEqual({ accounts: [], cursor: null });
    const inline = store('inline');
    await Promise.all(['p1', 'p2', 'p3'].map((patronId) => appendTo(inline, patronId)));
    expect((await find(form)).accounts).toHaveLength(3);
    await appendTo(inline, 'p4');
    expect((await find(form)).accounts).toHaveLength(4);
  });

  it('is incomplete after an append that does not keep it', async () => {
    const { store, find } = await open();
    await appendTo(store('plain'), 'p1');
    await expect(find(form)).rejects.toMatchObject(incomplete);
    await appendTo(store('inline'), 'p2');
    await expect(find(form)).rejects.toMatchObject(incomplete);
  });

  it('is never marked as complete by a runner whose rows another one has removed', async () => {
    const { projection, find } = await open();
    const events = memoryEventStore({ now: () => at });
    await appendTo(events, 'p1');
    const [first, second] = [projection(events), projection(events)];
    // The second runner resets between the last page of the first one and its end.
    const interrupted = {
      ...first,
      caughtUp: async (cursor: string | undefined) => {
        await second.reset();
        await first.caughtUp?.(cursor);
      },
    };
    await expect(catchUp(events, interrupted, first.checkpoint)).rejects.toMatchObject(moved);
    await expect(find(form)).rejects.toMatchObject(incomplete);
    await catchUp(events, second, second.checkpoint);
    expect((await find(form)).accounts).toHaveLength(1);
    await first.caughtUp?.((await events.readAll()).cursor);
    expect((await find(form)).accounts).toHaveLength(1);
  });

  it('is never marked as complete by a runner that saw no events while another one builds it', async () => {
    const { projection, find } = await open();
    const events = memoryEventStore({ now: () => at });
    const [first, second] = [projection(events), projection(events)];
    await first.reset();
    await appendTo(events, 'p1');
    await second.reset();
    await expect(Promise.resolve().then(() => first.caughtUp?.(undefined))).rejects.toMatchObject(moved);
    await expect(find(form)).rejects.toMatchObject(incomplete);
    await second.reset();
    await second.caughtUp?.(undefined);
    expect((await find(form)).accounts).toEqual([]);
  });
}
