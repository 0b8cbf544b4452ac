import { describe, expect, it } from 'vitest';
import { auditLines } from '../../../src/jobs/lists/auditLine.js';
import type { ReceiptIssued } from '../../../src/office/index.js';

const at = '2026-03-02T09:00:00Z';
const dayOf = (instant: string) => instant.slice(0, 10);
const account = { source: 'account', institution: 'north', patronId: 'u1', office: null } as const;

const assessed = (version: number, commandId?: string) => {
  const data = { feeId: `f${version}`, feeType: 'OTHER', amount: '1.00', currency: 'USD', owner: 'MAIN', at };
  const event = { type: 'FeeAssessed' as const, data, ...(commandId && { metadata: { commandId } }) };
  return { version, recordedAt: at, event };
};

describe('the lines of an audit trail', () => {
  it('are one for each command, and one for each event without a command', () => {
    const recorded = [assessed(1, 'a'), assessed(2, 'a'), assessed(3, 'b'), assessed(4), assessed(5)];
    const lines = auditLines(account, recorded, dayOf);
    expect(lines.map(({ commandId, version, events }) => [commandId, version, events.length])).toEqual([
      ['a', 1, 2],
      ['b', 3, 1],
      [null, 4, 1],
      [null, 5, 1],
    ]);
  });

  it('name the patron, the number and the payment of a receipt', () => {
    const by = { channel: 'desk', userId: 'ana' } as const;
    const receipt = {
      series: '2026',
      patronId: 'u7',
      kind: 'payment',
      subjectId: 'p1',
      accountVersion: 2,
    } as const;
    const data = { ...receipt, number: 17, amount: '5.00', currency: 'USD', at, by };
    const event: ReceiptIssued = { type: 'ReceiptIssued', data };
    const series = { source: 'receipts', institution: 'north', patronId: null, office: '2026' } as const;
    const first = {
      source: 'receipts',
      patronId: 'u7',
      office: '2026/17',
      commandId: 'p1',
      user: 'ana',
      reason: null,
    };
    expect(auditLines(series, [{ version: 17, recordedAt: at, event }], dayOf)).toMatchObject([first]);
    // The payment of another patron may have the same id.
    const other = { ...data, patronId: 'u8', number: 18, by: { ...by, userId: 'ben' } };
    const next = { version: 18, recordedAt: at, event: { ...event, data: other } };
    expect(auditLines(series, [{ version: 17, recordedAt: at, event }, next], dayOf)).toMatchObject([
      { ...first, events: ['ReceiptIssued'] },
      { patronId: 'u8', office: '2026/18', user: 'ben', events: ['ReceiptIssued'] },
    ]);
    const closing = {
      type: 'ReceiptSeriesClosed',
      data: { series: '2026', lastNumber: 18, at, by },
    } as const;
    expect(auditLines(series, [{ version: 19, recordedAt: at, event: closing }], dayOf)).toMatchObject([
      { patronId: null, office: '2026/18', commandId: null, user: 'ana', events: ['ReceiptSeriesClosed'] },
    ]);
  });
});
