// The golden logs of the office: together they have every event, and every field of every event. A log is a stream.
import type { OfficeEvent } from '../src/office/index.js';
import {
  keptCost,
  keptOnline,
  keptRow,
  paidOnline,
  paidOutAgain,
  providerRow,
  reportedByAPerson,
  settledOnline,
} from './goldenOnlinePayment.js';

const by = { userId: 'ana', channel: 'desk', desk: 'CIRC', library: 'MAIN', institution: 'north' } as const;
const job = { channel: 'job' } as const;
const at = '2026-03-02T09:00:00-05:00';

const caused = (commandId: string) => ({ metadata: { commandId, commandDigest: `digest of ${commandId}` } });
const ofJob = { metadata: { correlationId: 'march' } };

/** The events of each stream, by name of the log. */
type OfficeLogs = Readonly<
  Record<string, { readonly stream: string; readonly events: readonly OfficeEvent[] }>
>;

const approvedBy = { userId: 'mo', upTo: '1000.00' } as const;
const session = { sessionId: 'CIRC/1', currency: 'USD', at, by, approvedBy, comment: 'Early shift' };
const remittance = { remittanceId: 'r1', destination: 'BANNER', currency: 'USD', at, by, approvedBy };
const bank = { currency: 'USD', at, by, approvedBy };
const receipt = {
  series: '2026',
  patronId: 'ann',
  kind: 'payment',
  subjectId: 'p1',
  accountVersion: 2,
  amount: '9.00',
  currency: 'USD',
  at,
  by,
  others: [{ patronId: 'ben', accountVersion: 3, amount: '4.00' }],
} as const;
const { others: _, ...alone } = receipt;
const seal = {
  timeZone: 'America/New_York',
  basis: 'accrual',
  lostItems: 'gross',
  rule: '1',
  accounts: 2,
  officeStreams: 1,
  events: 7,
  sums: [{ account: ['receivable', 'MAIN'], currency: 'USD', amount: '-2.50' }],
} as const;

