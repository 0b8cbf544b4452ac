import { letterHtml } from '../../views/letterHtml.js';
import type { AccountStatement } from './accountStatement.js';
import type { HouseholdStatement } from './householdStatement.js';
import { type StatementOptions, statementLetter } from './statementLetter.js';

/**
 * Formats a statement of account as a complete HTML document, for an e-mail, a page or a printer: without scripts,
 * external styles or pictures, at most 600 pixels wide, in light or dark colours as the reader prefers.
 *
 * All text is escaped, and titles and names cannot change the direction of the text around them. Screen readers get a
 * language, headings and headers for every cell. No meaning is conveyed by colour.
 *
 * @param statement - the statement of an account, or of several
 * @param options - the reader's locale and time zone, and words other than English
 * @returns the document
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for a locale or time zone that the runtime
 * does not support, or if the words are not in the language of the locale or not complete
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { accountStatement, statementHtml } from 'patron-fees/reports';
 *
 * const statement = accountStatement([], definePolicy({ currency: 'USD' }), { patron: { name: 'Ada <Lovelace>' } });
 * const html = statementHtml(statement, { locale: 'en-US', timeZone: 'America/New_York' });
 * html.includes('Statement of account: <bdi>Ada &lt;Lovelace&gt;</bdi></h1>'); //=> true
 * ```
 */
export function statementHtml(
  statement: AccountStatement | HouseholdStatement,
  options: StatementOptions,
): string {
  return letterHtml(statementLetter(statement, options));
}
