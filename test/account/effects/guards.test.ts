import { describe, expect, it } from 'vitest';
import {
  addUp,
  allocated,
  creditRow,
  givenReferences,
  lookUp,
  minor,
  parts,
  positive,
  sum,
  transaction,
  within,
} from '../../../src/account/effects/guards.js';
import { fold, mutableCopy } from '../../../src/account/fold.js';
import { emptyAccount } from '../../../src/account/patronAccount.js';
import { assessed, errorOf, event, lost, paid, prepaid, transferred } from '../../support/events.js';
import { hostileAmounts } from '../../support/hostile.js';

const inDollars = mutableCopy(fold([assessed('f1', '10.00')]));
const empty = mutableCopy(emptyAccount());

describe('amounts', () => {
  it('are parsed with the decimals of their currency', () => {
    expect(minor(inDollars, '2.50', 'USD')).toBe(250);
    expect(minor(inDollars, '0.00', 'USD')).toBe(0);
    expect(minor(empty, '250', 'JPY')).toBe(250);
    expect(positive(empty, '0.250', 'KWD')).toBe(250);
  });

  it.each(hostileAmounts)('are refused if they are $name', ({ amount }) => {
    expect(errorOf(() => positive(inDollars, amount as string, 'USD')).details.fault).toBe('InvalidAmount');
  });

  it('have a currency also in the first event: null is not that of an account without events', () => {
    expect(errorOf(() => positive(empty, '0.01', null as never)).details).toMatchObject({
      fault: 'OtherCurrency',
      expected: 'an ISO 4217 code',
      found: null,
    });
  });

  it('of allocations may be none, one, or many, each of a different fee', () => {
    const one = { feeId: 'f1', amount: '1.00' };
    expect(allocated(inDollars, [], 'USD')).toEqual([]);
    expect(allocated(inDollars, [one], 'USD')).toEqual([100]);
    expect(allocated(inDollars, [one, { feeId: '__proto__', amount: '2.00' }], 'USD')).toEqual([100, 200]);
    const twice = errorOf(() => parts(inDollars, [one, one, one, one], ['a', 'b', 'c', 'b'], 'USD'));
    expect(twice.details).toMatchObject({ fault: 'NamedTwice', found: 'b' });
  });

  it('must not exceed the rest, nor differ from the sum of their parts', () => {
    expect(within(5, 5)).toBe(5);
    expect(errorOf(() => within(6, 5)).details).toMatchObject({ expected: 5, found: 6 });
    expect(() => addUp(5, sum([2, 3]))).not.toThrow();
    expect(errorOf(() => addUp(5, sum([]))).details).toMatchObject({
      expected: 5,
      found: 0,
    });
  });
});

describe('lookUp', () => {
  it('finds an id only in the list of its kind', () => {
    expect(lookUp(inDollars, 'fee', 'f1')).toBe(0);
    expect(lookUp(inDollars, 'credit', 'f1')).toBe(-1);
    expect(lookUp(inDollars, 'fee', 'f2')).toBe(-1);
    expect(lookUp(inDollars, 'fee', ['f1'] as never)).toBe(-1);
  });
});

