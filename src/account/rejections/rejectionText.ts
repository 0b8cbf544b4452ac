import { interpolate } from '../../input/interpolate.js';
import { englishCommandRejections } from './commandRejections.js';
import { englishCreditRejections } from './creditRejections.js';
import { englishFeeRejections } from './feeRejections.js';
import { englishPaymentRejections } from './paymentRejections.js';
import { englishPlanRejections } from './planRejections.js';
import type { Refusal, RejectionKind } from './refusal.js';
import type { Rejection } from './rejection.js';
import { englishTransferRejections } from './transferRejections.js';

/**
 * The text of each rejection: either a template in which `{field}` is replaced by a field of the rejection, or a
 * function of the rejection.
 *
 * @typeParam Refused - the rejections; those of commands to an account if left out
 */
export type RejectionWords<Refused extends Refusal<string, RejectionKind> = Rejection> = {
  readonly [Type in Refused['type']]:
    | string
    | ((rejection: Extract<Refused, { readonly type: Type }>) => string);
};

/**
 * Options of {@link rejectionText}.
 *
 * @typeParam Refused - the rejections; those of commands to an account if left out
 */
export type RejectionTextOptions<Refused extends Refusal<string, RejectionKind> = Rejection> = {
  /**
   * The texts, for some or all types.
   *
   * @defaultValue English, which the core has for commands to an account alone; pass
   * {@link words.englishWords | englishWords}`.rejections` for all others
   */
  readonly words?: Partial<RejectionWords<Refused>>;
  /**
   * Formats an amount for the reader.
   *
   * @defaultValue amounts as the rejection has them, e.g. `5.00`
   */
  readonly amount?: (amount: string) => string;
};

/** The fields of rejections that are amounts; `expected` may be a currency, too. */
const amountFields = new Set([
  'above',
  'allocated',
  'amount',
  'approvedUpTo',
  'available',
  'cancellable',
  'deposit',
  'expected',
  'expectedTotal',
  'left',
  'limit',
  'minimumAmount',
  'owed',
  'payable',
  'pending',
  'recallable',
  'recordedAmount',
  'recordedTotal',
  'requested',
  'reversible',
  'surplus',
  'total',
  'unused',
]);

/**
 * The English texts of {@link rejectionText} for commands to an account, as a base for translations.
 *
 * @example
 * ```ts
 * import { englishRejectionWords } from 'patron-fees';
 *
 * englishRejectionWords.FeeNotFound; //=> 'This patron has no fee {feeId}.'
 * ```
 */
export const englishRejectionWords: RejectionWords = Object.assign(
  {},
  englishCommandRejections,
  englishFeeRejections,
  englishPaymentRejections,
  englishCreditRejections,
  englishTransferRejections,
  englishPlanRejections,
);

/**
 * Returns one sentence about a rejection, of a command to an account or of anything else that is refused: a command of
 * the office, an online payment, a merge, a seal.
 *
 * @param rejection - why it was refused
 * @param options - the texts, in English or another language; the format of amounts
 * @returns the sentence; the name and the fields of a rejection without text
 *
 * @example
 * ```ts
 * import { decide, definePolicy, emptyAccount, rejectionText } from 'patron-fees';
 * import { englishWords } from 'patron-fees/words';
 *
 * const policy = definePolicy({ currency: 'USD' });
 * const at = '2026-03-02T09:00:00Z';
 * const decision = decide({ type: 'ReceivePayment', id: 'p1', amount: '5.00', method: 'CASH', at }, emptyAccount(), policy);
 * const words = { PaymentExceedsOwed: 'Es sind nur {owed} offen.' };
 * decision.accepted ? null : rejectionText(decision.rejection); //=> '5.00 is more than the 0.00 that is owed.'
 * decision.accepted ? null : rejectionText(decision.rejection, { words }); //=> 'Es sind nur 0.00 offen.'
 *
 * const unknown = { type: 'RemittanceNotFound', kind: 'notFound', remittanceId: 'r1' } as const;
 * rejectionText(unknown, { words: englishWords.rejections }); //=> 'There is no remittance r1.'
 * rejectionText(unknown); //=> 'RemittanceNotFound (remittanceId: r1).'
 * ```
 */
export function rejectionText<Refused extends Refusal<string, RejectionKind>>(
  rejection: Refused,
  { words = {}, amount }: RejectionTextOptions<Refused> = {},
): string {
  const { type, kind: _kind, ...own } = rejection;
  const said = textIn(words, type) ?? textIn(englishRejectionWords, type);
  const fields = Object.entries(own).map(([field, value]) => [
    field,
    amount !== undefined && isAmount(field, value) ? amount(value) : value,
  ]);
  const shown = { ...rejection, ...Object.fromEntries(fields) };
  if (said === undefined) {
    const list = fields.map(([field, value]) => `${field}: ${plain(value)}`).join(', ');
    return list === '' ? `${type}.` : `${type} (${list}).`;
  }
  return typeof said === 'function' ? said(shown) : interpolate(said, shown);
}

/** Returns the own entry of a table: what it inherits is no text. */
function textIn(words: object, type: string): string | ((rejection: object) => string) | undefined {
  return Object.hasOwn(words, type) ? words[type as keyof typeof words] : undefined;
}

/** Returns a field as people can read it where no text names it: a list or an object as JSON. */
function plain(value: unknown): unknown {
  return typeof value === 'object' ? JSON.stringify(value) : value;
}

/** Returns whether a field of a rejection is an amount, a decimal string. */
function isAmount(field: string, value: unknown): value is string {
  return amountFields.has(field) && typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value);
}
