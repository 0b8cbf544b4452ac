import { daysBetween } from '../../job/localDay.js';
import { minorUnits } from '../../money/money.js';
import { bankItemKey } from '../../office/bank/bankAccount.js';
import type { BankItem } from '../../office/bank/bankEvents.js';
import type { BankEntry } from './bankEntry.js';

/** Money that the bank should have, with the first day on which it can be there. */
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
      /** How they were found. */
      readonly by: 'reference' | 'amount';
    }
  | {
      /** It names a reference whose items are another amount. */
      readonly differs: readonly BankItem[];
    }
  | {
      /** It may be these items, or one of several; nothing is certain. */
      readonly proposed: readonly BankItem[];
      /** Whether there are several possibilities. */
      readonly several: boolean;
      /** Whether nothing but its amount speaks for them. */
      readonly isByAmount?: boolean;
    }
  | 'unknown';

type Proposed = Extract<BankMatch, { proposed: readonly BankItem[] }>;

/** Items that one entry may be by its amount. */
type Group = {
  readonly members: readonly ExpectedItem[];
  readonly minor: bigint;
  readonly day: string;
  /** Whether the amount alone may confirm it: one item, or all with the same reference. */
  readonly isWhole: boolean;
};

/** Items are combined up to this number: a slip has a few methods. */
const COMBINED_MAX = 10;

/** An entry is proposed for at most this many sets of items. */
const PROPOSED_MAX = 20;

/**
 * Matches entries of a bank with expected items: by reference and amount; by amount alone only if nothing else is possible.
 * What has a reference that an entry names goes to that entry, wherever it is in the statement; so entries that only have
 * an amount wait until {@link rest}. What is not certain, and what parts of an item left of it, is proposed.
 *
 * Keeps the expected items in memory, and of the entries only those whose amount is expected.
 */
