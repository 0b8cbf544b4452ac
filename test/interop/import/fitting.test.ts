import { describe, expect, it } from 'vitest';
import {
  allocationsOf,
  bookNothing,
  cancelled,
  doesNotFit,
  fitting,
  unknownFee,
} from '../../../src/interop/import/fitting.js';
import { importEvents } from '../../../src/interop/import/importEvents.js';
import { importLedger } from '../../../src/interop/import/importLedger.js';
import { account, balance, change, charge } from './foreign.js';

const foreign = account([charge(0, 1_000)], [balance(1_000)]);
const ledgerWithFee = () => importLedger(foreign, importEvents(foreign).events, {});
const waiver = change(1, { kind: 'waiver', id: 'x/w', waived: [] });

describe('what fits on fees', () => {
  it('is at most what is owed; the rest and unknown fees are findings', () => {
    const ledger = ledgerWithFee();
    const parts = [
      { feeId: 'x/f1', amount: 1_001 },
      { feeId: 'x/f2', amount: 1 },
    ];
    expect(fitting(waiver, parts, ledger)).toEqual([{ feeId: 'x/f1', amount: 1_000 }]);
    expect(ledger.findings.map(({ code, found }) => [code, found])).toEqual([
      ['AmountDoesNotFit', '10.01'],
      ['UnknownRow', 'f2'],
    ]);
  });

  it('is a line of zero if nothing fits', () => {
    const ledger = ledgerWithFee();
    bookNothing(waiver, 'x/w', 'x/f1', 'a waiver', ledger);
    expect(ledger.events).toMatchObject([
      {
        type: 'FeeCancelled',
        data: { amount: '0.00', staffNote: 'Import from x: a waiver not booked, nothing left to book it on' },
      },
    ]);
  });

  it('is written as decimal strings', () => {
    const ledger = ledgerWithFee();
    expect(allocationsOf([{ feeId: 'x/f1', amount: 5 }], ledger)).toEqual([
      { feeId: 'x/f1', amount: '0.05' },
    ]);
    expect(cancelled(waiver, 'x/c', 'x/f1', 5, '0.95', ledger)).toMatchObject({
      type: 'FeeCancelled',
      data: {
        cancellationId: 'x/c',
        amount: '0.05',
        accrual: true,
        total: '0.95',
        by: { channel: 'import' },
      },
    });
    doesNotFit(waiver, 5, 3, ledger);
    unknownFee(waiver, 'x/f7', ledger);
    expect(ledger.findings.map(({ message }) => message)).toEqual([
      'rows 1: expected at most 0.03, found 0.05',
      'rows 1: expected a fee that was imported, found f7',
    ]);
  });
});
