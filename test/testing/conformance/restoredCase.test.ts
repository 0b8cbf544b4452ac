import { type EventStore, memoryEventStore } from 'patron-fees/history';
import { expect, it } from 'vitest';
import { restoredCase } from '../../../src/testing/conformance/restoredCase.js';
import type { Defect } from './failures.js';

/** Runs the case on stores with a defect. */
function run(defect: Defect): Promise<void> {
  return restoredCase(async (check) => {
    const sound = memoryEventStore({ now: () => '2026-03-02T09:00:00Z' });
    const broken = { ...sound, ...defect(sound) };
    await check(broken, broken);
  }).run();
}

const forgiving =
  (name: 'readAll' | 'accounts'): Defect =>
  (store) => ({
    [name]: (options: Parameters<EventStore['accounts']>[0]) =>
      store[name](options).catch(() => ({ events: [], accounts: [], cursor: options?.after })),
  });

it('passes for a store that refuses a cursor beyond its end', async () => {
  await expect(run(() => ({}))).resolves.toBeUndefined();
});

it.each(['readAll', 'accounts'] as const)(
  'detects a store whose %s returns an empty page instead',
  async (name) => {
    await expect(run(forgiving(name))).rejects.toThrow(`${name}: expected CURSOR_UNKNOWN`);
  },
);
