import { daysBetween } from '../../job/localDay.js';
import { minorUnits } from '../../money/money.js';
import { bankItemKey } from '../../office/bank/bankAccount.js';
import type { BankItem } from '../../office/bank/bankEvents.js';
import type { BankEntry } from './bankEntry.js';

/** Money that the bank should have, with the day from which it can be there. */
export type ExpectedItem = {
  /** The item. */
  readonly item: BankItem;
  /** The local day on which it was deposited, reversed or handed over. */
  readonly day: string;
  /** The reference; null if it has none. */
  readonly reference: string | null;
};

/** What was found of an entry. */
export type BankMatch =
  | {
      /** The items that it confirms. */
      readonly items: readonly BankItem[];
    }
  | {
      /** It names a reference whose items are another amount. */
      readonly differs: readonly BankItem[];
    }
  | {
      /** It may be one of several, of different accounts of the books. */
      readonly ambiguous: readonly BankItem[];
    }
  | 'unknown';

/** Items that one entry may confirm: one, or all with the same reference. */
type Group = {
  readonly members: readonly ExpectedItem[];
  readonly minor: bigint;
  readonly words: string | null;
  readonly day: string;
};

/**
 * Matches entries of a bank with expected items: first by reference and amount, then by amount and day. What has a
 * reference that an entry names goes to that entry, wherever it is in the statement; so entries that only have an
 * amount wait until {@link rest}. An entry that names an item with another amount confirms no other item.
 *
 * Keeps the expected items in memory, and of the entries only those whose amount is expected.
 */
export function bankMatcher(expected: readonly ExpectedItem[], withinDays: number) {
  const open = new Set(expected.map(({ item }) => bankItemKey(item)));
  const groups = groupsOf(expected);
  const byAmount = new Map<bigint, Group[]>();
  const byWords = new Map<string, Group[]>();
  for (const group of groups) {
    add(byAmount, group.minor, group);
    if (group.words !== null) add(byWords, group.words, group);
  }
  const longest = Math.max(0, ...[...byWords.keys()].map((words) => words.split(' ').length));
  const waiting: BankEntry[] = [];
  const isOpen = ({ members }: Group) => members.every(({ item }) => open.has(bankItemKey(item)));
  const taken = ({ members }: Group): BankMatch => {
    for (const { item } of members) open.delete(bankItemKey(item));
    return { items: members.map(({ item }) => item) };
  };
  const inTime = ({ day }: Group, { bookedOn }: BankEntry) =>
    bookedOn >= day && daysBetween(day, bookedOn) <= withinDays;
  /** Returns the open groups whose reference an entry names. */
  const named = (entry: BankEntry): readonly Group[] =>
    [...phrasesOf(entry, longest)].flatMap((phrase) => byWords.get(phrase) ?? []).filter(isOpen);
  return {
    /** Returns what was found of an entry; null if it has to wait. */
    match(entry: BankEntry): BankMatch | null {
      const minor = minorUnits(entry.amount);
      const candidates = named(entry).filter(({ day }) => entry.bookedOn >= day);
      const exact = candidates.find((group) => group.minor === minor);
      if (exact !== undefined) return taken(exact);
      // Before other items of the same amount: the entry belongs to the item that it names.
      const differs = candidates.find((group) => inTime(group, entry) && group.minor > 0n === minor > 0n);
      if (differs !== undefined) return { differs: differs.members.map(({ item }) => item) };
      const sameAmount = (byAmount.get(minor) ?? []).some((group) => isOpen(group) && inTime(group, entry));
      if (!sameAmount) return 'unknown';
      waiting.push(entry);
      return null;
    },
    /** Returns what was found of the entries that waited, by the day of booking. */
    *rest(): Generator<readonly [BankEntry, BankMatch]> {
      for (const entry of waiting.sort((a, b) =>
        a.bookedOn < b.bookedOn ? -1 : Number(a.bookedOn > b.bookedOn),
      )) {
        const candidates = (byAmount.get(minorUnits(entry.amount)) ?? []).filter(
          (group) => isOpen(group) && inTime(group, entry),
        );
        const [first] = candidates;
        const sides = new Set(
          candidates.map(({ members }) => members.map(({ item }) => sideOf(item)).join()),
        );
        if (first === undefined) yield [entry, 'unknown'];
        else if (sides.size === 1) yield [entry, taken(first)];
        else
          yield [entry, { ambiguous: candidates.flatMap(({ members }) => members.map(({ item }) => item)) }];
      }
    },
    /** Returns the items that no entry confirmed. */
    missing: (): readonly ExpectedItem[] => expected.filter(({ item }) => open.has(bankItemKey(item))),
  };
}

/** Returns the account of the books that waits for an item. */
function sideOf(item: BankItem): string {
  return JSON.stringify([item.kind, 'method' in item ? item.method : item.destination]);
}

/** Returns the groups, the oldest first: each item, and all with one reference. */
function groupsOf(expected: readonly ExpectedItem[]): readonly Group[] {
  const groupOf = (members: readonly ExpectedItem[], words: string | null): Group => ({
    members,
    words,
    minor: members.reduce((sum, { item }) => sum + minorUnits(item.amount), 0n),
    // The latest.
    day: members
      .map(({ day }) => day)
      .sort()
      .at(-1) as string,
  });
  const byReference = new Map<string, ExpectedItem[]>();
  const alone = expected.map((one) => {
    const words = one.reference === null ? '' : wordsOf(one.reference).join(' ');
    if (words !== '') add(byReference, words, one);
    return groupOf([one], words === '' ? null : words);
  });
  const together = [...byReference].flatMap(([words, members]) =>
    members.length > 1 ? [groupOf(members, words)] : [],
  );
  return [...together, ...alone].sort((a, b) => (a.day < b.day ? -1 : Number(a.day > b.day)));
}

/** Returns all runs of up to `longest` words in the references of an entry and its parts. */
function phrasesOf({ references, parts }: BankEntry, longest: number): ReadonlySet<string> {
  const phrases = new Set<string>();
  for (const reference of [...references, ...parts.flatMap((part) => part.references)]) {
    const words = wordsOf(reference);
    for (let from = 0; from < words.length; from++) {
      for (let length = 1; length <= longest && from + length <= words.length; length++) {
        phrases.add(words.slice(from, from + length).join(' '));
      }
    }
  }
  return phrases;
}

/** Returns the words of a reference: letters and digits, in lower case. */
function wordsOf(reference: string): readonly string[] {
  return reference.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

function add<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
