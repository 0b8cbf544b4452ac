import { expect, it } from 'vitest';
import { encodeSnapshot } from '../../../src/history/index.js';
import { fold } from '../../../src/index.js';
import { renewSnapshot } from '../../../src/jobs/retention/renewSnapshot.js';
import { assess, pay } from '../../support/account.js';
import { accountWith } from '../../support/accountWith.js';
import { memorySnapshots, stream, tickingStore } from '../../support/stores.js';

it('keeps the version of a snapshot, and saves it only if it has changed', async () => {
  const events = accountWith([assess('f1', '5.00', { comment: 'secret' }), pay('p1', '5.00')]).map(
    ({ event }) => event,
  );
  const [store, snapshots] = [tickingStore(), memorySnapshots()];
  expect(await renewSnapshot(store, stream, snapshots)).toBe(false);
  await store.append(stream, events, { expectedVersion: 0 });
  await snapshots.save(stream, encodeSnapshot(fold(events.slice(0, 1))));
  expect(await renewSnapshot(store, stream, snapshots)).toBe(false);
  await store.redact(stream);
  expect(await renewSnapshot(store, stream, snapshots)).toBe(true);
  expect(await snapshots.load(stream)).not.toContain('secret');
  expect(JSON.parse(String(await snapshots.load(stream))).account.eventCount).toBe(1);
  await snapshots.save(stream, 'damaged');
  expect(await renewSnapshot(store, stream, snapshots)).toBe(true);
  expect(JSON.parse(String(await snapshots.load(stream))).account.eventCount).toBe(2);
});
