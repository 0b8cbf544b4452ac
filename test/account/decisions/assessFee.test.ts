import { describe, expect, it } from 'vitest';
import { decide, emptyAccount } from '../../../src/index.js';
import {
  accountAfter,
  ask,
  assess,
  fact,
  factsOf,
  feeNow,
  policy,
  refusalOf,
} from '../../support/account.js';

const empty = emptyAccount();
const atDesk = { channel: 'desk', userId: 'clerk', desk: 'CIRC', library: 'BRANCH' } as const;

describe('assessFee', () => {
  it('charges a fee: one FeeAssessed, with the command id as fee id', () => {
    const details = {
      feeType: 'OVERDUEFINE',
      amount: '2.50',
      owner: 'MAIN',
      item: { id: 'i1', barcode: '39015', title: 'Emma', dueAt: '2026-02-01T23:59:00Z' },
      loanId: 'loan',
      incidentId: 'incident',
      by: atDesk,
      reason: 'late',
      comment: 'two days late',
      staffNote: 'second time',
    };
    const decision = decide(ask('AssessFee', 'f1', details), empty, policy);
    expect(factsOf(decision)).toEqual([fact('FeeAssessed', { feeId: 'f1', ...details })]);
  });

  it('leaves the fee owed and active', () => {
    expect(feeNow(accountAfter([assess('f1', '2.50')]), 'f1')).toEqual({
      remaining: '2.50',
      owed: '2.50',
      status: 'active',
    });
  });

  it.each([
    ['12', '12.00'],
    ['12.5', '12.50'],
    ['0.05', '0.05'],
  ])('writes an amount in canonical form: %s', (amount, canonical) => {
    expect(factsOf(decide(assess('f1', amount), empty, policy))).toEqual([
      fact('FeeAssessed', { feeId: 'f1', feeType: 'OVERDUEFINE', amount: canonical, owner: 'MAIN' }),
    ]);
  });

  it('records that a fee is for a lost item, so that no later policy can change it', () => {
    const decision = decide(assess('f1', '60', { feeType: 'LOST50' }), empty, policy);
    expect(factsOf(decision)).toEqual([
      fact('FeeAssessed', { feeId: 'f1', feeType: 'LOST50', amount: '60.00', owner: 'MAIN', lostItem: true }),
    ]);
  });

  it('uses the library of the actor as owner if the command names none', () => {
    const command = ask('AssessFee', 'f1', { feeType: 'OTHER', amount: '1.00', by: atDesk });
    expect(factsOf(decide(command, empty, policy))).toEqual([
      fact('FeeAssessed', { feeId: 'f1', feeType: 'OTHER', amount: '1.00', owner: 'BRANCH', by: atDesk }),
    ]);
  });

  it.each([[undefined], [{ channel: 'job' } as const]])('is refused without an owner (by: %j)', (by) => {
    const command = ask('AssessFee', 'f1', {
      feeType: 'OTHER',
      amount: '1.00',
      ...(by === undefined ? {} : { by }),
    });
    expect(refusalOf(decide(command, empty, policy))).toEqual({ type: 'FeeOwnerMissing' });
  });

  it.each(['NOSUCHTYPE', 'constructor', '__proto__'])(
    'is refused when the type is unknown: %s',
    (feeType) => {
      expect(refusalOf(decide(assess('f1', '1.00', { feeType }), empty, policy))).toEqual({
        type: 'FeeTypeUnknown',
        known: expect.anything(),
        feeType,
      });
    },
  );

  it('is refused when the type is retired', () => {
    expect(refusalOf(decide(assess('f1', '1.00', { feeType: 'OLDFINE' }), empty, policy))).toEqual({
      type: 'FeeTypeRetired',
      feeType: 'OLDFINE',
    });
  });

  it('is refused when a person at a desk charges a type that is not manual', () => {
    const command = assess('f1', '1.00', { feeType: 'NOTIFICATIONFEE', by: atDesk });
    expect(refusalOf(decide(command, empty, policy))).toEqual({
      type: 'FeeTypeNotManual',
      feeType: 'NOTIFICATIONFEE',
    });
  });

  it('lets the system charge a type that is not manual at the desk of a clerk', () => {
    const details = { feeType: 'NOTIFICATIONFEE', by: atDesk, automatic: true };
    const decision = decide(assess('f1', '1.00', details), empty, policy);
    expect(factsOf(decision)).toEqual([
      fact('FeeAssessed', {
        feeId: 'f1',
        feeType: 'NOTIFICATIONFEE',
        amount: '1.00',
        owner: 'MAIN',
        by: atDesk,
      }),
    ]);
  });

  it.each([undefined, { channel: 'job' }, { channel: 'online' }] as const)(
    'is refused when a person charges a type that is not manual through any channel (by: %j)',
    (by) => {
      const details = { feeType: 'NOTIFICATIONFEE', automatic: false, ...(by === undefined ? {} : { by }) };
      expect(refusalOf(decide(assess('f1', '1.00', details), empty, policy))).toEqual({
        type: 'FeeTypeNotManual',
        feeType: 'NOTIFICATIONFEE',
      });
    },
  );

  it.each([true, false])('charges a manual type, automatically or not (%s)', (automatic) => {
    for (const by of [atDesk, { channel: 'job' }] as const) {
      expect(decide(assess('f1', '1.00', { automatic, by }), empty, policy).accepted).toBe(true);
    }
  });

  it.each(['selfCheck', 'online', 'job', 'import'] as const)(
    'lets the system charge a type that is not manual (channel %s)',
    (channel) => {
      const command = assess('f1', '1.00', { feeType: 'NOTIFICATIONFEE', by: { channel } });
      expect(decide(command, empty, policy).accepted).toBe(true);
    },
  );
});
