import type { Allocation } from '../account/circumstances.js';
import type { AccountEvent } from '../account/events/accountEvent.js';
import type { DisputeOutcome } from '../account/events/feeEvents.js';
import type { Fee } from '../account/fee.js';
import { findCredit, findFee, findTransfer, type PatronAccount } from '../account/patronAccount.js';
import { parseAmount } from '../money/money.js';
import type { FeePolicy } from '../policy/feePolicy.js';
import type { NoticeKind } from '../policy/notices.js';
import { codeLabel } from '../views/codeLabel.js';

/** What one event adds to a notice. Amounts are in minor units. */
export type NoticePart = {
  readonly kind: NoticeKind;
  /** Null if the notice is not about an amount. */
  readonly amount: number | null;
  readonly fees: readonly { readonly feeId: string; readonly amount: number | null }[];
  readonly credited: number;
  readonly planId: string | null;
  readonly methodLabel: string | null;
  readonly destinationLabel: string | null;
  readonly reasonLabel: string | null;
  readonly outcome: DisputeOutcome | null;
};

/**
 * Returns what an event tells its patron; null if it tells nothing, such as a fine that grows and the use of a credit.
 *
 * @param lead - the kind of notice that the command of the event makes: what a return, a dispute that ends or a
 * cancelled fee brings about is part of that notice
 */
export function noticePart(
  event: AccountEvent,
  account: PatronAccount,
  policy: FeePolicy,
  lead: NoticeKind | undefined,
): NoticePart | null {
  const minor = (amount: string) => parseAmount(amount, account.minorDigits);
  const parts = (allocations: readonly Allocation[]) =>
    allocations.map(({ feeId, amount }) => ({ feeId, amount: minor(amount) }));
  const named = (feeIds: readonly string[]) => feeIds.map((feeId) => ({ feeId, amount: null }));
  const part = (kind: NoticeKind, more: Partial<NoticePart>): NoticePart => ({ ...NOTHING, ...more, kind });
  const ofFee = (kind: NoticeKind, { feeId, amount }: Allocation, more: Partial<NoticePart> = {}) =>
    part(kind, { amount: minor(amount), fees: parts([{ feeId, amount }]), ...more });
  const waived = (allocation: Allocation, reason: string | undefined) =>
    ofFee(lead ?? 'waived', allocation, {
      reasonLabel: reason === undefined ? null : codeLabel(policy.waiveReasons, reason),
    });
  switch (event.type) {
    case 'FeeAssessed':
      return event.data.accruing === true ? null : ofFee('charged', event.data);
    case 'AccrualEnded': {
      const { original, cancelled } = findFee(account, event.data.feeId) as Fee;
      const amount = original - cancelled;
      return amount <= 0 ? null : part('grown', { amount, fees: [{ feeId: event.data.feeId, amount }] });
    }
    case 'PaymentReceived': {
      const { amount, allocations, overpayment, method } = event.data;
      return part('paid', {
        amount: minor(amount),
        fees: parts(allocations),
        credited: overpayment === undefined ? 0 : minor(overpayment.amount),
        methodLabel: codeLabel(policy.paymentMethods, method),
      });
    }
    case 'PaymentReversed': {
      const { amount, allocations, method } = event.data;
      const methodLabel = codeLabel(policy.paymentMethods, method);
      return part('reversed', { amount: minor(amount), fees: parts(allocations), methodLabel });
    }
    case 'WaiverReversed':
      // Of a fee that is cancelled whole, the waiver becomes part of the cancellation: nothing is owed again.
      return lead === undefined ? ofFee('reversed', event.data) : null;
    case 'CreditCancelled': {
      const credit = findCredit(account, event.data.creditId);
      const feeId = credit?.cause === 'waived' ? credit.feeId : null;
      return feeId === null || lead !== undefined
        ? null
        : ofFee('reversed', { feeId, amount: event.data.amount });
    }
    case 'TransferRecalled': {
      const { transferId, amount, setOff = [] } = event.data;
      const feeId = findTransfer(account, transferId)?.feeId ?? null;
      // What the external system's credits had reversed is not owed again.
      const owedAgain = setOff.reduce((rest, used) => rest - minor(used.amount), minor(amount));
      return feeId === null || owedAgain === 0
        ? null
        : part('reversed', { amount: owedAgain, fees: [{ feeId, amount: owedAgain }] });
    }
    case 'CreditRefunded': {
      const { amount, method } = event.data;
      const methodLabel = codeLabel(policy.paymentMethods, method);
      return part('refunded', { amount: minor(amount), methodLabel });
    }
    case 'RefundReversed':
      return part('refundReversed', { amount: minor(event.data.amount) });
    case 'FeeWaived':
      return waived(event.data, event.data.reason);
    case 'FeeCancelled':
      return event.data.accrual === true ? null : ofFee(lead ?? 'cancelled', event.data);
    case 'LostItemCreditIssued': {
      const { cause, purpose, amount, reason } = event.data;
      if (cause === 'waived') return waived(event.data, reason);
      return ofFee('returned', event.data, { credited: purpose === 'refundable' ? minor(amount) : 0 });
    }
    case 'CreditIssued': {
      const { cause, feeId, amount, purpose, accrual, reason } = event.data;
      if (feeId === undefined || accrual === true) return null;
      if (cause === 'waived') return waived({ feeId, amount }, reason);
      if (cause !== 'cancelled') return null;
      const credited = purpose === 'refundable' ? minor(amount) : 0;
      return ofFee(lead ?? 'cancelled', { feeId, amount }, { credited });
    }
    case 'FeeDisputed':
      return part('disputed', { amount: null, fees: named([event.data.feeId]) });
    case 'DisputeResolved':
      return part('resolved', { fees: named([event.data.feeId]), outcome: event.data.outcome });
    case 'LostItemReturned':
      return part('returned', { fees: named([event.data.feeId]) });
    case 'FeeTransferred': {
      const { destination } = event.data;
      return ofFee('transferred', event.data, {
        destinationLabel: destination === undefined ? null : codeLabel(policy.destinations, destination),
      });
    }
    case 'PaymentPlanAgreed': {
      const { planId, feeIds, instalments } = event.data;
      const amount = instalments.reduce((sum, instalment) => sum + minor(instalment.amount), 0);
      return part('planAgreed', { amount, planId, fees: named(feeIds) });
    }
    case 'FeeIncreased':
    case 'CreditApplied':
    case 'CreditApplicationReversed':
    case 'CreditTransferred':
    case 'SettlementReversed':
    case 'TransferSettled':
    case 'PaymentPlanEnded':
    case 'AccountMerged':
    case 'AccountJoined':
    case 'AccountSeparated':
    case 'AccountPurged':
      return null;
  }
}

const NOTHING: Omit<NoticePart, 'kind'> = {
  amount: 0,
  fees: [],
  credited: 0,
  planId: null,
  methodLabel: null,
  destinationLabel: null,
  reasonLabel: null,
  outcome: null,
};

/** Returns the kinds of notices that commands make of all their events, by the id of the command. */
export function leadsOf(events: readonly AccountEvent[]): ReadonlyMap<string, NoticeKind> {
  const leads = new Map<string, NoticeKind>();
  for (const event of events) {
    const commandId = event.metadata?.commandId;
    if (commandId === undefined) continue;
    if (event.type === 'LostItemReturned') leads.set(commandId, 'returned');
    else if (event.type === 'DisputeResolved') leads.set(commandId, 'resolved');
    else if (event.type === 'FeeCancelled' && event.data.accrual !== true && !leads.has(commandId))
      leads.set(commandId, 'cancelled');
  }
  return leads;
}
