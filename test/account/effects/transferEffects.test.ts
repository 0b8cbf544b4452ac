import { describe, expect, it } from 'vitest';
import {
  assessed,
  at,
  changesBy,
  event,
  faultOf,
  paid,
  prepaid,
  reversedByCredit,
  transferred,
} from '../../support/events.js';

const fee = assessed('f1', '10.00');

describe('FeeTransferred', () => {
  it('transfers the fee, pending if a settlement is expected', () => {
    expect(changesBy([fee], transferred('t1', 'f1', '10.00'))).toEqual({
      'f1.transferred': 1000,
      'f1.transferPending': 1000,
      'f1.transactions': ['transfer t1 1000'],
      transfers: [
        {
          transferId: 't1',
          batchId: null,
          feeId: 'f1',
          creditId: null,
          amount: 1000,
          settled: 0,
          recalled: 0,
          expectsSettlement: true,
          destination: null,
          externalReference: null,
          at,
        },
      ],
    });
  });

  it('is settled at once if no settlement is expected', () => {
    const silent = event('FeeTransferred', {
      transferId: 't1',
      batchId: 'b1',
      feeId: 'f1',
      amount: '4.00',
      destination: 'BURSAR',
      expectsSettlement: false,
      externalReference: 'x1',
    });
    expect(changesBy([fee], silent)).toEqual({
      'f1.transferred': 400,
      'f1.transactions': ['transfer t1 400 b1 BURSAR x1'],
      transfers: [
        expect.objectContaining({
          batchId: 'b1',
          destination: 'BURSAR',
          expectsSettlement: false,
          externalReference: 'x1',
        }),
      ],
    });
  });

  it('refers to its destination if there is nothing else', () => {
    const named = event('FeeTransferred', {
      transferId: 't1',
      feeId: 'f1',
      amount: '4.00',
      destination: 'BURSAR',
      expectsSettlement: false,
    });
    expect(changesBy([fee], named)['f1.transactions']).toEqual(['transfer t1 400 BURSAR']);
  });
});

describe('CreditTransferred', () => {
  const creditTransferred = (expectsSettlement: boolean) =>
    event('CreditTransferred', { transferId: 't1', creditId: 'c1', amount: '3.00', expectsSettlement });

  it('transfers a credit, pending if a settlement is expected', () => {
    expect(changesBy([prepaid('p1', 'c1', '5.00')], creditTransferred(true))).toEqual({
      'c1.transferred': 300,
      'c1.transferPending': 300,
      'c1.transactions': ['transfer t1 300'],
      transfers: [expect.objectContaining({ transferId: 't1', feeId: null, creditId: 'c1', amount: 300 })],
    });
  });

  it('is settled at once if no settlement is expected', () => {
    const history = [fee, transferred('t0', 'f1', '5.00'), reversedByCredit('c1', 'f1', '5.00')];
    expect(changesBy(history, creditTransferred(false))).toEqual({
      'c1.transferred': 300,
      'c1.transactions': ['transfer t1 300'],
      transfers: [expect.objectContaining({ expectsSettlement: false })],
    });
  });
});

describe('the references of a transferred credit', () => {
  it.each([
    ['the destination and its reference', { destination: 'BURSAR', externalReference: 'x1' }, 'BURSAR x1'],
    ['the destination where there is no reference', { destination: 'BURSAR' }, 'BURSAR'],
  ])('are %s', (_name, details, shown) => {
    const creditTransferred = event('CreditTransferred', {
      transferId: 't1',
      creditId: 'c1',
      amount: '3.00',
      expectsSettlement: false,
      ...details,
    });
    expect(changesBy([prepaid('p1', 'c1', '5.00')], creditTransferred)['c1.transactions']).toEqual([
      `transfer t1 300 ${shown}`,
    ]);
  });
});

