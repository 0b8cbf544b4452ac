import assert from 'node:assert/strict';
import type { AccountEvent } from '../../account/events/accountEvent.js';
import { TEXT_LENGTH_MAX } from '../../account/fieldSchemas.js';
import type { EventStore, StreamId } from '../../history/eventStore.js';
import { assessed, type Clause, everyAccount, everything, feeIdsIn, fees, north, refused } from './clause.js';

/** Ids that often cause errors: prototype properties, numbers, wildcards, separators, quotes, look-alikes. */
export const hostileIds: readonly string[] = [
  '__proto__',
  'constructor',
  'toString',
  'null',
  'undefined',
  '17',
  '017',
  '1e3',
  '-0',
  ' ',
  ' p1',
  'p1 ',
  '.',
  '..',
  'a.b',
  '*',
  '>',
  '$',
  '%',
  '_',
  '/',
  'a/b',
  '\\',
  "'",
  '"',
  '`',
  ';--',
  '#1',
  '\n',
  '\t',
  '9007199254740993',
  '9007199254740992',
  '20260101123456789012',
  '0',
  'é',
  'e\u0301',
  'É',
  'ß',
  'ss',
  'İ',
  'i',
  'I',
  'ﬀ',
  '\u202e',
  '\u200b',
  '\ufeff',
  '\u{1F4DA}',
  '한국어',
  'x'.repeat(200),
  'x'.repeat(199),
  '\u{1F4DA}'.repeat(100),
  '\uffff',
  '\u0001',
];

/** The clauses on content: events are returned unchanged, from their own stream only. */
export const contentCases: readonly Clause[] = [
  [
    'keeps an append with the longest texts',
    (store) => {
      const comment = 'x€"\\'.repeat(TEXT_LENGTH_MAX / 4);
      return unchanged(
        store,
        Array.from({ length: 20 }, (_, index) => assessed(`f${index}`, { comment })),
      );
    },
  ],
  [
    'keeps streams with similar ids apart',
    async (store) => {
      const pairs: readonly StreamId[] = [
        ...hostileIds.map((patronId) => ({ institution: 'north', patronId })),
        ...hostileIds.map((institution) => ({ institution, patronId: 'p' })),
        { institution: 'a', patronId: 'b/c' },
        { institution: 'a/b', patronId: 'c' },
        { institution: 'b', patronId: 'a' },
        { institution: 'NORTH', patronId: 'p1' },
      ];
      for (const [index, stream] of pairs.entries())
        await store.append(stream, [assessed(`fee ${index}`)], { expectedVersion: 0 });
      for (const [index, stream] of pairs.entries())
        assert.deepEqual(await feeIdsIn(store, stream), [`fee ${index}`], JSON.stringify(stream));
      const { events } = await everything(store, pairs.length);
      const names = events.map(({ institution, patronId }) => JSON.stringify([institution, patronId]));
      assert.deepEqual(
        new Set(names),
        new Set(pairs.map(({ institution, patronId }) => JSON.stringify([institution, patronId]))),
      );
    },
  ],
  [
    'keeps ids and strings of digits above 2^53 byte for byte',
    (store) =>
      unchanged(store, [
        ...hostileIds.map((id) => assessed(id, { loanId: id, owner: id, comment: id })),
        payment({ reference: '20260101123456789012', externalTransactionId: '9007199254740993' }),
        payment({ reference: '0001', externalTransactionId: '1.0' }),
        assessed('large', { amount: '9999999999.99' }),
        assessed('percent', { item: { barcode: '00000000000000000017', title: '1e400' } }),
      ]),
  ],
  [
    'keeps every character of a text, the order of fields, and every notation of a time',
    (store) => {
      const { data } = assessed('f1');
      return unchanged(store, [
        assessed('f1', {
          comment: 'é e\u0301 \u{1F4DA} \u0000 \u001f \u2028 \ufeff \ud800 \'"`\\ \r\n {} $1 ? :a',
        }),
        assessed('f2', { comment: '' }),
        { data: { ...data, staffNote: 'x', feeId: 'f3' }, type: 'FeeAssessed' },
        { type: 'FeeAssessed', data: Object.fromEntries(Object.entries(data).reverse()) as typeof data },
        assessed('f4', { at: '2026-03-02T09:00+01:00' }),
        assessed('f5', { at: '2026-03-02T09:00:00.123456789-05:00' }),
        { ...assessed('f6'), metadata: { commandId: 'f6', commandDigest: '0', correlationId: '' } },
      ]);
    },
  ],
  [
    'leaves out undefined fields',
    async (store) => {
      const event = { ...assessed('f1', { comment: undefined as never }), metadata: undefined as never };
      await store.append(north, [event], { expectedVersion: 0 });
      const [recorded] = (await store.read(north)).events;
      assert.equal(JSON.stringify(recorded?.event), JSON.stringify(assessed('f1')));
      assert.deepEqual(Object.keys(recorded?.event ?? {}), ['type', 'data']);
    },
  ],
  ['stores a thousand events of one call', (store) => unchanged(store, fees(1000))],
  [
    'does not change if a caller changes events that it has appended',
    async (store) => {
      const event = assessed('f1', { item: { title: 'as it was' } });
      const events: AccountEvent[] = [event];
      const appending = store.append(north, events, { expectedVersion: 0 });
      change(event);
      events.push(assessed('f2'));
      await appending;
      change(event);
      assert.deepEqual(
        (await store.read(north)).events[0]?.event,
        assessed('f1', { item: { title: 'as it was' } }),
      );
      assert.equal((await store.read(north)).version, 1);
    },
  ],
  [
    'does not change if a caller changes events that it has read',
    async (store) => {
      const event = assessed('f1', { item: { title: 'as it was' } });
      await store.append(north, [event], { expectedVersion: 0 });
      const inStream = (await store.read(north)).events;
      const inAll = (await everything(store, 1)).events;
      for (const recorded of [...inStream, ...inAll]) change(recorded.event);
      assert.deepEqual((await store.read(north)).events[0]?.event, event);
      assert.deepEqual((await everything(store, 1)).events[0]?.event, event);
    },
  ],
];

