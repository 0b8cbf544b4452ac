import { minorUnits } from '../../money/money.js';
import type { BankAccount, BankRecord } from '../../office/bank/bankAccount.js';
import type { BookBankEntry, ConfirmBankEntry } from '../../office/bank/bankCommands.js';
import type { BankItem } from '../../office/bank/bankEvents.js';
import type { BankRule } from '../../policy/policyRules.js';
import type { BankEntry } from './bankEntry.js';
import { wordsOf } from './bankMatch.js';

/**
 * Returns the command that books an entry by the first rule of a policy that fits; undefined if none does, or if the entry
 * was recorded before and a person undid that.
 */
export function bookingByRule(
  { entryId, bookedOn, amount, references }: BankEntry,
  account: BankAccount,
  rules: readonly BankRule[] = [],
  { at, by }: Pick<BookBankEntry, 'at' | 'by'>,
): BookBankEntry | undefined {
  const minor = minorUnits(amount);
  const size = minor < 0n ? -minor : minor;
  const texts = references.map((text) => ` ${wordsOf(text).join(' ')} `);
  const rule = rules.find(
    ({ contains, direction, upTo }) =>
      (direction === 'in' ? minor > 0n : minor < 0n) &&
      size <= minorUnits(upTo) &&
      texts.some((text) => text.includes(` ${wordsOf(contains).join(' ')} `)),
  );
  if (rule === undefined || recordsOf(account, entryId).length > 0) return undefined;
  return { type: 'BookBankEntry', id: entryId, entryId, bookedOn, amount, reason: rule.reason, at, by };
}

/** Returns the command that confirms items by an entry. After a reversal the entry is confirmed by a command of its own. */
export function confirmationOf(
  { entryId, bookedOn, amount }: BankEntry,
  items: readonly BankItem[],
  account: BankAccount,
  { at, by }: Pick<ConfirmBankEntry, 'at' | 'by'>,
): ConfirmBankEntry {
  const earlier = recordsOf(account, entryId).length;
  const id = earlier === 0 ? entryId : `${entryId}#again${earlier}`;
  return { type: 'ConfirmBankEntry', id, entryId, bookedOn, amount, items, at, by };
}

/** Returns the records of an entry, those that were reversed, too. */
export function recordsOf({ records }: BankAccount, entryId: string): readonly BankRecord[] {
  return [...records.values()].filter(({ data }) => 'entryId' in data && data.entryId === entryId);
}
