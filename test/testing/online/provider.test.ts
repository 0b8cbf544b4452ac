import { expect, it } from 'vitest';
import { newProvider } from '../../../src/testing/online/provider.js';

const payment = { onlinePaymentId: 'o1', total: '15.50', parts: [{ patronId: 'ann' }] } as never;

function opened() {
  const provider = newProvider('USD', (minor) => (minor / 100).toFixed(2));
  provider.open(payment);
  provider.take(provider.checkouts[0] as never, 1550, false);
  return { provider, taken: provider.facts[0] as never };
}

it('returns no more than it has, and gets the money of a dispute back once', () => {
  const { provider, taken } = opened();
  provider.giveBack(taken, 1000, 'refund');
  provider.giveBack(taken, 0, 'chargeback');
  provider.giveBack(taken, 1, 'refund');
  expect(provider.facts.map(({ minor }) => minor)).toEqual([1550, 1000, 550]);
  provider.comeBack(provider.facts[1] as never);
  provider.comeBack(provider.facts[1] as never);
  expect(provider.leftOf(taken)).toBe(1000);
});

it('names a capture by one id, in messages and in rows', () => {
  const { provider } = opened();
  provider.payOut(0, false);
  expect(provider.reportOf(provider.facts).captures).toMatchObject([{ externalTransactionId: 'pi_1' }]);
  expect(provider.rows).toMatchObject([{ transaction: 'pi_1', gross: '15.50', fee: '0.31' }]);
});

it('pays out once, and again in another payout if the bank refused it', () => {
  const { provider } = opened();
  provider.payOut(0, false);
  provider.payOut(0, false);
  provider.payoutFails(0);
  expect(provider.rows.map(({ payoutId }) => payoutId)).toEqual(['po_3']);
});
