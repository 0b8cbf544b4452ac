import fc from 'fast-check';
import { expect, it } from 'vitest';
import { keyedEventStore, memoryKeys } from '../../../src/stores/keys/index.js';
import { migrate, type SqliteEventStore, sqliteEventStore } from '../../../src/stores/sqlite/index.js';
import { assessedFee } from '../../support/assessedFee.js';
import { assertVaried, tried } from '../../support/seeded.js';
import { libsql, temporaryFile } from '../../support/sqliteDrivers.js';

const stream = { institution: 'north', patronId: 'p1' };
const keepLog = { sweep: false };

/** A store with keys, the same beside it, and a third connection for transactions. */
function opened() {
  const { file, remove } = temporaryFile();
  const [first, second, callers] = [file, file, file].map(libsql.open) as [
    ReturnType<typeof libsql.open>,
    ReturnType<typeof libsql.open>,
    ReturnType<typeof libsql.open>,
  ];
  migrate(first);
  const keys = memoryKeys();
  const [store, other] = [first, second].map((database) =>
    keyedEventStore(sqliteEventStore(database, { synchronous: 'normal' }), { keys }),
  ) as [SqliteEventStore, SqliteEventStore];
  const close = () => {
    for (const database of [first, second, callers]) database.close();
    remove();
  };
  return { store, other, callers, keys, close };
}

it('keeps the texts of an open transaction while another process erases the account and its earlier texts', async () => {
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ append: fc.array(fc.boolean(), { minLength: 1, maxLength: 3 }) }) },
    { weight: 3, arbitrary: fc.constant({ forget: true as const }) },
    { weight: 2, arbitrary: fc.record({ end: fc.constantFrom('commit', 'rollback') }) },
  );
  let [keptOpen, erased] = [0, 0];
  const property = fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
    const { store, other, callers, close } = opened();
    /** Whether each text can be read: those of the open transaction apart. */
    let [stored, open]: [(string | undefined)[], (string | undefined)[]] = [[], []];
    let isOpen = false;
    const end = (how: string) => {
      if (!isOpen) return;
      callers.exec(how);
      if (how === 'commit') stored = [...stored, ...open];
      [open, isOpen] = [[], false];
    };
    for (const [index, one] of steps.entries()) {
      if ('append' in one) {
        if (!isOpen) callers.exec('begin immediate');
        isOpen = true;
        const texts = one.append.map((has, place) => (has ? `secret ${index} ${place}` : undefined));
        const events = texts.map((comment, place) =>
          assessedFee(`f${index} ${place}`, comment === undefined ? {} : { comment }),
        );
        await store.within(callers).append(stream, events, { expectedVersion: 'any' });
        open = [...open, ...texts];
      } else if ('forget' in one) {
        const readable = stored.filter((text) => text !== undefined).length;
        expect((await other.redact(stream, keepLog)).events).toBe(readable);
        if (isOpen && open.some(Boolean)) keptOpen += 1;
        erased += readable;
        stored = stored.map(() => undefined);
      } else end(one.end);
      const { events } = await other.read(stream);
      expect(events.map(({ event }) => event.data.comment)).toEqual(stored);
    }
    end('commit');
    for (const each of [store, other])
      expect((await each.read(stream)).events.map(({ event }) => event.data.comment)).toEqual(stored);
    close();
  });
  await assertVaried(property, tried(200), 60, () => {
    expect(Math.min(keptOpen, erased)).toBeGreaterThan(10);
  });
});

it('keeps one key for any number of texts in transactions, and no key once all are erased', async () => {
  const { store, callers, keys, close } = opened();
  for (let version = 0; version < 40; version++) {
    callers.exec('begin immediate');
    await store.within(callers).append(stream, [assessedFee(`f${version}`, { comment: 'a text' })], {
      expectedVersion: version,
    });
    callers.exec('commit');
  }
  expect(JSON.parse(String((await keys.read([stream]))[0]))).toHaveLength(1);
  expect((await store.redact(stream, keepLog)).events).toBe(40);
  expect(await keys.read([stream])).toEqual([null]);
  close();
});
