import { englishRejectionWords, type RejectionWords } from '../../account/rejections/rejectionText.js';

/** The messages that a terminal shows (`AF`). In templates, `{field}` is replaced. */
export type Sip2Words = {
  /** The card is unknown, of another institution, or the terminal has not logged in. */
  readonly unknownPatron: string;
  /** The patron's password is wrong. */
  readonly wrongPassword: string;
  /** What the patron owes is above a limit. */
  readonly blocked: string;
  /** A payment in another currency: `{currency}` instead of `{expected}`. */
  readonly otherCurrency: string;
  /** A payment type without a method: `{paymentType}`. */
  readonly unknownPaymentType: string;
  /** An amount that cannot be read: `{amount}`, in `{currency}`. */
  readonly invalidAmount: string;
  /** Shown for a message that is not about fees and that nobody answers. */
  readonly notOffered: string;
  /** Payments that the account refuses. */
  readonly rejections: RejectionWords;
};

/**
 * The English messages, as a base for translations.
 *
 * @example
 * ```ts
 * import { englishSip2Words } from 'patron-fees/sip2';
 *
 * englishSip2Words.wrongPassword; //=> 'The password is wrong.'
 * ```
 */
export const englishSip2Words: Sip2Words = {
  unknownPatron: 'There is no such patron.',
  wrongPassword: 'The password is wrong.',
  blocked: 'The account is blocked because of fines and fees.',
  otherCurrency: 'Payments are taken in {expected}, not in {currency}.',
  unknownPaymentType: 'There is no payment type {paymentType}.',
  invalidAmount: '"{amount}" is not an amount in {currency}.',
  notOffered: 'This is not offered here.',
  rejections: englishRejectionWords,
};
