import { describe, expect, it } from 'vitest';
import { fold } from '../../../src/index.js';
import { importEvents } from '../../../src/interop/import/importEvents.js';
import {
  allocationsOf,
  bookNothing,
  cancelled,
  correctionId,
  creditIdOf,
  doesNotFit,
  fitting,
  importLedger,
  spreadOver,
  spreadOverCredits,
  unknownFee,
  waiverIdOf,
} from '../../../src/interop/import/importLedger.js';
import { account, balance, change, charge, origin } from './foreign.js';

describe('importLedger', () => {
  const foreign = account(
    [
      charge(0, 1_000),
      change(1, { kind: 'credit', creditId: 'x/c', balanceId: 'x/c', amount: 200, purpose: 'refundable' }),
    ],
    [balance(1_000), balance(0, { balanceId: 'x/c', credit: 200 })],
  );
  const recorded = importEvents(foreign).events;

  describe('the ledger of an import', () => {
    it('begins with what earlier imports recorded', () => {
      const ledger = importLedger(foreign, recorded, {});
      expect(ledger.knows('x/f1')).toBe(true);
      expect(ledger.feesOf('x/f1').map(({ feeId }) => feeId)).toEqual(['x/f1']);
      expect(ledger.creditsOf('x/c').map(({ creditId }) => creditId)).toEqual(['x/c']);
      expect(ledger.balanceOfFee('x/f1')?.owed).toBe(1_000);
      expect(ledger.balanceOfFee('x/f9')).toBeUndefined();
      expect(ledger.events).toEqual([]);
    });

    it('records an event, or reports that the account refuses it', () => {
      const ledger = importLedger(foreign, recorded, { institution: 'north' });
      const circumstances = ledger.circumstances(
        change(5, {
          kind: 'end',
          id: 'x/e',
          feeId: 'x/f1',
          cause: 'other',
          userId: 'u1',
          desk: 'D',
          library: 'MAIN',
          reason: 'R',
          comment: 'c',
          staffNote: 'n',
        }),
      );
      expect(circumstances).toEqual({
        at: '2026-03-02T09:05:00.000Z',
        by: { userId: 'u1', channel: 'import', desk: 'D', library: 'MAIN', institution: 'north' },
        reason: 'R',
        comment: 'c',
        staffNote: 'n',
      });
      const waived = { waiverId: 'x/w', feeId: 'x/f1', currency: 'USD', ...circumstances };
      expect(ledger.record({ type: 'FeeWaived', data: { ...waived, amount: '10.01' } }, origin)).toBe(false);
      expect(ledger.record({ type: 'FeeWaived', data: { ...waived, amount: '10.00' } }, origin)).toBe(true);
      expect(ledger.findings.map(({ code }) => code)).toEqual(['Refused']);
      expect(ledger.events).toHaveLength(1);
    });

    it('makes ids, and spreads amounts', () => {
      expect([creditIdOf('x/p'), waiverIdOf('x/w', 2), correctionId('x/f1', 3)]).toEqual([
        'x/p/credit',
        'x/w/waiver/2',
        'x/f1/correction/3',
      ]);
      const { fees, credits } = fold(recorded);
      expect(spreadOver(fees, 1_200)).toEqual({ parts: [{ feeId: 'x/f1', amount: 1_000 }], rest: 200 });
      expect(spreadOver(fees, 10, 'x/f9')).toEqual({ parts: [{ feeId: 'x/f1', amount: 10 }], rest: 0 });
      expect(spreadOverCredits(credits, 250)).toEqual({
        parts: [{ creditId: 'x/c', amount: 200 }],
        rest: 50,
      });
    });
  });
});

describe('fitting', () => {
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
          data: {
            amount: '0.00',
            staffNote: 'Import from x: a waiver not booked, nothing left to book it on',
          },
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
});
