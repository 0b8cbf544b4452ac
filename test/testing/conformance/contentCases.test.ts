import { memoryEventStore } from 'patron-fees/history';
import { expect, it } from 'vitest';
import type { EventStore, StreamId } from '../../../src/history/index.js';
import type { AccountEvent } from '../../../src/index.js';
import { contentCases, restoredCase } from '../../../src/testing/conformance/contentCases.js';
import { type Defect, failuresOf } from './failures.js';

const changing =
  (change: (event: AccountEvent) => AccountEvent): Defect =>
  ({ append }) => ({
    append: (stream, events, options) => append(stream, events.map(change), options),
  });

const renaming = (rename: (stream: StreamId) => StreamId): Defect => {
  return ({ read, append }) => ({
    read: (stream, options) => read(rename(stream), options),
    append: (stream, events, options) => append(rename(stream), events, options),
  });
};

const fromText = (replacer: (text: string) => string) =>
  changing((event) => JSON.parse(replacer(JSON.stringify(event))));

it.each<[string, Defect, string]>([
  [
    'merges two streams',
    renaming(({ institution, patronId }) => ({
      institution: 'x',
      patronId: `${institution}/${patronId}`.slice(0, 200),
    })),
    'keeps streams with similar ids apart',
  ],
  [
    'ignores case',
    renaming(({ institution, patronId }) => ({ institution, patronId: patronId.toLowerCase() })),
    'keeps streams with similar ids apart',
  ],
  [
    'converts digits to numbers',
    fromText((text) => text.replace(/"(\d{17,})"/g, (_, digits) => `"${Number(digits)}"`)),
    'keeps ids and strings of digits above 2^53 byte for byte',
  ],
  [
    'normalises its texts',
    fromText((text) => text.normalize('NFC')),
    'keeps every character of a text, the order of fields, and every notation of a time',
  ],
  [
    'sorts fields',
    changing(
      (event) =>
        ({
          ...event,
          data: Object.fromEntries(Object.entries(event.data).sort()),
        }) as unknown as AccountEvent,
    ),
    'keeps every character of a text, the order of fields, and every notation of a time',
  ],
  [
    'truncates long texts',
    changing((event) => ({ ...event, data: { ...event.data, comment: 'cut off' } }) as AccountEvent),
    'keeps an append with the longest texts',
  ],
  [
    'keeps the objects that were appended',
    keepingObjects,
    'does not change if a caller changes events that it has appended',
  ],
  [
    'returns the objects that it keeps',
    keepingObjects,
    'does not change if a caller changes events that it has read',
  ],
])('detects a store that %s', async (_, defect, clause) => {
  expect(await failuresOf(contentCases, defect)).toContain(clause);
});

function keepingObjects({ read, append, readAll }: EventStore): Partial<EventStore> {
  const kept: AccountEvent[] = [];
  return {
    append: (stream, events, options) => {
      kept.push(...events);
      return append(stream, events, options);
    },
    read: async (stream, options) => {
      const { version, events } = await read(stream, options);
      return {
        version,
        events: events.map((recorded, index) => ({ ...recorded, event: kept[index] ?? recorded.event })),
      };
    },
    readAll,
  };
}

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