describe('TransferSettled', () => {
  it('reduces the pending amount of a fee', () => {
    const settled = event('TransferSettled', {
      settlementId: 's1',
      transferId: 't1',
      amount: '4.00',
      externalReference: 'x1',
    });
    expect(changesBy([fee, transferred('t1', 'f1', '10.00')], settled)).toEqual({
      'f1.transferPending': 600,
      'f1.transactions': ['settlement s1 400 x1'],
      settlements: [{ settlementId: 's1', transferId: 't1', amount: 400, reversed: 0, surplus: null }],
      't1.settled': 400,
    });
  });

  it('reduces the pending amount of a credit', () => {
    const creditTransferred = event('CreditTransferred', {
      transferId: 't1',
      creditId: 'c1',
      amount: '5.00',
      expectsSettlement: true,
    });
    const settled = event('TransferSettled', { settlementId: 's1', transferId: 't1', amount: '5.00' });
    expect(changesBy([prepaid('p1', 'c1', '5.00'), creditTransferred], settled)).toEqual({
      'c1.transferPending': 0,
      'c1.transactions': ['settlement s1 500'],
      settlements: [{ settlementId: 's1', transferId: 't1', amount: 500, reversed: 0, surplus: null }],
      't1.settled': 500,
    });
  });
});

describe('TransferRecalled', () => {
  const recalled = (amount: string, setOff?: { creditId: string; amount: string }[]) =>
    event('TransferRecalled', { recallId: 'r1', transferId: 't1', amount, ...(setOff && { setOff }) });

  it('reopens a fee, except for settled parts', () => {
    const settled = event('TransferSettled', { settlementId: 's1', transferId: 't1', amount: '4.00' });
    expect(changesBy([fee, transferred('t1', 'f1', '10.00'), settled], recalled('6.00'))).toEqual({
      'f1.transferred': 400,
      'f1.transferPending': 0,
      'f1.transactions': ['recall r1 600 t1'],
      't1.recalled': 600,
    });
  });

  it('leaves the pending amount unchanged if no settlement was expected', () => {
    const silent = event('FeeTransferred', {
      transferId: 't1',
      feeId: 'f1',
      amount: '4.00',
      expectsSettlement: false,
    });
    expect(changesBy([fee, silent], recalled('4.00'))).toEqual({
      'f1.transferred': 0,
      'f1.transactions': ['recall r1 400 t1'],
      't1.recalled': 400,
    });
  });

  it('uses up the external credits that had reversed the transfer', () => {
    const history = [fee, transferred('t1', 'f1', '10.00'), reversedByCredit('c1', 'f1', '7.00')];
    expect(changesBy(history, recalled('10.00', [{ creditId: 'c1', amount: '7.00' }]))).toEqual({
      'f1.transferred': 0,
      'f1.transferPending': 0,
      'f1.transferReversed': 0,
      'f1.settledByCredit.external': 700,
      'f1.transactions': ['recall r1 1000 t1', 'creditApplied r1 700 c1'],
      'c1.applied': 700,
      'c1.transactions': ['creditApplied r1 700 f1'],
      't1.recalled': 1000,
    });
  });

  it('keeps credits that the rest of the transfer still covers', () => {
    const history = [fee, transferred('t1', 'f1', '10.00'), reversedByCredit('c1', 'f1', '7.00')];
    expect(changesBy(history, recalled('3.00'))).toEqual({
      'f1.transferred': 700,
      'f1.transferPending': 700,
      'f1.transactions': ['recall r1 300 t1'],
      't1.recalled': 300,
    });
  });

  it('recalls nothing twice', () => {
    const creditTransferred = event('CreditTransferred', {
      transferId: 't1',
      creditId: 'c1',
      amount: '3.00',
      expectsSettlement: true,
    });
    const another = {
      ...creditTransferred,
      data: { ...creditTransferred.data, transferId: 't2', amount: '2.00' },
    };
    const history = [prepaid('p1', 'c1', '5.00'), creditTransferred, another, recalled('2.00')];
    const again = recalled('2.00');
    expect(faultOf(history, { ...again, data: { ...again.data, recallId: 'r2' } })).toEqual({
      fault: 'AmountAboveWhatIsLeft',
      expected: 100,
      found: 200,
    });
  });

  it('makes a credit usable again', () => {
    const creditTransferred = event('CreditTransferred', {
      transferId: 't1',
      creditId: 'c1',
      amount: '5.00',
      expectsSettlement: true,
    });
    const history = [fee, paid('p0', 'f1', '10.00'), prepaid('p1', 'c1', '5.00'), creditTransferred];
    expect(changesBy(history, recalled('2.00', []))).toEqual({
      'c1.transferred': 300,
      'c1.transferPending': 300,
      'c1.transactions': ['recall r1 200 t1'],
      't1.recalled': 200,
    });
  });
});
