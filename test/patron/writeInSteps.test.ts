import { describe, expect, it } from 'vitest';
import { versionConflict } from '../../src/history/index.js';
import { PatronFeesError } from '../../src/index.js';
import { writeInSteps } from '../../src/patron/writeInSteps.js';
import { assessed } from '../support/events.js';
import { storeWith, stream, tickingStore } from '../support/stores.js';
import { withoutPauses } from '../support/withoutPauses.js';

const step = (expectedVersion: number) => ({ stream, event: assessed('f1', '1.00'), expectedVersion });

describe('writeInSteps', () => {
  it('appends until nothing is left to do, and counts its events', async () => {
    const store = tickingStore();
    const next = async () => ((await store.read(stream)).version === 0 ? step(0) : 'done');
    expect(await writeInSteps(store, next)).toEqual({ accepted: true, written: 1 });
    expect(await writeInSteps(store, next)).toEqual({ accepted: true, written: 0 });
  });

  it('finds the next step again if another writer was first', async () => {
    const store = tickingStore();
    let asked = 0;
    const next = async () => {
      asked += 1;
      return asked < 3 ? step(7) : 'done';
    };
    expect(await writeInSteps(store, next)).toEqual({ accepted: true, written: 0 });
    expect(asked).toBe(3);
  });

  it('throws the conflict after fifty attempts', async () => {
    withoutPauses();
    let appends = 0;
    const store = storeWith(tickingStore(), {
      append: async () => {
        appends += 1;
        throw versionConflict(stream, 0, 1);
      },
    });
    await expect(writeInSteps(store, async () => step(0))).rejects.toThrow('VERSION_CONFLICT');
    expect(appends).toBe(50);
  });

  it('throws a conflict at once that a transaction of the caller can never resolve', async () => {
    let appends = 0;
    const details = { isFinal: true };
    const store = storeWith(tickingStore(), {
      append: async () => {
        appends += 1;
        throw new PatronFeesError('VERSION_CONFLICT', 'it cannot see the event', details);
      },
    });
    await expect(writeInSteps(store, async () => step(0))).rejects.toMatchObject({ details });
    expect(appends).toBe(1);
  });

  it('throws any other error at once', async () => {
    const store = storeWith(tickingStore(), { append: () => Promise.reject(new Error('disk full')) });
    await expect(writeInSteps(store, async () => step(0))).rejects.toThrow('disk full');
  });

  it('returns the result that a step has after its event', async () => {
    const result = { accepted: false, rejection: 'no' } as const;
    expect(await writeInSteps(tickingStore(), async () => ({ ...step(0), result }))).toEqual(result);
  });
});
