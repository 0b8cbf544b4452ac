import { describe, expect, it } from 'vitest';
import {
  foldKeptReport,
  type KeptReportEvent,
  saysMore,
} from '../../../src/office/onlinePayments/keptReport.js';

const common = { keptId: 'k', currency: 'USD', at: '2026-03-02T09:00:00Z', by: { channel: 'job' } } as const;
const capture = { onlinePaymentId: 'o1', externalTransactionId: 'ch_1', amount: '5.00', currency: 'USD' };
const row = {
  rowId: 'r1',
  reference: 'o1',
  transaction: 'ch_1',
  type: 'capture',
  ...{ amount: '5.00', currency: 'USD', gross: '5.00', fee: '0.10', net: '4.90', payoutCurrency: 'USD' },
  ...{ payoutId: 'po_1', paidOn: '2026-03-04' },
} as const;
const told = (entry: object): KeptReportEvent =>
  ({ type: 'OnlineReportKept', data: { ...common, because: 'B', ...entry } }) as never;
const became = (how: string): KeptReportEvent =>
  ({ type: 'OnlineReportSettled', data: { ...common, how } }) as never;
const keptCapture = (onlinePaymentId: string) =>
  ({ kind: 'capture', told: { ...capture, onlinePaymentId } }) as const;
const keptRow = (more: object) => ({ kind: 'row', told: { ...row, ...more } }) as never;

describe('something kept', () => {
  it('is tried under every payment that reports named with it, at most 20', () => {
    const events = Array.from({ length: 20 }, (_, index) => told(keptCapture(`o${index}`)));
    const kept = foldKeptReport(events);
    expect(kept?.names.map((one) => one.onlinePaymentId)).toHaveLength(20);
    expect(saysMore(kept, keptCapture('o5'))).toBe(false);
    expect(saysMore(kept, keptCapture('another'))).toBe(false);
    expect(saysMore(foldKeptReport(events.slice(1)), keptCapture('another'))).toBe(true);
  });

  it('has the newest content of a row, and keeps earlier fields that the newest content leaves out', () => {
    const first = told(keptRow({ of: 'ch_0' }));
    const kept = foldKeptReport([first, told(keptRow({ reference: null, amount: '6.00' }))]);
    expect(kept?.told).toMatchObject({ reference: 'o1', of: 'ch_0', amount: '6.00' });
    expect(saysMore(kept, keptRow({ reference: null, amount: '6.00' }))).toBe(false);
    expect(saysMore(kept, keptRow({ amount: '7.00' }))).toBe(true);
  });

  it('is open, settled or recorded, and a settled report with the same content stays settled', () => {
    const states = [became('settled'), became('reopened'), became('recorded')].map(
      (_, index, all) => foldKeptReport([told(keptCapture('o1')), ...all.slice(0, index + 1)])?.state,
    );
    expect(states).toEqual(['settled', 'open', 'recorded']);
    expect(saysMore(foldKeptReport([told(keptCapture('o1')), became('settled')]), keptCapture('o2'))).toBe(
      false,
    );
  });

  it.each([
    ['nothing is kept', [became('settled')]],
    ['expected another state', [told(keptCapture('o1')), became('reopened')]],
    ['expected another state', [told(keptCapture('o1')), became('settled'), became('settled')]],
  ])('is refused as corrupt: %s', (problem, events) => {
    expect(() => foldKeptReport(events)).toThrow(problem);
  });
});
