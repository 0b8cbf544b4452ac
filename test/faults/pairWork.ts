// What a process does with two features of a store, until it is killed, or through all of its commands.
import { setTimeout as pause } from 'node:timers/promises';
import {
  catchUp,
  type EventStore,
  execute,
  followShards,
  parked,
  splitEventStore,
  type WatchableEventStore,
} from '../../src/history/index.js';
import { isPatronFeesError } from '../../src/index.js';
import { runAgedDebt } from '../../src/jobs/reports/index.js';
import { telemetry } from '../../src/telemetry/index.js';
import type { Feature } from '../support/featurePairs.js';
import { openFile, type PairPlace, type PairStore, policy } from './pairStores.js';
import { flaky, seenIn } from './pairWorld.js';

/** What one process does. */
export type PairPlan = PairPlace & {
  /** The number of the process, in the ids of its commands. */
  readonly run: number;
  readonly commands: number;
  /** The command before which the store is closed, and opened again, while others are under way. */
  readonly closesAt: number;
  readonly seed: number;
};

const at = '2026-03-02T09:00:00Z';
const charge = (id: string) =>
  ({
    type: 'AssessFee',
    id,
    feeType: 'OTHER',
    amount: '2.50',
    owner: 'MAIN',
    comment: `secret-${id}-`,
    at,
  }) as const;

/** Works; `acknowledge` is called with the id of each command that has succeeded. */
export async function workOn(
  plan: PairPlan,
  pair: PairStore,
  acknowledge: (id: string) => void,
): Promise<void> {
  const has = (feature: Feature) => plan.features.includes(feature);
  const seen = openFile(plan, 'seen');
  let following: Promise<void> | undefined;
  let { store, used } = await surely(opened);

  async function opened() {
    const store = await pair.open();
    let used: EventStore = store;
    if (has('split')) used = splitEventStore({ parts: { a: used }, partOf: () => 'a' });
    if (has('telemetry')) used = telemetry().store(used);
    return { store, used };
  }

  async function watched(): Promise<(() => Promise<void>) | undefined> {
    const { watch } = used as Partial<WatchableEventStore>;
    return has('notify') && watch ? surely(() => watch(() => void follow())) : undefined;
  }

  /** Tries again after what says nothing of the command: the store was closed meanwhile, or the server was away. */
  async function surely<Result>(task: () => Promise<Result>): Promise<Result> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await task();
      } catch (error) {
        const isClosed = isPatronFeesError(error) && error.code === 'STORE_CLOSED';
        if (attempt > 200 || !(isClosed || pair.isOutage(error))) throw error;
        await pause(10);
      }
    }
  }

  async function command(id: string, index: number): Promise<void> {
    const stream = { institution: 'north', patronId: `p${index % 5}` };
    const asked = charge(id);
    if (has('transaction') && index % 3 === 0)
      await surely(() => pair.withRow('transaction', { store, id, stream, command: asked }));
    else if (has('within') && index % 3 === 1)
      await surely(() => pair.withRow('within', { store, id, stream, command: asked }));
    else await surely(() => execute(used, policy, stream, asked));
    acknowledge(id);
  }

  /** Operations beside the commands, each whenever so many were called. */
  async function beside(index: number): Promise<void> {
    if (has('redact') && index % 7 === 6)
      await surely(async () => store.redact?.({ institution: 'north', patronId: 'p4' }));
    if (has('purge') && index % 10 === 9) await surely(() => purge(`gone-${plan.run}-${index}`));
    if (has('rebuild') && index % 20 === 19)
      await surely(() => pair.rebuild().catch(exceptFor('CHECKPOINT_MOVED')));
    if (has('jobs') && index % 20 === 10) {
      const form = { institution: 'north', timeZone: 'UTC', asOf: '2026-03-31' };
      await surely(() => runAgedDebt(used, policy, form));
    }
    if (index % 5 === 4) await follow();
  }

  async function purge(id: string): Promise<void> {
    const gone = { institution: 'north', patronId: 'gone' };
    const { version } = await used.read(gone);
    if (version > 0) {
      const data = { purgeId: `x${version}`, events: version, currency: 'USD', totals: [], at };
      // Another worker of this process may have purged it meanwhile.
      await store.purge?.(gone, { type: 'AccountPurged', data }).catch(exceptFor('VERSION_CONFLICT'));
    }
    await execute(used, policy, gone, charge(id));
  }

  const failing = flaky(() => used, plan.seed);
  const table = has('followedTable') ? pair.follow(failing) : undefined;

  /** Applies what is waiting, as far as a store that is down now and then allows. */
  async function followNow(): Promise<void> {
    const onBadEvent = has('parking') ? 'park' : 'end';
    if (has('shards')) {
      const ending = new AbortController();
      const onProgress = ({ state }: { readonly state: string }) => state === 'current' && ending.abort();
      const how = { signal: ending.signal, shards: 2, pollMs: 1, maxPauseMs: 5, pageSize: 7, onProgress };
      const projectionOf = ({ index }: { readonly index: number }) => seenIn(seen, index, failing);
      await followShards(used, projectionOf, { ...how, onBadEvent }).catch(exceptForOutages);
    } else {
      const projection = seenIn(seen, 0, failing);
      const how = { onBadEvent, pageSize: 7 } as const;
      await catchUp(used, projection, projection.checkpoint, how).catch(exceptForOutages);
    }
    for (const index of [0, 1]) {
      if ((await parked(seenIn(seen, index, failing).checkpoint)).length > 0)
        throw new Error('an account is parked');
    }
    if (table !== undefined)
      await catchUp(used, table, table.checkpoint, { onBadEvent, pageSize: 7 }).catch(exceptForOutages);
  }

  function exceptForOutages(error: unknown): void {
    const isClosed = isPatronFeesError(error) && error.code === 'STORE_CLOSED';
    if (!(isClosed || pair.isOutage(error) || String(error).includes('the store is down'))) throw error;
  }

  function follow(): Promise<void> {
    following ??= followNow().finally(() => {
      following = undefined;
    });
    return following;
  }

  let unwatch = await watched();
  let next = 0;
  const work = async () => {
    while (next < plan.commands) {
      const index = next++;
      if (index === plan.closesAt) {
        const before = used;
        await unwatch?.();
        ({ store, used } = await surely(opened));
        await before.close();
        unwatch = await watched();
      }
      await command(`f-${plan.run}-${index}`, index);
      if (!has('batches') || index % 2 === 0) await beside(index);
    }
  };
  // In SQLite one task at a time has the connection with an open transaction.
  const tasks = has('within') && plan.store === 'SQLite' ? 1 : 4;
  await Promise.all(Array.from({ length: tasks }, work));
  await unwatch?.();
  failing.heal();
  await surely(follow);
  if (has('rebuild')) await surely(() => pair.rebuild());
  await used.close();
  seen.close();
}

function exceptFor(code: string) {
  return (error: unknown): void => {
    if (!isPatronFeesError(error) || error.code !== code) throw error;
  };
}
