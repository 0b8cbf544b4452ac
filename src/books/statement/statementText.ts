import { letterText } from '../../views/letterText.js';
import type { AccountStatement } from './accountStatement.js';
import type { HouseholdStatement } from './householdStatement.js';
import { type StatementOptions, statementLetter } from './statementLetter.js';

/**
 * Formats a statement of account as plain text, for an e-mail or a printer.
 *
 * Titles, names and comments stay on their line and cannot change the direction of the text around them.
 *
 * @param statement - the statement of an account, or of several
 * @param options - the reader's locale and time zone, and words other than English
 * @returns lines, each ended by `\n`
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for a locale or time zone that the runtime
 * does not support, or if the words are not in the language of the locale or not complete
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { accountStatement, statementText } from 'patron-fees/reports';
 *
 * const statement = accountStatement([], definePolicy({ currency: 'USD' }), { patron: { name: 'Ada Lovelace' } });
 * const text = statementText(statement, { locale: 'en-US', timeZone: 'America/New_York' });
 * text.split('\n')[0]; //=> 'Statement of account: Ada Lovelace'
 * ```
 */
export function statementText(
  statement: AccountStatement | HouseholdStatement,
  options: StatementOptions,
): string {
  return letterText(statementLetter(statement, options));
}
