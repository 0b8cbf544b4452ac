import {
  mailAmounts,
  mailDocument,
  mailEntries,
  mailHeading,
  mailParagraph,
  mailTable,
} from '../../views/mailFrame.js';
import { type Markup, markup, textMarkup } from '../../views/markup.js';
import { plansMarkup } from '../../views/planFormat.js';
import type { AccountStatement } from './accountStatement.js';
import type { HouseholdStatement, HouseholdStatementBalances } from './householdStatement.js';
import { type StatementFormat, type StatementOptions, statementFormat } from './statementFormat.js';
import type { StatementLine } from './statementLine.js';

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
 * import { accountStatement, statementHtml } from 'patron-fees/institution';
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
  const format = statementFormat(statement.currency, options);
  const { words, bound, seal } = format;
  const { patron, from, before, opening, closing } = statement;
  const { direction } = words;
  return mailDocument(words, {
    title: `${words.statement}: ${patron.name}`,
    heading: markup`${words.statement}: ${textMarkup(patron.name)}`,
    below: [
      mailEntries(direction, [
        ...(patron.barcode === undefined ? [] : [[words.barcode, textMarkup(patron.barcode)] as const]),
        [words.from, bound(from, words.beginning)],
        [words.to, bound(before, words.latest)],
      ]),
      mailParagraph(words.signs, 'quiet'),
      mailHeading(2, words.opening),
      balancesMarkup(words.opening, opening, format),
      mailHeading(2, words.movements),
      linesMarkup(statement, format),
      mailHeading(2, words.closing),
      balancesMarkup(words.closing, closing, format),
      plansMarkup(statement.paymentPlans, format),
      seal === undefined ? [] : mailParagraph(`${words.seal}: ${seal}`, 'quiet'),
    ],
  });
}

function balancesMarkup(
  title: string,
  { balance, disputed, transferred }: HouseholdStatementBalances,
  { words, amount }: StatementFormat,
): Markup {
  return mailAmounts(words.direction, [
    [title, amount(balance)],
    [words.disputed, amount(disputed)],
    [words.transferred, amount(transferred)],
  ]);
}

function linesMarkup({ lines }: Pick<AccountStatement, 'lines'>, format: StatementFormat): Markup {
  const { words } = format;
  if (lines.length === 0) return mailParagraph(words.noMovements);
  return mailTable(
    words.direction,
    [words.what, words.amount, words.balance],
    lines.map((line) => lineRow(line, format)),
  );
}

function lineRow(line: StatementLine, { words, amount, moment, what }: StatementFormat) {
  const texts = what(line).map((text, index) => markup`${index === 0 ? '' : ', '}${textMarkup(text)}`);
  const at = moment(line.at);
  const recorded = moment(line.recordedAt);
  return {
    head: markup`${texts}`,
    details: [
      markup`${at}`,
      ...(recorded === at ? [] : [markup`${words.recorded}: ${recorded}`]),
      ...(line.reference ? [markup`${words.reference}: ${textMarkup(line.reference)}`] : []),
      ...(line.comment ? [markup`${words.comment}: ${textMarkup(line.comment)}`] : []),
    ],
    cells: [amount(line.amount), amount(line.balance)],
  };
}
