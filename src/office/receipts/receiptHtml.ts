import { mailDocument, mailEntries, mailIssuer, mailParagraph, mailTable } from '../../views/mailFrame.js';
import { markup, textMarkup } from '../../views/markup.js';
import type { NumberedReceipt } from './numberedReceipt.js';
import { formatReceipt, type ReceiptTextOptions } from './receiptFormat.js';

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
 * import { issueReceipt, officeEvents, receiptHtml } from 'patron-fees/institution';
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
  const { words, title, issuer, head, undone, headers, rows, total, taxHeaders, taxRows, foot } =
    formatReceipt(receipt, options);
  const { direction } = words;
  const entries = (given: typeof head) =>
    mailEntries(
      direction,
      given.map(([label, text, kind]) => [label, kind === 'free' ? textMarkup(text) : text]),
    );
  return mailDocument(words, {
    title: `${title} ${receipt.series}/${receipt.number}`,
    heading: title,
    above: issuer.map(mailIssuer),
    below: [
      undone.map((text) => mailParagraph(text, 'box')),
      entries(head),
      mailTable(
        direction,
        headers,
        rows.map(([what = '', ...cells]) => ({ head: textMarkup(what), cells })),
        { sum: [words.total, total] },
      ),
      taxRows.length === 0
        ? []
        : mailTable(
            direction,
            taxHeaders,
            taxRows.map(([rate = '', ...cells]) => ({ head: markup`${rate}`, cells })),
          ),
      entries(foot),
    ],
  });
}
