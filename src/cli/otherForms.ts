import type { ForeignAccount, ReadAccountsOptions } from 'patron-fees/import';
import { CliError } from './terminal.js';

/** The options that say how dates and amounts are written. */
export type FormOptions = {
  readonly dates?: Exclude<ReadAccountsOptions['dayOrder'], undefined>;
  readonly decimal?: Exclude<ReadAccountsOptions['decimalMark'], undefined>;
};

/**
 * Passes accounts on, and collects a sentence about each form of dates or amounts that an option would read.
 *
 * @param fileOf - the file of a table
 * @throws {@link CliError} with the sentences, if the first account has such a form: before anything is recorded
 */
export async function* withOtherForms(
  accounts: AsyncIterable<ForeignAccount>,
  given: Pick<ReadAccountsOptions, 'dayOrder' | 'decimalMark'>,
  fileOf: (table: string) => string,
  sentences: Map<string, string>,
): AsyncGenerator<ForeignAccount> {
  let isFirst = true;
  for await (const account of accounts) {
    for (const { code, table, field, found } of account.findings) {
      const date = given.dayOrder === undefined ? dateOptions(found) : [];
      const amount = given.decimalMark === undefined ? decimalOptions(found) : [];
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
  if (/^\d{4}\/\d{1,2}\/\d{1,2}\b/.test(found)) return ['--dates YYYY/MM/DD'];
  const [, sign] = /^\d{1,2}([./-])\d{1,2}\1\d{4}\b/.exec(found) ?? [];
  if (sign === undefined) return [];
  const dayFirst = `--dates DD${sign}MM${sign}YYYY`;
  return sign === '.' ? [dayFirst] : [dayFirst, `--dates MM${sign}DD${sign}YYYY`];
}

const comma = /^[+-]?(?:\d*|\d{1,3}(?:[.'’ \u00a0\u202f]\d{3})+)(?:,\d+)?$/;
const point = /^[+-]?(?:\d*|\d{1,3}(?:[,'’ \u00a0\u202f]\d{3})+)(?:\.\d+)?$/;

/** The options that would read an amount that is not read without them. */
function decimalOptions(found: string): string[] {
  if (!/[,'’ \u00a0\u202f]/.test(found)) return [];
  return [...(comma.test(found) ? ['--decimal ","'] : []), ...(point.test(found) ? ['--decimal "."'] : [])];
}
