import { describe, expect, it } from 'vitest';
import { memoryEventStore, type StreamId } from '../../src/history/index.js';
import { storeConformance } from '../../src/testing/index.js';
import { damageable } from '../support/damageable.js';

const open = () => ({ store: memoryEventStore({ now: () => new Date().toISOString() }) });

describe('a store in memory', () => {
  for (const { title, run } of storeConformance(open, { erasing: true })) it(title, run);
});

describe('a store in memory with events that it cannot read', () => {
  const openDamageable = () => {
    const { codec, damage } = damageable();
    const store = memoryEventStore({ now: () => new Date().toISOString(), codec });
    return { store, damageEvent: (stream: StreamId, version: number) => damage(store, stream, version) };
  };
  for (const { title, run } of storeConformance(openDamageable, { damages: true, modelRuns: 0 }))
    it(title, run);
});

describe('the suite', () => {
  it('omits the random runs if their number is 0, and then needs no fast-check', () => {
    const [all, without] = [storeConformance(open), storeConformance(open, { modelRuns: 0 })];
    expect(all.length - without.length).toBe(1);
  });

  it('names every case differently', () => {
    const titles = storeConformance(open).map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);
  });

  it('opens a store for each case and releases it, even if the case fails', async () => {
    let [opened, released] = [0, 0];
    const failing = () => {
      opened += 1;
      const release = async () => {
        released += 1;
      };
      return { store: { ...open().store, read: () => Promise.reject(new Error('no')) }, release };
    };
    const [first] = storeConformance(failing);
    await expect(first?.run()).rejects.toThrow('no');
    expect([opened, released]).toEqual([1, 1]);
  });

  it.each([
    [null, 'options: expected an object, found null'],
    [{ modelRuns: 1.5 }, 'modelRuns: expected a whole number of at least 0, found 1.5'],
    [{ modelRuns: -1 }, 'modelRuns: expected a whole number of at least 0, found -1'],
    [{ writers: 1 }, 'writers: expected a whole number of at least 2, found 1'],
    [{ writers: '3' }, 'writers: expected a whole number of at least 2, found "3"'],
  ])('refuses invalid options: %j', (options, message) => {
    expect(() => storeConformance(open, options as never)).toThrow(`INVALID_ARGUMENT: ${message}`);
  });

  it('refuses a store in place of a function that opens one', () => {
    expect(() => storeConformance(open() as never)).toThrow('INVALID_ARGUMENT: open: expected a function');
  });
});
