import { officeEvents } from 'patron-fees/office';
import type { OnlinePaymentEvent } from 'patron-fees/online';

const common = {
  onlinePaymentId: 'o1',
  currency: 'USD',
  at: '2026-03-02T09:00:00Z',
  by: { channel: 'online' },
} as const;
const method = 'ONLINE';

/** The events of a payment that was taken, given back in part, and paid out. */
export const history: readonly OnlinePaymentEvent[] = [
  {
    type: 'OnlinePaymentStarted',
    data: {
      ...common,
      parts: [
        { patronId: 'ann', feeId: 'f1', amount: '5.00' },
        { patronId: 'ben', feeId: 'g1', amount: '4.00' },
      ],
      amount: '9.00',
      serviceFee: '0.50',
      serviceFeeVatPercent: 20,
      total: '9.50',
      method,
      expiresAt: '2026-03-02T10:00:00Z',
    },
  },
  {
    type: 'OnlinePaymentCaptured',
    data: {
      ...common,
      method,
      externalTransactionId: 'ch_1',
      amount: '10.00',
      serviceFee: '0.50',
      accounts: [
        { patronId: 'ann', amount: '5.50', allocations: [{ feeId: 'f1', amount: '5.00' }] },
        { patronId: 'ben', amount: '4.00', allocations: [{ feeId: 'g1', amount: '4.00' }] },
      ],
    },
  },
  {
    type: 'OnlinePaymentRecorded',
    data: {
      ...common,
      kind: 'capture',
      externalTransactionId: 'ch_1',
      patronId: 'ann',
      recordedId: 'p1',
      amount: '5.50',
      credited: '0.50',
    },
  },
  {
    type: 'OnlinePaymentRecorded',
    data: {
      ...common,
      kind: 'capture',
      externalTransactionId: 'ch_1',
      patronId: 'ben',
      recordedId: 'p2',
      amount: '4.00',
    },
  },
  {
    type: 'OnlinePaymentReturned',
    data: {
      ...common,
      method,
      externalTransactionId: 're_1',
      of: 'ch_1',
      kind: 'refund',
      amount: '0.60',
      serviceFee: '0.10',
      accounts: [{ patronId: 'ann', amount: '0.50' }],
    },
  },
  {
    type: 'OnlinePaymentRecorded',
    data: {
      ...common,
      kind: 'return',
      externalTransactionId: 're_1',
      patronId: 'ann',
      recordedId: 'r1',
      amount: '0.50',
      byOthers: '0.50',
    },
  },
  { type: 'OnlinePaymentEnded', data: { ...common, cause: 'expired', final: true } },
  {
    type: 'OnlinePaymentPaidOut',
    data: {
      ...common,
      rowId: 'row1',
      kind: 'capture',
      externalTransactionId: 'ch_1',
      amount: '10.00',
      payoutId: 'po_1',
      paidOn: '2026-03-04',
      gross: '10.00',
      fee: '-0.40',
      payoutCurrency: 'USD',
    },
  },
];

/** Returns an event of the history with other data. */
export function changed(index: number, data: object): OnlinePaymentEvent {
  const event = history[index] as OnlinePaymentEvent;
  return { ...event, data: { ...event.data, ...data } } as OnlinePaymentEvent;
}

/** Reads an event as a store does. */
export function stored(event: OnlinePaymentEvent): unknown {
  return officeEvents.decode(officeEvents.encode(event));
}
