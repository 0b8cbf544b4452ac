import { payableOnline } from 'patron-fees/online';
import { expect, it } from 'vitest';
import { at, fee, openShop, policyOf } from '../online/shop.js';

it('lists every open fee with what can be paid, and deducts no credits', async () => {
  const shop = await openShop();
  const credit = {
    type: 'IssueCredit',
    id: 'c1',
    amount: '2.00',
    cause: 'manual',
    purpose: 'goodwill',
    reason: 'OTHER',
    at,
  } as const;
  await shop.give('ann', credit, {
    type: 'WaiveFees',
    id: 'w1',
    fees: [{ feeId: 'f1' }],
    reason: 'OTHER',
    at,
  });
  expect(payableOnline(await shop.account('ann'), shop.policy)).toEqual({
    currency: 'USD',
    payable: '10.00',
    fees: [
      {
        feeId: 'f2',
        feeType: 'OTHER',
        label: 'Other',
        vatPercent: null,
        owner: 'MAIN',
        title: null,
        owed: '10.00',
        payable: '10.00',
        because: null,
      },
    ],
  });
});

it('says that a fee is transferred, or covered by a credit', async () => {
  const policy = policyOf(
    {},
    {
      transfers: { expectsSettlement: true },
      feeTypes: {
        OTHER: { label: 'Other' },
        SHORT: { label: 'Short' },
        LOST: { label: 'Lost', lostItem: true, refundPercent: 50 },
      },
    },
  );
  const shop = await openShop(policy);
  await shop.give(
    'ann',
    { type: 'TransferFees', id: 't1', fees: [{ feeId: 'f1' }], at },
    fee('l1', '8.00', 'LOST'),
  );
  await shop.give('ann', { type: 'WaiveFees', id: 'w1', fees: [{ feeId: 'l1' }], reason: 'OTHER', at });
  const { fees } = payableOnline(await shop.account('ann'), policy);
  expect(fees.map(({ feeId, because, payable }) => [feeId, because, payable])).toEqual([
    ['f1', 'transferred', '0.00'],
    ['f2', null, '10.00'],
    ['l1', 'nothingOwed', '0.00'],
  ]);
});
