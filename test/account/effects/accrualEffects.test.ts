import { describe, expect, it } from 'vitest';
import { type AccountEvent, type Fee, findFee, fold } from '../../../src/index.js';
import { accountOf, assessed, at, errorOf, event, paid } from '../../support/events.js';

const fine = assessed('f1', '10.00', { accruing: true });
const increased = (amount: string) => event('FeeIncreased', { increaseId: 'i1', feeId: 'f1', amount });
const decreased = (amount: string) =>
  event('FeeCancelled', { cancellationId: 'x1', feeId: 'f1', amount, accrual: true });
const ended = (total: string) =>
  event('AccrualEnded', { endId: 'e1', feeId: 'f1', cause: 'returned', total });
const givenBack = (amount: string, more: object = {}) =>
  event('CreditIssued', {
    creditId: 'c1',
    amount,
    cause: 'cancelled',
    purpose: 'refundable',
    feeId: 'f1',
    accrual: true,
    ...more,
  });
const feeAfter = (...events: readonly AccountEvent[]) => findFee(accountOf(...events), 'f1') as Fee;
const faultOf = (...events: readonly AccountEvent[]) => errorOf(() => accountOf(...events)).details;

describe('FeeIncreased', () => {
  it('raises the charged and the accrued amount, and counts as turnover', () => {
    const account = accountOf(fine, increased('2.50'));
    expect(account.turnover).toBe(1_250);
    expect(account.fees[0]).toMatchObject({ original: 1_250, accrual: { accrued: 1_250, toldAt: at } });
    expect(account.fees[0]?.transactions.at(-1)).toMatchObject({ kind: 'increased', id: 'i1', amount: 250 });
  });

  it('of zero is corrupt', () => {
    expect(faultOf(fine, increased('0.00'))).toMatchObject({ fault: 'InvalidAmount', position: 2 });
  });
});

describe('FeeCancelled of an accrual', () => {
  it('lowers the accrued amount and never the charged one', () => {
    expect(feeAfter(fine, decreased('4.00'))).toMatchObject({
      original: 1_000,
      cancelled: 400,
      accrual: { accrued: 600 },
    });
    expect(feeAfter(fine, decreased('4.00')).transactions.at(-1)?.kind).toBe('decreased');
  });

  it('by hand leaves the accrued amount unchanged', () => {
    const byHand = event('FeeCancelled', { cancellationId: 'x1', feeId: 'f1', amount: '4.00' });
    expect(feeAfter(fine, byHand)).toMatchObject({ cancelled: 400, accrual: { accrued: 1_000 } });
  });

  it('cannot exceed the accrued amount', () => {
    const byHand = event('FeeCancelled', { cancellationId: 'x0', feeId: 'f1', amount: '8.00' });
    const back = event('CreditIssued', {
      creditId: 'c1',
      amount: '7.00',
      cause: 'cancelled',
      purpose: 'refundable',
      feeId: 'f1',
      accrual: true,
    });
    const most = [fine, paid('p1', 'f1', '10.00'), back] as const;
    const again = event('FeeIncreased', { increaseId: 'i1', feeId: 'f1', amount: '20.00' });
    expect(feeAfter(...most, again, byHand).accrual?.accrued).toBe(2_300);
    expect(faultOf(...most, assessed('f2', '1.00'), decreased('0.01'))).toMatchObject({
      fault: 'AmountAboveWhatIsLeft',
      expected: 0,
      found: 1,
    });
  });

  it('cannot exceed, after the end, the amount charged above the total', () => {
    expect(feeAfter(fine, ended('7.00'), decreased('3.00')).accrual).toMatchObject({ accrued: 700 });
    expect(faultOf(fine, ended('7.00'), decreased('3.01'))).toMatchObject({
      fault: 'AmountAboveWhatIsLeft',
      expected: 300,
      found: 301,
    });
    expect(faultOf(fine, ended('12.00'), decreased('0.01'))).toMatchObject({ expected: 0, found: 1 });
  });
});

describe('CreditIssued of an accrual', () => {
  it('gives back money and lowers the accrued amount', () => {
    expect(feeAfter(fine, paid('p1', 'f1', '10.00'), givenBack('4.00'))).toMatchObject({
      givenBack: 400,
      accrual: { accrued: 600 },
    });
  });

  it('without `accrual` leaves the accrued amount unchanged', () => {
    const byHand = givenBack('4.00', { accrual: false });
    expect(feeAfter(fine, paid('p1', 'f1', '10.00'), byHand).accrual?.accrued).toBe(1_000);
  });

  it('must be refundable, have the cause cancelled and belong to a fine that grows', () => {
    const paidFine = [fine, paid('p1', 'f1', '10.00')] as const;
    expect(faultOf(...paidFine, givenBack('1.00', { purpose: 'external' }))).toMatchObject({
      fault: 'ForbiddenCredit',
      expected: 'refundable, of cause cancelled',
      found: 'external, of cause cancelled',
    });
    const settled = { cause: 'settlement', feeId: undefined };
    expect(faultOf(...paidFine, givenBack('1.00', settled))).toMatchObject({
      fault: 'ForbiddenCredit',
      found: 'refundable, of cause settlement',
    });
    expect(faultOf(assessed('f1', '10.00'), paid('p1', 'f1', '10.00'), givenBack('1.00'))).toMatchObject({
      fault: 'NotAccruing',
      found: 'f1',
    });
  });
});

describe('AccrualEnded', () => {
  it('records the total, the cause and the time, and moves no money', () => {
    const account = accountOf(fine, ended('0.00'));
    expect(account.fees[0]?.accrual).toEqual({
      accrued: 1_000,
      toldAt: at,
      total: 0,
      endedAt: at,
      endCause: 'returned',
    });
    expect(account.fees[0]?.transactions.at(-1)).toMatchObject({
      kind: 'accrualEnded',
      id: 'e1',
      amount: 0,
      reference: 'returned',
    });
  });

  it('may occur once, and no increase may follow it', () => {
    const again = event('AccrualEnded', { endId: 'e2', feeId: 'f1', cause: 'lost', total: '1.00' });
    for (const next of [again, increased('1.00')])
      expect(faultOf(fine, ended('10.00'), next)).toMatchObject({ fault: 'AccrualEndedBefore', position: 3 });
  });

  it('leaves the account unchanged if it is refused', () => {
    const before = accountOf(fine, ended('10.00'));
    const copy = structuredClone(before);
    expect(() => fold([increased('1.00')], before)).toThrow('AccrualEndedBefore');
    expect(before).toEqual(copy);
  });
});
