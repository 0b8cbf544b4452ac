import { describe, expect, it } from 'vitest';
import { executeTill, loadTill, type TillEvent } from '../../../src/institution/index.js';
import { policy } from '../../support/account.js';
import { slowStore } from '../../support/stores.js';
import { close, officeStore, open, tillEvents } from './tills.js';

const id = { institution: 'north', till: 'CIRC' };

describe('a till in a store', () => {
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
      { institution: 'north', patronId: 'till:CIRC' },
      { institution: 'north', patronId: 'till:ANNEX' },
    ]);
  });

  it('names the till in the error of a corrupt one', async () => {
    const store = officeStore();
    const [opened] = tillEvents(open());
    const stream = { institution: 'north', patronId: 'till:CIRC' };
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
