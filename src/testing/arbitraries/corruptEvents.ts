import type { AccountEvent, AccountEventType } from '../../account/events/accountEvent.js';
import { formatAmount } from '../../money/money.js';

const AT = '2026-03-02T09:00:00Z';

type EventOf<Type extends AccountEventType> = Extract<AccountEvent, { readonly type: Type }>;

const withoutMoney: readonly AccountEventType[] = [
  'FeeDisputed',
  'DisputeResolved',
  'LostItemReturned',
  'PaymentPlanEnded',
  'AccountMerged',
  'AccountJoined',
  'AccountSeparated',
];

/** Creates the events of corrupt histories: a fee of ten, credits of five, and events that refer to them. */
export function corruptEvents({ currency, digits }: { readonly currency: string; readonly digits: number }) {
  const money = (minor: number) => formatAmount(minor, digits);
  // Some of these events are invalid on purpose.
  const event = <Type extends AccountEventType>(type: Type, fields: object) =>
    ({
      type,
      data: { at: AT, ...(withoutMoney.includes(type) ? {} : { currency }), ...fields },
    }) as unknown as EventOf<Type>;
  const part = (minor: number, feeId = 'spoiled-fee') => ({ feeId, amount: money(minor) });
  const assessed = (feeId: unknown, more: object = {}) =>
    event('FeeAssessed', { feeId, feeType: 'OTHER', amount: money(1000), owner: 'MAIN', ...more });
  const waived = (amount: unknown = money(400), feeId = 'spoiled-fee') =>
    event('FeeWaived', { waiverId: 'spoiled-waiver', feeId, amount });
  const paid = (paymentId: string, minor: number, allocations: readonly object[], more: object = {}) =>
    event('PaymentReceived', { paymentId, amount: money(minor), method: 'CASH', allocations, ...more });
  const refunded = (creditId: string) =>
    event('CreditRefunded', { refundId: 'spoiled-refund', creditId, amount: money(100), method: 'CASH' });
  const cancelledCredit = (creditId: string, more: object = {}) =>
    event('CreditCancelled', {
      cancellationId: 'spoiled-cancellation',
      creditId,
      amount: money(100),
      ...more,
    });
  const increased = event('FeeIncreased', {
    increaseId: 'spoiled-increase',
    feeId: 'spoiled-fee',
    amount: money(100),
    total: money(1100),
  });
  const fineEnded = (endId: string) =>
    event('AccrualEnded', { endId, feeId: 'spoiled-fee', cause: 'returned', total: money(1000) });
  return {
    money,
    part,
    assessed,
    waived,
    paid,
    refunded,
    fee: assessed('spoiled-fee'),
    lost: assessed('spoiled-fee', { lostItem: true }),
    fine: assessed('spoiled-fee', { accruing: true, total: money(1000) }),
    fineEnded,
    increased,
    /** A plan for the fee of ten, in one instalment. */
    agreed: (planId: string, more: object = {}) =>
      event('PaymentPlanAgreed', {
        planId,
        feeIds: ['spoiled-fee'],
        instalments: [{ dueOn: '2026-04-01', amount: money(1000) }],
        ...more,
      }),
    merged: (into: unknown, mergeId = 'spoiled-merge') => event('AccountMerged', { mergeId, into }),
    joined: event('AccountJoined', { mergeId: 'spoiled-merge', from: 'spoiled-patron' }),
    separated: event('AccountSeparated', { mergeId: 'spoiled-merge' }),
    purged: (events: unknown) => event('AccountPurged', { purgeId: 'spoiled-purge', events, totals: [] }),
    planEnded: (cause: unknown) => event('PaymentPlanEnded', { planId: 'spoiled-plan', cause }),
    /** Events that only a growing fine can have. */
    aboutFine: [
      increased,
      fineEnded('spoiled-end'),
      event('FeeCancelled', {
        cancellationId: 'spoiled-cancellation',
        feeId: 'spoiled-fee',
        amount: money(100),
        accrual: true,
        total: money(900),
      }),
    ],
    /** A payment for no fee. */
    credit: (creditId: string) =>
      paid(`${creditId}-payment`, 500, [], { overpayment: { creditId, amount: money(500) } }),
    issued: (cause: string, purpose: string) =>
      event('CreditIssued', { creditId: 'spoiled-credit', amount: money(500), cause, purpose }),
    returned: (returnId: string, terms: object = {}) =>
      event('LostItemReturned', {
        returnId,
        feeId: 'spoiled-fee',
        refundPercent: 100,
        unpaid: 'percent',
        ...terms,
      }),
    returnCredit: event('LostItemCreditIssued', {
      creditId: 'spoiled-credit',
      feeId: 'spoiled-fee',
      amount: money(100),
      cause: 'returned',
      purpose: 'setOff',
    }),
    unwaived: (feeId: string, reversalId = 'spoiled-reversal') =>
      event('WaiverReversed', { reversalId, waiverId: 'spoiled-waiver', feeId, amount: money(400) }),
    unpaid: event('PaymentReversed', {
      reversalId: 'spoiled-reversal',
      paymentId: 'spoiled-nothing',
      amount: money(100),
      method: 'CASH',
      allocations: [part(100)],
    }),
    unapplied: event('CreditApplicationReversed', {
      reversalId: 'spoiled-reversal',
      applicationId: 'spoiled-nothing',
      creditId: 'spoiled-credit',
      allocations: [part(100)],
    }),
    unrefunded: (creditId: string) =>
      event('RefundReversed', {
        reversalId: 'spoiled-reversal',
        refundId: 'spoiled-refund',
        creditId,
        amount: money(100),
      }),
    settled: event('TransferSettled', {
      settlementId: 'spoiled-settlement',
      transferId: 'spoiled-nothing',
      amount: money(100),
    }),
    transferred: (transferId: string) =>
      event('FeeTransferred', {
        transferId,
        feeId: 'spoiled-fee',
        amount: money(100),
        expectsSettlement: true,
      }),
    settledFully: event('TransferSettled', {
      settlementId: 'spoiled-settlement',
      transferId: 'spoiled-transfer',
      amount: money(100),
    }),
    unsettled: (transferId: string) =>
      event('SettlementReversed', {
        reversalId: 'spoiled-reversal',
        settlementId: 'spoiled-settlement',
        transferId,
        amount: money(100),
      }),
    recalled: event('TransferRecalled', {
      recallId: 'spoiled-recall',
      transferId: 'spoiled-nothing',
      amount: money(100),
    }),
    resolved: event('DisputeResolved', {
      disputeId: 'spoiled-nothing',
      feeId: 'spoiled-fee',
      outcome: 'feeStands',
    }),
    /** Events about a fee. */
    onFee: (feeId: string) => [
      waived(money(100), feeId),
      paid('spoiled-payment', 100, [part(100, feeId)]),
      event('FeeDisputed', { disputeId: 'spoiled-dispute', feeId }),
      event('FeeCancelled', { cancellationId: 'spoiled-cancellation', feeId, amount: money(100) }),
      event('FeeTransferred', {
        transferId: 'spoiled-transfer',
        feeId,
        amount: money(100),
        expectsSettlement: true,
      }),
    ],
    forfeited: cancelledCredit('spoiled-credit', { forfeited: true }),
    /** Events about a credit. */
    onCredit: (creditId: string) => [
      refunded(creditId),
      cancelledCredit(creditId),
      event('CreditTransferred', {
        transferId: 'spoiled-transfer',
        creditId,
        amount: money(100),
        expectsSettlement: false,
      }),
    ],
  };
}
