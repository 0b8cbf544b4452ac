import type { Rejection, RejectionType } from '../../src/index.js';

const known = { nearest: null, codes: ['A', 'B'], count: 2 };

/** Rejections of every type, without type and kind, with their English sentences. */
export const rejectionSentences: {
  readonly [Type in RejectionType]: readonly (readonly [
    Omit<Extract<Rejection, { readonly type: Type }>, 'type' | 'kind'>,
    string,
  ])[];
} = {
  InvalidCommand: [
    [
      {
        faults: [
          { path: 'method', expected: 'a code', found: 'missing' },
          { path: 'amount', expected: 'an amount', found: '5' },
        ],
      },
      'The request is not valid: method: missing (expected a code); amount: expected an amount, found 5.',
    ],
  ],
  IdAlreadyUsed: [[{ id: 'p1' }, 'The id p1 was used before for something else.']],
  ExternalTransactionAlreadyUsed: [
    [
      {
        method: 'ONLINE',
        externalTransactionId: 'x1',
        paymentId: 'p1',
        recordedAmount: '5.00',
        amount: '6.00',
        feesNamed: [],
        recordedTotal: null,
        reversed: false,
      },
      'The ONLINE transaction x1 is already recorded: payment p1, of 5.00.',
    ],
  ],
  ExceedsTransactionTotal: [
    [
      {
        ...{ method: 'ONLINE', externalTransactionId: 'x1' },
        ...{ total: '10.00', recordedAmount: '5.00', amount: '6.00' },
      },
      'The ONLINE transaction x1 is 10.00 in all: 5.00 is recorded, and 6.00 is too much.',
    ],
  ],
  ExternalRefundAlreadyUsed: [
    [
      {
        ...{ method: 'ONLINE', externalTransactionId: 're_1', refundId: 'b1', undone: false },
        ...{ recordedAmount: '5.00', amount: '6.00', recordedTotal: null },
      },
      'The ONLINE refund re_1 is already recorded: b1, of 5.00.',
    ],
  ],
  TransactionAmbiguous: [
    [
      { method: 'ONLINE', externalTransactionId: 'x1', recordedAmount: '5.00', amount: '6.00' },
      'It is unclear whether 6.00 is a further part of the ONLINE transaction x1 or is in the 5.00 that is recorded. State the total of the transaction, or that this is the rest.',
    ],
  ],
  AccountInOtherCurrency: [
    [{ accountCurrency: 'JPY', policyCurrency: 'USD' }, 'The account is in JPY, the policy in USD.'],
  ],
  AccountTotalTooLarge: [[{ amount: '5.00' }, 'The account would become too large by 5.00.']],
  FeeTypeUnknown: [
    [{ feeType: 'X', known }, 'There is no fee type X. The policy has A, B.'],
    [
      { feeType: 'X', known: { nearest: 'XX', codes: ['XX'], count: 1 } },
      'There is no fee type X. Did you mean XX? The policy has XX.',
    ],
    [
      { feeType: 'X', known: { nearest: null, codes: [], count: 0 } },
      'There is no fee type X. The policy has none.',
    ],
  ],
  FeeTypeRetired: [[{ feeType: 'X' }, 'The fee type X is no longer charged.']],
  FeeTypeNotManual: [[{ feeType: 'X' }, 'The fee type X cannot be charged by hand.']],
  FeeOwnerMissing: [[{}, 'Name the library that owns the fee.']],
  FeeNotFound: [[{ feeId: 'f1' }, 'This patron has no fee f1.']],
  CreditNotFound: [[{ creditId: 'c1' }, 'This patron has no credit c1.']],
  PaymentNotFound: [[{ paymentId: 'p1' }, 'This patron has no payment p1.']],
  WaiverNotFound: [[{ waiverId: 'w1' }, 'This patron has no waiver w1.']],
  TransferNotFound: [[{ transferId: 't1' }, 'This patron has no transfer t1.']],
  SettlementNotFound: [[{ settlementId: 's1' }, 'This patron has no settlement s1.']],
  CreditApplicationNotFound: [[{ applicationId: 'a1' }, 'This patron has no credit application a1.']],
  RefundNotFound: [[{ refundId: 'b1' }, 'This patron has no refund b1.']],
  PaymentMethodUnknown: [
    [{ method: 'SHELLS', known }, 'There is no payment method SHELLS. The policy has A, B.'],
  ],
  ReasonUnknown: [
    [
      { list: 'waiveReasons', reason: 'X', known },
      'X is not one of the waiving reasons. The policy has A, B.',
    ],
    [
      { list: 'creditReasons', reason: null, known },
      'Choose one of the reasons for a credit. The policy has A, B.',
    ],
  ],
  DestinationUnknown: [
    [
      { destination: 'X', known: { ...known, count: 22 } },
      'There is no external billing system X. The policy has A, B and 20 more.',
    ],
  ],
  NothingOwed: [
    [{ feeId: 'f1' }, 'Nothing is owed on fee f1.'],
    [{ feeId: null }, 'Nothing is owed.'],
  ],
  PaymentExceedsOwed: [
    [{ feeId: 'f1', amount: '5.00', owed: '2.00' }, '5.00 is more than the 2.00 that is owed on fee f1.'],
    [{ feeId: null, amount: '5.00', owed: '2.00' }, '5.00 is more than the 2.00 that is owed.'],
  ],
  AllocationsDoNotAddUp: [
    [{ amount: '5.00', allocated: '4.00' }, 'The parts add up to 4.00, but the amount is 5.00.'],
  ],
  FeeIsDisputed: [[{ feeId: 'f1' }, 'Fee f1 is disputed. Resolve the dispute first.']],
  FeeAlreadyDisputed: [[{ feeId: 'f1' }, 'Fee f1 is already disputed.']],
  FeeNotDisputed: [[{ feeId: 'f1' }, 'Fee f1 is not disputed.']],
  FeeNotAccruing: [[{ feeId: 'f1' }, 'Fee f1 was charged once and does not grow.']],
  AccruingFeeDiffers: [
    [
      { feeId: 'f1', field: 'feeType', recorded: 'OVERDUEFINE', given: 'OTHER' },
      'Fee f1 has the type OVERDUEFINE, not OTHER.',
    ],
    [
      { feeId: 'f1', field: 'loanId', recorded: null, given: 'loan-1' },
      'Fee f1 has the loan (none), not loan-1.',
    ],
  ],
  AccrualHasEnded: [
    [
      { feeId: 'f1', total: '5.00', requested: '6.00' },
      'Fee f1 has stopped growing at 5.00; it cannot become 6.00.',
    ],
  ],
  FeeTypeIsLostItem: [[{ feeType: 'LOST' }, 'Fees of type LOST are for lost items and do not grow.']],
  FeeStillAccruing: [[{ feeId: 'f1' }, 'Fee f1 still grows. Wait until it has stopped.']],
  FeeTypeNotWaiveable: [[{ feeId: 'f1', feeType: 'X' }, 'Fees of type X cannot be waived.']],
  WaiverExceedsOwed: [
    [
      { feeId: 'f1', amount: '5.00', owed: '2.00' },
      '5.00 is more than the 2.00 that can be waived of fee f1.',
    ],
  ],
  FeeNotLostItem: [[{ feeId: 'f1' }, 'Fee f1 was not charged for a lost item.']],
  LostItemFeeNotFound: [[{ loanId: 'l1' }, 'The loan l1 has no lost-item fee.']],
  LostItemAlreadyReturned: [[{ feeId: 'f1' }, 'The lost item of fee f1 was already returned.']],
  NothingToCancel: [[{ feeId: 'f1' }, 'Nothing is left of fee f1 to cancel.']],
  CancellationExceedsFee: [
    [
      { feeId: 'f1', amount: '5.00', cancellable: '2.00' },
      '5.00 is more than the 2.00 that can be cancelled of fee f1.',
    ],
  ],
  CreditPurposeForbids: [
    [
      { creditId: 'c1', purpose: 'setOff' },
      'Credit c1 cannot be used for this: it only reduces its own lost-item fee.',
    ],
    [
      { creditId: 'c1', purpose: 'refundable' },
      'Credit c1 cannot be used for this: it is money owed to the patron.',
    ],
    [
      { creditId: 'c1', purpose: 'external' },
      'Credit c1 cannot be used for this: it only goes to the external billing system.',
    ],
    [
      { creditId: 'c1', purpose: 'goodwill' },
      'Credit c1 cannot be used for this: it can only be used for fees.',
    ],
  ],
  CreditUsedUp: [[{ creditId: 'c1' }, 'Nothing is left of credit c1.']],
  CreditNotForfeitable: [
    [
      { creditId: 'c1', from: '2029-03-01T09:00:00Z' },
      'Credit c1 cannot be forfeited before 2029-03-01T09:00:00Z.',
    ],
    [{ creditId: 'c1', from: null }, 'Credit c1 cannot be forfeited: the policy has no time for it.'],
  ],
  AmountExceedsCredit: [
    [
      { creditId: 'c1', amount: '5.00', unused: '2.00' },
      '5.00 is more than the 2.00 that is left of credit c1.',
    ],
  ],
  CreditInUse: [
    [
      { creditId: 'c1', amount: '5.00', unused: '2.00' },
      '5.00 of credit c1 would have to be withdrawn, but only 2.00 is left. Undo its use first.',
    ],
  ],
  AppliedAgain: [
    [
      { creditId: 'c1', feeId: 'f1' },
      'Fee f1 would take credit c1 again at once: more was given back for it than came in. Undo that first.',
    ],
  ],
  ApplicationExceedsOwed: [
    [
      { feeId: 'f1', amount: '5.00', owed: '2.00' },
      '5.00 of the credit is more than the 2.00 that is owed on fee f1.',
    ],
    [{ feeId: null, amount: '5.00', owed: '2.00' }, '5.00 of the credit is more than the 2.00 that is owed.'],
  ],
  TransferExceedsOwed: [
    [{ feeId: 'f1', amount: '5.00', owed: '2.00' }, '5.00 is more than the 2.00 that is owed on fee f1.'],
  ],
  NothingToTransfer: [[{}, 'There is nothing to transfer.']],
  TransferNotPending: [[{ transferId: 't1' }, 'No amount of transfer t1 is pending.']],
  SettlementExceedsPending: [
    [
      { transferId: 't1', amount: '5.00', pending: '2.00' },
      '5.00 is more than the 2.00 that is pending of transfer t1.',
    ],
  ],
  ReversalExceedsSettlement: [
    [
      { settlementId: 's1', amount: '5.00', reversible: '2.00' },
      '5.00 is more than the 2.00 that is left of settlement s1.',
    ],
  ],
  NothingToRecall: [[{ transferId: 't1' }, 'All of transfer t1 is settled or recalled.']],
  RecallExceedsTransfer: [
    [
      { transferId: 't1', amount: '5.00', recallable: '2.00' },
      '5.00 is more than the 2.00 that can be recalled of transfer t1.',
    ],
  ],
  ReversalAlreadySent: [
    [
      { transferId: 't1', creditIds: ['c1', 'c2'], amount: '5.00' },
      'Credits that reverse transfer t1 were already sent out (c1, c2). Recall them first.',
    ],
  ],
  AlreadyUndone: [[{ id: 'p1' }, 'p1 is already undone.']],
  NotPermitted: [
    [{ commandType: 'WaiveFees', needs: [], limit: null, amount: null }, 'You may not do this. No role may.'],
    [
      { commandType: 'WaiveFees', needs: ['CHIEF', 'CIO'], limit: '10.00', amount: '10.01' },
      'You may do this up to 10.00, not 10.01. This needs the role CHIEF or CIO.',
    ],
  ],
  ReversalExceedsPayment: [
    [
      { paymentId: 'p1', amount: '5.00', reversible: '2.00' },
      '5.00 is more than the 2.00 that is left of payment p1.',
    ],
  ],
  AccountMerged: [
    [
      { into: 'p2' },
      'The account is merged into that of patron p2. Use that one for new fees, credits and payment plans.',
    ],
  ],
  ApprovalRequired: [
    [
      {
        commandType: 'WaiveFees',
        above: '50.00',
        amount: '60.00',
        approvedUpTo: null,
        roles: ['HEAD', 'CHIEF'],
      },
      '60.00 is more than 50.00: somebody else with the role HEAD or CHIEF must approve it.',
    ],
    [
      { commandType: 'WaiveFees', above: '50.00', amount: '60.00', approvedUpTo: '55.00', roles: ['HEAD'] },
      '60.00 is more than the approved 55.00: somebody else with the role HEAD must approve it.',
    ],
  ],
  SameUser: [
    [
      { commandType: 'WaiveFees', as: 'AssessFee' },
      'You gave AssessFee here before: somebody else must do this.',
    ],
  ],
  TooFarBack: [
    [
      { at: '2026-01-02T09:00:00Z', earliest: '2026-02-23T09:00:00Z' },
      'The time 2026-01-02T09:00:00Z lies too far back. The earliest is 2026-02-23T09:00:00Z.',
    ],
  ],
  InTheFuture: [
    [
      { at: '2027-01-02T09:00:00Z', latest: '2026-03-02T09:15:00Z' },
      'The time 2027-01-02T09:00:00Z lies in the future.',
    ],
  ],
  LooksLikeCardNumber: [
    [{ field: 'staffNote' }, 'The note contains what looks like the number of a payment card. Remove it.'],
  ],
  CommentRequired: [[{ code: 'OTHER' }, 'OTHER requires a comment.']],
  OnlinePaymentsOff: [[{ channel: 'online' }, 'Fees of this library are not paid here.']],
  PaymentPlanNotFound: [[{ planId: 'n1' }, 'This patron has no payment plan n1.']],
  PaymentPlanNotRunning: [
    [{ planId: 'n1', status: 'fulfilled' }, 'Payment plan n1 is fulfilled.'],
    [{ planId: 'n1', status: 'defaulted' }, 'Payment plan n1 is defaulted.'],
  ],
  FeeInPaymentPlan: [[{ feeId: 'f1', planId: 'n1' }, 'Fee f1 is in payment plan n1. End the plan first.']],
  InstalmentsDoNotAddUp: [
    [{ total: '5.00', owed: '6.00' }, 'The instalments add up to 5.00, but 6.00 is owed.'],
  ],
};
