import { describe, expect, it } from 'vitest';
import { catchUp, type EventStore, memoryEventStore } from '../../src/history/index.js';
import type { FindAccountsForm } from '../../src/stores/sqlite/index.js';
import { faultsOfTables } from './accountTables.js';
import { assessedFee } from './assessedFee.js';
import type { TablesUnderTest } from './tablesUnderTest.js';

const form: FindAccountsForm = { institution: 'north', currency: 'USD', order: 'patron', limit: 1_000 };
const at = '2026-03-02T09:00:00Z';
const moved = { code: 'CHECKPOINT_MOVED' };
const incomplete = { code: 'READ_MODEL_INCOMPLETE' };
const laterLayout = { code: 'INVALID_ARGUMENT', message: expect.stringMatching(/of a later release/) };

const account = (number: number | string) => ({ institution: 'north', patronId: `p${number}` });

const append = (store: EventStore, number: number | string) =>
  store.append(account(number), [assessedFee(crypto.randomUUID())], { expectedVersion: 'any' });

/** More than a page of a rebuild, in SQLite and in PostgreSQL. */
const ACCOUNTS = 510;

const fill = (store: EventStore, accounts = ACCOUNTS) =>
  Promise.all(Array.from({ length: accounts }, (_, number) => append(store, number)));

/** Makes the rows in use wrong, so that an answer shows from which rows it is: each account owes 1,000.00 more. */
const MARK = 'update patron_fees_owed_all set owed = owed + 100000';

/** What the accounts owe, counted by amount. */
async function amounts({ find }: Pick<TablesUnderTest<never>, 'find'>) {
  const counts: Record<string, number> = {};
  for (const { owed } of (await find(form)).accounts) counts[owed] = (counts[owed] ?? 0) + 1;
  return counts;
}

/** Rebuilds, stopped after each page and called again, with `task` in between. */
async function rebuildByPages<Release>(
  { rebuild }: TablesUnderTest<Release>,
  task: () => Promise<unknown>,
): Promise<void> {
  for (;;) {
    const stopping = new AbortController();
    const onProgress = () => stopping.abort(new Error('stop'));
    try {
      await rebuild({ signal: stopping.signal, onProgress });
      return;
    } catch (error) {
      if (!stopping.signal.aborted) throw error;
    }
    await task();
  }
}

