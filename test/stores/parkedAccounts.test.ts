import { catchUp, followShards, parked, retryParked, type Shard, shardOf } from 'patron-fees/history';
import { expect, it } from 'vitest';
import { assessedFee } from '../support/assessedFee.js';
import { everyStore } from '../support/everyStore.js';
import { parkingProjection } from '../support/parkingProjection.js';
import { describeWith } from '../support/programs.js';

const account = (index: number) => ({ institution: 'north', patronId: `p${index}` });
const fees = (count: number) => Array.from({ length: count }, (_, index) => assessedFee(`f${index}`));
const indexes = Array.from({ length: 12 }, (_, index) => index);

for (const { name, programs, open } of everyStore(() => () => '2026-03-02T09:00:00Z'))
  describeWith(programs, `a projection of a store in ${name}`, () => {
    it('parks an account in the middle of an append, at any page size, and applies it later', async () => {
      const store = await open();
      for (const index of indexes) await store.append(account(index), fees(5), { expectedVersion: 0 });
      for (const pageSize of [1, 4, 7, 1_000]) {
        const { projection, checkpoint, setBad, bad, versionsOf } = parkingProjection();
        setBad(account(3), 2);
        setBad(account(4), 5);
        while ((await catchUp(store, projection, checkpoint, { pageSize, onBadEvent: 'park' })).events > 0);
        expect(await parked(checkpoint)).toMatchObject([
          { ...account(3), version: 2, lastVersion: 5 },
          { ...account(4), version: 5, lastVersion: 5 },
        ]);
        expect([versionsOf(account(3)), versionsOf(account(4))]).toEqual([[1], [1, 2, 3, 4]]);
        bad.clear();
        expect(await retryParked(store, projection, checkpoint)).toEqual({ unparked: 2, parked: [] });
        for (const index of indexes) expect(versionsOf(account(index))).toEqual([1, 2, 3, 4, 5]);
      }
    });

    it('is shared by processes, which apply every event once and in order', async () => {
      const store = await open();
      const shards = Array.from({ length: 8 }, () => parkingProjection());
      const ofAccount = (index: number) =>
        (shards[shardOf(account(index), 8)] as (typeof shards)[number]).versionsOf(account(index));
      const ending = new AbortController();
      const projectionOf = ({ index }: Shard) => (shards[index] as (typeof shards)[number]).projection;
      const running = [0, 1, 2].map((index) =>
        followShards(store, projectionOf, {
          shards: 8,
          process: { index, of: 3 },
          pageSize: 3,
          pollMs: 5,
          takeOverMs: 20,
          maxPauseMs: 5,
          signal: ending.signal,
        }),
      );
      for (let round = 0; round < 3; round++)
        for (const index of indexes)
          await store.append(account(index), fees(round + 1), { expectedVersion: 'any' });
      while (indexes.some((index) => ofAccount(index).length < 6))
        await new Promise((resolve) => setTimeout(resolve, 5));
      ending.abort();
      await Promise.all(running);
      for (const index of indexes) expect(ofAccount(index)).toEqual([1, 2, 3, 4, 5, 6]);
    });
  });
