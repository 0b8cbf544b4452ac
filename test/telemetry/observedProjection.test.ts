import { trace } from '@opentelemetry/api';
import { catchUp, execute, memoryEventStore, type Projection } from 'patron-fees/history';
import { describe, expect, it } from 'vitest';
import { assess, at, policy } from '../support/account.js';
import { stream } from '../support/stores.js';
import { figureOf, withSdk } from './withSdk.js';

const now = () => at;

const its = withSdk();

describe('a projection that is watched', () => {
  it('links its pages to the commands that recorded their events, and reports its lag and its parked accounts', async () => {
    const store = memoryEventStore({ now });
    const requestSpan = trace.getTracer('web').startSpan('POST /pay');
    const id = requestSpan.spanContext();
    const correlation = `00-${id.traceId}-${id.spanId}-01`;
    await execute(store, policy, stream, {
      ...assess('f1', '2.50'),
      metadata: { correlationId: correlation },
    });
    await execute(store, policy, stream, {
      ...assess('f2', '2.50'),
      metadata: { correlationId: 'mail of 4711' },
    });
    await execute(store, policy, { ...stream, patronId: 'p2' }, assess('f1', '1.00'));
    let saved: string | undefined;
    const projection: Projection = its.watching.projection('search', {
      reset: () => undefined,
      apply: (events) => {
        if (events.some(({ patronId }) => patronId === 'p2')) throw new RangeError('p2 has no name');
      },
    });
    const save = async (cursor: string) => {
      saved = cursor;
    };
    const checkpoint = { load: async () => saved, save };
    await catchUp(store, projection, checkpoint, { onBadEvent: 'park' });
    const applied = its.sdk.spans().filter(({ name, status }) => name.endsWith('apply') && status.code !== 2);
    expect(applied.flatMap(({ links }) => links.map(({ context: linked }) => linked.spanId))).toContain(
      id.spanId,
    );
    expect(await figureOf(its.sdk, 'projection.parked')).toEqual([{ projection: 'search', value: 1 }]);
    expect(await figureOf(its.sdk, 'projection.lag')).toEqual([{ projection: 'search', value: 0 }]);
  });

  it('lags while apply fails, as long as its events wait', async () => {
    const hourAgo = () => new Date(Date.now() - 3_600_000).toISOString();
    const store = memoryEventStore({ now: hourAgo });
    let isDown = false;
    let saved: string | undefined;
    const projection: Projection = its.watching.projection('search', {
      reset: () => undefined,
      apply: () => {
        if (isDown) throw Object.assign(new Error('down'), { code: 'ECONNREFUSED' });
      },
    });
    const save = async (cursor: string) => {
      saved = cursor;
    };
    const checkpoint = { load: async () => saved, save };
    const lag = async () => (await figureOf(its.sdk, 'projection.lag')).at(-1)?.value;
    await execute(store, policy, stream, assess('f1', '2.50'));
    await catchUp(store, projection, checkpoint);
    expect(await lag()).toBe(0);
    isDown = true;
    await execute(store, policy, stream, assess('f2', '2.50'));
    await expect(catchUp(store, projection, checkpoint)).rejects.toThrow('down');
    expect(await lag()).toBeGreaterThanOrEqual(3_600);
    isDown = false;
    await catchUp(store, projection, checkpoint);
    expect(await lag()).toBe(0);
  });

  it('behaves like the given projection, even if that is an instance of a class', async () => {
    const store = memoryEventStore({ now });
    await execute(store, policy, stream, assess('f1', '2.50'));
    class Counting {
      count = Number.NaN;
      #saved: string | undefined;
      checkpoint = {
        load: async () => this.#saved,
        save: async (cursor: string) => {
          this.#saved = cursor;
        },
      };
      reset() {
        this.count = 0;
      }
      apply(events: readonly unknown[]) {
        this.count += events.length;
      }
    }
    const counting = new Counting();
    const projection = its.watching.projection('counting', counting);
    await catchUp(store, projection, projection.checkpoint);
    expect(counting.count).toBe(1);
  });
});
