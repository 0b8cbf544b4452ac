import { describe, expect, it } from 'vitest';
import { foldRemittances } from '../../../src/bursar/index.js';
import {
  addKeptRow,
  addPayouts,
  addProviderRow,
  depositsOf,
  type ExpectedItem,
  leftOf,
  remittancesOf,
  returnedOf,
  safeDepositsOf,
  settledAt,
  settledWith,
  sumOfItems,
  wronglyConfirmed,
} from '../../../src/jobs/bank/expectedItems.js';
import { bankItemKey } from '../../../src/office/bank/bankAccount.js';
import { foldTill, noBankAccount } from '../../../src/office/index.js';
import { bankAfter, cash, confirm, depositFromSafe, end, part, reverse } from '../../office/bank/banks.js';
import { received, remittanceEvents, undone } from '../../office/remittances/remittances.js';
import { close, open, tillAfter } from '../../office/till/tills.js';
import { event } from '../../support/events.js';

const dayOf = (at: string) => at.slice(0, 10);

describe('what the bank should have', () => {
  it('is each deposit of a closed session that is not zero', () => {
    const till = tillAfter(open(), close('c', '12.50', '62.50'), open('CIRC/2'));
    expect(depositsOf('CIRC', till, dayOf)).toEqual([
      { item: { ...cash('12.50') }, day: '2026-03-02', reference: null },
    ]);
    expect(depositsOf('CIRC', tillAfter(open(), close('c', '0', '50')), dayOf)).toEqual([]);
    expect(depositsOf('CIRC', foldTill([]), dayOf)).toEqual([]);
  });

  it('is each deposit from the safe that was not reversed or confirmed', () => {
    const { account } = bankAfter(depositFromSafe('d1', '5'), depositFromSafe('d2', '6'), reverse('u', 'd1'));
    const [only, ...rest] = safeDepositsOf(account, dayOf);
    expect(only).toMatchObject({ item: { depositId: 'd2', amount: '6.00' }, reference: 'slip d2' });
    expect(rest).toEqual([]);
  });

  it('reports confirmations of items that the books do not have, or have with another amount', () => {
    const safe = { kind: 'safeDeposit', depositId: 'd1', method: 'CASH', amount: '5.00' } as const;
    const payout = { kind: 'payout', method: 'CARD', payoutId: 'po', amount: '1.00' } as const;
    const { account } = bankAfter(
      depositFromSafe('d1', '5'),
      confirm('c0', '7', cash('7.00')),
      reverse('u0', 'c0'),
      confirm('c1', '62', cash()),
      confirm('c2', '6', safe, payout),
    );
    const own = safeDepositsOf(account, dayOf);
    const ofTill = { item: cash(), day: '2026-03-02', reference: null };
    expect(wronglyConfirmed(account, [...own, ofTill])).toEqual([]);
    expect(wronglyConfirmed(account, own)).toEqual([cash()]);
    expect(wronglyConfirmed(account, [{ ...ofTill, item: cash('62.50') }])).toEqual([cash(), safe]);
  });

  it('reports confirmations of parts of an item with another amount', () => {
    const expected = { item: cash(), day: '2026-03-02', reference: null };
    const parts = bankAfter(confirm('c1', '40', part('40')), end('e1', part('22')));
    expect(wronglyConfirmed(parts.account, [expected])).toEqual([]);
    expect(wronglyConfirmed(parts.account, [{ ...expected, item: cash('63.00') }])).toEqual([cash()]);
  });

  it('is each remittance that was not reversed, in its direction', () => {
    const paid = received('r2', '5', { direction: 'paid' });
    const state = foldRemittances(
      remittanceEvents(received('r1', '80'), paid, received('r3', '1'), undone('u', 'r3')),
    );
    const items = remittancesOf(state, dayOf).map(({ item }) => item);
    expect(items.map(({ amount }) => amount)).toEqual(['80.00', '-5.00']);
    expect(sumOfItems(items, 2)).toBe('75.00');
  });

  it('is each payout of online payments, less the fees of the provider', () => {
    const payouts = new Map<string, ExpectedItem>();
    const row = { payoutId: 'po_1', paidOn: '2026-03-04', payoutCurrency: 'USD' };
    const payment = (...rows: readonly object[]) =>
      ({ method: 'ONLINE', currency: 'USD', payouts: rows }) as never;
    addPayouts(
      payouts,
      payment({ ...row, gross: '13.00', fee: '0.68' }, { ...row, gross: '-5.00', fee: '0.00' }),
      2,
    );
    addPayouts(
      payouts,
      payment(
        { ...row, gross: '2.00', fee: '0.10' },
        { ...row, gross: '9.00', fee: '0', payoutCurrency: 'EUR' },
      ),
      2,
    );
    addPayouts(payouts, payment({ ...row, payoutId: 'po_2', gross: '1.00', fee: '0.10' }), 2);
    expect([...payouts.values()].map(({ item, day, reference }) => [item.amount, day, reference])).toEqual([
      ['9.22', '2026-03-04', 'po_1'],
      ['0.90', '2026-03-04', 'po_2'],
    ]);
  });

  it('includes rows of payouts that a person settled, and rows that belong to no payment', () => {
    const payouts = new Map<string, ExpectedItem>();
    const paid = { method: 'ONLINE', currency: 'USD', payoutId: 'po_1', paidOn: '2026-03-04' };
    const posted = { method: 'ONLINE', gross: '7.00', fee: '0.40', currency: 'USD' };
    addKeptRow(payouts, { kind: 'row', told: { ...paid, payoutCurrency: 'USD' }, posted } as never, 2);
    addKeptRow(payouts, { kind: 'row', told: { ...paid, payoutCurrency: 'EUR' }, posted } as never, 2);
    addKeptRow(
      payouts,
      { kind: 'row', told: { ...paid, payoutCurrency: 'USD' }, posted: undefined } as never,
      2,
    );
    const cost = { ...paid, amount: '-2.00', isReversed: false };
    addProviderRow(payouts, cost as never, 2);
    addProviderRow(payouts, { ...cost, isReversed: true } as never, 2);
    const amounts = () => [...payouts.values()].map(({ item }) => item.amount);
    expect(amounts()).toEqual(['4.60']);
    // The payout failed, and the next one has its money.
    addProviderRow(payouts, { ...cost, amount: '4.60', payoutId: 'po_2', failedPayout: 'po_1' } as never, 2);
    expect(amounts()).toEqual(['0.00', '4.60']);
  });

  it('is each payment of a method that was reversed outside of a till', () => {
    const pay = (paymentId: string, method: string, more = {}) =>
      event('PaymentReceived', { paymentId, amount: '5.00', method, allocations: [], ...more });
    const undo = (reversalId: string, paymentId: string, method: string, more = {}) =>
      event('PaymentReversed', { reversalId, paymentId, amount: '5.00', method, allocations: [], ...more });
    const events = [
      pay('p1', 'CHECK', { reference: '4711' }),
      pay('p2', 'CASH'),
      pay('p3', 'CHECK'),
      undo('u1', 'p1', 'CHECK'),
      undo('u2', 'p2', 'CASH'),
      undo('u3', 'p3', 'CHECK', { by: { channel: 'desk', tillSession: 's1' } }),
    ].map((each, index) => ({ event: each, version: index + 1, recordedAt: '2026-03-02T09:00:00Z' }));
    expect(returnedOf('p', events, new Set(['CHECK']), dayOf)).toMatchObject([
      { item: { kind: 'returned', patronId: 'p', reversalId: 'u1', amount: '-5.00' }, reference: '4711' },
    ]);
  });
});

