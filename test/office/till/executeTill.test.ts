import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decideTill,
  emptyTill,
  executeTill,
  foldTill,
  loadTill,
  type TillCommand,
  type TillEvent,
} from '../../../src/office/index.js';
import { policy, policyWith } from '../../support/account.js';
import { tried } from '../../support/seeded.js';
import { slowStore } from '../../support/stores.js';
import { anyTillCommand, at, close, move, officeStore, open, tillEvents } from './tills.js';

const id = { institution: 'north', till: 'CIRC' };

describe('a till in a store', () => {
  it('is opened near the present time, if the policy says so', async () => {
    const [store, prompt] = [officeStore(), policyWith({ backdating: { days: 7 } })];
    const later = '2026-06-01T09:00:00Z';
    const given = await executeTill(store, prompt, id, open(), { now: later });
    expect(given.decision).toMatchObject({ accepted: false, rejection: { type: 'TooFarBack' } });
    expect((await executeTill(store, prompt, id, open(), { now: at })).decision.accepted).toBe(true);
    await expect(executeTill(store, prompt, id, close('c', '0', '50'))).rejects.toThrow('options.now');
    await expect(executeTill(store, prompt, id, open(), { now: 'soon' })).rejects.toThrow('options.now');
  });

  it('is opened and closed once by 16 writers at a time', async () => {
    const store = slowStore(officeStore() as never) as never;
    const writers = Array.from({ length: 16 }, (_, index) => index);
    const opened = await Promise.all(writers.map((n) => executeTill(store, policy, id, open(`s${n}`))));
    expect(opened.filter(({ decision }) => decision.accepted)).toHaveLength(1);
    const [session] = (await loadTill(store, id)).sessions;
    const sessionId = session?.sessionId as string;
    const closed = await Promise.all(
      writers.map((n) => executeTill(store, policy, id, close(`c${n}`, '1', '51', sessionId))),
    );
    const refused = closed.flatMap(({ decision }) => (decision.accepted ? [] : [decision.rejection.type]));
    expect(refused).toEqual(Array(15).fill('TillSessionClosed'));
    expect((await loadTill(store, id)).eventCount).toBe(2);
  });

  it('keeps tills apart, and from patrons', async () => {
    const store = officeStore();
    await executeTill(store, policy, id, open());
    await executeTill(store, policy, { ...id, till: 'ANNEX' }, open());
    await executeTill(store, policy, { ...id, institution: 'south' }, open());
    expect((await store.accounts({ institution: 'north' })).accounts).toEqual([
      { institution: 'north', stream: 'till:CIRC' },
      { institution: 'north', stream: 'till:ANNEX' },
    ]);
  });

  it('names a corrupt till in the error', async () => {
    const store = officeStore();
    const [opened] = tillEvents(open());
    const stream = { institution: 'north', stream: 'till:CIRC' };
    const twice = [opened, opened] as TillEvent[];
    await store.append(stream, twice, { expectedVersion: 0 });
    for (const corrupt of [loadTill(store, id), executeTill(store, policy, id, open('s2'))]) {
      await expect(corrupt).rejects.toMatchObject({
        code: 'CORRUPT_HISTORY',
        message: expect.stringMatching(/^CORRUPT_HISTORY: north\/till:CIRC: event 2 /),
        details: { stream: 'north/till:CIRC', position: 2 },
      });
    }
    const unread = { ...store, read: () => Promise.reject(new Error('offline')) };
    await expect(loadTill(unread, id)).rejects.toThrow('offline');
  });

  it('reads only the open session, whatever the till had before', async () => {
    const store = officeStore();
    const stream = { institution: 'north', stream: 'till:CIRC' };
    const life = Array.from({ length: 365 }, (_, n) => [
      open(`s${n}`),
      close('c', '1', '51', `s${n}`),
    ]).flat();
    await store.append(stream, tillEvents(...life), { expectedVersion: 0 });
    let events = 0;
    const counting: typeof store = {
      ...store,
      read: async (...given) => {
        const slice = await store.read(...given);
        events += slice.events.length;
        return slice;
      },
    };
    const run = async (command: TillCommand) => {
      events = 0;
      const { decision, till } = await executeTill(counting, policy, id, command);
      return [
        decision.accepted ? decision.events.length : decision.rejection.type,
        events,
        till.sessions.length,
      ];
    };
    // A session's id is compared with all of them.
    expect(await run(open('s365'))).toEqual([1, 20 + 20 + 730, 1]);
    for (let n = 0; n < 60; n++) await executeTill(counting, policy, id, move(`m${n}`, 'in', '1', 's365'));
    expect(await run(move('m60', 'out', '30', 's365'))).toEqual([1, 20 + 80, 1]);
    expect(await run(move('m60', 'out', '30', 's365'))).toEqual([0, 20 + 80, 1]);
    expect(await run(close('c', '1', '81', 's365'))).toEqual([1, 20 + 80, 1]);
    expect(await run(close('c', '1', '81', 's365'))).toEqual([0, 20 + 80, 1]);
    // Commands to earlier sessions are repeats, or refused, as before.
    expect((await run(open('s7')))[0]).toBe(0);
    expect((await run(close('c', '1', '51', 's7')))[0]).toBe(0);
    expect((await run(close('d', '1', '51', 's7')))[0]).toBe('TillSessionClosed');
    expect((await run(move('m', 'in', '1', 'never')))[0]).toBe('TillSessionNotFound');
    expect((await run({ ...open('s7'), float: '1' }))[0]).toBe('OfficeIdAlreadyUsed');
    expect((await loadTill(store, id)).sessions).toHaveLength(366);
  });

  it('decides as if it had read all sessions, for any sequence of commands', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyTillCommand, { maxLength: 40 }), async (commands) => {
        const store = officeStore();
        let till = emptyTill;
        for (const command of commands) {
          const expected = decideTill(command, till, policy);
          const { decision, till: after } = await executeTill(store, policy, id, command);
          expect(decision).toEqual(expected);
          till = foldTill(expected.events, till);
          expect(after.sessions).toEqual(till.sessions.slice(-1));
          expect(after.eventCount).toBe(till.eventCount);
        }
        expect(await loadTill(store, id)).toEqual(till);
      }),
      tried(100),
    );
  });

  it('gives up after the attempts it was given', async () => {
    const store = officeStore();
    const busy = { ...store, read: async () => ({ version: 0, events: [] }) };
    await executeTill(store, policy, id, open());
    const retry = { attempts: 2, maxPauseMs: 0 };
    await expect(executeTill(busy, policy, id, open('s2'), { retry })).rejects.toMatchObject({
      code: 'VERSION_CONFLICT',
    });
    for (const till of ['', 't'.repeat(191)]) {
      await expect(executeTill(store, policy, { ...id, till }, open())).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        details: { faults: [{ path: 'id.till' }] },
      });
    }
  });
});
