import { describe, expect, it } from 'vitest';
import { type EventStore, memoryEventStore } from '../../src/history/index.js';
import { type AccountEvent, definePolicy } from '../../src/index.js';
import {
  journalText,
  runAgedDebt,
  runPaymentsReport,
  runStatements,
  type StatementOfAccount,
} from '../../src/jobs/reports/index.js';

// Midnight in New York, to the millisecond: the first instant of April.
const midnight = '2026-04-01T04:00:00.000Z';
const timeZone = 'America/New_York';
const institution = 'north';
const policy = definePolicy({ currency: 'USD' });

const charged = (feeId: string, at: string): AccountEvent => ({
  type: 'FeeAssessed',
  data: { feeId, feeType: 'OTHER', amount: '5.00', currency: 'USD', owner: 'MAIN', at },
});
const paid: AccountEvent = {
  type: 'PaymentReceived',
  data: {
    paymentId: 'p1',
    amount: '2.00',
    currency: 'USD',
    method: 'CASH',
    at: midnight,
    allocations: [{ feeId: 'f1', amount: '2.00' }],
  },
};

/** A fee of March, and a payment made and recorded at the first instant of April. */
async function storeAtMidnight(): Promise<EventStore> {
  const march = '2026-03-10T15:00:00Z';
  const store = memoryEventStore({ now: () => midnight });
  const stream = { institution, patronId: 'p1' };
  await store.append(stream, [charged('f1', march)], { expectedVersion: 0, recordedAt: march });
  await store.append(stream, [paid], { expectedVersion: 1, recordedAt: midnight });
  return store;
}

describe('an event made and recorded at midnight, to the millisecond', () => {
  it('is in the statement of the month that starts then', async () => {
    const store = await storeAtMidnight();
    const bounds = ['2026-03-01T05:00:00Z', midnight, '2026-05-01T04:00:00Z'] as const;
    const statementOf = async (from: string, before: string) => {
      for await (const result of runStatements(store, policy, { institution, from, before })) {
        return (result as StatementOfAccount).statement;
      }
      throw new Error('no statement');
    };
    const march = await statementOf(bounds[0], bounds[1]);
    const april = await statementOf(bounds[1], bounds[2]);
    expect([march.opening.balance, march.closing.balance, march.lines.length]).toEqual(['0.00', '5.00', 1]);
    expect([april.opening.balance, april.closing.balance, april.lines.length]).toEqual(['5.00', '3.00', 1]);
  });

  it('is in the payments report of the month that starts then, by either date', async () => {
    const store = await storeAtMidnight();
    for (const dayOf of ['at', 'recordedAt'] as const) {
      const net = async (from: string, through: string) =>
        (await runPaymentsReport(store, policy, { institution, timeZone, from, through, dayOf })).total.net;
      expect(await net('2026-03-01', '2026-03-31')).toBe('0.00');
      expect(await net('2026-04-01', '2026-04-30')).toBe('2.00');
    }
  });

  it('is in the journal of the month that starts then', async () => {
    const form = { institution, timeZone, format: 'hledger' } as const;
    let text = '';
    for await (const piece of journalText(await storeAtMidnight(), policy, form)) text += piece;
    expect(text.match(/^2026-\d\d-\d\d (?=p1)/gm)).toEqual(['2026-03-10 ', '2026-04-01 ']);
  });

  it('is not in the aged debt of the day before, nor in that up to midnight', async () => {
    const store = await storeAtMidnight();
    const owed = async (asOf: string) =>
      (await runAgedDebt(store, policy, { institution, timeZone, asOf })).total.owed;
    expect(await owed('2026-03-31')).toBe('5.00');
    expect(await owed('2026-04-01')).toBe('3.00');
    expect(await owed(midnight)).toBe('5.00');
    expect(await owed('2026-04-01T04:00:00.001Z')).toBe('3.00');
  });
});
