import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { paymentsReport, paymentsReportCsv } from '../../../src/institution/index.js';
import { ask, policy } from '../../support/account.js';
import { tried } from '../../support/seeded.js';
import { accountWith } from '../accountWith.js';
import { histories, minor, sum } from '../histories.js';

const form = { timeZone: 'UTC', from: '2026-01-01', to: '2026-12-31' };

it('a file has a line for each row, with an empty cell for a missing value', () => {
  const by = { channel: 'desk', desk: '=cmd()', library: 'Main, "old"' } as const;
  const events = accountWith([
    ask('ReceivePayment', 'p1', { amount: '5', method: 'CASH', by }),
    ask('ReversePayment', 'r1', { paymentId: 'p1' }),
  ]);
  const report = paymentsReport([{ institution: 'north', patronId: 'p', events }], policy, form);
  expect(paymentsReportCsv(report)).toBe(
    [
      'day,library,desk,method,feeType,payments,gross,reversed,refunded,refundsReversed,net,currency',
      '2026-03-02,"Main, ""old""",\'=cmd(),CASH,,1,5.00,0.00,0.00,0.00,5.00,USD',
      '2026-03-02,,,CASH,,0,0.00,5.00,0.00,0.00,-5.00,USD',
      '',
    ].join('\r\n'),
  );
  expect(paymentsReportCsv(report, { identifiers: 'asIs' })).toContain(',=cmd(),CASH');
  expect(() => paymentsReportCsv(report, { ids: 'asIs' } as never)).toThrow('INVALID_ARGUMENT');
});

it('the amounts in a spreadsheet sum to the total', () => {
  fc.assert(
    fc.property(histories, ({ policy, events }) => {
      const report = paymentsReport([{ institution: 'north', patronId: 'p', events }], policy, form);
      const read = parse(paymentsReportCsv(report), { columns: true }) as Record<string, string>[];
      expect(read).toHaveLength(report.rows.length);
      expect(sum(read.map(({ net }) => minor(net as string)))).toBe(minor(report.total.net));
      const count = read.reduce((total, { payments }) => total + Number(payments), 0);
      expect(count).toBe(report.total.payments);
    }),
    tried(100),
  );
});