export const officeLogs: OfficeLogs = {
  'a-till': {
    stream: 'till:CIRC',
    events: [
      {
        type: 'TillOpened',
        data: { ...session, float: '50.00', floatMethod: 'CASH' },
        ...caused('CIRC/1'),
      },
      {
        type: 'TillMoneyMoved',
        data: { ...session, movementId: 'drop', direction: 'out', amount: '20.00' },
        ...caused('drop'),
      },
      {
        type: 'TillClosed',
        data: {
          ...session,
          closingId: 'close',
          counts: [
            {
              method: 'CASH',
              takings: '12.50',
              expected: '42.50',
              counted: '42.00',
              difference: '-0.50',
              deposit: '12.00',
            },
            {
              method: 'CREDIT_CARD',
              takings: '-3.00',
              expected: '-3.00',
              counted: '-3.00',
              difference: '0.00',
              deposit: '-3.00',
            },
          ],
          depositReference: 'slip 12',
        },
        ...caused('close'),
      },
    ],
  },
  'a-till-with-a-difference': {
    stream: 'till:CIRC',
    events: [
      { type: 'TillOpened', data: { ...session, float: '50.00', floatMethod: 'CASH' }, ...caused('CIRC/1') },
      {
        type: 'TillClosed',
        data: {
          ...session,
          closingId: 'close',
          counts: [
            {
              method: 'CASH',
              takings: '12.50',
              expected: '62.50',
              counted: '52.50',
              difference: '-10.00',
              deposit: '2.50',
            },
          ],
          takenUntil: '2026-03-02T08:58:00-05:00',
          differenceAbove: '5.00',
        },
        ...caused('close'),
      },
      {
        type: 'TillDifferenceAccepted',
        data: { ...session, acceptanceId: 'a1', amount: '10.00', by: { ...by, userId: 'mo' } },
        ...caused('a1'),
      },
    ],
  },
  'a-till-in-yen': {
    stream: 'till:東京',
    events: [
      {
        type: 'TillOpened',
        data: { ...session, sessionId: '東京/1', currency: 'JPY', float: '5000', floatMethod: 'CASH' },
        ...caused('東京/1'),
      },
    ],
  },
  remitted: {
    stream: 'remittances:BANNER',
    events: [
      {
        type: 'RemittanceRecorded',
        data: {
          ...remittance,
          direction: 'received',
          amount: '95.00',
          commission: '5.00',
          surplus: '0.00',
          reference: 'transfer 77',
          comment: 'March',
        },
        ...caused('r1'),
      },
      {
        type: 'RemittanceReversed',
        data: { ...remittance, reversalId: 'u1', amount: '95.00', comment: 'Returned' },
        ...caused('u1'),
      },
    ],
  },
  'at-the-bank': {
    stream: 'bank:GIRO',
    events: [
      {
        type: 'SafeDeposited',
        data: {
          ...bank,
          depositId: 's1',
          method: 'CASH',
          amount: '20.00',
          reference: 'slip 13',
          comment: 'Drops',
        },
        ...caused('s1'),
      },
      {
        type: 'BankEntryConfirmed',
        data: {
          ...bank,
          confirmationId: 'c1',
          entryId: 'B77',
          bookedOn: '2026-03-04',
          amount: '121.50',
          items: [
            { kind: 'deposit', till: 'CIRC', sessionId: 'CIRC/1', method: 'CASH', amount: '12.00' },
            { kind: 'safeDeposit', depositId: 's1', method: 'CASH', amount: '20.00' },
            { kind: 'returned', patronId: 'ann', reversalId: 'v1', method: 'CHECK', amount: '-15.00' },
            { kind: 'remittance', remittanceId: 'r1', destination: 'BANNER', amount: '95.00' },
            { kind: 'payout', method: 'ONLINE', payoutId: 'po_1', amount: '10.00' },
          ],
          difference: { kind: 'overShort', amount: '-0.50' },
          matchedBy: 'hand',
          comment: 'By hand',
        },
        ...caused('c1'),
      },
      {
        type: 'BankRecordReversed',
        data: { ...bank, reversalId: 'u1', recordId: 'c1', amount: '121.50', comment: 'Wrong entry' },
        ...caused('u1'),
      },
    ],
  },
  'at-the-bank-in-parts': {
    stream: 'bank:GIRO',
    events: [
      {
        type: 'BankEntryConfirmed',
        data: {
          ...bank,
          confirmationId: 'c1',
          entryId: 'B80',
          bookedOn: '2026-03-04',
          amount: '40.00',
          items: [
            {
              kind: 'deposit',
              till: 'CIRC',
              sessionId: 'CIRC/1',
              method: 'CASH',
              amount: '40.00',
              of: '62.00',
            },
          ],
          matchedBy: 'hand',
        },
        ...caused('c1'),
      },
      {
        type: 'BankEntryConfirmed',
        data: {
          ...bank,
          confirmationId: 'c2',
          entryId: 'B81',
          bookedOn: '2026-03-06',
          amount: '-20.00',
          items: [
            {
              kind: 'deposit',
              till: 'CIRC',
              sessionId: 'CIRC/1',
              method: 'CASH',
              amount: '-5.00',
              of: '62.00',
            },
            {
              ...{ kind: 'returned', patronId: 'ann', reversalId: 'v1', method: 'CHECK' },
              ...{ amount: '-15.00', of: '-16.00' },
            },
          ],
          matchedBy: 'hand',
        },
        ...caused('c2'),
      },
      {
        type: 'BankItemEnded',
        data: {
          ...bank,
          endingId: 'e1',
          item: {
            kind: 'deposit',
            till: 'CIRC',
            sessionId: 'CIRC/1',
            method: 'CASH',
            amount: '27.00',
            of: '62.00',
          },
          reason: 'FALSE',
          comment: 'A counterfeit note',
        },
        ...caused('e1'),
      },
      {
        type: 'BankRecordReversed',
        data: { ...bank, reversalId: 'u1', recordId: 'e1', amount: '27.00' },
        ...caused('u1'),
      },
    ],
  },
  'booked-at-the-bank': {
    stream: 'bank:GIRO',
    events: [
      {
        type: 'BankEntryBooked',
        data: {
          ...bank,
          bookingId: 'b1',
          entryId: 'B90',
          bookedOn: '2026-03-31',
          amount: '-4.90',
          reason: 'FEE',
          comment: 'March',
        },
        ...caused('b1'),
      },
      {
        type: 'BankRecordReversed',
        data: { ...bank, reversalId: 'u1', recordId: 'b1', amount: '-4.90' },
        ...caused('u1'),
      },
    ],
  },
  'receipts-of-a-patron': {
    stream: 'patron:ann',
    events: [
      { type: 'ReceiptRequested', data: { ...receipt, payer: 'ben' } },
      { type: 'ReceiptIssued', data: { ...receipt, number: 1 } },
    ],
  },
  'a-receipt-of-two-methods': {
    stream: 'patron:ann',
    events: [
      { type: 'ReceiptRequested', data: { ...alone, subjectId: 'p2', amount: '4.00', paidWith: 'p1' } },
      { type: 'ReceiptRequested', data: { ...alone, payments: [{ paymentId: 'p2', amount: '4.00' }] } },
      {
        type: 'ReceiptIssued',
        data: { ...alone, number: 1, payments: [{ paymentId: 'p2', amount: '4.00' }] },
      },
    ],
  },
  'a-series-of-receipts': {
    stream: 'receipts:2026',
    events: [
      { type: 'ReceiptIssued', data: { ...receipt, number: 1 } },
      {
        type: 'ReceiptIssued',
        data: { ...receipt, number: 2, kind: 'refund', subjectId: 'x1', others: [] },
      },
      { type: 'ReceiptSeriesClosed', data: { series: '2026', lastNumber: 2, at, by } },
    ],
  },
  'paid-online': { stream: 'online:o1', events: paidOnline },
  'settled-online': { stream: 'online:o2', events: settledOnline },
  'reported-by-a-person': { stream: 'online:o2', events: reportedByAPerson },
  'kept-online': { stream: 'onlineKept:k1', events: keptOnline },
  'a-kept-row': { stream: 'onlineKept:k2', events: keptRow },
  'a-cost-of-a-provider': { stream: 'providerRow:txn_10', events: providerRow },
  'a-kept-cost': { stream: 'onlineKept:k3', events: keptCost },
  'paid-out-again': { stream: 'online:o2', events: paidOutAgain },
  sealed: {
    stream: 'seals:',
    events: [
      {
        type: 'PeriodSealed',
        data: {
          ...seal,
          number: 1,
          cutoff: '2026-04-01T04:00:00.000Z',
          file: 'seal-00001.ndjson',
          total: 'a'.repeat(64),
          previous: null,
          known: 0,
          at: '2026-04-01T12:00:00Z',
        },
      },
      {
        type: 'PeriodSealed',
        data: {
          ...seal,
          number: 2,
          cutoff: '2026-05-01T04:00:00.000Z',
          file: 'seal-00002.ndjson',
          total: 'b'.repeat(64),
          previous: 'a'.repeat(64),
          known: 1,
          signature: 'ed25519:abc',
          at: '2026-05-01T12:00:00Z',
          by: job,
          approvedBy: { userId: 'mo' },
        },
        ...ofJob,
      },
    ],
  },
  closed: {
    stream: 'closings:',
    events: [
      {
        type: 'MonthClosed',
        data: {
          seal: 2,
          files: [{ name: 'journal-2026-04.csv', bytes: 1_024, sha256: 'c'.repeat(64) }],
          at: '2026-05-01T12:00:00Z',
          by: job,
        },
        ...ofJob,
      },
    ],
  },
  purged: {
    stream: 'purges:ann',
    events: [
      {
        type: 'PurgeRecorded',
        data: {
          purgeId: '2036',
          patronId: 'ann',
          version: 7,
          seal: 2,
          at,
          by: job,
          approvedBy: { userId: 'mo' },
        },
        ...ofJob,
      },
    ],
  },
  policies: {
    stream: 'policies:',
    events: [
      {
        type: 'PolicyRecorded',
        data: {
          number: 1,
          from: at,
          policy: { currency: 'USD', defaultOwner: 'MAIN' },
          changed: ['currency'],
          at,
          by,
          comment: 'First',
        },
        ...caused('policy-1'),
      },
    ],
  },
  'an-imported-file': {
    stream: `files:${'d'.repeat(64)}`,
    events: [
      { type: 'FileImported', data: { jobId: 'answer-9', sha256: 'd'.repeat(64), rows: 12, at } },
      {
        type: 'FileImported',
        data: { jobId: 'answer-9-again', sha256: 'd'.repeat(64), rows: 12, at, by: job },
      },
    ],
  },
  'notices-sent': {
    stream: 'notices:ann',
    events: [
      {
        type: 'NoticeSent',
        data: { patronId: 'ann', kind: 'paid', told: ['paid 2'], at, by: job },
        ...ofJob,
      },
    ],
  },
};
