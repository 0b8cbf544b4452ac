// The events of an online payment in the golden logs of the office.
import type { KeptReportEvent, OnlinePaymentEvent, ProviderRowEvent } from '../src/online/index.js';

const online = {
  onlinePaymentId: 'o1',
  currency: 'USD',
  at: '2026-03-02T09:00:00Z',
  by: { channel: 'online' },
} as const;
const capture = { method: 'ONLINE', externalTransactionId: 'ch_1' };
const onlineParts = [
  { patronId: 'ann', feeId: 'f1', amount: '5.00' },
  { patronId: 'ben', feeId: 'g1', amount: '4.00' },
];
/** A payment that was taken, given back in part, and paid out in another currency. */
export const paidOnline: readonly OnlinePaymentEvent[] = [
  {
    type: 'OnlinePaymentStarted',
    data: {
      ...online,
      parts: onlineParts,
      amount: '9.00',
      serviceFee: '0.50',
      serviceFeeVatPercent: 20,
      total: '9.50',
      method: 'ONLINE',
      shortfallFee: { feeType: 'OTHER', owner: 'MAIN' },
      expiresAt: '2026-03-02T10:00:00Z',
    },
  },
  {
    type: 'OnlinePaymentCaptured',
    data: {
      ...online,
      ...capture,
      rowId: 'txn_1',
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
      ...online,
      kind: 'capture',
      externalTransactionId: 'ch_1',
      patronId: 'ann',
      recordedId: 'p1',
      amount: '5.50',
      credited: '0.50',
    },
  },
  {
    type: 'OnlinePaymentReturned',
    data: {
      ...online,
      method: 'ONLINE',
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
      ...online,
      kind: 'return',
      externalTransactionId: 're_1',
      patronId: 'ann',
      recordedId: 'r1',
      amount: '0.50',
      byOthers: '0.50',
    },
  },
  { type: 'OnlinePaymentEnded', data: { ...online, cause: 'completed', final: true } },
  {
    type: 'OnlinePaymentPaidOut',
    data: {
      ...online,
      rowId: 'row_1',
      kind: 'capture',
      externalTransactionId: 'ch_1',
      amount: '10.00',
      payoutId: 'po_1',
      paidOn: '2026-03-04',
      gross: '1480',
      fee: '-60',
      payoutCurrency: 'JPY',
    },
  },
];

const debit = { ...online, onlinePaymentId: 'o2' };

function captured(externalTransactionId: string, amount: string): OnlinePaymentEvent {
  const accounts = [{ patronId: 'ann', amount, allocations: [] }];
  const data = { ...debit, method: 'ONLINE', externalTransactionId, amount, serviceFee: '0.00', accounts };
  return { type: 'OnlinePaymentCaptured', data };
}

/** A payment that stayed pending, was taken twice, given back at once, and settled by hand. */
export const settledOnline: readonly OnlinePaymentEvent[] = [
  {
    type: 'OnlinePaymentStarted',
    data: {
      ...debit,
      parts: [{ patronId: 'ann', feeId: 'f2', amount: '5.00' }],
      amount: '5.00',
      serviceFee: '0.00',
      total: '5.00',
      method: 'ONLINE',
      expiresAt: '2026-03-02T10:00:00Z',
    },
  },
  { type: 'OnlinePaymentPending', data: { ...debit, until: '2026-03-09T09:00:00Z' } },
  captured('dd_1', '5.00'),
  captured('dd_2', '5.00'),
  {
    type: 'OnlinePaymentReturned',
    data: {
      ...debit,
      method: 'ONLINE',
      externalTransactionId: 're_2',
      of: 'dd_1',
      kind: 'chargeback',
      amount: '10.00',
      serviceFee: '0.00',
      accounts: [{ patronId: 'ann', amount: '5.00' }],
      others: [{ of: 'dd_2', serviceFee: '0.00', accounts: [{ patronId: 'ann', amount: '5.00' }] }],
    },
  },
  {
    type: 'OnlinePaymentSettled',
    data: {
      ...debit,
      what: 'apart',
      kind: 'capture',
      externalTransactionId: 'dd_1',
      patronId: 'ann',
      amount: '5.00',
      reason: 'Paid at the desk',
      approvedBy: { userId: 'lee', upTo: '5.00' },
    },
  },
];

