import { faultText } from '../../input/faults.js';
import { interpolate } from '../../input/interpolate.js';
import type { KnownCodes } from '../../policy/knownCodes.js';
import type { Rejection, RejectionOf, RejectionType } from './rejection.js';

/**
 * The text of each rejection: either a template in which `{field}` is replaced by a field of the rejection, or a
 * function of the rejection.
 */
export type RejectionWords = {
  readonly [Type in RejectionType]: string | ((rejection: RejectionOf<Type>) => string);
};

/** Options of {@link rejectionText}. */
export type RejectionTextOptions = {
  /** The texts in another language, for some or all types; English if left out. */
  readonly words?: Partial<RejectionWords>;
  /**
   * Formats an amount for the reader.
   *
   * @defaultValue amounts as the rejection has them, e.g. `5.00`
   */
  readonly amount?: (amount: string) => string;
};

/** The fields of rejections that are amounts. */
const amountFields = new Set([
  'above',
  'allocated',
  'amount',
  'approvedUpTo',
  'cancellable',
  'limit',
  'owed',
  'pending',
  'recallable',
  'recordedAmount',
  'recordedTotal',
  'requested',
  'reversible',
  'total',
  'unused',
]);

/**
 * Returns what follows a sentence about an unknown code, in English: the code that was probably meant, and all codes.
 */
export function englishCodes({ nearest, codes, count }: KnownCodes): string {
  const hint = nearest === null ? '' : ` Did you mean ${nearest}?`;
  const more = count > codes.length ? ` and ${count - codes.length} more` : '';
  return count === 0 ? ' The policy has none.' : `${hint} The policy has ${codes.join(', ')}${more}.`;
}

const listNames = { waiveReasons: 'waiving reasons', creditReasons: 'reasons for a credit' } as const;

/**
 * The English texts of {@link rejectionText}, as a base for translations.
 *
 * @example
 * ```ts
 * import { englishRejectionWords } from 'patron-fees';
 *
 * englishRejectionWords.FeeNotFound; //=> 'This patron has no fee {feeId}.'
 * ```
 */
