import { describe, expect, it } from 'vitest';
import { definePolicy, feeVat, fold } from '../../../src/index.js';
import { fromAlmaFees, toAlmaFees } from '../../../src/interop/alma/index.js';
import { assessed, event } from '../../support/events.js';

const policy = definePolicy({ currency: 'USD', feeTypes: { OTHER: { label: 'Copies', vatPercent: 19 } } });
const taxed = assessed('f1', '11.90');
const account = fold([
  { ...taxed, data: { ...taxed.data, vatPercent: 19 } },
  event('PaymentReceived', {
    paymentId: 'p1',
    amount: '6.00',
    method: 'CASH',
    allocations: [{ feeId: 'f1', amount: '6.00' }],
  }),
  event('PaymentReversed', {
    reversalId: 'r1',
    paymentId: 'p1',
    amount: '1.00',
    method: 'CASH',
    allocations: [{ feeId: 'f1', amount: '1.00' }],
  }),
  event('FeeWaived', { waiverId: 'w1', feeId: 'f1', amount: '3.33', reason: 'OTHER' }),
]);

describe('VAT in Alma', () => {
  it('is on the fee and on each transaction, less what was undone', () => {
    const [fee] = toAlmaFees(account, { policy }).fee;
    expect(fee).toMatchObject({
      original_amount: 11.9,
      original_vat_amount: 1.9,
      remaining_vat_amount: 0.57,
    });
    expect(fee?.transaction?.map(({ amount, vat_amount }) => [amount, vat_amount])).toEqual([
      [5, 0.8],
      [3.33, 0.53],
    ]);
    const [plain] = toAlmaFees(fold([taxed])).fee;
    expect(plain).not.toHaveProperty('original_vat_amount');
  });

  it('is imported with the rate that gives its amount: of the policy, or of the options', () => {
    const response = toAlmaFees(account, { policy });
    const imported = (options: Parameters<typeof fromAlmaFees>[1]) => fromAlmaFees(response, options);
    for (const options of [{ policy }, { vatPercents: [7, 19] }]) {
      const { events, findings } = imported(options);
      expect(findings).toEqual([]);
      expect(feeVat(fold(events), 'f1')).toMatchObject({ percent: 19, original: 190, remaining: 57 });
    }
    const withoutRates = imported({});
    expect(feeVat(fold(withoutRates.events), 'f1')).toBeNull();
  });

  it('is taken back by a waiver, which is a write-off if the policy marks its reason so', () => {
    const OTHER = { label: 'Uncollectable', kind: 'writeOff' } as const;
    const strict = definePolicy({ ...policy, waiveReasons: { OTHER } });
    const { events } = fromAlmaFees(toAlmaFees(account, { policy }), { policy: strict });
    expect(fold(events).waivers).toMatchObject([{ amount: 333, writeOff: true }]);
  });

  it('that matches no rate is a finding', () => {
    const { events, findings } = fromAlmaFees(toAlmaFees(account, { policy }), { vatPercents: [7] });
    expect(events).toEqual([]);
    expect(findings.map(({ code, path }) => [code, path])).toEqual([
      ['VatNotExplained', 'fee[0].original_vat_amount'],
    ]);
  });
});
