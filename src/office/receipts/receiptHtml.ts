import { letterHtml } from '../../views/letterHtml.js';
import type { NumberedReceipt } from './numberedReceipt.js';
import { type ReceiptTextOptions, receiptLetter } from './receiptLetter.js';

/**
 * Formats a numbered receipt as a complete HTML document, for an e-mail or a printed page: without scripts, external
 * styles or pictures, at most 600 pixels wide, in light or dark colours as the reader prefers. A receipt whose payment
 * was reversed says so above its lines.
 *
 * All text is escaped, and titles and names cannot change the direction of the text around them. Screen readers get a
 * language, a heading and headers for every cell. No meaning is conveyed by colour. Words of a right-to-left language
 * are aligned to the right, and amounts to the left.
 *
 * @param receipt - the receipt, from {@link issueReceipt} or {@link reprintReceipt}
 * @param options - the reader's locale and time zone; words other than English; who issues it, and the patron's name
 * @returns the document
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for a locale or time zone that the runtime
 * does not support, or if the words are not in the language of the locale or not complete
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { execute, memoryEventStore } from 'patron-fees/history';
 * import { issueReceipt, officeEvents, receiptHtml } from 'patron-fees/office';
 *
 * const at = '2026-03-02T14:00:00Z';
 * const accounts = memoryEventStore({ now: () => at });
 * const office = memoryEventStore({ now: () => at, codec: officeEvents });
 * const policy = definePolicy({ currency: 'USD', overpayment: 'credit' });
 * const patron = { institution: 'north', patronId: 'dverma' };
 * await execute(accounts, policy, patron, { type: 'ReceivePayment', id: 'p1', amount: '5', method: 'CASH', at });
 * const form = { ...patron, series: '2026', kind: 'payment', subjectId: 'p1' } as const;
 * const by = { channel: 'desk', userId: 'ana' } as const;
 * const receipt = await issueReceipt({ accounts, office }, policy, { ...form, at, by });
 *
 * const place = { locale: 'en-US', timeZone: 'America/New_York' };
 * receiptHtml(receipt, { ...place, patron: 'Ada <Lovelace>' }).includes('<bdi>Ada &lt;Lovelace&gt;</bdi>'); //=> true
 * ```
 */
export function receiptHtml(receipt: NumberedReceipt, options: ReceiptTextOptions): string {
  return letterHtml(receiptLetter(receipt, options));
}
