import { describe, expect, it } from 'vitest';
import { changed, history, stored } from './onlinePayments.js';

describe('the schemas of online payments', () => {
  it('read what they write', () => {
    expect(history.map(stored)).toEqual(history);
  });

  it.each([
    ['data.amount', changed(1, { amount: '10' })],
    [
      'data.accounts[0].allocations[0].amount',
      changed(1, {
        accounts: [{ patronId: 'ann', amount: '9.50', allocations: [{ feeId: 'f1', amount: '1' }] }],
      }),
    ],
    ['data.currency', changed(1, { currency: 'XXY' })],
    ['data.payoutCurrency', changed(7, { payoutCurrency: 'XXY' })],
    ['data.gross', changed(7, { gross: '10.0' })],
    ['data.fee', changed(7, { payoutCurrency: 'JPY', gross: '10' })],
    ['data.name', changed(0, { name: 'Ann' })],
    ['data.parts', changed(0, { parts: [] })],
    ['data.final', changed(6, { final: 'yes' })],
  ])('refuse a fault in %s', (path, event) => {
    expect(() => stored(event)).toThrow(path);
  });

  it('take the row of a capture, and no other ids', () => {
    const event = changed(1, { rowId: 'txn_1' });
    expect(stored(event)).toEqual(event);
    expect(() => stored(changed(1, { otherIds: ['pi_1'] }))).toThrow('data.otherIds');
  });

  it('take amounts in the currency of the payout', () => {
    const event = changed(7, { payoutCurrency: 'JPY', gross: '1500', fee: '60' });
    expect(stored(event)).toEqual(event);
  });
});