/** Registers the tests of `rebuildAccounts`. */
export function rebuildCases<Release>(
  open: () => Promise<TablesUnderTest<Release>>,
  laterRelease: () => Promise<Release>,
): void {
  it('leaves the table in use until the new one takes its place at once, with all appends meanwhile', async () => {
    const opened = await open();
    const inline = opened.store('inline');
    await fill(inline);
    await opened.sql(MARK);
    const seen: unknown[] = [];
    await rebuildByPages(opened, async () => {
      seen.push(await amounts(opened));
      // With the table, and without it; to an account that was rebuilt, and to new ones.
      await append(inline, 'inline');
      await append(opened.store('plain'), 0);
      await append(opened.store('plain'), 'new');
    });
    expect(seen.length).toBeGreaterThan(1);
    for (const one of seen) expect(one).toMatchObject({ '1002.50': ACCOUNTS });
    expect(Object.keys(await amounts(opened))).not.toContain('1002.50');
    await append(inline, 'after');
    expect(await faultsOfTables(await opened.tables(), inline)).toEqual([]);
  });

  it('removes the earlier rows at its end, and those of rebuilds that were replaced', async () => {
    const opened = await open();
    await fill(opened.store('inline'), 3);
    for (let times = 0; times < 3; times++) await opened.rebuild();
    const projection = opened.projection(opened.store('plain'), { rebuild: true });
    await projection.reset();
    await projection.reset();
    await opened.rebuild();
    const wrong = "update patron_fees_accounts_all set fault = 'seen' where version > 0";
    await opened.sql(wrong);
    const { accounts } = await opened.tables();
    expect(accounts.map(({ fault }) => fault)).toEqual(['seen', 'seen', 'seen']);
    await opened.sql(`create table counted as select count(*) as n from patron_fees_accounts_all`);
    await opened.sql('update patron_fees_owed_all set owed = (select n from counted); drop table counted');
    expect(await amounts(opened)).toEqual({ '0.03': 3 });
  });

  it('removes rows that a rebuild left when it was killed after the switch, also if the table is complete', async () => {
    const opened = await open();
    await fill(opened.store('inline'), 3);
    await opened.rebuild();
    // The rows in use are now those of an earlier build.
    await opened.sql('update patron_fees_read_model set generation = generation + 1');
    await opened.rebuild({ unlessComplete: true });
    await opened.sql('update patron_fees_read_model set generation = generation - 1');
    expect((await opened.tables()).accounts).toEqual([]);
  });

  it('continues where it was stopped, with what was appended since', async () => {
    const opened = await open();
    await fill(opened.store('plain'));
    const stopping = new AbortController();
    let first = 0;
    const onProgress = ({ accounts }: { accounts: number }) => {
      first = accounts;
      stopping.abort(new Error('stop'));
    };
    await expect(opened.rebuild({ signal: stopping.signal, onProgress })).rejects.toThrow('stop');
    await expect(opened.find(form)).rejects.toMatchObject(incomplete);
    await append(opened.store('plain'), 0);
    let second = 0;
    const rebuilt = await opened.rebuild({
      onProgress: ({ accounts }) => {
        second = accounts;
      },
    });
    expect(rebuilt).toEqual({ accounts: ACCOUNTS, unreadable: 0 });
    expect(first + second).toBe(ACCOUNTS + 1);
    expect(await faultsOfTables(await opened.tables(), opened.store('plain'))).toEqual([]);
  });

  it('lets one of two continue, and does nothing for a complete table if it is asked', async () => {
    const opened = await open();
    await fill(opened.store('plain'));
    const two = await Promise.allSettled([opened.rebuild(), opened.rebuild()]);
    const reasons = two.map((one) => (one.status === 'rejected' ? one.reason : undefined));
    expect(reasons.filter((reason) => reason === undefined)).toHaveLength(1);
    expect(reasons).toContainEqual(expect.objectContaining(moved));
    await opened.sql(MARK);
    expect((await opened.rebuild({ unlessComplete: true })).accounts).toBe(ACCOUNTS);
    expect(await amounts(opened)).toEqual({ '1002.50': ACCOUNTS });
    await expect(opened.rebuild({ unlessComplete: 1 } as never)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });

  describe('after an upgrade that adds a column', () => {
    it('builds the new layout beside the one in use, which processes of both releases keep and query', async () => {
      const opened = await open();
      const later = opened.as(await laterRelease());
      await fill(opened.store('inline'));
      await opened.sql(MARK);
      await later.migrate();
      await opened.migrate();
      const { store: of } = opened;
      await append(later.store('inline'), 'later');
      const seen: unknown[] = [];
      await rebuildByPages(later, async () => {
        seen.push(await amounts(opened), await amounts(later));
        await append(of('inline'), 0);
        await append(later.store('inline'), 1);
      });
      expect(seen.length).toBeGreaterThan(2);
      for (const one of seen) expect(one).toMatchObject({ '2.50': 1, '1002.50': expect.any(Number) });
      expect(await faultsOfTables(await later.tables(), of('plain'))).toEqual([]);
      const { accounts } = await later.tables();
      expect(accounts.map(({ fee_count }) => fee_count)).toEqual(accounts.map(({ version }) => version));
      expect(await amounts(opened)).toEqual(await amounts(later));
    });

    it('refuses appends of the earlier release that keep the table of the later one, and its rebuilds', async () => {
      const opened = await open();
      const later = opened.as(await laterRelease());
      await fill(opened.store('inline'), 3);
      await later.migrate();
      await later.rebuild();
      await opened.migrate();
      await expect(append(opened.store('inline'), 0)).rejects.toMatchObject(laterLayout);
      expect((await opened.store('plain').read(account(0))).version).toBe(1);
      await expect(opened.rebuild()).rejects.toMatchObject(laterLayout);
      const events = memoryEventStore({ now: () => at });
      const following = opened.projection(events);
      await expect(catchUp(events, following, following.checkpoint)).rejects.toMatchObject(laterLayout);
      expect(await amounts(opened)).toEqual({ '2.50': 3 });
      await append(later.store('inline'), 0);
      expect(await faultsOfTables(await later.tables(), later.store('plain'))).toEqual([]);
    });
  });
}

/** Registers the tests of an `accountsProjection` that builds a table beside the one in use. */
export function followedRebuildCases<Release>(
  open: () => Promise<TablesUnderTest<Release>>,
  laterRelease: () => Promise<Release>,
): void {
  const ready = async () => {
    const opened = await open();
    const events = memoryEventStore({ now: () => at });
    await fill(events, 30);
    const following = opened.projection(events);
    const follow = () => catchUp(events, following, following.checkpoint);
    await follow();
    await opened.sql(MARK);
    return { opened, events, following, follow };
  };

  it('leaves the table in use, which its runner keeps current, until the new one takes its place', async () => {
    const { opened, events, follow } = await ready();
    const rebuilding = opened.projection(events, { rebuild: true });
    const seen: unknown[] = [];
    const watched = {
      ...rebuilding,
      apply: async (...page: Parameters<typeof rebuilding.apply>) => {
        await rebuilding.apply(...page);
        if (seen.length === 0) await append(events, 'new');
        await follow();
        seen.push(await amounts(opened));
      },
    };
    await catchUp(events, watched, watched.checkpoint, { pageSize: 10 });
    expect(seen).toEqual(seen.map(() => ({ '1002.50': 30, '2.50': 1 })));
    expect(seen).toHaveLength(4);
    expect(await amounts(opened)).toEqual({ '2.50': 31 });
    await append(events, 'after');
    expect((await follow()).events).toBe(1);
    expect((await catchUp(events, rebuilding, rebuilding.checkpoint)).events).toBe(0);
    expect(await faultsOfTables(await opened.tables(), events)).toEqual([]);
  });

  it('leaves the table in use after its checkpoint was deleted, and continues if it was stopped', async () => {
    const { opened, events, following } = await ready();
    await opened.sql("update patron_fees_read_model set cursor = null where name = 'accounts'");
    const stopped = catchUp(events, following, following.checkpoint, {
      pageSize: 10,
      onProgress: () => {
        throw new Error('stop');
      },
    });
    await expect(stopped).rejects.toThrow('stop');
    expect(await amounts(opened)).toEqual({ '1002.50': 30 });
    const again = opened.projection(events);
    expect((await catchUp(events, again, again.checkpoint)).events).toBe(20);
    expect(await amounts(opened)).toEqual({ '2.50': 30 });
    expect((await catchUp(events, again, again.checkpoint)).events).toBe(0);
  });

  it('removes the rows of earlier builds, whoever has replaced them', async () => {
    const { opened, follow } = await ready();
    await follow();
    await opened.sql("update patron_fees_read_model set cursor = null where name = 'accounts'");
    await follow();
    await opened.sql('update patron_fees_read_model set generation = generation - 1');
    expect((await opened.tables()).accounts).toEqual([]);
    await opened.sql('update patron_fees_read_model set generation = generation + 2');
    // As if another program had taken a build into use, and was killed then.
    await follow();
    await opened.sql('update patron_fees_read_model set generation = generation - 1');
    expect((await opened.tables()).accounts).toEqual([]);
  });

  it('is not replaced by rebuildAccounts, which reads the events of its own database', async () => {
    const { opened, events, following } = await ready();
    const followed = { code: 'INVALID_ARGUMENT', message: expect.stringMatching(/by following/) };
    await expect(opened.rebuild()).rejects.toMatchObject(followed);
    expect(await amounts(opened)).toEqual({ '1002.50': 30 });
    // Nor while it is built.
    await opened.sql("update patron_fees_read_model set cursor = null where name = 'accounts'");
    const stopped = catchUp(events, following, following.checkpoint, {
      pageSize: 10,
      onProgress: () => {
        throw new Error('stop');
      },
    });
    await expect(stopped).rejects.toThrow('stop');
    await expect(opened.rebuild()).rejects.toMatchObject(followed);
    // To keep it inline from now on, its checkpoints are deleted.
    await opened.sql('update patron_fees_read_model set cursor = null');
    expect(await opened.rebuild()).toEqual({ accounts: 0, unreadable: 0 });
  });

  it('lets one of two that rebuild continue', async () => {
    const { opened, events } = await ready();
    const two = [1, 2].map(() => opened.projection(events, { rebuild: true }));
    const ended = await Promise.allSettled(
      two.map((one) => catchUp(events, one, one.checkpoint, { pageSize: 1 })),
    );
    const reasons = ended.map((one) => (one.status === 'rejected' ? one.reason : undefined));
    expect(reasons.filter((reason) => reason === undefined)).toHaveLength(1);
    expect(reasons).toContainEqual(expect.objectContaining(moved));
    expect(await amounts(opened)).toEqual({ '2.50': 30 });
  });

  it('builds the layout of a later release by itself, and refuses to go on with that of an earlier one', async () => {
    const { opened, events, follow } = await ready();
    const later = opened.as(await laterRelease());
    await later.migrate();
    const following = later.projection(events);
    const seen: unknown[] = [];
    await catchUp(events, following, following.checkpoint, {
      pageSize: 10,
      onProgress: () => void seen.push(amounts(later)),
    });
    expect(await Promise.all(seen)).toEqual(seen.map(() => ({ '1002.50': 30 })));
    expect(seen).toHaveLength(3);
    await expect(follow()).rejects.toMatchObject(laterLayout);
    expect(await amounts(opened)).toEqual({ '2.50': 30 });
    const { accounts } = await later.tables();
    expect(accounts.map(({ fee_count }) => fee_count)).toEqual(accounts.map(() => 1));
  });
}
