import { expect, it } from 'vitest';
import { foldProviderRow, type ProviderRowEvent } from '../../../src/office/onlinePayments/providerRow.js';

const base = { rowId: 'r1', method: 'ONLINE', amount: '-2.00', currency: 'USD' } as const;
const told = { at: '2026-03-04T09:00:00Z', by: { channel: 'job' } } as const;
const recorded = (payoutId: string, instead?: string): ProviderRowEvent => ({
  type: 'ProviderRowRecorded',
  data: { ...base, ...told, payoutId, paidOn: '2026-03-04', ...(instead !== undefined && { instead }) },
});
const reversed: ProviderRowEvent = { type: 'ProviderRowReversed', data: { ...base, ...told } };

it('folds a row, the payouts that had it before, and its reversal', () => {
  expect(foldProviderRow([])).toBeNull();
  const moved = foldProviderRow([recorded('po_1'), recorded('po_2', 'po_1')]);
  expect(moved).toMatchObject({
    payoutId: 'po_2',
    earlierPayouts: ['po_1'],
    isReversed: false,
    eventCount: 2,
  });
  expect(foldProviderRow([reversed], moved)).toMatchObject({ isReversed: true, eventCount: 3 });
});

it('refuses a row that is recorded twice, or after it is reversed', () => {
  const corrupt: (readonly ProviderRowEvent[])[] = [
    [recorded('po_1'), recorded('po_2')],
    [recorded('po_1'), recorded('po_2', 'po_9')],
    [reversed],
    [recorded('po_1'), reversed, reversed],
    [recorded('po_1'), reversed, recorded('po_2', 'po_1')],
  ];
  for (const events of corrupt) expect(() => foldProviderRow(events)).toThrow('CORRUPT_HISTORY');
});
