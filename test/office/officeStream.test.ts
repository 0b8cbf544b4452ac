import { describe, expect, it } from 'vitest';
import { retryField } from '../../src/history/retry.js';
import { checkedArgument } from '../../src/input/checkedArgument.js';
import type { OfficeEvent } from '../../src/office/index.js';
import { executeOffice } from '../../src/office/officeStream.js';
import { officeStore, open, tillEvents } from './till/tills.js';

const stream = { institution: 'north', stream: 'till:CIRC' };
const count = (events: readonly OfficeEvent[], state = { eventCount: 0 }) => ({
  eventCount: state.eventCount + events.length,
});
const retry = checkedArgument(retryField, { attempts: 3, maxPauseMs: 0 }, 'retry');

describe('a command to a stream of the office', () => {
  it('is decided again after the events that another writer appended', async () => {
    const store = officeStore();
    const seen: number[] = [];
    const decide = ({ eventCount }: { readonly eventCount: number }) => {
      seen.push(eventCount);
      return { events: tillEvents(open()) };
    };
    const rival = {
      ...store,
      read: async (...parts: Parameters<typeof store.read>) => {
        const slice = await store.read(...parts);
        if (seen.length === 0) await store.append(stream, tillEvents(open()), { expectedVersion: 'any' });
        return slice;
      },
    };
    const { state } = await executeOffice(rival, stream, { fold: count, decide }, retry);
    expect([seen, state]).toEqual([[0, 1], { eventCount: 2 }]);
  });

  it('appends nothing if nothing was decided', async () => {
    const store = officeStore();
    const decide = () => ({ events: [] });
    expect(await executeOffice(store, stream, { fold: count, decide }, retry)).toEqual({
      decision: { events: [] },
      state: { eventCount: 0 },
    });
    expect((await store.accounts()).accounts).toEqual([]);
  });
});
