import { describe, expect, it } from 'vitest';
import { almaFeeTypes, almaPaymentMethods, almaWaiveReasons } from '../../src/policy/codeTables.js';
import { definePolicy } from '../../src/policy/feePolicy.js';

describe('the code tables of Alma', () => {
  it('are a valid policy', () => {
    const tables = {
      feeTypes: almaFeeTypes,
      paymentMethods: almaPaymentMethods,
      waiveReasons: almaWaiveReasons,
    };
    expect(definePolicy({ currency: 'USD', ...tables })).toMatchObject(tables);
  });

  it('let every fee be waived', () => {
    expect(Object.keys(almaFeeTypes).filter((type) => almaFeeTypes[type]?.waiveable !== true)).toEqual([]);
  });

  it('name the payment methods of the API and of the screen, and reasons to waive', () => {
    expect(Object.keys(almaPaymentMethods)).toEqual(['CASH', 'CREDIT_CARD', 'DEBIT_CARD', 'ONLINE', 'CHECK']);
    expect(Object.keys(almaWaiveReasons)).toEqual([
      'GRACE_PERIOD',
      'STAFF_ERROR',
      'TECHNICAL_ISSUE',
      'LOST_ITEM_FOUND',
      'OTHER',
    ]);
  });

  it('refund a replacement fee whole when the item returns, and a processing fee not at all', () => {
    const lostItemTypes = Object.entries(almaFeeTypes).filter(([, rule]) => rule.lostItem);
    expect(lostItemTypes.map(([type, { refundPercent }]) => [type, refundPercent])).toEqual([
      ['LOSTITEMREPLACEMENTFEE', 100],
      ['LOSTITEMPROCESSFEE', 0],
    ]);
  });

  it('keep the fees that only the system charges from the hands of a person', () => {
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
