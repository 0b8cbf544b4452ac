import type { ForeignAccount } from 'patron-fees/import';
import { CliError } from './terminal.js';

/** The options that say how dates and amounts are written. */
export type FormOptions = { readonly dates?: string; readonly decimal?: '.' | ',' };

/**
 * Passes accounts on, and collects a sentence about each form of dates or amounts that an option would read.
 *
 * @param fileOf - the file of a table
 * @throws {@link CliError} with the sentences, if the first account has such a form: before anything is recorded
 */
export async function* withOtherForms(
  accounts: AsyncIterable<ForeignAccount>,
  given: FormOptions,
  fileOf: (table: string) => string,
  sentences: Map<string, string>,
): AsyncGenerator<ForeignAccount> {
  let isFirst = true;
  for await (const account of accounts) {
    for (const { code, table, field, found } of account.findings) {
      const date = given.dates === undefined ? dateOptions(found) : [];
      const amount = given.decimal === undefined ? decimalOptions(found) : [];
      const options = [...date, ...amount].join(' or ');
      if (code !== 'MalformedField' || options === '' || sentences.has(options)) continue;
      const what = date.length > 0 ? 'dates' : 'amounts';
      const sentence = `the column ${field} of ${fileOf(table)} has ${what} like ${found}: say ${options}`;
      sentences.set(options, sentence);
    }
    if (isFirst && sentences.size > 0) throw new CliError([...sentences.values()].join('; '));
    if (account.patronId !== null) isFirst = false;
    yield account;
  }
}

/** The options that would read a date. Which number is the day is never guessed. */
function dateOptions(found: string): string[] {
  const [, year, yearSign] = /^(\d{4})([./])\d{1,2}\2\d{1,2}\b/.exec(found) ?? [];
  if (year !== undefined) return [`--dates YYYY${yearSign}MM${yearSign}DD`];
  const [, first, sign, second] = /^(\d{1,2})([./-])(\d{1,2})\2\d{4}\b/.exec(found) ?? [];
  if (first === undefined) return [];
  const [day, month] = first.length === 2 && second?.length === 2 ? ['DD', 'MM'] : ['D', 'M'];
  const dayFirst = `--dates ${day}${sign}${month}${sign}YYYY`;
  return sign === '.' ? [dayFirst] : [dayFirst, `--dates ${month}${sign}${day}${sign}YYYY`];
}

const comma = /^[+-]?(?:\d*|\d{1,3}(?:[.'’ \u00a0\u202f]\d{3})+)(?:,\d+)?$/;
const point = /^[+-]?(?:\d*|\d{1,3}(?:[,'’ \u00a0\u202f]\d{3})+)(?:\.\d+)?$/;

/** The options that would read an amount that is not read without them. */
function decimalOptions(found: string): string[] {
  if (!/[,'’ \u00a0\u202f]/.test(found)) return [];
  return [...(comma.test(found) ? ['--decimal ","'] : []), ...(point.test(found) ? ['--decimal "."'] : [])];
}