export const englishRejectionWords: RejectionWords = {
  InvalidCommand: ({ faults }) =>
    `The request is not valid: ${faults.map((fault) => faultText(fault)).join('; ')}.`,
  IdAlreadyUsed: 'The id {id} was used before for something else.',
  ExternalTransactionAlreadyUsed:
    'The {method} transaction {externalTransactionId} is already recorded: payment {paymentId}, of {recordedAmount}.',
  ExceedsTransactionTotal:
    'The {method} transaction {externalTransactionId} is {total} in all: {recordedAmount} is recorded, and {amount} is too much.',
  ExternalRefundAlreadyUsed:
    'The {method} refund {externalTransactionId} is already recorded: {refundId}, of {recordedAmount}.',
  TransactionAmbiguous:
    'It is unclear whether {amount} is a further part of the {method} transaction {externalTransactionId} or is in the {recordedAmount} that is recorded. State the total of the transaction, or that this is the rest.',
  AccountInOtherCurrency: 'The account is in {accountCurrency}, the policy in {policyCurrency}.',
  AccountMerged:
    'The account is merged into that of patron {into}. Use that one for new fees, credits and payment plans.',
  AccountTotalTooLarge: 'The account would become too large by {amount}.',
  FeeTypeUnknown: ({ feeType, known }) => `There is no fee type ${feeType}.${englishCodes(known)}`,
  FeeTypeRetired: 'The fee type {feeType} is no longer charged.',
  FeeTypeNotManual: 'The fee type {feeType} cannot be charged by hand.',
  FeeOwnerMissing: 'Name the library that owns the fee.',
  FeeNotFound: 'This patron has no fee {feeId}.',
  CreditNotFound: 'This patron has no credit {creditId}.',
  PaymentNotFound: 'This patron has no payment {paymentId}.',
  WaiverNotFound: 'This patron has no waiver {waiverId}.',
  TransferNotFound: 'This patron has no transfer {transferId}.',
  SettlementNotFound: 'This patron has no settlement {settlementId}.',
  CreditApplicationNotFound: 'This patron has no credit application {applicationId}.',
  RefundNotFound: 'This patron has no refund {refundId}.',
  PaymentMethodUnknown: ({ method, known }) => `There is no payment method ${method}.${englishCodes(known)}`,
  ReasonUnknown: ({ list, reason, known }) =>
    reason === null
      ? `Choose one of the ${listNames[list]}.${englishCodes(known)}`
      : `${reason} is not one of the ${listNames[list]}.${englishCodes(known)}`,
  DestinationUnknown: ({ destination, known }) =>
    `There is no external billing system ${destination}.${englishCodes(known)}`,
  NothingOwed: ({ feeId }) => (feeId === null ? 'Nothing is owed.' : `Nothing is owed on fee ${feeId}.`),
  PaymentExceedsOwed: ({ feeId, amount, owed }) =>
    `${amount} is more than the ${owed} that is owed${onFee(feeId)}.`,
  AllocationsDoNotAddUp: 'The parts add up to {allocated}, but the amount is {amount}.',
  FeeIsDisputed: 'Fee {feeId} is disputed. Resolve the dispute first.',
  FeeAlreadyDisputed: 'Fee {feeId} is already disputed.',
  FeeNotDisputed: 'Fee {feeId} is not disputed.',
  FeeTypeNotWaiveable: 'Fees of type {feeType} cannot be waived.',
  WaiverExceedsOwed: '{amount} is more than the {owed} that can be waived of fee {feeId}.',
  FeeNotLostItem: 'Fee {feeId} was not charged for a lost item.',
  LostItemFeeNotFound: 'The loan {loanId} has no lost-item fee.',
  LostItemAlreadyReturned: 'The lost item of fee {feeId} was already returned.',
  FeeNotAccruing: 'Fee {feeId} was charged once and does not grow.',
  AccruingFeeDiffers: ({ feeId, field, recorded, given }) =>
    `Fee ${feeId} has the ${fieldNames[field]} ${recorded ?? '(none)'}, not ${given}.`,
  AccrualHasEnded: 'Fee {feeId} has stopped growing at {total}; it cannot become {requested}.',
  FeeTypeIsLostItem: 'Fees of type {feeType} are for lost items and do not grow.',
  FeeStillAccruing: 'Fee {feeId} still grows. Wait until it has stopped.',
  NothingToCancel: 'Nothing is left of fee {feeId} to cancel.',
  CancellationExceedsFee: '{amount} is more than the {cancellable} that can be cancelled of fee {feeId}.',
  CreditPurposeForbids: ({ creditId, purpose }) =>
    `Credit ${creditId} cannot be used for this: ${purposeWords[purpose]}.`,
  CreditUsedUp: 'Nothing is left of credit {creditId}.',
  CreditNotForfeitable: ({ creditId, from }) =>
    from === null
      ? `Credit ${creditId} cannot be forfeited: the policy has no time for it.`
      : `Credit ${creditId} cannot be forfeited before ${from}.`,
  AmountExceedsCredit: '{amount} is more than the {unused} that is left of credit {creditId}.',
  CreditInUse:
    '{amount} of credit {creditId} would have to be withdrawn, but only {unused} is left. Undo its use first.',
  AppliedAgain:
    'Fee {feeId} would take credit {creditId} again at once: more was given back for it than came in. Undo that first.',
  ApplicationExceedsOwed: ({ feeId, amount, owed }) =>
    `${amount} of the credit is more than the ${owed} that is owed${onFee(feeId)}.`,
  TransferExceedsOwed: '{amount} is more than the {owed} that is owed on fee {feeId}.',
  NothingToTransfer: 'There is nothing to transfer.',
  TransferNotPending: 'No amount of transfer {transferId} is pending.',
  SettlementExceedsPending: '{amount} is more than the {pending} that is pending of transfer {transferId}.',
  ReversalExceedsSettlement:
    '{amount} is more than the {reversible} that is left of settlement {settlementId}.',
  NothingToRecall: 'All of transfer {transferId} is settled or recalled.',
  RecallExceedsTransfer:
    '{amount} is more than the {recallable} that can be recalled of transfer {transferId}.',
  ReversalAlreadySent:
    'Credits that reverse transfer {transferId} were already sent out ({creditIds}). Recall them first.',
  AlreadyUndone: '{id} is already undone.',
  NotPermitted: ({ needs, limit, amount }) => {
    const who = needs.length === 0 ? 'No role may.' : `This needs the role ${needs.join(' or ')}.`;
    return limit === null
      ? `You may not do this. ${who}`
      : `You may do this up to ${limit}, not ${amount}. ${who}`;
  },
  ApprovalRequired: ({ above, amount, approvedUpTo, roles }) => {
    const least = approvedUpTo ? `the approved ${approvedUpTo}` : above;
    return `${amount} is more than ${least}: somebody else with the role ${roles.join(' or ')} must approve it.`;
  },
  TooFarBack: 'The time {at} lies too far back. The earliest is {earliest}.',
  InTheFuture: 'The time {at} lies in the future.',
  LooksLikeCardNumber: ({ field }) =>
    `The ${textNames[field]} contains what looks like the number of a payment card. Remove it.`,
  CommentRequired: '{code} requires a comment.',
  OnlinePaymentsOff: 'Fees of this library are not paid here.',
  PaymentPlanNotFound: 'This patron has no payment plan {planId}.',
  PaymentPlanNotRunning: ({ planId, status }) => `Payment plan ${planId} is ${status}.`,
  FeeInPaymentPlan: 'Fee {feeId} is in payment plan {planId}. End the plan first.',
  InstalmentsDoNotAddUp: 'The instalments add up to {total}, but {owed} is owed.',
  ReversalExceedsPayment: '{amount} is more than the {reversible} that is left of payment {paymentId}.',
};

