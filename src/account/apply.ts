import { corrupt } from './corruptHistory.js';
import {
  creditApplicationReversed,
  creditApplied,
  creditCancelled,
  creditIssued,
  creditRefunded,
  lostItemCreditIssued,
  refundReversed,
} from './effects/creditEffects.js';
import {
  accrualEnded,
  disputeResolved,
  feeAssessed,
  feeCancelled,
  feeDisputed,
  feeIncreased,
  feeWaived,
  lostItemReturned,
  waiverReversed,
} from './effects/feeEffects.js';
import { accountJoined, accountMerged, accountSeparated } from './effects/mergeEffects.js';
import { paymentReceived, paymentReversed } from './effects/paymentEffects.js';
import { paymentPlanAgreed, paymentPlanEnded } from './effects/planEffects.js';
import { accountPurged } from './effects/purgeEffects.js';
import {
  creditTransferred,
  feeTransferred,
  settlementReversed,
  transferRecalled,
  transferSettled,
} from './effects/transferEffects.js';
import type { AccountEvent } from './events/accountEvent.js';
import type { AccountState } from './patronAccount.js';

/**
 * Changes an account by one event: the only reducer. `fold` runs it on a private account; `evolve` and `decide` run it
 * on private copies of the rows that an event touches. So it only sees plain objects of one shape: after it has run on
 * immer's drafts, the engine runs it at half the speed.
 *
 * It has no policy or clock: the event records what was decided. Each case checks first and changes afterwards,
 * so an event that cannot follow the events before it throws and leaves the account unchanged.
 */
export function apply(state: AccountState, event: AccountEvent): void {
  switch (event.type) {
    case 'FeeAssessed':
      return feeAssessed(state, event);
    case 'FeeIncreased':
      return feeIncreased(state, event);
    case 'AccrualEnded':
      return accrualEnded(state, event);
    case 'PaymentReceived':
      return paymentReceived(state, event);
    case 'FeeWaived':
      return feeWaived(state, event);
    case 'LostItemCreditIssued':
      return lostItemCreditIssued(state, event);
    case 'LostItemReturned':
      return lostItemReturned(state, event);
    case 'FeeTransferred':
      return feeTransferred(state, event);
    case 'FeeDisputed':
      return feeDisputed(state, event);
    case 'DisputeResolved':
      return disputeResolved(state, event);
    case 'CreditIssued':
      return creditIssued(state, event);
    case 'CreditApplied':
      return creditApplied(state, event);
    case 'CreditRefunded':
      return creditRefunded(state, event);
    case 'CreditTransferred':
      return creditTransferred(state, event);
    case 'TransferSettled':
      return transferSettled(state, event);
    case 'SettlementReversed':
      return settlementReversed(state, event);
    case 'TransferRecalled':
      return transferRecalled(state, event);
    case 'FeeCancelled':
      return feeCancelled(state, event);
    case 'PaymentReversed':
      return paymentReversed(state, event);
    case 'WaiverReversed':
      return waiverReversed(state, event);
    case 'CreditApplicationReversed':
      return creditApplicationReversed(state, event);
    case 'RefundReversed':
      return refundReversed(state, event);
    case 'CreditCancelled':
      return creditCancelled(state, event);
    case 'PaymentPlanAgreed':
      return paymentPlanAgreed(state, event);
    case 'PaymentPlanEnded':
      return paymentPlanEnded(state, event);
    case 'AccountMerged':
      return accountMerged(state, event);
    case 'AccountJoined':
      return accountJoined(state, event);
    case 'AccountSeparated':
      return accountSeparated(state, event);
    case 'AccountPurged':
      return accountPurged(state, event);
    default:
      event satisfies never;
      return corrupt('UnknownEventType', expectedOf(event), (event as AccountEvent)?.type);
  }
}

/** What is expected instead of an event of no known type. A store reads events with a version around each. */
function expectedOf(event: unknown): string {
  return typeof Object(event).event === 'object'
    ? 'an event: of stored ones pass their `.event`'
    : 'an event type of this library';
}
