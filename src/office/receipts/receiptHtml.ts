import { type Markup, markup, textMarkup } from '../../views/markup.js';
import { shownText } from '../../views/shownText.js';
import type { NumberedReceipt } from './numberedReceipt.js';
import { formatReceipt, type ReceiptTextOptions } from './receiptFormat.js';

const line = '1px solid #d0d0d0';

/**
 * Formats a numbered receipt as a complete HTML document, for an e-mail or a printed page: without scripts, external
 * styles or pictures, at most 600 pixels wide. A receipt whose payment was reversed says so above its lines.
 *
 * All text is escaped, and titles and names cannot change the direction of the text around them. Screen readers get a
 * language, a heading and headers for every cell. No meaning is conveyed by colour. Words of a right-to-left language are
 * aligned to the right, and amounts to the left.
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
  // E-mail programs know left and right, not start and end.
  const [start, end] = words.direction === 'rtl' ? ['right', 'left'] : ['left', 'right'];
  const cell = (side: string) => `padding:6px 0;vertical-align:top;text-align:${side}`;
  const amountCell = `${cell(end)};white-space:nowrap;padding-${start}:16px`;
  const heading = `font-weight:600;border-bottom:${line}`;
  const width = 'width:100%;border-collapse:collapse;margin:0 0 24px';
  const entries = (given: typeof head) => markup`<table style="${width}">
<tbody>${given.map(
    ([label, text, kind]) => markup`
<tr><th scope="row" style="${cell(start)};font-weight:400;color:#555555;width:40%">${label}</th><td style="${cell(start)}">${kind === 'free' ? textMarkup(text) : text}</td></tr>`,
  )}
</tbody>
</table>`;
  const table = (
    names: readonly string[],
    cells: typeof rows,
    first: (text: string) => string | Markup,
    last: readonly Markup[],
  ) =>
    markup`<table style="${width}">
<thead>
<tr>${names.map((name, index) => markup`<th scope="col" style="${index === 0 ? cell(start) : amountCell};${heading}">${name}</th>`)}</tr>
</thead>
<tbody>${cells.map(
      ([name = '', ...others]) => markup`
<tr><th scope="row" style="${cell(start)};font-weight:400">${first(name)}</th>${others.map(
        (text) => markup`<td style="${amountCell}">${text}</td>`,
      )}</tr>`,
    )}${last}
</tbody>
</table>`;
  const totalRow = markup`
<tr><th scope="row" colspan="${String(headers.length - 1)}" style="${cell(start)};font-weight:600;border-top:${line}">${words.total}</th><td style="${amountCell};font-weight:600;border-top:${line}">${total}</td></tr>`;
  const { html } = markup`<!DOCTYPE html>
<html lang="${words.language}" dir="${words.direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title} ${shownText(receipt.series)}/${String(receipt.number)}</title>
</head>
<body style="margin:0;background:#ffffff;color:#1a1a1a;font-family:Helvetica,Arial,sans-serif;font-size:15px;line-height:1.45">
<main dir="${words.direction}" style="max-width:600px;margin:0 auto;padding:24px 16px;text-align:${start}">
${issuer.map((text) => markup`<p style="margin:0;color:#555555">${textMarkup(text)}</p>`)}
<h1 style="margin:24px 0 16px;font-size:20px;font-weight:600">${title}</h1>
${undone.map((text) => markup`<p style="margin:0 0 16px;padding:8px 12px;border:1px solid #1a1a1a;font-weight:600">${text}</p>`)}
${entries(head)}
${table(headers, rows, textMarkup, [totalRow])}
${taxRows.length === 0 ? [] : table(taxHeaders, taxRows, String, [])}
${entries(foot)}
</main>
</body>
</html>
`;
  return html;
}
