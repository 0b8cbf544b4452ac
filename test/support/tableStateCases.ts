import { expect, it } from 'vitest';
import { catchUp, type EventStore, memoryEventStore, parked, retryParked } from '../../src/history/index.js';
import { damageable } from './damageable.js';
import type { TablesUnderTest } from './tablesUnderTest.js';

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
export function tableStateCases(
  open: () => Promise<Pick<TablesUnderTest<never>, 'store' | 'projection' | 'find'>>,
): void {
  it('is complete in a new database, and stays so while every append keeps it', async () => {
    const { store, find } = await open();
    expect(await find(form)).toEqual({ accounts: [], unreadable: 0, cursor: null });
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

  it('never says that a patron owes nothing of whom it has no row, or an old one', async () => {
    const { store, find } = await open();
    const [inline, plain] = [store('inline'), store('plain')];
    await appendTo(inline, 'p1');
    await appendTo(plain, 'p2');
    const north = { institution: 'north', patronId: 'p1' };
    await plain.append(north, [fee('f2')], { expectedVersion: 1 });
    for (const patronId of ['p1', 'p2'])
      await expect(find({ ...form, patronId })).rejects.toMatchObject(incomplete);
    expect((await find({ ...form, patronId: 'nobody' })).accounts).toEqual([]);
    await inline.append(north, [fee('f3')], { expectedVersion: 2 });
    expect((await find({ ...form, patronId: 'p1' })).accounts).toMatchObject([{ owed: '7.50' }]);
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
    const { cursor } = await events.readAll();
    await expect(Promise.resolve().then(() => first.caughtUp?.(cursor))).rejects.toMatchObject(moved);
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

  it('counts an account that is parked, throws if it is asked for, and finds it again after an upgrade', async () => {
    const { projection, find } = await open();
    const { codec, damage, upgrade } = damageable();
    const events = memoryEventStore({ now: () => at, codec });
    const following = projection(events);
    const run = () => catchUp(events, following, following.checkpoint, { onBadEvent: 'park' });
    const found = async () => (await find(form)).accounts.map(({ patronId, owed }) => [patronId, owed]);
    const unreadable = async () => (await find(form)).unreadable;
    const asked = () => find({ ...form, patronId: 'p1', owedAbove: '1.00' });
    await appendTo(events, 'p1');
    await appendTo(events, 'p2');
    await run();
    expect(await found()).toEqual([
      ['p1', '2.50'],
      ['p2', '2.50'],
    ]);
    const p1 = { institution: 'north', patronId: 'p1' };
    await events.append(p1, [fee('f2')], { expectedVersion: 1 });
    await damage(events, p1, 2);
    await appendTo(events, 'p3');
    await run();
    const others = [
      ['p2', '2.50'],
      ['p3', '2.50'],
    ];
    expect(await found()).toEqual(others);
    expect(await unreadable()).toBe(1);
    // It owes 2.50 at least: the answer must not be that it owes nothing.
    await expect(asked()).rejects.toMatchObject({
      code: 'INVALID_EVENT',
      details: { stream: 'north/p1', fault: 'INVALID_EVENT' },
    });
    await events.append(p1, [fee('f3')], { expectedVersion: 2 });
    await run();
    expect(await retryParked(events, following, following.checkpoint)).toMatchObject({ unparked: 0 });
    expect(await found()).toEqual(others);
    expect(await parked(following.checkpoint)).toMatchObject([{ ...p1, version: 2, lastVersion: 3 }]);
    upgrade();
    await retryParked(events, following, following.checkpoint);
    expect(await found()).toEqual([['p1', '7.50'], ...others]);
    expect(await unreadable()).toBe(0);
    expect((await asked()).accounts).toMatchObject([{ patronId: 'p1', owed: '7.50' }]);
    expect(await parked(following.checkpoint)).toEqual([]);
  });
}
