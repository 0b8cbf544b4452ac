import { describe, expect, it } from 'vitest';
import { memoryEventStore } from '../../src/history/index.js';
import { storeConformance } from '../../src/testing/index.js';

const open = () => ({ store: memoryEventStore({ now: () => new Date().toISOString() }) });

describe('a store in memory', () => {
  for (const { title, run } of storeConformance(open)) it(title, run);
});

describe('the suite', () => {
  it('leaves the random runs away when none are wanted, and so needs no fast-check', () => {
    const [all, without] = [storeConformance(open), storeConformance(open, { modelRuns: 0 })];
    expect(all.length - without.length).toBe(1);
  });

  it('names every case differently', () => {
    const titles = storeConformance(open).map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);
  });

  it('opens a store for each case and clears away after it, also when the case fails', async () => {
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
});
