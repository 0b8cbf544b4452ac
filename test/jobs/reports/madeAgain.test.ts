import { describe, expect, it } from 'vitest';
import { type EventStore, memoryEventStore } from '../../../src/history/index.js';
import { definePolicy } from '../../../src/index.js';
import {
  type JournalTotals,
  journalText,
  runAgedDebt,
  runPaymentsReport,
} from '../../../src/jobs/reports/index.js';
import { assessed } from '../../support/events.js';

const policy = definePolicy({ currency: 'USD' });
const days = { institution: 'north', timeZone: 'UTC' };

async function journalOf(store: EventStore, postedBy: 'at' | 'recordedAt'): Promise<JournalTotals> {
  const form = { ...days, format: 'csv', from: '2026-03-01', through: '2026-03-31', postedBy } as const;
  const text = journalText(store, policy, form);
  for (;;) {
    const { done, value } = await text.next();
    if (done) return value;
  }
}

const reports: Readonly<Record<string, (store: EventStore) => Promise<unknown>>> = {
  'aged debt': (store) => runAgedDebt(store, policy, { ...days, asOf: '2026-03-31', bandEndDays: [30] }),
  'a payments report': (store) =>
    runPaymentsReport(store, policy, {
      ...days,
      from: '2026-03-01',
      through: '2026-03-31',
      dayOf: 'recordedAt',
    }),
  'a payments report by the time of events': (store) =>
    runPaymentsReport(store, policy, { ...days, from: '2026-03-01', through: '2026-03-31' }),
  'a journal': (store) => journalOf(store, 'recordedAt'),
  'a journal posted by the time of events': (store) => journalOf(store, 'at'),
};

describe('a report made again', () => {
  it.each(Object.keys(reports))('does not count accounts that came later: %s', async (name) => {
    let now = '2026-03-10T10:00:00Z';
    const store = memoryEventStore({ now: () => now });
    const add = (patronId: string) =>
      store.append({ institution: 'north', patronId }, [assessed('f1', '2.50', { at: now })], {
        expectedVersion: 0,
      });
    await add('p1');
    await add('p2');
    const report = reports[name] as (store: EventStore) => Promise<{ readonly accounts: number }>;
    // By the time of events, what is recorded late may count: `recordedBefore` is the end of what was read.
    const figuresOf = async () => ({ ...(await report(store)), recordedBefore: null });
    const first = await figuresOf();
    expect(first.accounts).toBe(2);
    now = '2026-04-10T10:00:00Z';
    await add('p3');
    expect(await figuresOf()).toEqual(first);
  });
});