const textNames = {
  comment: 'comment',
  staffNote: 'note',
  reference: 'reference',
  externalTransactionId: 'transaction id',
} as const;

const fieldNames = { feeType: 'type', owner: 'owner', loanId: 'loan' } as const;

const purposeWords = {
  setOff: 'it only reduces its own lost-item fee',
  refundable: 'it is money owed to the patron',
  external: 'it only goes to the external billing system',
  goodwill: 'it can only be used for fees',
} as const;

function onFee(feeId: string | null): string {
  return feeId === null ? '' : ` on fee ${feeId}`;
}

/**
 * Returns one sentence about a rejection, for staff. English by default.
 *
 * @param rejection - why a command was refused
 * @param options - texts in another language, for some or all types
 * @returns the sentence
 *
 * @example
 * ```ts
 * import { decide, definePolicy, emptyAccount, rejectionText } from 'patron-fees';
 *
 * const policy = definePolicy({ currency: 'USD' });
 * const at = '2026-03-02T09:00:00Z';
 * const decision = decide({ type: 'ReceivePayment', id: 'p1', amount: '5.00', method: 'CASH', at }, emptyAccount(), policy);
 * const words = { PaymentExceedsOwed: 'Es sind nur {owed} offen.' };
 * decision.accepted ? null : rejectionText(decision.rejection); //=> '5.00 is more than the 0.00 that is owed.'
 * decision.accepted ? null : rejectionText(decision.rejection, { words }); //=> 'Es sind nur 0.00 offen.'
 * ```
 */
export function rejectionText(rejection: Rejection, options: RejectionTextOptions = {}): string {
  const { words = {}, amount } = options;
  const { type } = rejection;
  const own = Object.hasOwn(words, type) ? words[type] : undefined;
  const said = (own ?? englishRejectionWords[type]) as Wording<Rejection>;
  return worded(rejection, said, (field) => amountFields.has(field), amount);
}

/** A template in which `{field}` is replaced by a field of the rejection, or a function of the rejection. */
type Wording<Refused> = string | ((rejection: Refused) => string);

/** Returns the sentence of a rejection, with its amounts as the reader writes them. */
export function worded<Refused extends object>(
  rejection: Refused,
  said: Wording<Refused>,
  isAmountField: (field: string) => boolean,
  amount: ((amount: string) => string) | undefined,
): string {
  const fields = Object.entries(rejection).map(([field, value]) => [
    field,
    amount !== undefined && typeof value === 'string' && isAmountField(field) ? amount(value) : value,
  ]);
  const shown = Object.fromEntries(fields) as Refused;
  return typeof said === 'function' ? said(shown) : interpolate(said, shown);
}
