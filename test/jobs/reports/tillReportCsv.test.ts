import { expect, it } from 'vitest';
import { type TillReport, tillReportCsv } from '../../../src/office/index.js';

const open = {
  till: 'CIRC',
  sessionId: 'CIRC/1',
  openedAt: '2026-03-02T09:00:00-05:00',
  openedBy: 'ana',
  closedAt: null,
  closedBy: null,
  method: 'CASH',
  float: '50.00',
  moved: '0.00',
  payments: 2,
  takings: '12.25',
  recordedLater: null,
  expected: null,
  counted: null,
  difference: null,
  deposit: null,
  depositReference: null,
  undeclared: null,
};

const closed = {
  ...open,
  sessionId: '=2',
  closedAt: '2026-03-02T17:00:00-05:00',
  closedBy: 'kim, ana',
  recordedLater: '1.00',
  expected: '62.25',
  counted: '62.00',
  difference: '-0.25',
  deposit: '12.00',
  depositReference: '7',
  undeclared: '3.00',
};

const report: TillReport = {
  job: { jobId: null, institution: 'north', at: null, by: null, reason: null, owners: null, currency: 'USD' },
  currency: 'USD',
  rows: [open, closed],
  total: {
    takings: '24.50',
    difference: '-0.25',
    deposit: '12.00',
    recordedLater: '1.00',
    undeclared: '3.00',
  },
  repeatedSessions: [],
  recordedBefore: null,
  findings: { count: 0, byCode: {}, first: [] },
};

it('has a header with every field of a row and the currency, and one line for each row', () => {
  const [header, first, second, ...end] = tillReportCsv(report).split('\r\n');
  expect(header).toBe([...Object.keys(open), 'currency'].join(','));
  expect(first).toBe('CIRC,CIRC/1,2026-03-02T09:00:00-05:00,ana,,,CASH,50.00,0.00,2,12.25,,,,,,,,USD');
  expect(second).toBe(
    'CIRC,\'=2,2026-03-02T09:00:00-05:00,ana,2026-03-02T17:00:00-05:00,"kim, ana",CASH,50.00,0.00,2,12.25,1.00,62.25,62.00,-0.25,12.00,7,3.00,USD',
  );
  expect(end).toEqual(['']);
});

it('writes ids and codes as they are if asked to', () => {
  expect(tillReportCsv(report, { identifiers: 'asIs' })).toContain('CIRC,=2,');
});
