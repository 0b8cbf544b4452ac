import {
  describedMarkup,
  type Markup,
  markup,
  optionalCell,
  tableMarkup,
  textMarkup,
} from '../../views/markup.js';
import { plansMarkup } from '../../views/planFormat.js';
import { shownText } from '../../views/shownText.js';
import type { AccountStatement } from './accountStatement.js';
import type { HouseholdStatement, HouseholdStatementBalances } from './householdStatement.js';
import { type StatementFormat, type StatementOptions, statementFormat } from './statementFormat.js';
import type { StatementLine } from './statementLine.js';

/**
 * Formats a statement of account as a complete HTML document, for an e-mail or a page, without scripts and external
 * styles.
 *
 * All text is escaped, and titles and names cannot change the direction of the text around them. Screen readers get a
 * language, headings, a caption and headers for every cell. No meaning is conveyed by colour.
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
 * html.includes('<h1>Statement of account: <bdi>Ada &lt;Lovelace&gt;</bdi></h1>'); //=> true
 * ```
 */
export function statementHtml(
  statement: AccountStatement | HouseholdStatement,
  options: StatementOptions,
): string {
  const format = statementFormat(statement.currency, options);
  const { words, bound, seal } = format;
  const { patron, from, before, opening, closing } = statement;
  const barcode =
    patron.barcode === undefined ? [] : [describedMarkup(words.barcode, textMarkup(patron.barcode))];
  const sealMarkup =
    seal === undefined
      ? markup``
      : markup`<p>${words.seal}: ${seal}</p>
`;
  const { html } = markup`<!DOCTYPE html>
<html lang="${words.language}" dir="${words.direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${words.statement}: ${shownText(patron.name)}</title>
</head>
<body>
<main>
<h1>${words.statement}: ${textMarkup(patron.name)}</h1>
<dl>${barcode}${describedMarkup(words.from, markup`${bound(from, words.beginning)}`)}${describedMarkup(
    words.to,
    markup`${bound(before, words.latest)}`,
  )}
</dl>
<p>${words.signs}</p>
<h2>${words.opening}</h2>
${balancesMarkup(words.opening, opening, format)}
<h2>${words.movements}</h2>
${linesMarkup(statement, format)}
<h2>${words.closing}</h2>
${balancesMarkup(words.closing, closing, format)}
${plansMarkup(statement.paymentPlans, format)}${sealMarkup}</main>
</body>
</html>
`;
  return html;
}

function balancesMarkup(
  title: string,
  { balance, disputed, transferred }: HouseholdStatementBalances,
  { words, amount }: StatementFormat,
): Markup {
  return markup`<dl>${describedMarkup(title, markup`${amount(balance)}`)}${describedMarkup(
    words.disputed,
    markup`${amount(disputed)}`,
  )}${describedMarkup(words.transferred, markup`${amount(transferred)}`)}
</dl>`;
}

function linesMarkup({ lines }: Pick<AccountStatement, 'lines'>, format: StatementFormat): Markup {
  const { words } = format;
  if (lines.length === 0) return markup`<p>${words.noMovements}</p>`;
  const { date, recorded, what, reference, comment, amount, balance } = words;
  return tableMarkup(
    markup`${words.movements}`,
    [what, date, recorded, reference, comment, amount, balance],
    lines.map((line) => lineMarkup(line, format)),
  );
}

function lineMarkup(line: StatementLine, { amount, moment, what }: StatementFormat): Markup {
  const texts = what(line).map((text, index) => markup`${index === 0 ? '' : ', '}${textMarkup(text)}`);
  return markup`
<tr><th scope="row">${texts}</th><td>${moment(line.at)}</td><td>${moment(line.recordedAt)}</td>${optionalCell(
    line.reference,
  )}${optionalCell(line.comment)}<td>${amount(line.amount)}</td><td>${amount(line.balance)}</td></tr>`;
}
