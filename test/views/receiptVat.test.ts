import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { definePolicy, fold } from '../../src/index.js';
import { receipt, transactions } from '../../src/views/index.js';
import { vatByRate } from '../../src/views/receiptVat.js';
import { assessed, event } from '../support/events.js';
import { tried } from '../support/seeded.js';

describe('the tax on a receipt', () => {
  it('is summed by rate, without lines that have no tax', () => {
    const lines = [
      { vatPercent: 19, amount: 500, tax: 80 },
      { vatPercent: 7, amount: 107, tax: 7 },
      { vatPercent: null, amount: 1_000, tax: 0 },
      { vatPercent: 19, amount: 690, tax: 110 },
    ];
    expect(vatByRate(lines, 2)).toEqual([
      { percent: 7, gross: '1.07', net: '1.00', vat: '0.07' },
      { percent: 19, gross: '11.90', net: '10.00', vat: '1.90' },
    ]);
    expect(vatByRate([], 2)).toEqual([]);
  });

  it('adds up: net and tax are the gross amount', () => {
    const line = fc.record({
      vatPercent: fc.constantFrom(7, 19, null),
      amount: fc.nat(10 ** 9),
      tax: fc.nat(10 ** 6),
    });
    const minor = (amount: string) => BigInt(amount.replace('.', ''));
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        for (const { gross, net, vat, percent } of vatByRate(lines, 2)) {
          expect(minor(net) + minor(vat)).toBe(minor(gross));
          const own = lines.filter(({ vatPercent }) => vatPercent === percent);
          expect(minor(gross)).toBe(own.reduce((sum, { amount }) => sum + BigInt(amount), 0n));
        }
      }),
      tried(100),
    );
  });

  it('is that of the payment, per fee, and in the transactions of the fee', () => {
    const taxed = assessed('f1', '11.90');
    const policy = definePolicy({ currency: 'USD' });
    const account = fold([
      { ...taxed, data: { ...taxed.data, vatPercent: 19 } },
      assessed('f2', '1.00'),
      event('PaymentReceived', {
        paymentId: 'p1',
        amount: '6.00',
        method: 'CASH',
        allocations: [
          { feeId: 'f1', amount: '5.00' },
          { feeId: 'f2', amount: '1.00' },
        ],
      }),
    ]);
    const { allocations, vat } = receipt(account, policy, { paymentId: 'p1' });
    expect(allocations.map(({ vatPercent, vat: tax }) => [vatPercent, tax])).toEqual([
      [19, '0.80'],
      [null, '0.00'],
    ]);
    expect(vat).toEqual([{ percent: 19, gross: '5.00', net: '4.20', vat: '0.80' }]);
    const ofFee = transactions(account, policy, { id: 'f1' });
    expect(ofFee.lines.map((line) => line.vat)).toEqual(['1.90', '0.80']);
    expect([ofFee.vatPercent, ofFee.remainingVat]).toEqual([19, '1.10']);
  });
});