export function bankMatcher(expected: readonly ExpectedItem[], withinDays: number) {
  const open = new Set(expected.map(({ item }) => bankItemKey(item)));
  const byAmount = new Map<bigint, Group[]>();
  const byWords = new Map<string, ExpectedItem[]>();
  for (const group of groupsOf(expected)) add(byAmount, group.minor, group);
  for (const one of expected) {
    const words = wordsOf(one.reference ?? '').join(' ');
    if (words !== '') add(byWords, words, one);
  }
  const longest = Math.max(0, ...[...byWords.keys()].map((words) => words.split(' ').length));
  const waiting: BankEntry[] = [];
  /** What is proposed to an entry that does not wait: it is not certain for another one. */
  const proposedBefore = new Set<ExpectedItem>();
  const isOpen = ({ item }: ExpectedItem) => open.has(bankItemKey(item));
  const itemsOf = (members: readonly ExpectedItem[]) => members.map(({ item }) => item);
  const taken = (members: readonly ExpectedItem[], by: 'reference' | 'amount'): BankMatch => {
    for (const { item } of members) open.delete(bankItemKey(item));
    return { items: itemsOf(members), by };
  };
  const proposed = (sets: readonly (readonly ExpectedItem[])[]): Proposed => ({
    proposed: [...new Set(sets.slice(0, PROPOSED_MAX).flat())].map(({ item }) => item),
    several: sets.length > 1,
  });
  /** Proposes sets to an entry. Of one with parts each part is matched next, and no rival of them. */
  const proposedTo = ({ parts }: BankEntry, sets: readonly (readonly ExpectedItem[])[]): Proposed => {
    if (parts.length === 0) for (const one of sets.flat()) proposedBefore.add(one);
    return proposed(sets);
  };
  const inTime = ({ day }: Pick<Group, 'day'>, { bookedOn }: BankEntry) =>
    bookedOn >= day && daysBetween(day, bookedOn) <= withinDays;
  /** The books may be behind the bank: a deposit at night, a till that is closed the day after. */
  const mayHave = ({ day }: ExpectedItem, { bookedOn }: BankEntry) =>
    bookedOn >= day || daysBetween(bookedOn, day) <= withinDays;
  /** Returns the open items of each reference that an entry names. */
  const named = (entry: BankEntry): readonly (readonly [string, readonly ExpectedItem[]])[] =>
    [...phrasesOf(entry, longest)].flatMap((words) => {
      const items = (byWords.get(words) ?? []).filter((one) => isOpen(one) && mayHave(one, entry));
      return items.length === 0 ? [] : [[words, items] as const];
    });
  /** Returns the open groups with the amount of an entry that are there on its day, if one of them is in time. */
  const sameAmount = (entry: BankEntry): readonly Group[] => {
    const groups = (byAmount.get(minorUnits(entry.amount)) ?? []).filter(
      (group) => group.members.every(isOpen) && entry.bookedOn >= group.day,
    );
    return groups.some((group) => inTime(group, entry)) ? groups : [];
  };
  return {
    /**
     * Returns what was found of an entry; null if it has to wait.
     *
     * @param isUncertain - whether it may be an entry that another statement had: it is only proposed
     */
    match(entry: BankEntry, isUncertain = false): BankMatch | null {
      const minor = minorUnits(entry.amount);
      const references = named(entry);
      // `4711` is no reference of its own in `wire 4711`.
      const isOwn = (words: string) =>
        !references.some(([other]) => other !== words && ` ${other} `.includes(` ${words} `));
      const certain = references.filter(([words]) => isDistinct(words) && isOwn(words));
      const sets = setsOf(
        references.flatMap(([, items]) => items),
        minor,
      );
      const whole = sets.filter((set) =>
        certain.every(([, items]) => items.some((one) => set.includes(one))),
      );
      const [only] = whole;
      // The parts of an entry are matched one by one, unless all name the same, or nothing.
      const namings = entry.parts.filter((part) => named({ ...entry, ...part, parts: [] }).length > 0).length;
      const isMixed =
        entry.parts.length > 0 && (certain.length > 1 || (namings > 0 && namings < entry.parts.length));
      if (!isUncertain && !isMixed && certain.length > 0 && only !== undefined && sets.length === 1)
        return only.every((one) => certain.some(([, items]) => items.includes(one)) && !isRest(one))
          ? taken(only, 'reference')
          : proposedTo(entry, sets);
      if (sets.length > 0) return proposedTo(entry, sets);
      // Before other items of the same amount: the entry belongs to the item that it names.
      const differs = certain.find(([, items]) =>
        items.some(
          (one) =>
            (one.day > entry.bookedOn || inTime(one, entry)) &&
            minorUnits(one.item.amount) > 0n === minor > 0n,
        ),
      );
      if (differs !== undefined) return { differs: itemsOf(differs[1]) };
      const candidates = sameAmount(entry);
      if (candidates.length === 0) return 'unknown';
      const isKnownPart = (part: Pick<BankEntry, 'amount' | 'references'>) => {
        const one = { ...entry, ...part, parts: [] };
        return named(one).length > 0 || sameAmount(one).length > 0;
      };
      if (isUncertain || certain.length > 0 || entry.parts.some(isKnownPart)) {
        const all = candidates.map(({ members }) => members);
        return { ...proposedTo(entry, all), isByAmount: certain.length === 0 };
      }
      waiting.push(entry);
      return null;
    },
    /** Returns what was found of the entries that waited, by the day of booking. */
    *rest(): Generator<readonly [BankEntry, BankMatch]> {
      const left = waiting
        .sort((a, b) => (a.bookedOn < b.bookedOn ? -1 : Number(a.bookedOn > b.bookedOn)))
        .map((entry) => ({ entry, candidates: sameAmount(entry) }));
      const claims = new Map<ExpectedItem, number>();
      for (const { candidates } of left)
        for (const one of new Set(candidates.flatMap(({ members }) => members)))
          claims.set(one, (claims.get(one) ?? 0) + 1);
      const isRivalled = ({ members }: Group) =>
        members.some((one) => (claims.get(one) as number) > 1 || proposedBefore.has(one));
      for (const { entry, candidates } of left) {
        const [first, ...others] = candidates;
        if (first === undefined) yield [entry, 'unknown'];
        else if (
          others.length === 0 &&
          first.isWhole &&
          !isRivalled(first) &&
          !saysWhat(entry) &&
          !first.members.some(isRest)
        )
          yield [entry, taken(first.members, 'amount')];
        else yield [entry, proposed(candidates.map((group) => group.members))];
      }
    },
    /** Returns the items that no entry confirmed. */
    missing: (): readonly ExpectedItem[] => expected.filter(isOpen),
  };
}

