import { formatAmount } from '../../money/money.js';
import { entryTags } from './entryTags.js';
import type { LedgerText } from './ledgerText.js';
import { plainText } from './plainText.js';

/**
 * The journal format of hledger. Accounts are declared at the end, where all of them are known; hledger accepts that.
 *
 * @source https://hledger.org/hledger.html#journal
 */
export const hledgerText: LedgerText = {
  beginning: (institution) => `; Journal of ${plainText(institution)}\n\ndecimal-mark .\n`,
  // Here a number without decimals needs a decimal mark too.
  currency: (code, minorDigits) => `\ncommodity 1000.${'0'.repeat(minorDigits)} ${code}\n`,
  entry: (entry, nameOf) => {
    const { day, patronId, event, postings, minorDigits, currency } = entry;
    const tags = entryTags(entry).map(([name, value]) => `${name}:${value}`);
    const lines = postings.map((posting) => {
      const row = posting.rowId === null ? '' : `  ; row:${plainText(posting.rowId)}`;
      return `    ${nameOf(posting)}  ${formatAmount(posting.amountMinor, minorDigits)} ${currency}${row}`;
    });
    return [`\n${day} ${plainText(patronId)} | ${event.type}`, `    ; ${tags.join(', ')}`, ...lines, ''].join(
      '\n',
    );
  },
  end: ({ lastDay, balances, assertBalances }) => {
    const names = [...new Set(balances.map(({ name }) => name))];
    const declared = `\n${names.map((name) => `account ${name}\n`).join('')}`;
    if (!assertBalances) return declared;
    // One transaction for each balance, since hledger shows the whole transaction that fails.
    const asserted = balances.map(
      ({ name, currency, amount }) =>
        `\n${lastDay} Balance\n    ${name}  0 ${currency} = ${amount} ${currency}\n`,
    );
    return `${declared}${asserted.join('')}`;
  },
};
