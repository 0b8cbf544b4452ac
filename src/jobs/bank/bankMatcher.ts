import { daysBetween } from '../../job/localDay.js';
import { minorUnits } from '../../money/money.js';
import { bankItemKey } from '../../office/bank/bankAccount.js';
import type { BankItem } from '../../office/bank/bankEvents.js';
import type { BankEntry } from './bankReconciliationForm.js';
import type { ExpectedItem } from './expectedItems.js';

/**
 * What was found of an entry of a bank, and the open items that it names.
 *
 * - `confirmed`: it is one whole item of its reference, or all items of the references that it names.
 * - `ambiguous`: it may be one of several such items.
 * - `differs`: it is another amount, or what parts left of an item: a person confirms that.
 * - `unknown`: it names none.
 */
export type BankMatch = {
  readonly outcome: 'confirmed' | 'ambiguous' | 'differs' | 'unknown';
  readonly items: readonly BankItem[];
};

/** What an entry says of itself, or one of its parts. */
type Naming = Pick<BankEntry, 'bookedOn' | 'amount' | 'references'>;

/**
 * Matches entries of a bank with the items that they name: never by their amount alone. Keeps the items in memory, and no
 * entry.
 *
 * @param expected - what is open
 * @param settled - what is confirmed or ended: an entry that another statement has again does not confirm what its slip has left
 */
export function bankMatcher(
  expected: readonly ExpectedItem[],
  settled: readonly ExpectedItem[],
  withinDays: number,
) {
  const open = new Set(expected.map(({ item }) => bankItemKey(item)));
  const byWords = new Map<string, ExpectedItem[]>();
  for (const one of [...expected, ...settled]) {
    const words = wordsOf(one.reference ?? '').join(' ');
    if (isDistinct(words)) byWords.set(words, [...(byWords.get(words) ?? []), one]);
  }
  const longest = Math.max(0, ...[...byWords.keys()].map((words) => words.split(' ').length));
  const isOpen = ({ item }: ExpectedItem) => open.has(bankItemKey(item));
  /** The books may be behind the bank: a deposit at night, a till that is closed the day after. */
  const mayHave = ({ day }: ExpectedItem, bookedOn: string) =>
    bookedOn >= day || daysBetween(bookedOn, day) <= withinDays;
  /** Returns the items of each reference that an entry names and of which one is open. */
  const named = ({ references, bookedOn }: Naming): readonly (readonly ExpectedItem[])[] => {
    const phrases = phrasesOf(references, longest).filter((words) => byWords.has(words));
    // `4711` is no reference of its own in `wire 4711`.
    const isOwn = (words: string) =>
      !phrases.some((other) => other !== words && ` ${other} `.includes(` ${words} `));
    return phrases
      .filter(isOwn)
      .map((words) => (byWords.get(words) ?? []).filter((one) => mayHave(one, bookedOn)))
      .filter((items) => items.some(isOpen));
  };
  return {
    /** Returns whether an entry, or a part of one, names an open item. */
    names: (entry: Naming): boolean => named(entry).length > 0,
    /** Returns what was found of an entry. What it confirms is no longer open. */
    match(entry: Naming): BankMatch {
      const references = named(entry);
      const all = references.flat();
      const items = all.filter(isOpen).map(({ item }) => item);
      if (items.length === 0) return { outcome: 'unknown', items };
      const minor = minorUnits(entry.amount);
      const whole = all.filter(({ item }) => item.of === undefined);
      const isAll = items.length > 1 && whole.filter(isOpen).length === all.length && sumOf(items) === minor;
      const alike = references.length > 1 ? [] : whole.filter(({ item }) => sumOf([item]) === minor);
      const before = new Set(alike.filter((one) => !isOpen(one)).map(({ day }) => day));
      const single = alike.filter((one) => isOpen(one) && !before.has(one.day)).map(({ item }) => [item]);
      const [confirmed, ...others] = isAll ? [...single, items] : single;
      if (confirmed === undefined && !alike.some(isOpen)) return { outcome: 'differs', items };
      if (confirmed === undefined || others.length > 0) return { outcome: 'ambiguous', items };
      for (const item of confirmed) open.delete(bankItemKey(item));
      return { outcome: 'confirmed', items: confirmed };
    },
    /** Returns the items that no entry confirmed, the oldest first. */
    open: (): readonly ExpectedItem[] =>
      expected.filter(isOpen).sort((a, b) => (a.day < b.day ? -1 : Number(a.day > b.day))),
  };
}

function sumOf(items: readonly BankItem[]): bigint {
  return items.reduce((sum, { amount }) => sum + minorUnits(amount), 0n);
}

/** Returns whether a reference can hardly be a part of another text: `slip 118` or `4711`, not `118` or `2026`. */
function isDistinct(words: string): boolean {
  const isLong = words.includes(' ') || (words.length >= 4 && !/^(?:19|20)\d\d$/.test(words));
  return isLong && /\p{N}/u.test(words);
}

/** Returns all runs of up to `longest` words in references. */
function phrasesOf(references: readonly string[], longest: number): readonly string[] {
  const phrases = new Set<string>();
  for (const reference of references) {
    const words = wordsOf(reference);
    for (let from = 0; from < words.length; from++)
      for (let length = 1; length <= longest && from + length <= words.length; length++)
        phrases.add(words.slice(from, from + length).join(' '));
  }
  return [...phrases];
}

/** Returns the words of a reference: letters and digits, in lower case. */
function wordsOf(reference: string): readonly string[] {
  return reference.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}
