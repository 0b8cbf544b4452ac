import { letterText } from '../views/letterText.js';
import type { Notice } from './notice.js';
import { type NoticeTextOptions, noticeLetter } from './noticeLetter.js';

/**
 * Formats a notice as plain text, for an e-mail or a letter. Its first line after the library's is the subject of the
 * e-mail.
 *
 * Titles, names and comments stay on their line and cannot change the direction of the text around them.
 *
 * @param notice - the notice, of {@link noticesOf} or {@link runNotices}
 * @param options - the reader's locale and time zone; words in the language of the notice; who sends it, and the
 * patron's name
 * @returns lines, each ended by `\n`
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for a locale or time zone that the runtime
 * does not support, if the words are not in the language of the locale or not complete, or if the notice is in another
 * language
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { execute, memoryEventStore } from 'patron-fees/history';
 * import { type Notice, noticesOf, noticeText } from 'patron-fees/jobs';
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
 * const text = noticeText(notice, { locale: 'en-US', timeZone: 'America/New_York', patron: 'Dev Verma' });
 * text.split('\n').slice(0, 3); //=> ['A fee was charged', '', 'This was charged to your account.']
 * text.includes('To pay now: $5.00'); //=> true
 * ```
 */
export function noticeText(notice: Notice, options: NoticeTextOptions): string {
  return letterText(noticeLetter(notice, options));
}
