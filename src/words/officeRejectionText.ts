import type { Rejection, RejectionType } from '../account/rejections/rejection.js';
import {
  englishCodes,
  type RejectionTextOptions,
  type RejectionWords,
  rejectionText,
  worded,
} from '../account/rejections/rejectionText.js';
import { faultText } from '../input/faults.js';
import type { BankRejection } from '../office/bank/bankRejection.js';
import type { OfficeRejection } from '../office/officeDecision.js';
import type { RemittanceRejection } from '../office/remittances/remittanceRejection.js';
import type { TillRejection } from '../office/till/tillRejection.js';
import type { MergeRejection, SeparationRejection } from '../patron/mergeRejection.js';

/** Why a command to a till, about a remittance or a bank account, a merge or a separation is refused. */
export type InstitutionRejection =
  | OfficeRejection
  | TillRejection
  | RemittanceRejection
  | BankRejection
  | MergeRejection
  | SeparationRejection;

/** The name of a rejection of a till, a remittance, a merge or a separation, without those that commands have too. */
export type OfficeRejectionType = Exclude<InstitutionRejection['type'], RejectionType>;

/**
 * The text of each rejection of a till, a remittance, a merge or a separation: either a template in which `{field}` is
 * replaced by a field of the rejection, or a function of the rejection.
 */
export type OfficeRejectionWords = {
  readonly [Type in OfficeRejectionType]:
    | string
    | ((rejection: Extract<InstitutionRejection, { readonly type: Type }>) => string);
};

/** Options of {@link officeRejectionText}. */
export type OfficeRejectionTextOptions = Pick<RejectionTextOptions, 'amount'> & {
  /** The texts in another language, for some or all types; English if left out. */
  readonly words?: Partial<OfficeRejectionWords & RejectionWords>;
};

/** The fields of these rejections that are amounts. */
const amountFields = new Set(['amount', 'available', 'deposit', 'expected', 'surplus']);

/**
 * The English texts of {@link officeRejectionText}, as a base for translations.
 *
 * @example
 * ```ts
 * import { englishOfficeRejectionWords } from 'patron-fees/office';
 *
 * englishOfficeRejectionWords.TillMethodNotCounted; //=> 'Count {method}: {expected} should be there.'
 * ```
 */
export const englishOfficeRejectionWords: OfficeRejectionWords = {
  InvalidOfficeCommand: ({ faults }) =>
    `The request is not valid: ${faults.map((fault) => faultText(fault)).join('; ')}.`,
  OfficeIdAlreadyUsed: 'The id {id} was used before for something else.',
  OfficeInOtherCurrency: 'The events so far are in {recordedCurrency}, the policy is in {policyCurrency}.',
  TillMethodUnknown: ({ method, known }) => `There is no payment method ${method}.${englishCodes(known)}`,
  TillAlreadyOpen: 'The till has been open since {openedAt}: close session {sessionId} first.',
  TillSessionNotFound: 'This till has no session {sessionId}.',
  TillSessionClosed: 'Session {sessionId} was closed at {closedAt}.',
  TillMethodNotCounted: 'Count {method}: {expected} should be there.',
  TillDepositExceedsCount:
    'The deposit of {deposit} is more than the {available} of {method} that was counted or dropped to the safe.',
  RemittanceDestinationUnknown: ({ destination, known }) =>
    `There is no external billing system ${destination}.${englishCodes(known)}`,
  RemittanceSurplusExceedsAmount: 'The surplus of {surplus} is more than the {amount} that patrons paid.',
  RemittanceNotFound: 'There is no remittance {remittanceId}.',
  RemittanceAlreadyReversed: 'Remittance {remittanceId} is already reversed.',
  BankMethodUnknown: ({ method, known }) => `There is no payment method ${method}.${englishCodes(known)}`,
  BankAmountsDiffer: 'The entry of the bank is {amount}, and {expected} is to be confirmed by it.',
  BankEntryAlreadyConfirmed: 'The entry {entryId} of the bank is confirmed already.',
  BankItemAlreadyConfirmed: ({ bank, confirmationId }) =>
    `Another entry of ${bank ?? 'the bank'} confirms this already: ${confirmationId}.`,
  BankRecordNotFound: 'There is no deposit and no confirmation {recordId}.',
  BankRecordClosed: ({ recordId, confirmationId }) =>
    confirmationId === null
      ? `${recordId} is already reversed.`
      : `The bank confirmed the deposit ${recordId}: reverse ${confirmationId} first.`,
  MergeIntoItself: 'This is one account: patron {patronId}.',
  MergeAcrossInstitutions: 'The accounts belong to two institutions, {from} and {into}.',
  MergeLeadsBack: 'The accounts are merged already, in the other direction: patrons {path}.',
  MergeNotFound: 'The account was not merged by {mergeId}.',
};

/**
 * Returns one sentence about the rejection of a command to a till or about a remittance, a merge or a separation, for
 * staff. English by default.
 *
 * @param rejection - why {@link decideTill}, {@link decideRemittance}, {@link mergeAccounts} or
 * {@link separateAccounts} refused
 * @param options - texts in another language, for some or all types; the format of amounts
 * @returns the sentence
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { decideTill, emptyTill, officeRejectionText } from 'patron-fees/office';
 *
 * const policy = definePolicy({ currency: 'USD' });
 * const by = { channel: 'desk', userId: 'kim' } as const;
 * const close = { type: 'CloseTill', id: 'c1', sessionId: 's1', takings: [], counts: [], at: '2026-03-02T17:00:00Z', by } as const;
 * const decision = decideTill(close, emptyTill, policy);
 * decision.accepted ? null : officeRejectionText(decision.rejection); //=> 'This till has no session s1.'
 * ```
 */
export function officeRejectionText(
  rejection: InstitutionRejection,
  options: OfficeRejectionTextOptions = {},
): string {
  const { words = {}, amount } = options;
  const { type } = rejection;
  if (!isOffices(type)) return rejectionText(rejection as Rejection, options as RejectionTextOptions);
  const own = Object.hasOwn(words, type) ? words[type] : undefined;
  const said = (own ?? englishOfficeRejectionWords[type]) as
    | string
    | ((given: InstitutionRejection) => string);
  return worded<InstitutionRejection>(rejection, said, (field) => amountFields.has(field), amount);
}

/** Returns whether commands to an account have no rejection of this type. */
function isOffices(type: InstitutionRejection['type']): type is OfficeRejectionType {
  return Object.hasOwn(englishOfficeRejectionWords, type);
}
