import { isDate } from '../input/instant.js';
import { isAccruing } from './accrual.js';
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
import {
  addTransaction,
  addUp,
  eachOnce,
  feeOf,
  lookUp,
  newUse,
  positive,
  record,
  sum,
  transaction,
  wellFormedId,
} from './effects/guards.js';
import { paymentReceived, paymentReversed } from './effects/paymentEffects.js';
import {
  creditTransferred,
  feeTransferred,
  settlementReversed,
  transferRecalled,
  transferSettled,
} from './effects/transferEffects.js';
import type { AccountEvent, EventOf } from './events/accountEvent.js';
import { owed } from './fee.js';
import { type AccountState, emptyAccount, extended } from './patronAccount.js';
import { type Merge, planEndCauses } from './records.js';

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

/** Adds a payment plan. Its rules are in decisions/agreePaymentPlan.ts. */
function paymentPlanAgreed(state: AccountState, event: EventOf<'PaymentPlanAgreed'>): void {
  const { data } = event;
  const { planId } = data;
  const feeIds = [...data.feeIds];
  eachOnce(feeIds);
  const fees = feeIds.map((feeId) => feeOf(state, feeId));
  if (fees.length === 0) corrupt('NotForPaymentPlan', 'at least one fee', 'none');
  for (const fee of fees) {
    if (fee.disputed || isAccruing(fee) || owed(fee) === 0 || fee.planId !== null) {
      const expected = 'fees with something owed, not disputed, not growing, and in no other plan';
      corrupt('NotForPaymentPlan', expected, fee.feeId);
    }
  }
  const instalments = data.instalments.map(({ dueOn, amount }) => ({
    dueOn,
    amount: positive(state, amount, data.currency),
  }));
  for (const [index, { dueOn }] of instalments.entries()) {
    const before = instalments[index - 1]?.dueOn ?? '';
    if (!isDate(dueOn) || dueOn <= before) corrupt('InvalidInstalments', 'dates in ascending order', dueOn);
  }
  addUp(sum(fees.map(owed)), sum(instalments.map(({ amount }) => amount)));
  record(state, event, newUse('paymentPlan', planId, state.paymentPlans.length), 0);
  state.paymentPlans = extended(state.paymentPlans, {
    planId,
    feeIds,
    instalments,
    agreedAt: data.at,
    comment: data.comment ?? null,
    endedAt: null,
    endCause: null,
  });
  for (const fee of fees) {
    fee.planId = planId;
    addTransaction(fee, transaction(data, { kind: 'planAgreed', id: planId, amount: 0 }));
  }
}

/** Ends a payment plan. Its rules are in decisions/endPaymentPlan.ts. */
function paymentPlanEnded(state: AccountState, event: EventOf<'PaymentPlanEnded'>): void {
  const { data } = event;
  const plan = state.paymentPlans[lookUp(state, 'paymentPlan', data.planId)];
  if (plan === undefined) return corrupt('UnknownPaymentPlan', 'a payment plan of this account', data.planId);
  if (!planEndCauses.includes(data.cause)) corrupt('InvalidPlanEnd', planEndCauses.join(' or '), data.cause);
  const fees = plan.feeIds.map((feeId) => feeOf(state, feeId));
  if (plan.endedAt !== null || sum(fees.map(owed)) === 0) {
    corrupt('PaymentPlanNotRunning', 'a plan on whose fees something is owed', data.planId);
  }
  record(state, event, null, 0);
  plan.endedAt = data.at;
  plan.endCause = data.cause;
  for (const fee of fees) {
    fee.planId = null;
    addTransaction(
      fee,
      transaction(data, {
        kind: 'planEnded',
        id: data.planId,
        amount: 0,
        references: { planEndCause: data.cause },
      }),
    );
  }
}

/** Records that the account was merged into another one. Its rules are in patron/mergeAccounts.ts. */
function accountMerged(state: AccountState, event: EventOf<'AccountMerged'>): void {
  const { into, mergeId, at } = event.data;
  if (state.mergedInto !== null) corrupt('AlreadyMerged', 'an account that is not merged', state.mergedInto);
  wellFormedId(into);
  addMerge(state, event, { mergeId, direction: 'into', patronId: into, mergedAt: at, separatedAt: null });
  state.mergedInto = into;
}

/** Records that another account was merged into this one. */
function accountJoined(state: AccountState, event: EventOf<'AccountJoined'>): void {
  const { from, mergeId, at } = event.data;
  wellFormedId(from);
  addMerge(state, event, { mergeId, direction: 'from', patronId: from, mergedAt: at, separatedAt: null });
}

function addMerge(
  state: AccountState,
  event: EventOf<'AccountMerged' | 'AccountJoined'>,
  merge: Merge,
): void {
  record(state, event, newUse('merge', merge.mergeId, state.merges.length), 0);
  state.merges = extended(state.merges, merge);
}

/** Ends a merge on this side of it. */
function accountSeparated(state: AccountState, event: EventOf<'AccountSeparated'>): void {
  const { mergeId, at } = event.data;
  const merge = state.merges[lookUp(state, 'merge', mergeId)];
  if (merge === undefined) return corrupt('UnknownMerge', 'a merge of this account', mergeId);
  if (merge.separatedAt !== null) corrupt('AlreadySeparated', 'a merge that was not undone', mergeId);
  record(state, event, null, 0);
  merge.separatedAt = at;
  if (merge.direction === 'into') state.mergedInto = null;
}

/**
 * Empties the account. The events before it were removed, so possibly none of them were folded, or only some, onto an
 * older account. Its rules are in jobs/retention/runPurge.ts.
 */
function accountPurged(state: AccountState, event: EventOf<'AccountPurged'>): void {
  const { purgeId, events, currency, totals } = event.data;
  if (!Number.isSafeInteger(events) || events < Math.max(1, state.eventCount))
    corrupt('InvalidPurge', `at least ${Math.max(1, state.eventCount)} removed events`, events);
  const purged = { ...(emptyAccount() as AccountState), eventCount: events };
  for (const month of new Set(totals.map((total) => total.month))) {
    const ofSide = (side: string) =>
      sum(
        totals
          .filter((total) => total.month === month && total.side === side)
          .map(({ amount }) => positive(purged, amount, currency)),
      );
    addUp(ofSide('debit'), ofSide('credit'));
  }
  record(purged, event, newUse('other', purgeId, 0), 0);
  Object.assign(state, purged);
}