describe('the index of ids', () => {
  const by = (commandId: string, commandDigest?: string) => ({
    metadata: { commandId, ...(commandDigest !== undefined && { commandDigest }) },
  });

  it('returns kind, position and command of each id', () => {
    const account = fold([
      { ...assessed('f1', '10.00'), ...by('f1', 'one') },
      assessed('f2', '10.00'),
      { ...paid('p1', 'f2', '1.00'), ...by('k1', 'two') },
      prepaid('p2', 'c1', '5.00'),
      event('FeeDisputed', { disputeId: 'd1', feeId: 'f2' }),
      event('FeeCancelled', { cancellationId: 'x1', feeId: 'f2', amount: '1.00' }),
    ]);
    expect(account.ids).toEqual([
      { id: 'f1', kind: 'fee', position: 0, digest: 'one' },
      { id: 'f2', kind: 'fee', position: 1, digest: null },
      { id: 'p1', kind: 'payment', position: 0, digest: null },
      { id: 'k1', kind: 'command', position: 0, digest: 'two' },
      { id: 'p2', kind: 'payment', position: 1, digest: null },
      { id: 'c1', kind: 'credit', position: 0, digest: null },
      { id: 'd1', kind: 'dispute', position: 1, digest: null },
      { id: 'x1', kind: 'other', position: 0, digest: null },
    ]);
  });

  it('lists the ids of reversals, recalls, cancellations and returns under the kind "other"', () => {
    const used = { creditId: 'c1', amount: '1.00' };
    const sent = event('CreditTransferred', { ...used, transferId: 't2', expectsSettlement: true });
    const allocations = [{ feeId: 'f1', amount: '1.00' }];
    const account = fold([
      lost('f1', '10.00'),
      prepaid('p1', 'c1', '5.00'),
      transferred('t1', 'f1', '2.00'),
      event('TransferSettled', { settlementId: 's1', transferId: 't1', amount: '1.00' }),
      event('TransferRecalled', { recallId: 'r1', transferId: 't1', amount: '1.00' }),
      event('CreditApplied', { applicationId: 'a1', creditId: 'c1', allocations }),
      event('CreditApplicationReversed', {
        reversalId: 'r2',
        applicationId: 'a1',
        creditId: 'c1',
        allocations,
      }),
      event('CreditRefunded', { ...used, refundId: 'b1', method: 'CASH' }),
      event('RefundReversed', { ...used, reversalId: 'r3', refundId: 'b1' }),
      sent,
      event('CreditCancelled', { ...used, cancellationId: 'x1' }),
      event('FeeWaived', { waiverId: 'w1', feeId: 'f1', amount: '1.00' }),
      event('WaiverReversed', { reversalId: 'r4', waiverId: 'w1', feeId: 'f1', amount: '1.00' }),
      paid('p2', 'f1', '1.00'),
      event('PaymentReversed', {
        reversalId: 'r5',
        paymentId: 'p2',
        amount: '1.00',
        method: 'CASH',
        allocations,
      }),
      event('LostItemReturned', { returnId: 'y1', feeId: 'f1', refundPercent: 100, unpaid: 'percent' }),
    ]);
    expect(account.ids.filter(({ kind }) => kind === 'other').map(({ id }) => id)).toEqual(
      'r1 r2 r3 x1 r4 r5 y1'.split(' '),
    );
  });

  it('allows several events of one command, one of which uses its id', () => {
    const account = fold([
      { ...assessed('k1#1', '10.00'), ...by('k1', 'one') },
      { ...assessed('k1', '10.00'), ...by('k1', 'one') },
      { ...assessed('k1#2', '10.00'), ...by('k1', 'one') },
    ]);
    expect(account.ids).toEqual([
      { id: 'k1#1', kind: 'fee', position: 0, digest: null },
      { id: 'k1', kind: 'command', position: 0, digest: 'one' },
      { id: 'k1', kind: 'fee', position: 1, digest: 'one' },
      { id: 'k1#2', kind: 'fee', position: 2, digest: null },
    ]);
  });

  it('finds a command without a row with its id, and one without a digest', () => {
    const account = fold([
      assessed('f1', '10.00'),
      event('FeeDisputed', { disputeId: 'd1', feeId: 'f1' }),
      {
        ...event('DisputeResolved', { disputeId: 'd1', feeId: 'f1', outcome: 'feeStands' }),
        ...by('k1', 'one'),
      },
      { ...assessed('f2', '10.00'), ...by('k2') },
      { ...assessed('f3', '10.00'), ...by('k2') },
    ]);
    expect(account.ids.filter(({ kind }) => kind === 'command')).toEqual([
      { id: 'k1', kind: 'command', position: 0, digest: 'one' },
      { id: 'k2', kind: 'command', position: 0, digest: null },
    ]);
  });
});

describe('the turnover', () => {
  it('sums everything that came in: fees, payments and credits; an overpayment counts as both', () => {
    expect(fold([assessed('f1', '10.00')]).turnover).toBe(1000);
    expect(fold([assessed('f1', '10.00'), paid('p1', 'f1', '4.00')]).turnover).toBe(1400);
    expect(fold([prepaid('p1', 'c1', '5.00')]).turnover).toBe(1000);
    const goodwill = event('CreditIssued', {
      creditId: 'c1',
      amount: '1.00',
      cause: 'manual',
      purpose: 'goodwill',
    });
    expect(fold([goodwill]).turnover).toBe(100);
  });

  it('may reach the largest safe integer', () => {
    const account = { ...emptyAccount(), currency: 'USD', turnover: Number.MAX_SAFE_INTEGER - 100 };
    expect(fold([assessed('f1', '1.00')], account).turnover).toBe(Number.MAX_SAFE_INTEGER);
  });
});

const at = '2026-03-02T09:00:00Z';

describe('creditRow', () => {
  it('is unused, with a transaction that gives its cause', () => {
    const row = creditRow({ at }, { creditId: 'c1', cause: 'manual', purpose: 'goodwill', amount: 500 });
    expect(row).toMatchObject({ amount: 500, applied: 0, feeId: null, owner: null, writeOff: false });
    expect(row.transactions).toEqual([
      transaction({ at }, { kind: 'creditIssued', id: 'c1', amount: 500, references: { cause: 'manual' } }),
    ]);
  });

  it('is written off only if it is a waiver that says so', () => {
    const credit = { creditId: 'c1', purpose: 'setOff', amount: 500 } as const;
    const data = { at, writeOff: true };
    expect(creditRow(data, { ...credit, cause: 'waived' }).writeOff).toBe(true);
    expect(creditRow(data, { ...credit, cause: 'returned' }).writeOff).toBe(false);
  });
});

describe('givenReferences', () => {
  it('returns the given references, and one shared object if none were given', () => {
    expect(givenReferences({ reference: 'cheque 7' })).toEqual({ reference: 'cheque 7' });
    expect(givenReferences({ externalTransactionId: 'tx', reference: 'r' })).toEqual({
      externalTransactionId: 'tx',
      reference: 'r',
    });
    expect(givenReferences({})).toBe(givenReferences({}));
  });
});
