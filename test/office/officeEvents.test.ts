import { describe, expect, it } from 'vitest';
import { type OfficeEvent, officeEvents } from '../../src/office/index.js';
import { migrate, sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { libsql } from '../support/sqliteDrivers.js';
import { received, remittanceEvents, undone } from './remittances/remittances.js';
import { at, by } from './till/tills.js';

const metadata = { commandId: 's', commandDigest: 'd' };
const opened: OfficeEvent = {
  type: 'TillOpened',
  data: { sessionId: 's', currency: 'USD', float: '50.00', floatMethod: 'CASH', at, by },
  metadata,
};
const receipt = {
  series: '2026',
  patronId: 'p',
  kind: 'payment',
  subjectId: 'p1',
  accountVersion: 2,
  amount: '5.00',
  currency: 'USD',
  at,
  by,
} as const;
const count = {
  method: 'CASH',
  takings: '-1.00',
  expected: '49.00',
  counted: '49.00',
  difference: '0.00',
  deposit: '0.00',
};
const valid: readonly OfficeEvent[] = [
  opened,
  {
    type: 'TillMoneyMoved',
    data: { sessionId: 's', movementId: 'm', currency: 'USD', direction: 'in', amount: '1.00', at, by },
    metadata,
  },
  {
    type: 'TillClosed',
    data: { sessionId: 's', closingId: 'c', currency: 'USD', counts: [count], at, by },
    metadata,
  },
  ...remittanceEvents(received('r1', '5'), undone('u1', 'r1')),
  { type: 'ReceiptRequested', data: receipt },
  { type: 'ReceiptIssued', data: { ...receipt, number: 1 } },
  { type: 'ReceiptSeriesClosed', data: { series: '2026', lastNumber: 1, at, by } },
  {
    type: 'PeriodSealed',
    data: {
      number: 1,
      cutoff: '2026-04-01T04:00:00.000Z',
      timeZone: 'America/New_York',
      basis: 'accrual',
      lostItems: 'gross',
      rule: '1',
      previous: null,
      accounts: 1,
      officeStreams: 0,
      events: 2,
      sums: [{ account: ['receivable', 'MAIN'], currency: 'USD', amount: '-2.50' }],
      file: 'seal-00001.ndjson',
      total: 'a'.repeat(64),
      known: 0,
      signature: 'ed25519:abc',
      at,
    },
    metadata: { correlationId: 'march' },
  },
  { type: 'FileImported', data: { jobId: 'answer', sha256: 'd'.repeat(64), rows: 2, at, by } },
  {
    type: 'PurgeRecorded',
    data: { purgeId: '2026', patronId: 'p', version: 2, seal: 1, at, by },
    metadata: { correlationId: '2026' },
  },
  {
    type: 'PolicyRecorded',
    data: {
      number: 1,
      from: at,
      policy: { currency: 'USD' },
      changed: ['currency'],
      at,
      by,
      comment: 'First',
    },
    metadata,
  },
];

describe('events of the office', () => {
  it.each(valid)('are read as they were written: $type', (event) => {
    expect(officeEvents.decode(officeEvents.encode(event))).toEqual(event);
  });

  const invalid: readonly (readonly [string, unknown])[] = [
    ['another event', { type: 'FeeDisputed', data: {} }],
    ['no user', { ...opened, data: { ...opened.data, by: { channel: 'desk' } } }],
    ['another field', { ...opened, data: { ...opened.data, more: 1 } }],
    ['too few decimals', { ...opened, data: { ...opened.data, float: '50' } }],
    ['a negative float', { ...opened, data: { ...opened.data, float: '-50.00' } }],
    ['an unknown currency', { ...opened, data: { ...opened.data, currency: 'XXX' } }],
    [
      'the decimals of a count',
      { ...valid[2], data: { ...valid[2]?.data, counts: [{ ...count, expected: '49' }] } },
    ],
    ['the decimals of a remittance', { ...valid[3], data: { ...valid[3]?.data, surplus: '0' } }],
    ['a seal without a total', { ...valid[7], data: { ...valid[7]?.data, total: '' } }],
    ['a purge before the first event', { ...valid[8], data: { ...valid[8]?.data, version: 0 } }],
    ['a policy that is text', { ...valid[9], data: { ...valid[9]?.data, policy: 'USD' } }],
    ['the number 0', { ...valid[6], data: { ...receipt, number: 0 } }],
  ];

  it.each(invalid)('are refused with %s', (_, event) => {
    expect(() => officeEvents.encode(event as OfficeEvent)).toThrow('INVALID_EVENT');
    expect(() => officeEvents.decode(JSON.stringify(event))).toThrow('INVALID_EVENT');
  });

  it('are refused as text that is not JSON', () => {
    expect(() => officeEvents.decode('{')).toThrow('INVALID_EVENT: expected JSON');
  });

  it('are kept in an SQLite file of their own', async () => {
    const database = libsql.open(':memory:');
    migrate(database);
    const store = sqliteEventStore(database, { codec: officeEvents });
    await store.append({ institution: 'north', stream: 'till:CIRC' }, [opened], { expectedVersion: 0 });
    expect((await store.readAll()).events.map(({ event }) => event)).toEqual([opened]);
    database.close();
  });
});
