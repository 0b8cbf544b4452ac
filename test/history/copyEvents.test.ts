import { describe, expect, it } from 'vitest';
import { officeLogs } from '../../scripts/goldenOffice.js';
import {
  copyEvents,
  type EventStore,
  memoryEventStore,
  redactEvent,
  type StreamId,
} from '../../src/history/index.js';
import { type AccountEvent, definePolicy } from '../../src/index.js';
import { journalText } from '../../src/jobs/reports/index.js';
import { officeEvents } from '../../src/office/index.js';

const at = '2026-03-02T09:00:00Z';
const a: StreamId = { institution: 'north', patronId: 'a' };
const b: StreamId = { institution: 'south', patronId: 'b' };

function assessed(feeId: string, comment = 'said something'): AccountEvent {
  const data = { feeId, feeType: 'OTHER', amount: '2.50', currency: 'USD', owner: 'MAIN', at, comment };
  return { type: 'FeeAssessed', data };
}

/** A store with two streams, appended to alternately, one second apart. */
async function oldStore(): Promise<EventStore> {
  let second = 10;
  const store = memoryEventStore({ now: () => `2026-03-02T09:00:${second++}Z` });
  await store.append(a, [assessed('f1'), assessed('f2')], { expectedVersion: 0 });
  await store.append(b, [assessed('f3')], { expectedVersion: 0 });
  await store.append(a, [assessed('f4')], { expectedVersion: 2 });
  return store;
}

const newStore = () => memoryEventStore({ now: () => '2026-06-01T00:00:00Z' });

async function expectSame(to: EventStore, from: EventStore) {
  for (const stream of [a, b]) expect(await to.read(stream)).toEqual(await from.read(stream));
}

