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

/** The time of every event unless given. */
export const at = '2026-03-02T09:00:00Z';

const usd = { currency: 'USD', at } as const;

/** A `FeeAssessed` event: an overdue fine of the main library. */
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

/** A `FeeAssessed` event for a lost item of the loan `loan`. */
export function lost(feeId: string, amount: string, more: Partial<FeeAssessed['data']> = {}): FeeAssessed {
  return assessed(feeId, amount, {
    feeType: 'LOSTITEMREPLACEMENTFEE',
    lostItem: true,
    loanId: 'loan',
    ...more,
  });
}

/** A `PaymentReceived` event: cash for one fee. */
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

/** A `FeeWaived` event. */
export function waived(
  waiverId: string,
  feeId: string,
  amount: string,
  more: Partial<FeeWaived['data']> = {},
): FeeWaived {
  return { type: 'FeeWaived', data: { ...usd, waiverId, feeId, amount, ...more } };
}

/** A `LostItemCreditIssued` event: the waiver of a lost-item fee. */
export function waivedLost(
  creditId: string,
  feeId: string,
  amount: string,
  more: Partial<LostItemCreditIssued['data']> = {},
): LostItemCreditIssued {
  const data = { ...usd, creditId, feeId, amount, cause: 'waived', purpose: 'setOff', ...more } as const;
  return { type: 'LostItemCreditIssued', data };
}

/** A `FeeDisputed` event. */
export function disputed(disputeId: string, feeId: string): FeeDisputed {
  return { type: 'FeeDisputed', data: { at, disputeId, feeId } };
}

/** A `FeeTransferred` event: to the bursar, who reports payments back. */
export function transferred(
  transferId: string,
  feeId: string,
  amount: string,
  more: Partial<FeeTransferred['data']> = {},
): FeeTransferred {
  const data = { ...usd, transferId, feeId, amount, expectsSettlement: true, destination: 'BURSAR', ...more };
  return { type: 'FeeTransferred', data };
}

/** A `CreditIssued` event: goodwill. */
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

/** A `CreditApplied` event. */
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

/** A `LostItemReturned` event. */
export function returned(returnId: string, feeId: string): LostItemReturned {
  return { type: 'LostItemReturned', data: { at, returnId, feeId, refundPercent: 100, unpaid: 'percent' } };
}