/** A payment of which a person reported what was never taken, and the end, and said why. */
export const reportedByAPerson: readonly OnlinePaymentEvent[] = [
  ...settledOnline.slice(0, 1),
  captured('dd_1', '500.00'),
  {
    type: 'OnlinePaymentReturned',
    data: {
      ...debit,
      by: { userId: 'lee', channel: 'desk' },
      method: 'ONLINE',
      externalTransactionId: 'rest-dd_1',
      of: 'dd_1',
      kind: 'refund',
      amount: '495.00',
      serviceFee: '0.00',
      accounts: [{ patronId: 'ann', amount: '495.00' }],
      reason: 'Cents were told as dollars',
    },
  },
  {
    type: 'OnlinePaymentEnded',
    data: {
      ...debit,
      by: { userId: 'lee', channel: 'desk' },
      cause: 'completed',
      final: true,
      reason: 'Its page says so',
    },
  },
];

const strange = { currency: 'USD', at: online.at, by: online.by, keptId: 'k1' } as const;

/** A capture and a return of a payment that nobody knows, told twice, and recorded at last. */
export const keptOnline: readonly KeptReportEvent[] = [
  {
    type: 'OnlineReportKept',
    data: {
      ...strange,
      kind: 'return',
      told: {
        onlinePaymentId: 'o9',
        externalTransactionId: 're_9',
        amount: '5.00',
        currency: 'USD',
        of: 'ch_9',
        kind: 'refund',
        accounts: [{ patronId: 'ann', amount: '5.00' }],
      },
      because: 'CaptureUnknown',
    },
  },
  { type: 'OnlineReportSettled', data: { ...strange, how: 'recorded' } },
];

const paid = { method: 'ONLINE', gross: '7.00', fee: '0.40', currency: 'USD' } as const;

/** A row of a payout that nobody knows, settled and opened again. */
export const keptRow: readonly KeptReportEvent[] = [
  {
    type: 'OnlineReportKept',
    data: {
      ...strange,
      keptId: 'k2',
      kind: 'row',
      told: {
        rowId: 'txn_9',
        reference: null,
        transaction: 'ch_9',
        of: 'ch_8',
        type: 'capture',
        amount: '7.00',
        currency: 'USD',
        gross: '7.00',
        fee: '0.40',
        net: '6.60',
        payoutCurrency: 'USD',
        payoutId: 'po_1',
        paidOn: '2026-03-04',
        method: 'ONLINE',
      },
      because: 'UNKNOWN_PAYMENT',
    },
  },
  {
    type: 'OnlineReportSettled',
    data: {
      ...strange,
      keptId: 'k2',
      how: 'settled',
      reason: 'a test',
      approvedBy: { userId: 'lee', upTo: '7.00' },
      posted: paid,
    },
  },
  {
    type: 'OnlineReportSettled',
    data: { ...strange, keptId: 'k2', how: 'reopened', reason: 'no test', posted: paid },
  },
];

const cost = { rowId: 'txn_10', method: 'ONLINE', currency: 'USD', at: online.at, by: online.by } as const;
const costPaid = { ...cost, amount: '12.60', paidOn: '2026-03-05', failedPayout: 'po_1' } as const;

/** A row of a payout that failed and came again, which was a row of a payment after all. */
export const providerRow: readonly ProviderRowEvent[] = [
  { type: 'ProviderRowRecorded', data: { ...costPaid, payoutId: 'po_2' } },
  { type: 'ProviderRowRecorded', data: { ...costPaid, payoutId: 'po_3', instead: 'po_2' } },
  { type: 'ProviderRowReversed', data: { ...cost, amount: '12.60' } },
];

/** A cost of the provider that a later report tells otherwise. */
export const keptCost: readonly KeptReportEvent[] = [
  {
    type: 'OnlineReportKept',
    data: {
      ...strange,
      keptId: 'k3',
      kind: 'row',
      told: {
        rowId: 'txn_11',
        reference: null,
        transaction: null,
        type: 'other',
        amount: '-2.00',
        currency: 'USD',
        gross: '-2.00',
        fee: '0.00',
        net: '-2.00',
        payoutCurrency: 'USD',
        payoutId: 'po_1',
        paidOn: '2026-03-04',
        failedPayout: 'po_0',
      },
      because: 'ROW_CHANGED',
    },
  },
];

/** A payment whose payout failed at the bank and came again. */
export const paidOutAgain: readonly OnlinePaymentEvent[] = [
  settledOnline[0] as OnlinePaymentEvent,
  captured('dd_1', '5.00'),
  paidOutIn('po_1', {}),
  paidOutIn('po_2', { instead: 'po_1' }),
];

function paidOutIn(payoutId: string, more: { readonly instead?: string }): OnlinePaymentEvent {
  const row = { rowId: 'row_3', kind: 'capture', externalTransactionId: 'dd_1', amount: '5.00' } as const;
  const money = { gross: '5.00', fee: '0.20', payoutCurrency: 'USD', paidOn: '2026-03-04' };
  return { type: 'OnlinePaymentPaidOut', data: { ...debit, ...row, ...money, payoutId, ...more } };
}
