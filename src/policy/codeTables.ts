import type { FeeTypeRule } from './policyRules.js';

/** Returns the rule of a fee type that staff may charge. */
function chargedByStaff(label: string): FeeTypeRule {
  return { label, manual: true, waiveable: true, lostItem: false, refundPercent: 0 };
}

/** Returns the rule of a fee type that only the library system charges. */
function chargedBySystem(label: string): FeeTypeRule {
  return { ...chargedByStaff(label), manual: false };
}

/**
 * Alma's fee types, as found in real payloads and code (Ex Libris publishes no complete list): code and label, whether
 * staff may charge it, and how much is refunded if a lost item returns.
 *
 * LOSTITEMREPLACEMENTFEE is refunded in full if the item returns, LOSTITEMPROCESSFEE not at all: the policy "Lost Item
 * Replacement Fee Refund Ratio" covers the replacement fee only.
 */
export const almaFeeTypes: Readonly<Record<string, FeeTypeRule>> = {
  OVERDUEFINE: chargedByStaff('Overdue fine'),
  RECALLEDOVERDUEFINE: chargedBySystem('Recalled overdue fine'),
  OVERDUENOTIFICATIONFINE: chargedBySystem('Overdue notification fine'),
  NOTIFICATIONFEE: chargedBySystem('Notification fee'),
  FINEFEENOTIFICATIONFEE: chargedBySystem('Fine/fee notification fee'),
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
  DAMAGEDITEMFINE: chargedByStaff('Damaged item fine'),
  RENEWFEE: chargedBySystem('Renew fee'),
  CARDRENEWAL: chargedByStaff('Card renewal'),
  ISSUELIBRARYCARD: chargedByStaff('Issue library card'),
  LIBRARYCARDREPLACEMENT: chargedByStaff('Library card replacement'),
  LOCKERKEY: chargedByStaff('Locker key'),
  SERVICEFEE: chargedByStaff('Service fee'),
  DOCUMENTDELIVERYSERVICE: chargedByStaff('Document delivery service'),
  OTHER: chargedByStaff('Other'),
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