/** Returns what was found of a part with what its whole may be by its amount: then nothing is certain of the part. */
export function withWhole(result: BankMatch | null, whole: readonly BankItem[]): BankMatch | null {
  if (result === null || whole.length === 0 || (result !== 'unknown' && !('proposed' in result)))
    return result;
  if (result === 'unknown') return { proposed: whole, several: false };
  return { proposed: [...new Set([...result.proposed, ...whole])], several: true };
}

/** Returns the groups, the oldest first: what can come as one entry of the items with one reference, or of one session. */
function groupsOf(expected: readonly ExpectedItem[]): readonly Group[] {
  const together = new Map<string, ExpectedItem[]>();
  for (const one of expected) {
    const words = wordsOf(one.reference ?? '').join(' ');
    add(together, words === '' ? slipOf(one) : `reference ${words}`, one);
  }
  return [...together]
    .flatMap(([key, all]) =>
      combinationsOf(all).map((members) => ({
        members,
        minor: sumOf(members),
        // The latest.
        day: members
          .map(({ day }) => day)
          .sort()
          .at(-1) as string,
        isWhole: members.length === 1 || (members.length === all.length && key.startsWith('reference ')),
      })),
    )
    .sort((a, b) => (a.day < b.day ? -1 : Number(a.day > b.day)));
}

/** Returns what identifies the slip of an item: what a session deposited is one. */
function slipOf({ item }: ExpectedItem): string {
  return item.kind === 'deposit' ? JSON.stringify([item.till, item.sessionId]) : bankItemKey(item);
}

/** Returns whether an item is what parts left of it: a person confirms that, too. */
function isRest({ item }: ExpectedItem): boolean {
  return item.of !== undefined;
}

function sumOf(members: readonly ExpectedItem[]): bigint {
  return members.reduce((sum, { item }) => sum + minorUnits(item.amount), 0n);
}

/** Returns the sets of items whose sum is an amount. */
function setsOf(items: readonly ExpectedItem[], minor: bigint): readonly (readonly ExpectedItem[])[] {
  return combinationsOf([...new Set(items)]).filter((set) => sumOf(set) === minor);
}

/** Returns the sets of items that can come as one entry; of many items only all of them, and those of each slip. */
function combinationsOf(items: readonly ExpectedItem[]): readonly (readonly ExpectedItem[])[] {
  if (items.length <= COMBINED_MAX) {
    let sets: (readonly ExpectedItem[])[] = [[]];
    for (const one of items) sets = [...sets, ...sets.map((set) => [...set, one])];
    return sets.slice(1);
  }
  const slips = new Map<string, ExpectedItem[]>();
  for (const one of items) add(slips, slipOf(one), one);
  const ofSlips = [...slips.values()].flatMap((slip) =>
    slip.length <= COMBINED_MAX ? combinationsOf(slip) : slip.map((one) => [one]),
  );
  return [items, ...ofSlips];
}

/** Returns whether a reference can hardly be a part of another text: `slip 118` or `4711`, not `118` or `2026`. */
function isDistinct(words: string): boolean {
  const isLong = words.includes(' ') || (words.length >= 4 && !/^(?:19|20)\d\d$/.test(words));
  return isLong && /\p{N}/u.test(words);
}

/** Returns whether a text of an entry says what it is, such as a donation: then its amount alone proves nothing. */
function saysWhat({ references, parts }: BankEntry): boolean {
  const texts = [...references, ...parts.flatMap((part) => part.references)];
  return texts.some((text) => wordsOf(text).some((word) => /^\p{L}{3,}$/u.test(word)));
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
export function wordsOf(reference: string): readonly string[] {
  return reference.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

function add<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
