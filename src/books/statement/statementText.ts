import { planLines } from '../../views/planFormat.js';
import { isolatedText, listedText } from '../../views/shownText.js';
import type { AccountStatement } from './accountStatement.js';
import type { HouseholdStatement, HouseholdStatementBalances } from './householdStatement.js';
import { type StatementFormat, type StatementOptions, statementFormat } from './statementFormat.js';
import type { StatementLine } from './statementLine.js';

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
 * import { accountStatement, statementText } from 'patron-fees/institution';
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
  const format = statementFormat(statement.currency, options);
  const { words, bound, seal } = format;
  const { patron, from, before, opening, closing, lines } = statement;
  const sections = [
    [
      `${words.statement}: ${isolatedText(patron.name)}`,
      ...(patron.barcode === undefined ? [] : [`${words.barcode}: ${isolatedText(patron.barcode)}`]),
      `${words.from}: ${bound(from, words.beginning)}`,
      `${words.to}: ${bound(before, words.latest)}`,
      words.signs,
    ],
    balanceLines(words.opening, opening, format),
    [
      words.movements,
      ...(lines.length === 0 ? [words.noMovements] : lines.map((line) => lineText(line, format))),
    ],
    balanceLines(words.closing, closing, format),
    ...planLines(statement.paymentPlans, format),
    ...(seal === undefined ? [] : [[`${words.seal}: ${seal}`]]),
  ];
  return `${sections.map((section) => section.join('\n')).join('\n\n')}\n`;
}

function balanceLines(
  title: string,
  { balance, disputed, transferred }: HouseholdStatementBalances,
  { words, amount }: StatementFormat,
): string[] {
  return [
    `${title}: ${amount(balance)}`,
    `${words.disputed}: ${amount(disputed)}`,
    `${words.transferred}: ${amount(transferred)}`,
  ];
}

function lineText(line: StatementLine, { words, amount, moment, what }: StatementFormat): string {
  const { at, recordedAt, reference, comment } = line;
  return listedText([
    moment(at),
    moment(recordedAt) !== moment(at) && `${words.recorded} ${moment(recordedAt)}`,
    what(line).map(isolatedText).join(', '),
    reference !== null && `${words.reference} ${isolatedText(reference)}`,
    comment !== null && `${words.comment}: ${isolatedText(comment)}`,
    `${words.amount} ${amount(line.amount)}`,
    `${words.balance} ${amount(line.balance)}`,
  ]);
}
