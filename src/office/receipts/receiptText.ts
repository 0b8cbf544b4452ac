import { letterText } from '../../views/letterText.js';
import type { NumberedReceipt } from './numberedReceipt.js';
import { type ReceiptTextOptions, receiptLetter } from './receiptLetter.js';

/**
 * Formats a numbered receipt as plain text, for a printer or an e-mail. A receipt whose payment was reversed says so
 * above its lines.
 *
 * Titles, names and comments stay on their line and cannot change the direction of the text around them.
 *
 * @param receipt - the receipt, from {@link issueReceipt} or {@link reprintReceipt}
 * @param options - the reader's locale and time zone; words other than English; who issues it, and the patron's name
 * @returns lines, each ended by `\n`
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for a locale or time zone that the runtime
 * does not support, or if the words are not in the language of the locale or not complete
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { execute, memoryEventStore } from 'patron-fees/history';
 * import { issueReceipt, officeEvents, receiptText } from 'patron-fees/office';
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
 * const text = receiptText(receipt, { locale: 'en-US', timeZone: 'America/New_York' });
 * text.split('\n').slice(0, 2); //=> ['Receipt', 'Number: 2026/1']
 * text.includes('Total: $5.00'); //=> true
 * ```
 */
export function receiptText(receipt: NumberedReceipt, options: ReceiptTextOptions): string {
  return letterText(receiptLetter(receipt, options));
}
