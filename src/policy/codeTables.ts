import type { FeeTypeRule } from './policyRules.js';

/** Returns the rule of a fee type that is not for lost items. */
function ordinary(label: string, manual: boolean): FeeTypeRule {
  return { label, manual, waiveable: true, lostItem: false, refundPercent: 0 };
}

/**
 * Alma's fee types, as found in real payloads and code (Ex Libris publishes no complete list): code and label, whether
 * staff may charge it by hand, and how much is refunded if a lost item returns.
 *
 * LOSTITEMREPLACEMENTFEE is refunded in full if the item returns, LOSTITEMPROCESSFEE not at all: the policy "Lost Item
 * Replacement Fee Refund Ratio" covers the replacement fee only.
 */
export const almaFeeTypes: Readonly<Record<string, FeeTypeRule>> = {
  OVERDUEFINE: ordinary('Overdue fine', true),
  RECALLEDOVERDUEFINE: ordinary('Recalled overdue fine', false),
  OVERDUENOTIFICATIONFINE: ordinary('Overdue notification fine', false),
  NOTIFICATIONFEE: ordinary('Notification fee', false),
  FINEFEENOTIFICATIONFEE: ordinary('Fine/fee notification fee', false),
  LOSTITEMREPLACEMENTFEE: {
    label: 'Lost item replacement fee',
    manual: true,
    waiveable: true,
    lostItem: true,
    refundPercent: 100,
  },
  LOSTITEMPROCESSFEE: {
    label: 'Lost item process fee',
    manual: true,
    waiveable: true,
    lostItem: true,
    refundPercent: 0,
  },
  DAMAGEDITEMFINE: ordinary('Damaged item fine', true),
  RENEWFEE: ordinary('Renew fee', false),
  CARDRENEWAL: ordinary('Card renewal', true),
  ISSUELIBRARYCARD: ordinary('Issue library card', true),
  LIBRARYCARDREPLACEMENT: ordinary('Library card replacement', true),
  LOCKERKEY: ordinary('Locker key', true),
  SERVICEFEE: ordinary('Service fee', true),
  DOCUMENTDELIVERYSERVICE: ordinary('Document delivery service', true),
  OTHER: ordinary('Other', true),
};

/** Alma's payment methods: three from its API documentation, two more from its screen. */
export const almaPaymentMethods: Readonly<Record<string, string>> = {
  CASH: 'Cash',
  CREDIT_CARD: 'Credit card',
  DEBIT_CARD: 'Debit card',
  ONLINE: 'Online',
  CHECK: 'Check',
};

/** Waiving reasons seen at Alma libraries; the table is local to each institution. */
export const almaWaiveReasons: Readonly<Record<string, string>> = {
  GRACE_PERIOD: 'Grace period',
  STAFF_ERROR: 'Staff error',
  TECHNICAL_ISSUE: 'Technical issue',
  LOST_ITEM_FOUND: 'Lost item was found',
  OTHER: 'Other',
};
