import { formatAmount } from '../../money/money.js';
import { entryTags } from './entryTags.js';
import type { LedgerText } from './ledgerText.js';
import { plainText } from './plainText.js';

const DAY_MS = 86_400_000;

/**
 * The format of beancount. Beancount sorts a file by date, so accounts are opened at the end, where all accounts and
 * the first day are known.
 *
 * @source https://beancount.github.io/docs/beancount_language_syntax.html
 */
export const beancountText: LedgerText = {
  beginning: (institution, currency) =>
    `; Journal of ${plainText(institution)}\noption "operating_currency" "${currency}"\n`,
  currency: () => '',
  entry: (entry, nameOf) => {
    const { day, patronId, event, postings, minorDigits, currency } = entry;
    const tags = entryTags(entry).map(([name, value]) => `  ${name}: "${value}"`);
    const lines = postings.map((posting) => {
      const row = posting.rowId === null ? '' : `\n    row: "${plainText(posting.rowId)}"`;
      return `  ${nameOf(posting)}  ${formatAmount(posting.amountMinor, minorDigits)} ${currency}${row}`;
    });
    return [`\n${day} * "${plainText(patronId)}" "${event.type}"`, ...tags, ...lines, ''].join('\n');
  },
  end: ({ firstDay, lastDay, balances, assertBalances }) => {
    const names = [...new Set(balances.map(({ name }) => name))];
    const opened = `\n${names.map((name) => `${firstDay} open ${name}\n`).join('')}`;
    if (!assertBalances) return opened;
    // A balance applies to the morning of its day. Without an explicit tolerance of zero, beancount accepts a
    // difference of one unit.
    const morning = dayAfter(lastDay);
    const asserted = balances.map(
      ({ name, currency, amount }) => `${morning} balance ${name}  ${amount} ~ 0 ${currency}\n`,
    );
    return `${opened}\n${asserted.join('')}`;
  },
};

function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 10);
}
