import type {
  CreditApplied,
  CreditIssued,
  LostItemCreditIssued,
} from '../../src/account/events/creditEvents.js';
import type {
  FeeAssessed,
  FeeDisputed,
  FeeWaived,
  LostItemReturned,
} from '../../src/account/events/feeEvents.js';
import type { PaymentReceived } from '../../src/account/events/paymentEvents.js';
import type { FeeTransferred } from '../../src/account/events/transferEvents.js';

/** When everything happens in these stories unless they say otherwise. */
export const at = '2026-03-02T09:00:00Z';

const usd = { currency: 'USD', at } as const;

/** A fee is charged: an overdue fine of the main library. */
export function assessed(
  feeId: string,
  amount: string,
  more: Partial<FeeAssessed['data']> = {},
): FeeAssessed {
  return {
    type: 'FeeAssessed',
    data: { ...usd, feeId, amount, feeType: 'OVERDUEFINE', owner: 'MAIN', ...more },
  };
}

/** A fee is charged for a lost item, on the loan `loan`. */
export function lost(feeId: string, amount: string, more: Partial<FeeAssessed['data']> = {}): FeeAssessed {
  return assessed(feeId, amount, {
    feeType: 'LOSTITEMREPLACEMENTFEE',
    lostItem: true,
    loanId: 'loan',
    ...more,
  });
}

/** A fee is paid in cash. */
export function paid(
  paymentId: string,
  feeId: string,
  amount: string,
  more: Partial<PaymentReceived['data']> = {},
): PaymentReceived {
  const allocations = [{ feeId, amount }];
  return {
    type: 'PaymentReceived',
    data: { ...usd, paymentId, amount, method: 'CASH', allocations, ...more },
  };
}

/** A fee is forgiven. */
export function waived(
  waiverId: string,
  feeId: string,
  amount: string,
  more: Partial<FeeWaived['data']> = {},
): FeeWaived {
  return { type: 'FeeWaived', data: { ...usd, waiverId, feeId, amount, ...more } };
}

/** A lost-item fee is forgiven: it brings a credit. */
export function waivedLost(
  creditId: string,
  feeId: string,
  amount: string,
  more: Partial<LostItemCreditIssued['data']> = {},
): LostItemCreditIssued {
  const data = { ...usd, creditId, feeId, amount, cause: 'waived', purpose: 'setOff', ...more } as const;
  return { type: 'LostItemCreditIssued', data };
}

/** The patron disputes a fee. */
export function disputed(disputeId: string, feeId: string): FeeDisputed {
  return { type: 'FeeDisputed', data: { at, disputeId, feeId } };
}

/** A fee goes to the bursar, who reports what was paid. */
export function transferred(
  transferId: string,
  feeId: string,
  amount: string,
  more: Partial<FeeTransferred['data']> = {},
): FeeTransferred {
  const data = { ...usd, transferId, feeId, amount, expectsSettlement: true, destination: 'BURSAR', ...more };
  return { type: 'FeeTransferred', data };
}

/** The patron gets a goodwill credit. */
export function credited(
  creditId: string,
  amount: string,
  more: Partial<CreditIssued['data']> = {},
): CreditIssued {
  return {
    type: 'CreditIssued',
    data: { ...usd, creditId, amount, cause: 'manual', purpose: 'goodwill', ...more },
  };
}

/** A credit settles a fee. */
export function applied(
  applicationId: string,
  creditId: string,
  feeId: string,
  amount: string,
): CreditApplied {
  return {
    type: 'CreditApplied',
    data: { ...usd, applicationId, creditId, allocations: [{ feeId, amount }] },
  };
}

/** The lost item comes back. */
export function returned(returnId: string, feeId: string): LostItemReturned {
  return { type: 'LostItemReturned', data: { at, returnId, feeId, refundPercent: 100, unpaid: 'percent' } };
}