it('an item that another account confirmed is not expected, unless the confirmation was reversed', () => {
  const safe = { kind: 'safeDeposit', depositId: 'd1', method: 'CASH', amount: '5.00' } as const;
  const given = [depositFromSafe('d1', '5'), confirm('c1', '62', cash()), confirm('c2', '5', safe)] as const;
  const expected = { item: cash(), day: '2026-03-02', reference: null };
  const leftAt = ({ account }: ReturnType<typeof bankAfter>) => {
    const first = settledWith(new Map(), account);
    expect(first.twice).toEqual([]);
    expect(settledWith(first.settled, account).twice.map(bankItemKey)).toEqual([...first.settled.keys()]);
    return leftOf(expected, first.settled);
  };
  expect(leftAt(bankAfter(...given))).toBe(null);
  expect(leftAt(bankAfter(...given, reverse('u', 'c1')))).toBe(expected);
});

it('the rest of an item is expected after parts were confirmed, over all accounts', () => {
  const expected = { item: cash(), day: '2026-03-02', reference: null };
  const left = (...amounts: readonly string[]) =>
    leftOf(
      expected,
      amounts
        .map((amount) => bankAfter(confirm('c1', amount, part(amount))).account)
        .reduce((settled, account) => settledWith(settled, account).settled, settledAt(noBankAccount)),
    );
  expect(left('40')?.item).toEqual({ ...cash('22.00'), of: '62.00' });
  expect(left('40', '22')).toBe(null);
  // Two clerks at the same moment.
  expect(left('40', '40')).toBe(null);
  const parts = bankAfter(confirm('c1', '40', part('40')), end('e1', part('22')));
  expect(leftOf(expected, settledAt(parts.account))).toBe(null);
});
