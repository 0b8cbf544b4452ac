import {
  mailAmounts,
  mailDocument,
  mailEntries,
  mailHeading,
  mailIssuer,
  mailParagraph,
  mailTable,
} from '../views/mailFrame.js';
import { type Markup, markup, textMarkup } from '../views/markup.js';
import type { Notice } from './notice.js';
import { formatNotice, type NoticeTextOptions } from './noticeFormat.js';

/**
 * Formats a notice as a complete HTML document, for an e-mail or a printer: without scripts, external styles or
 * pictures, at most 600 pixels wide, in light or dark colours as the reader prefers.
 *
 * All text is escaped, and titles and names cannot change the direction of the text around them. No meaning is conveyed
 * by colour. Its title is the subject of the e-mail.
 *
 * @param notice - the notice, of {@link noticesOf} or {@link runNotices}
 * @param options - the reader's locale and time zone; words in the language of the notice; who sends it, and the
 * patron's name
 * @returns the document
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for a locale or time zone that the runtime
 * does not support, if the words are not in the language of the locale or not complete, or if the notice is in another
 * language
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { execute, memoryEventStore } from 'patron-fees/history';
 * import { type Notice, noticeHtml, noticesOf } from 'patron-fees/institution';
 *
 * const at = '2026-03-02T14:00:00Z';
 * const store = memoryEventStore({ now: () => at });
 * const notices = { from: '2026-03-01T00:00:00Z', rules: [{ kinds: ['charged'] }] } as const;
 * const policy = definePolicy({ currency: 'USD', notices });
 * const patron = { institution: 'north', patronId: 'dverma' };
 * const fee = { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '5', owner: 'MAIN', at } as const;
 * await execute(store, policy, patron, fee);
 * const { events } = await store.read(patron);
 * const [notice] = noticesOf(events, policy, { ...patron, group: 'STUDENT', on: '2026-03-02' }) as [Notice];
 *
 * const html = noticeHtml(notice, { locale: 'en-US', timeZone: 'America/New_York' });
 * html.includes('<title>A fee was charged</title>'); //=> true
 * ```
 */
export function noticeHtml(notice: Notice, options: NoticeTextOptions): string {
  const { words, title, issuer, paragraphs, head, headers, rows, total, ...rest } = formatNotice(
    notice,
    options,
  );
  const { direction } = words;
  const table = (
    names: readonly string[],
    cells: typeof rows,
    headOf: (text: string) => Markup,
    sum?: readonly [string, string],
  ) =>
    mailTable(
      direction,
      names,
      cells.map(([first = '', ...others]) => ({ head: headOf(first), cells: others })),
      sum && { sum },
    );
  return mailDocument(words, {
    title,
    heading: title,
    above: issuer.map(mailIssuer),
    below: [
      paragraphs.map((text) => mailParagraph(textMarkup(text))),
      mailEntries(
        direction,
        head.map(([label, text, kind]) => [label, kind === 'free' ? textMarkup(text) : text]),
      ),
      rows.length === 0
        ? []
        : table(headers, rows, textMarkup, total === null ? undefined : [words.total, total]),
      rest.planRows.length === 0
        ? []
        : [
            mailHeading(2, words.paymentPlan),
            // A date keeps the marks of its direction.
            table(rest.planHeaders, rest.planRows, (day) => markup`${day}`),
          ],
      rest.comment === null ? [] : mailParagraph(markup`${words.comment}: ${textMarkup(rest.comment)}`),
      mailAmounts(direction, [[words.payable, rest.payable]], 'sum'),
    ],
  });
}