/** Changes an event in place. */
function change(event: AccountEvent): void {
  const data = event.data as { amount?: string; item?: { title?: string } };
  // A store may return frozen events.
  if (!Object.isFrozen(data)) data.amount = '99.99';
  if (data.item !== undefined && !Object.isFrozen(data.item)) data.item.title = 'changed';
}

/** Returns a payment with external references. */
function payment(more: { readonly reference: string; readonly externalTransactionId: string }): AccountEvent {
  const at = '2026-03-02T09:00:00Z';
  const data = {
    paymentId: more.reference,
    amount: '1.00',
    currency: 'USD',
    method: 'CASH',
    allocations: [],
  };
  return { type: 'PaymentReceived', data: { ...data, ...more, at } };
}

/** Fails unless events are returned byte for byte, from their stream and from all streams. */
async function unchanged(store: EventStore, events: readonly AccountEvent[]): Promise<void> {
  const texts = events.map((event) => JSON.stringify(event));
  assert.deepEqual(await store.append(north, events, { expectedVersion: 0 }), { version: events.length });
  const inStream = (await store.read(north)).events;
  assert.deepEqual(
    inStream.map(({ event }) => JSON.stringify(event)),
    texts,
  );
  const inAll = (await everything(store, events.length)).events;
  assert.deepEqual(
    inAll.map(({ event }) => JSON.stringify(event)),
    texts,
  );
}

/**
 * Returns the case of a store that was restored from an older backup: cursors of its readers are beyond its end. A new
 * store with fewer events simulates it.
 */
export function restoredCase(onNewStore: (check: Clause[1]) => Promise<void>): {
  readonly title: string;
  readonly run: () => Promise<void>;
} {
  const patron = (index: number) => ({ institution: 'north', patronId: `p${index}` });
  return {
    title: 'refuses a cursor beyond its end, such as one from before an older backup was restored',
    run: async () => {
      const cursors: string[] = [];
      await onNewStore(async (store) => {
        for (let index = 0; index < 4; index++)
          await store.append(patron(index), fees(2), { expectedVersion: 0 });
        cursors.push((await everything(store, 8)).cursor, (await everyAccount(store, 4)).cursor);
      });
      const [ofEvents = '', ofAccounts = ''] = cursors;
      await onNewStore(async (store, second) => {
        await store.append(patron(0), fees(2), { expectedVersion: 0 });
        const { cursor } = await everything(store, 2);
        const ofNorth = { institution: 'north', limit: 1 };
        // At the same time, because a store may wait for a slow server before it refuses a cursor.
        await Promise.all(
          [store, second].flatMap((reader) => [
            refused('CURSOR_UNKNOWN', () => reader.readAll({ after: ofEvents }), 'readAll').then((details) =>
              assert.equal(details.cursor, ofEvents),
            ),
            refused('CURSOR_UNKNOWN', () => reader.accounts({ after: ofAccounts }), 'accounts'),
            refused(
              'CURSOR_UNKNOWN',
              () => reader.accounts({ after: ofAccounts, ...ofNorth }),
              'accounts of an institution',
            ),
          ]),
        );
        for (const reader of [store, second])
          assert.deepEqual((await reader.readAll({ after: cursor })).events, [], 'at its end');
      });
    },
  };
}
