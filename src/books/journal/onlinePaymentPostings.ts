import { taxIncluded } from '../../money/rounding.js';
import { foldOnlinePayment } from '../../office/onlinePayments/foldOnlinePayment.js';
import type { KeptReportEvent } from '../../office/onlinePayments/keptReport.js';
import { isSamePart, type OnlinePart, onlineParts } from '../../office/onlinePayments/onlineParts.js';
import { type OnlinePayment, returnedOf, units, unitsOf } from '../../office/onlinePayments/onlinePayment.js';
import type {
  OnlinePaymentEvent,
  OnlinePaymentPaidOut,
  OnlinePaymentRecorded,
  OnlinePaymentSettled,
} from '../../office/onlinePayments/onlinePaymentEvents.js';
import type { ProviderRowEvent } from '../../office/onlinePayments/providerRow.js';
import { credit, debit, type Posting } from './ledgerAccount.js';

/**
 * Returns the postings of an online payment. What the fees receive is posted by the accounts, to `cash` of the
 * payment's method, which is what the provider owes. This function posts the rest: the service fee, which is revenue
 * with its own tax; what the provider paid out to the bank, less the provider's fee; and what persons settled, which
 * stays on `onlineApart` until an account records it. For a payout in another currency, the charged amount is posted,
 * but not the provider's fee.
 *
 * @param events - all events of the stream of one online payment
 * @returns the postings of each event, which sum to zero; empty for events that move nothing here
 * @throws {@link index.PatronFeesError | PatronFeesError} `CORRUPT_HISTORY` if the events do not fold
 *
 * @example
 * ```ts
 * import { onlinePaymentPostings } from 'patron-fees/reports';
 *
 * const common = { onlinePaymentId: 'o1', currency: 'USD', at: '2026-03-02T09:00:00Z', by: { channel: 'online' } } as const;
 * const parts = [{ patronId: 'dverma', feeId: 'f1', amount: '5.00' }];
 * const agreed = { parts, amount: '5.00', serviceFee: '0.60', serviceFeeVatPercent: 20, total: '5.60' };
 * const started = { ...common, ...agreed, method: 'ONLINE', expiresAt: '2026-03-02T10:00:00Z' };
 * const accounts = [{ patronId: 'dverma', amount: '5.00', allocations: [{ feeId: 'f1', amount: '5.00' }] }];
 * const money = { method: 'ONLINE', externalTransactionId: 'ch_1', amount: '5.60', serviceFee: '0.60', accounts };
 * const postings = onlinePaymentPostings([
 *   { type: 'OnlinePaymentStarted', data: started },
 *   { type: 'OnlinePaymentCaptured', data: { ...common, ...money } },
 * ]);
 * postings[1]?.map(({ account, amountMinor }) => [account.join(), amountMinor]);
 * //=> [['cash,ONLINE', 60], ['serviceFees,ONLINE', -50], ['vat,20', -10]]
 * ```
 */
export function onlinePaymentPostings(
  events: readonly OnlinePaymentEvent[],
): readonly (readonly Posting[])[] {
  let payment: OnlinePayment | null = null;
  return [...events].map((event) => {
    const before: OnlinePayment | null = payment;
    payment = foldOnlinePayment([event], before);
    return postingsOf(event, before as OnlinePayment);
  });
}

function postingsOf({ type, data }: OnlinePaymentEvent, before: OnlinePayment): readonly Posting[] {
  switch (type) {
    case 'OnlinePaymentCaptured':
      return serviceFee(before, units(data.serviceFee));
    case 'OnlinePaymentReturned':
      return serviceFee(before, -unitsOf(returnedOf(data).map((one) => one.serviceFee)));
    case 'OnlinePaymentSettled': {
      if (data.what === 'reversed') return apart(before, data);
      const isNew = data.what === 'apart' || data.what === 'follows';
      return isNew && partIn(before, data)?.isPosted === false ? apart(before, data) : [];
    }
    case 'OnlinePaymentRecorded':
      return partIn(before, data)?.isPosted ? apart(before, data).map(opposite) : [];
    case 'OnlinePaymentPaidOut':
      return data.instead === undefined ? paidOut(before.method, data) : [];
    case 'OnlinePaymentStarted':
    case 'OnlinePaymentPending':
    case 'OnlinePaymentEnded':
      return [];
  }
}

