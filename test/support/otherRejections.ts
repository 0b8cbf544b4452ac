import type { Rejection } from '../../src/index.js';
import type { AnyRejection } from '../../src/words/index.js';

type Other = Exclude<AnyRejection, Rejection>;

const kim = { channel: 'desk', userId: 'kim' } as const;
const fault = { path: 'at', expected: 'an instant', found: '"x"' };

/** Everything that is refused but commands to an account: one rejection of each type, and its English sentence. */
export const otherRejections: {
  readonly [Type in Other['type']]: readonly [Extract<Other, { readonly type: Type }>, string];
} = {
  InvalidOfficeCommand: [
    { type: 'InvalidOfficeCommand', kind: 'invalid', faults: [fault] },
    'The request is not valid: at: expected an instant, found "x".',
  ],
  OfficeIdAlreadyUsed: [
    { type: 'OfficeIdAlreadyUsed', kind: 'conflict', id: 'c1' },
    'The id c1 was used before for something else.',
  ],
  OfficeInOtherCurrency: [
    { type: 'OfficeInOtherCurrency', kind: 'conflict', recordedCurrency: 'EUR', policyCurrency: 'USD' },
    'The events so far are in EUR, the policy is in USD.',
  ],
  TillMethodUnknown: [
    {
      type: 'TillMethodUnknown',
      kind: 'invalid',
      method: 'GOLD',
      known: { nearest: null, codes: ['A', 'B'], count: 2 },
    },
    'There is no payment method GOLD. The policy has A, B.',
  ],
  TillAlreadyOpen: [
    {
      type: 'TillAlreadyOpen',
      kind: 'conflict',
      sessionId: 's1',
      openedAt: '2026-03-02T09:00:00Z',
      openedBy: kim,
    },
    'The till has been open since 2026-03-02T09:00:00Z: close session s1 first.',
  ],
  TillSessionNotFound: [
    { type: 'TillSessionNotFound', kind: 'notFound', sessionId: 's1' },
    'This till has no session s1.',
  ],
  TillSessionClosed: [
    {
      type: 'TillSessionClosed',
      kind: 'conflict',
      sessionId: 's1',
      closedAt: '2026-03-02T17:00:00Z',
      closedBy: kim,
    },
    'Session s1 was closed at 2026-03-02T17:00:00Z.',
  ],
  TillMethodNotCounted: [
    { type: 'TillMethodNotCounted', kind: 'invalid', method: 'CASH', expected: '1.00' },
    'Count CASH: 1.00 should be there.',
  ],
  TillDifferenceNotFound: [
    { type: 'TillDifferenceNotFound', kind: 'notFound', sessionId: 's1' },
    'Session s1 has no difference to accept.',
  ],
  TillDepositExceedsCount: [
    { type: 'TillDepositExceedsCount', kind: 'invalid', method: 'CASH', available: '1.00', deposit: '2.00' },
    'The deposit of 2.00 is more than the 1.00 of CASH that was counted or dropped to the safe.',
  ],
  RemittanceDestinationUnknown: [
    {
      type: 'RemittanceDestinationUnknown',
      kind: 'invalid',
      destination: 'X',
      known: { nearest: null, codes: ['A', 'B'], count: 2 },
    },
    'There is no external billing system X. The policy has A, B.',
  ],
  RemittanceSurplusExceedsAmount: [
    { type: 'RemittanceSurplusExceedsAmount', kind: 'invalid', amount: '1.00', surplus: '2.00' },
    'The surplus of 2.00 is more than the 1.00 that patrons paid.',
  ],
  RemittanceNotFound: [
    { type: 'RemittanceNotFound', kind: 'notFound', remittanceId: 'r1' },
    'There is no remittance r1.',
  ],
  RemittanceAlreadyReversed: [
    { type: 'RemittanceAlreadyReversed', kind: 'conflict', remittanceId: 'r1' },
    'Remittance r1 is already reversed.',
  ],
  BankMethodUnknown: [
    {
      type: 'BankMethodUnknown',
      kind: 'invalid',
      method: 'CAHS',
      known: { codes: ['CASH'], count: 1, nearest: 'CASH' },
    },
    'There is no payment method CAHS. Did you mean CASH? The policy has CASH.',
  ],
  BankAmountsDiffer: [
    { type: 'BankAmountsDiffer', kind: 'invalid', amount: '61.50', expected: '62.00' },
    'The entry of the bank is 61.50, and 62.00 is to be confirmed by it.',
  ],
  BankEntryAlreadyConfirmed: [
    { type: 'BankEntryAlreadyConfirmed', kind: 'conflict', entryId: 'B77', confirmationId: 'c1' },
    'The entry B77 of the bank is confirmed already.',
  ],
  BankItemAlreadyConfirmed: [
    { type: 'BankItemAlreadyConfirmed', kind: 'conflict', bank: null, confirmationId: 'c1' },
    'Another entry of the bank confirms this already: c1.',
  ],
  ConfirmedAbove: [
    { type: 'ConfirmedAbove', kind: 'conflict', total: '62.00', left: '22.00', amount: '22.50' },
    'Of 62.00, 22.00 is neither confirmed nor ended: 22.50 does not fit.',
  ],
  BankReasonUnknown: [
    {
      type: 'BankReasonUnknown',
      kind: 'invalid',
      reason: 'FALSE',
      known: { codes: ['FALSIFIED'], count: 1, nearest: null },
    },
    'There is no reason FALSE. The policy has FALSIFIED.',
  ],
  BankRecordNotFound: [
    { type: 'BankRecordNotFound', kind: 'notFound', recordId: 'd1' },
    'The bank account has no record d1.',
  ],
  BankRecordClosed: [
    { type: 'BankRecordClosed', kind: 'conflict', recordId: 'd1', confirmationId: 'c1' },
    'The bank confirmed the deposit d1: reverse c1 first.',
  ],
  MergeIntoItself: [
    { type: 'MergeIntoItself', kind: 'invalid', patronId: 'p1' },
    'This is one account: patron p1.',
  ],
  MergeAcrossInstitutions: [
    { type: 'MergeAcrossInstitutions', kind: 'invalid', from: 'north', into: 'south' },
    'The accounts belong to two institutions, north and south.',
  ],
  MergeLeadsBack: [
    { type: 'MergeLeadsBack', kind: 'conflict', path: ['p1', 'p2'] },
    'The accounts are merged already, in the other direction: patrons p1, p2.',
  ],
  MergeNotFound: [
    { type: 'MergeNotFound', kind: 'notFound', mergeId: 'm1' },
    'The account was not merged by m1.',
  ],
  InvalidOnlinePayment: [
    { type: 'InvalidOnlinePayment', kind: 'invalid', faults: [fault] },
    'The request is not valid: at: expected an instant, found "x".',
  ],
  NoOnlinePayments: [{ type: 'NoOnlinePayments', kind: 'forbidden' }, 'Fees cannot be paid online here.'],
  OnlineFeeNotFound: [
    { type: 'OnlineFeeNotFound', kind: 'notFound', patronId: 'ann', feeId: 'f1' },
    'The account ann has no fee f1.',
  ],
  FeeNotPayableOnline: [
    { type: 'FeeNotPayableOnline', kind: 'conflict', patronId: 'ann', feeId: 'f1', because: 'disputed' },
    'The fee f1 cannot be paid online (disputed).',
  ],
  OnlineAmountExceedsPayable: [
    {
      type: 'OnlineAmountExceedsPayable',
      kind: 'conflict',
      patronId: 'ann',
      feeId: 'f1',
      amount: '5.00',
      payable: '4.00',
    },
    '5.00 is more than the 4.00 that can be paid of the fee f1.',
  ],
  NothingPayableOnline: [
    { type: 'NothingPayableOnline', kind: 'conflict' },
    'There is nothing to pay online.',
  ],
  BelowMinimumAmount: [
    { type: 'BelowMinimumAmount', kind: 'conflict', amount: '5.00', minimumAmount: '2.00' },
    '5.00 is less than the minimum amount of 2.00.',
  ],
  NotExactBalance: [
    { type: 'NotExactBalance', kind: 'conflict', amount: '5.00', payable: '4.00' },
    'The whole balance of 4.00 must be paid, not 5.00.',
  ],
  OnlineAccountInOtherCurrency: [
    {
      type: 'OnlineAccountInOtherCurrency',
      kind: 'conflict',
      patronId: 'ann',
      accountCurrency: 'EUR',
      policyCurrency: 'USD',
    },
    'The account ann is in EUR, the policy in USD.',
  ],
  AmountChanged: [
    { type: 'AmountChanged', kind: 'conflict', expectedTotal: '13.00', total: '13.50' },
    'The total is 13.50, not 13.00: show it again before it is paid.',
  ],
  PaymentInProgress: [
    { type: 'PaymentInProgress', kind: 'conflict', onlinePaymentId: 'o1' },
    'The online payment o1 is in progress for one of these fees.',
  ],
  OnlinePaymentIdUsed: [
    { type: 'OnlinePaymentIdUsed', kind: 'conflict', onlinePaymentId: 'o1' },
    'The online payment o1 was started with other parts.',
  ],
  OnlinePaymentHasEnded: [
    { type: 'OnlinePaymentHasEnded', kind: 'conflict', onlinePaymentId: 'o1' },
    'The online payment o1 has ended: start another.',
  ],
  OnlinePaymentUnknown: [
    { type: 'OnlinePaymentUnknown', kind: 'notFound', onlinePaymentId: 'o1' },
    'There is no online payment o1.',
  ],
  ReportInOtherCurrency: [
    {
      type: 'ReportInOtherCurrency',
      kind: 'conflict',
      externalTransactionId: 're_1',
      expected: 'USD',
      currency: 'EUR',
    },
    're_1 is in EUR, the payment in USD.',
  ],
  ReportDiffers: [
    {
      type: 'ReportDiffers',
      kind: 'conflict',
      externalTransactionId: 're_1',
      recordedAmount: '6.00',
      amount: '5.00',
    },
    're_1 is recorded with 6.00, not with 5.00.',
  ],
  PerhapsReported: [
    {
      type: 'PerhapsReported',
      kind: 'conflict',
      externalTransactionId: 're_1',
      amount: '5.00',
      reported: 'ch_9',
    },
    're_1 of 5.00 may be ch_9, which is recorded: if it is another one, its payout records it.',
  ],
  TransactionOfOtherPayment: [
    {
      type: 'TransactionOfOtherPayment',
      kind: 'conflict',
      externalTransactionId: 're_1',
      onlinePaymentId: 'o1',
    },
    're_1 belongs to the online payment o1.',
  ],
  CaptureUnknown: [
    { type: 'CaptureUnknown', kind: 'notFound', externalTransactionId: 're_1', of: 'ch_1' },
    're_1 gives back ch_1, which is not known yet: report it again later.',
  ],
  ReturnExceedsCapture: [
    {
      type: 'ReturnExceedsCapture',
      kind: 'conflict',
      externalTransactionId: 're_1',
      of: 'ch_1',
      amount: '5.00',
      left: '3.00',
    },
    're_1 gives back 5.00, but 3.00 is left of ch_1.',
  ],
  ActorLacksRole: [
    { type: 'ActorLacksRole', kind: 'forbidden', userId: 'kim', role: 'USER_MANAGER' },
    'The user kim needs the role USER_MANAGER.',
  ],
  MayNotSettle: [
    { type: 'MayNotSettle', kind: 'forbidden', userId: 'kim', role: 'USER_MANAGER' },
    'The user kim needs the role USER_MANAGER.',
  ],
  PartUnknown: [
    { type: 'PartUnknown', kind: 'notFound', externalTransactionId: 're_1' },
    'The payment has no capture and no return re_1.',
  ],
  PartRecorded: [
    { type: 'PartRecorded', kind: 'conflict', externalTransactionId: 're_1', patronId: 'ann' },
    'The account ann has recorded re_1: there is nothing to settle.',
  ],
  KeptUnknown: [{ type: 'KeptUnknown', kind: 'notFound', keptId: 'k1' }, 'Nothing is kept under k1.'],
  KeptRecorded: [
    { type: 'KeptRecorded', kind: 'conflict', keptId: 'k1' },
    'k1 is recorded: there is nothing to settle.',
  ],
  KeptNotRecorded: [
    {
      type: 'KeptNotRecorded',
      kind: 'conflict',
      keptId: 'k1',
      because: {
        institution: 'main',
        onlinePaymentId: 'o1',
        code: 'REPORT_REFUSED',
        message: 'Another amount.',
      },
    },
    'k1 does not fit with the payment. Another amount.',
  ],
  SealTooEarly: [
    {
      type: 'SealTooEarly',
      kind: 'conflict',
      cutoff: '2026-03-31T22:00:00Z',
      sealableFrom: '2026-03-31T22:15:00Z',
    },
    'The month that ends at 2026-03-31T22:00:00Z can be sealed from 2026-03-31T22:15:00Z on.',
  ],
  SealNotAfterLast: [
    {
      type: 'SealNotAfterLast',
      kind: 'conflict',
      cutoff: '2026-03-31T22:00:00Z',
      lastCutoff: '2026-04-30T22:00:00Z',
    },
    'A later month is sealed: this one ends at 2026-03-31T22:00:00Z, the newest seal at 2026-04-30T22:00:00Z.',
  ],
  SealMonthLeftOut: [
    { type: 'SealMonthLeftOut', kind: 'conflict', month: '2026-02' },
    'Seal the month 2026-02 first.',
  ],
  SealTermsDiffer: [
    { type: 'SealTermsDiffer', kind: 'conflict', timeZone: 'Europe/Rome', basis: 'cash', lostItems: 'gross' },
    'The seals have the time zone Europe/Rome, the basis cash and lost items gross.',
  ],
  SealFileExists: [
    { type: 'SealFileExists', kind: 'conflict', number: 3, total: 'ab12' },
    'The folder has a file of seal 3 that the office does not know, with the total ab12. Move it aside.',
  ],
  ApprovalRequired: [
    { type: 'ApprovalRequired', kind: 'forbidden', commandType: 'SealKnown', roles: ['HEAD', 'CHIEF'] },
    'Somebody else with the role HEAD or CHIEF must approve it.',
  ],
  FileAlreadyImported: [
    { type: 'FileAlreadyImported', kind: 'conflict', jobId: 'answer-9', at: '2026-03-02T09:00:00Z' },
    'This file was imported before, by the job answer-9 at 2026-03-02T09:00:00Z.',
  ],
  PolicyNotRecorded: [
    { type: 'PolicyNotRecorded', kind: 'conflict', at: '2026-03-02T09:00:00Z' },
    'No recorded policy is in force at 2026-03-02T09:00:00Z.',
  ],
  BooksDiffer: [
    { type: 'BooksDiffer', kind: 'conflict', seal: 2, findings: { count: 7, byCode: {}, first: [] } },
    'The books differ from seal 2: 7 findings.',
  ],
};