describe('copyEvents', () => {
  it('copies the streams of the office, changes nothing the second time, and refuses changed streams', async () => {
    const now = () => '2026-06-01T00:00:00Z';
    const from = memoryEventStore({ now: () => at, codec: officeEvents });
    // Two logs may be of one stream: each is of a library of its own.
    for (const [institution, { stream, events }] of Object.entries(officeLogs))
      await from.append({ institution, stream }, events, { expectedVersion: 0 });
    const to = memoryEventStore({ now, codec: officeEvents });
    await copyEvents(from, to);
    expect((await to.readAll()).events).toEqual((await from.readAll()).events);
    const { events, cursor } = await copyEvents(from, to);
    expect((await to.readAll()).events).toHaveLength(events);
    await from.append({ institution: 'sealed', stream: 'seals:' }, officeLogs.sealed?.events ?? [], {
      expectedVersion: 2,
    });
    expect(await copyEvents(from, to, { after: cursor })).toMatchObject({ events: 2 });
    const other = memoryEventStore({ now, codec: officeEvents });
    await other.append({ institution: 'sealed', stream: 'seals:' }, officeLogs.policies?.events ?? [], {
      expectedVersion: 0,
    });
    await expect(copyEvents(from, other)).rejects.toThrow('VERSION_CONFLICT');
  });

  it('erases the texts of every event of the office, and nothing else', async () => {
    const texts = new Set<string>();
    for (const { events } of Object.values(officeLogs))
      for (const event of events) {
        const after = redactEvent(event);
        expect(redactEvent(after)).toBe(after);
        expect(officeEvents.decode(officeEvents.encode(after))).toEqual(after);
        const gone = Object.keys(event.data).filter((field) => !(field in after.data));
        for (const field of gone) texts.add(`${event.type}.${field}`);
        expect(after).toEqual({
          ...event,
          data: Object.fromEntries(Object.entries(event.data).filter(([field]) => !gone.includes(field))),
        });
      }
    const ofCommand = ['BankEntryBooked', 'BankEntryConfirmed', 'BankItemEnded', 'BankRecordReversed'];
    ofCommand.push('PolicyRecorded', 'RemittanceRecorded', 'RemittanceReversed', 'SafeDeposited');
    ofCommand.push('TillClosed', 'TillDifferenceAccepted', 'TillMoneyMoved', 'TillOpened');
    const reasons = [
      'OnlinePaymentEnded',
      'OnlinePaymentReturned',
      'OnlinePaymentSettled',
      'OnlineReportSettled',
    ];
    const expected = [
      ...ofCommand.map((type) => `${type}.comment`),
      ...reasons.map((type) => `${type}.reason`),
    ];
    expect([...texts].sort()).toEqual(expected.sort());
  });

  it('copies every stream with its versions and times', async () => {
    const [from, to] = [await oldStore(), newStore()];
    expect((await copyEvents(from, to)).events).toBe(4);
    await expectSame(to, from);
  });

  it.each([1, 2, 3, 4, 5])('continues where it was interrupted, with pages of %i', async (pageSize) => {
    const [from, to] = [await oldStore(), newStore()];
    let after: string | undefined;
    const onProgress = ({ cursor }: { cursor: string }) => {
      after = cursor;
      throw new Error('cut off');
    };
    await expect(copyEvents(from, to, { pageSize, onProgress })).rejects.toThrow('cut off');
    const rest = await copyEvents(from, to, { pageSize, ...(after && { after }) });
    expect(rest.events).toBe(4 - Math.min(pageSize, 4));
    await expectSame(to, from);
  });

  it('writes nothing twice when it starts again', async () => {
    const [from, to] = [await oldStore(), newStore()];
    await copyEvents(from, to, { pageSize: 1 });
    await from.append(b, [assessed('f5')], { expectedVersion: 1 });
    expect((await copyEvents(from, to)).events).toBe(5);
    await expectSame(to, from);
  });

  it('continues in the middle of an append', async () => {
    const [from, to] = [await oldStore(), newStore()];
    await to.append(a, [assessed('f1')], { expectedVersion: 0, recordedAt: '2026-03-02T09:00:10Z' });
    await copyEvents(from, to);
    await expectSame(to, from);
  });

  it('refuses to mix two histories', async () => {
    const [from, to] = [await oldStore(), newStore()];
    await to.append(a, [assessed('another')], { expectedVersion: 0 });
    await expect(copyEvents(from, to)).rejects.toMatchObject({ code: 'VERSION_CONFLICT' });
    expect((await to.read(a)).version).toBe(1);
  });

  it('refuses to continue in a store without the earlier events', async () => {
    const from = await oldStore();
    const { cursor: after } = await from.readAll({ limit: 3 });
    await expect(copyEvents(from, newStore(), { after })).rejects.toMatchObject({ code: 'VERSION_CONFLICT' });
  });

  it("keeps the recording time of a purge and of what follows it, so that November's journal is the same", async () => {
    let now = '2026-10-05T09:00:00Z';
    const from = memoryEventStore({ now: () => now });
    await from.append(a, [assessed('f1')], { expectedVersion: 0 });
    now = '2026-10-31T09:00:00Z';
    const totals = [
      { month: '2026-10', account: ['receivable', 'MAIN'], side: 'debit', amount: '2.50' },
      { month: '2026-10', account: ['revenue', 'MAIN', 'OTHER'], side: 'credit', amount: '2.50' },
    ] as const;
    const purged = { purgeId: 'p', events: 1, currency: 'USD', totals, at: now };
    await from.purge(a, { type: 'AccountPurged', data: purged });
    now = '2026-11-15T09:00:00Z';
    await from.append(a, [assessed('f2')], { expectedVersion: 2 });
    const to = memoryEventStore({ now: () => '2027-06-01T00:00:00Z' });
    await copyEvents(from, to);
    expect(await to.read(a)).toEqual(await from.read(a));
    const november = async (store: EventStore) => {
      const period = { from: '2026-11-01', through: '2026-11-30', timeZone: 'UTC', institution: 'north' };
      const pieces = journalText(store, definePolicy({ currency: 'USD' }), { ...period, format: 'csv' });
      let text = '';
      for await (const piece of pieces) text += piece;
      return text;
    };
    expect(await november(to)).toBe(await november(from));
    expect(await november(to)).toContain('2026-11-15,a/3,Assets:Receivable:MAIN,2.50');
  });

  it('copies the converted events', async () => {
    const [from, to] = [await oldStore(), newStore()];
    await copyEvents(from, to, { change: redactEvent });
    await copyEvents(from, to, { change: redactEvent });
    const { events } = await to.readAll();
    expect(events.map(({ event }) => 'comment' in event.data)).toEqual([false, false, false, false]);
  });
});
