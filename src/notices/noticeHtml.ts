import { letterHtml } from '../views/letterHtml.js';
import type { Notice } from './notice.js';
import { type NoticeTextOptions, noticeLetter } from './noticeLetter.js';

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
 * import { type Notice, noticeHtml, noticesOf } from 'patron-fees/jobs';
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
  return letterHtml(noticeLetter(notice, options));
}
