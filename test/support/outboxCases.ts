import { expect, it } from 'vitest';
import type { EventStore } from '../../src/history/index.js';
import type { Outbox, OutboxOptions } from '../../src/stores/feed/index.js';
import { assessedFee } from './assessedFee.js';

const streams = ['p1', 'p2'].map((patronId) => ({ institution: 'north', patronId }));
const secret = { comment: 'Was in hospital' };

/** A store with an outbox, both empty. */
export type OpenedOutbox = { readonly store: EventStore; readonly outbox: Outbox };

/** Registers the cases of an outbox. */
export function outboxCases(open: (options: OutboxOptions) => Promise<OpenedOutbox>): void {
  const idsOf = async (outbox: Outbox, limit = 1_000) =>
    (await outbox.waiting(limit)).map(({ event }) => event.id);

  it('has the events of every append, those of an account in their order, and none of a refused append', async () => {
    const { store, outbox } = await open({ source: '/fees' });
    expect(await outbox.waiting(10)).toEqual([]);
    const append = (index: number, at: number, count: number) =>
      store.append(
        streams[index] as (typeof streams)[0],
        Array.from({ length: count }, (_, n) => assessedFee(`f${at}-${n}`)),
        { expectedVersion: at },
      );
    await Promise.all([append(0, 0, 3), append(1, 0, 1)]);
    await Promise.allSettled([append(0, 3, 1), append(0, 3, 1), append(0, 2, 1), append(1, 1, 150)]);
    const ids = await idsOf(outbox);
    for (const [patronId, last] of [
      ['p1', 4],
      ['p2', 151],
    ] as const)
      expect(ids.filter((id) => id.includes(patronId))).toEqual(
        Array.from({ length: last }, (_, index) => `north/${patronId}/${index + 1}`),
      );
    expect(ids).toHaveLength(155);
    expect(await idsOf(outbox, 2)).toEqual(ids.slice(0, 2));
  });

  it('keeps what is not removed', async () => {
    const { store, outbox } = await open({ source: '/fees' });
    for (const stream of streams)
      await store.append(stream, [assessedFee('f1'), assessedFee('f2')], { expectedVersion: 0 });
    const waiting = await outbox.waiting(10);
    await outbox.remove(waiting.slice(1, 3));
    expect(await outbox.waiting(10)).toEqual([waiting[0], waiting[3]]);
    await outbox.remove(waiting);
    await outbox.remove([]);
    expect(await outbox.waiting(10)).toEqual([]);
    await store.append(streams[0] as (typeof streams)[0], [assessedFee('f3')], { expectedVersion: 2 });
    expect(await idsOf(outbox)).toEqual(['north/p1/3']);
  });

  it('has events of the chosen types only, without texts unless they are asked for', async () => {
    const dispute = {
      type: 'FeeDisputed',
      data: { disputeId: 'd1', feeId: 'f1', at: '2026-03-02T09:00:00Z', ...secret },
    } as const;
    for (const texts of [false, true]) {
      const { store, outbox } = await open({ source: '/fees', types: ['FeeDisputed'], texts });
      const [stream] = streams as [(typeof streams)[0]];
      await store.append(stream, [assessedFee('f1', secret), dispute], { expectedVersion: 0 });
      const waiting = await outbox.waiting(10);
      expect(waiting.map(({ event }) => [event.id, event.data.data.comment])).toEqual([
        ['north/p1/2', texts ? secret.comment : undefined],
      ]);
    }
  });
}
