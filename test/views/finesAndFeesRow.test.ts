import { describe, expect, it } from 'vitest';
import { fold } from '../../src/account/fold.js';
import { formatAmount } from '../../src/money/money.js';
import { definePolicy } from '../../src/policy/feePolicy.js';
import { rowOf, rowSources } from '../../src/views/finesAndFeesRow.js';
import { applied, assessed, at, credited, disputed, lost, paid, transferred, waivedLost } from './story.js';

const policy = definePolicy({ currency: 'USD' });
const write = (minor: number) => formatAmount(minor, 2);
const item = { id: 'i1', barcode: '17', title: 'On Numbers' };

/** The rows after some events. */
function rowsOf(...events: Parameters<typeof fold>[0] extends Iterable<infer Event> ? Event[] : never) {
  return Array.from(rowSources(fold(events)), (source) => rowOf(source, policy, write));
}

describe('the row of a fee', () => {
  it('shows what was charged, what remains and what is owed', () => {
    const comment = 'Returned late';
    const details = { item, comment, incidentId: 'case 1', staffNote: 'SECRET', reason: 'DESK' };
    const [row] = rowsOf(
      lost('f1', '40.00', details),
      paid('p1', 'f1', '10.00'),
      waivedLost('c1', 'f1', '5.00'),
    );
    expect(row).toEqual({
      kind: 'fee',
      id: 'f1',
      type: 'LOSTITEMREPLACEMENTFEE',
      typeLabel: 'Lost item replacement fee',
      status: 'active',
      original: '40.00',
      remaining: '30.00',
      owed: '25.00',
      transferPending: '0.00',
      owner: 'MAIN',
      item,
      at,
      comment,
      lostItem: true,
      loanId: 'loan',
      incidentId: 'case 1',
      accruing: false,
      planId: null,
    });
  });

  it('has the code as label if the policy does not have the type', () => {
    for (const feeType of ['GONE', 'constructor', '__proto__']) {
      expect(rowsOf(assessed('f1', '1.00', { feeType }))[0]?.typeLabel).toBe(feeType);
    }
  });

  it('is not labelled as a credit if its type is called CREDIT', () => {
    expect(rowsOf(assessed('f1', '1.00', { feeType: 'CREDIT' }))[0]?.typeLabel).toBe('CREDIT');
  });

  it('shows what was transferred and not settled', () => {
    const [row] = rowsOf(assessed('f1', '9.00'), transferred('t1', 'f1', '9.00'));
    expect(row).toMatchObject({ status: 'transferred', remaining: '0.00', transferPending: '9.00' });
  });
});

describe('the row of a credit', () => {
  it('is negative, of type CREDIT, with the cause and purpose of the credit', () => {
    const [, row] = rowsOf(
      assessed('f1', '3.00'),
      credited('c1', '5.00', { owner: 'LAW', comment: 'Sorry', staffNote: 'SECRET' }),
      applied('a1', 'c1', 'f1', '3.00'),
    );
    expect(row).toEqual({
      kind: 'credit',
      id: 'c1',
      type: 'CREDIT',
      typeLabel: 'Credit',
      status: 'active',
      original: '-5.00',
      remaining: '-2.00',
      transferPending: '0.00',
      owner: 'LAW',
      item: null,
      at,
      comment: 'Sorry',
      cause: 'manual',
      purpose: 'goodwill',
      feeId: null,
      paymentId: null,
    });
  });

  it("has its fee's owner and item, and is disputed while its fee is", () => {
    const [, row] = rowsOf(
      lost('f1', '40.00', { item }),
      waivedLost('c1', 'f1', '5.00'),
      disputed('d1', 'f1'),
    );
    expect(row).toMatchObject({ owner: 'MAIN', item, status: 'disputed', feeId: 'f1', purpose: 'setOff' });
  });

  it('does not use a fee called "null" if the credit has no fee', () => {
    const [, row] = rowsOf(assessed('null', '3.00', { item }), credited('c1', '5.00'));
    expect(row).toMatchObject({ owner: null, item: null, feeId: null });
  });

  it('has no owner for an overpayment', () => {
    const [, row] = rowsOf(
      assessed('f1', '3.00'),
      paid('p1', 'f1', '3.00', { amount: '4.00', overpayment: { creditId: 'c1', amount: '1.00' } }),
    );
    expect(row).toMatchObject({ owner: null, item: null, paymentId: 'p1', cause: 'overpayment' });
  });

  it("prefers its own item to its fee's, and uses the policy's label for CREDIT", () => {
    const named = definePolicy({ currency: 'USD', feeTypes: { CREDIT: { label: 'Guthaben' } } });
    const account = fold([credited('c1', '5.00', { item })]);
    const [row] = Array.from(rowSources(account), (source) => rowOf(source, named, write));
    expect(row).toMatchObject({ item, typeLabel: 'Guthaben' });
  });
});

describe('a row', () => {
  it('shares no objects with the account', () => {
    const account = fold([assessed('f1', '1.00', { item })]);
    const [row] = Array.from(rowSources(account), (source) => rowOf(source, policy, write));
    expect(row?.item).toEqual(account.fees[0]?.item);
    expect(row?.item).not.toBe(account.fees[0]?.item);
  });
});
