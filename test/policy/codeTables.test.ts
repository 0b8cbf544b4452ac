import { describe, expect, it } from 'vitest';
import { almaFeeTypes, almaPaymentMethods, almaWaiveReasons } from '../../src/policy/codeTables.js';
import { definePolicy } from '../../src/policy/feePolicy.js';

describe('the Alma code tables', () => {
  it('make a valid policy', () => {
    const tables = {
      feeTypes: almaFeeTypes,
      paymentMethods: almaPaymentMethods,
    };
    const policy = definePolicy({ currency: 'USD', ...tables, waiveReasons: almaWaiveReasons });
    expect(policy).toMatchObject(tables);
    expect(Object.values(policy.waiveReasons).map(({ label }) => label)).toEqual(
      Object.values(almaWaiveReasons),
    );
  });

  it('allow waivers of every fee type', () => {
    expect(Object.keys(almaFeeTypes).filter((type) => almaFeeTypes[type]?.waiveable !== true)).toEqual([]);
  });

  it('list the payment methods of the API and the screen, and waive reasons', () => {
    expect(Object.keys(almaPaymentMethods)).toEqual(['CASH', 'CREDIT_CARD', 'DEBIT_CARD', 'ONLINE', 'CHECK']);
    expect(Object.keys(almaWaiveReasons)).toEqual([
      'GRACE_PERIOD',
      'STAFF_ERROR',
      'TECHNICAL_ISSUE',
      'LOST_ITEM_FOUND',
      'OTHER',
    ]);
  });

  it('refund a replacement fee in full and a processing fee not at all', () => {
    const lostItemTypes = Object.entries(almaFeeTypes).filter(([, rule]) => rule.lostItem);
    expect(lostItemTypes.map(([type, { refundPercent }]) => [type, refundPercent])).toEqual([
      ['LOSTITEMREPLACEMENTFEE', 100],
      ['LOSTITEMPROCESSFEE', 0],
    ]);
  });

  it('mark the fee types that staff cannot charge by hand', () => {
    const bySystem = Object.keys(almaFeeTypes).filter((type) => almaFeeTypes[type]?.manual === false);
    expect(bySystem).toEqual([
      'RECALLEDOVERDUEFINE',
      'OVERDUENOTIFICATIONFINE',
      'NOTIFICATIONFEE',
      'FINEFEENOTIFICATIONFEE',
      'RENEWFEE',
    ]);
  });
});