/** Posts what is kept of the service fee, or goes back. Its tax is that of all that is kept, so that it adds up. */
function serviceFee(payment: OnlinePayment, change: number): readonly Posting[] {
  const { method, serviceFeeVatPercent: percent, captures, returns } = payment;
  const sum = (fees: readonly { readonly serviceFee: string }[]) =>
    unitsOf(fees.map((one) => one.serviceFee));
  const kept = sum(captures) - sum(returns.flatMap(returnedOf));
  const tax = percent === undefined ? 0 : taxIncluded(kept + change, percent) - taxIncluded(kept, percent);
  return posted([
    debit(['cash', method], change, null),
    credit(['serviceFees', method], change - tax, null),
    credit(['vat', String(percent ?? 0)], tax, null),
  ]);
}

/** Posts a part that no account records: a person has to explain it. */
function apart(
  { method }: OnlinePayment,
  { kind, amount }: Pick<OnlinePart, 'kind' | 'amount'>,
): readonly Posting[] {
  const change = kind === 'capture' ? units(amount) : -units(amount);
  return posted([debit(['cash', method], change, null), credit(['onlineApart', method], change, null)]);
}

function partIn(
  payment: OnlinePayment,
  data: OnlinePaymentSettled['data'] | OnlinePaymentRecorded['data'],
): OnlinePart | undefined {
  return onlineParts(payment).find((part) => isSamePart(part, data));
}

function opposite({ amountMinor, ...posting }: Posting): Posting {
  return { ...posting, amountMinor: -amountMinor };
}

function paidOut(method: string, data: OnlinePaymentPaidOut['data']): readonly Posting[] {
  const sign = data.kind === 'capture' ? 1 : -1;
  const isConverted = data.payoutCurrency !== data.currency;
  const gross = isConverted ? sign * units(data.amount) : units(data.gross);
  const fee = isConverted ? 0 : units(data.fee);
  return posted([
    debit(['paidOut', method], gross - fee, null),
    debit(['providerFees', method], fee, null),
    credit(['cash', method], gross, null),
  ]);
}

/** Returns the postings of something that was kept: the money of a row that a person settles is in a payout. */
export function keptPostings(events: readonly KeptReportEvent[]): readonly (readonly Posting[])[] {
  return events.map(({ data }) => {
    if (!('posted' in data) || data.posted === undefined) return [];
    const { method, gross, fee } = data.posted;
    const sign = data.how === 'settled' ? 1 : -1;
    return posted([
      debit(['paidOut', method], sign * (units(gross) - units(fee)), null),
      debit(['providerFees', method], sign * units(fee), null),
      credit(['onlineApart', method], sign * units(gross), null),
    ]);
  });
}

/**
 * Returns the postings of a row of a payout that belongs to no payment: a cost of the provider. What a payout repeats
 * of one that failed at the bank was posted before.
 */
export function providerRowPostings(events: readonly ProviderRowEvent[]): readonly (readonly Posting[])[] {
  let isPosted = false;
  return events.map(({ type, data }) => {
    const sign = type === 'ProviderRowRecorded' ? 1 : -1;
    if (type === 'ProviderRowRecorded') {
      if (data.instead !== undefined || data.failedPayout !== undefined) return [];
      isPosted = true;
    } else if (!isPosted) return [];
    const change = sign * units(data.amount);
    return posted([
      debit(['paidOut', data.method], change, null),
      credit(['providerFees', data.method], change, null),
    ]);
  });
}

function posted(postings: readonly Posting[]): readonly Posting[] {
  return postings.filter(({ amountMinor }) => amountMinor !== 0);
}
