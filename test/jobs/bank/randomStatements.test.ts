// Statements whose entries have a known origin: nothing is confirmed wrongly, what is certain is confirmed, and what a
// person could confirm is proposed.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { BankEntry } from '../../../src/jobs/bank/bankEntry.js';
import {
  type BankMatch,
  bankMatcher,
  type ExpectedItem,
  withWhole,
} from '../../../src/jobs/bank/bankMatch.js';
import { assertVaried, tried } from '../../support/seeded.js';

const WITHIN_DAYS = 7;
const date = (day: number) => new Date(Date.UTC(2026, 2, day)).toISOString().slice(0, 10);
const money = (amount: number) => `${amount}.00`;

const foreign = ['', '4', 'Spende Meier', 'Miete 1 OG', 'Rechnung 2026', 'Gebuehr slip', 'Verein 118'];
const wordings = ['', 'CASH DEPOSIT ', 'Einzahlung, ', 'SB-'];

/** A slip with the money of one or several methods, and what the bank makes of it. */
const slips = fc.record({
  amounts: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 3 }),
  sign: fc.constantFrom(1, 1, 1, -1),
  day: fc.integer({ min: 1, max: 20 }),
  reference: fc.constantFrom('own', 'own', 'longer', 'slip 1', 'slip 1', '1', '2026', null),
  /** Whether parts left the first item. */
  isRest: fc.constantFrom(false, false, false, true),
  arrives: fc.constantFrom(
    ...(['whole', 'whole', 'each', 'otherwise', 'with the next', 'in parts', 'in other parts'] as const),
    ...(['beside the next', 'in an earlier run', 'in a batch', 'never', 'never'] as const),
  ),
  delay: fc.integer({ min: -2, max: 9 }),
  names: fc.boolean(),
  wording: fc.constantFrom(...wordings),
  /** Whether the bank's next statement has the entry again, without a reference of the bank. */
  again: fc.constantFrom(false, false, false, true),
});
type Slip = typeof slips extends fc.Arbitrary<infer One> ? One : never;

const strangers = fc.record({
  amount: fc.integer({ min: -6, max: 9 }).filter((amount) => amount !== 0),
  day: fc.integer({ min: 1, max: 28 }),
  text: fc.constantFrom(...foreign),
  /** The slip whose reference has the same amount in all; none if there is no such slip. */
  like: fc.nat(9),
});
type Stranger = typeof strangers extends fc.Arbitrary<infer One> ? One : never;

/** An entry, the items that it is in truth, and whether it may be one that another statement had. */
type Known = {
  readonly entry: BankEntry;
  readonly origin: readonly ExpectedItem[];
  readonly isUncertain: boolean;
  readonly parts: readonly (readonly ExpectedItem[])[];
};

function world(given: readonly Slip[], others: readonly Stranger[]) {
  const bySlip = given.map(({ amounts, sign, day, reference, isRest }, n) =>
    amounts.map((amount, m): ExpectedItem => {
      const name = { own: `slip ${100 + n}`, longer: `wire slip ${99 + n}` }[String(reference)] ?? reference;
      const id = { kind: 'deposit', till: 'CIRC', sessionId: `s${n}`, method: `M${m}` } as const;
      const rest = isRest && m === 0 ? { of: money(sign * 20) } : {};
      return { item: { ...id, amount: money(sign * amount), ...rest }, day: date(day), reference: name };
    }),
  );
  let count = 0;
  const known: Known[] = [];
  const add = (
    day: number,
    amount: number,
    text: string,
    origin: readonly ExpectedItem[],
    more: { isUncertain?: boolean; parts?: BankEntry['parts']; origins?: Known['parts'] } = {},
  ) => {
    const { isUncertain = false, parts = [], origins = [] } = more;
    const entry: BankEntry = {
      ...{
        entryId: `e${count++}`,
        account: null,
        bookedOn: date(day),
        amount: money(amount),
        currency: 'EUR',
      },
      ...{ references: text === '' ? [] : [text], parts },
    };
    known.push({ entry, origin, isUncertain, parts: origins });
  };
  for (const [n, slip] of given.entries()) {
    const { arrives, delay, wording, again } = slip;
    const isWithNext = /next|parts/.test(arrives);
    const deposited = Math.max(slip.day, isWithNext ? (given[n + 1]?.day ?? 0) : 0);
    const items = bySlip[n] as readonly ExpectedItem[];
    const next = bySlip[n + 1] ?? [];
    const reference = items[0]?.reference ?? null;
    const names = slip.names && slip.reference !== null;
    const text = names ? `${wording}${items[0]?.reference}` : wording;
    // Before its day the bank names it, or it is not there: a deposit at night.
    const day = deposited + (names ? delay : Math.max(0, delay));
    const enter = (amount: number, origin: readonly ExpectedItem[]) => {
      add(day, amount, text, origin);
      if (again) add(day, amount, text, [], { isUncertain: true });
    };
    const both = [...items, ...next];
    const isFree = given[n + 1]?.arrives === 'never' && given[n + 1]?.sign === slip.sign;
    const areNamed = both.every(({ reference }) => /slip \d{2}/.test(`${reference}`));
    if (arrives === 'whole') enter(sumOf(items), items);
    else if (arrives === 'each') for (const one of items) enter(sumOf([one]), [one]);
    else if (arrives === 'otherwise' && slip.reference === 'own')
      add(day, sumOf(items) + slip.sign, text, []);
    else if (arrives === 'with the next' && isFree && areNamed)
      add(day, sumOf(both), `${items[0]?.reference}, ${next[0]?.reference}`, both);
    // Something else that names both, e.g. what was corrected.
    else if (arrives === 'beside the next' && isFree && areNamed)
      add(day, sumOf(items), `${items[0]?.reference}, ${next[0]?.reference}`, []);
    // Together with what nobody names, and which may have the amount of another slip.
    else if (arrives === 'in a batch' && reference !== null && sumOf(next) !== 0) {
      const parts = [
        { amount: money(sumOf(items)), references: [`${wording}${reference}`] },
        { amount: money(sumOf(next)), references: [] },
      ];
      const isNext = isFree && delay % 2 === 0;
      const origins = [items, isNext ? next : []];
      add(Math.max(day, given[n + 1]?.day ?? 0), sumOf(both), '', origins.flat(), { parts, origins });
    } else if (arrives === 'in an earlier run') add(day, sumOf(items), text, [], { isUncertain: true });
    else if (arrives === 'in other parts' && isFree && areNamed && sumOf(items) !== -sumOf(next)) {
      // Each slip was counted otherwise, the sum was not.
      const parts = [items, next].map((of, m) => ({
        amount: money(sumOf(of) + (m === 0 ? 20 : -20)),
        references: [`${of[0]?.reference}`],
      }));
      add(day, sumOf(both), '', [], { parts, origins: [[], []] });
    } else if (arrives === 'in parts' && isFree && areNamed) {
      const parts = [items, next].map((of) => ({
        amount: money(sumOf(of)),
        references: of[0]?.reference ? [of[0].reference] : [],
      }));
      add(day, sumOf(both), '', both, { parts, origins: [items, next] });
    }
  }
  const expected = bySlip.filter((_, n) => given[n]?.arrives !== 'in an earlier run').flat();
  for (const { amount, day, text, like } of others) {
    const reference = bySlip[like]?.[0]?.reference ?? null;
    const alike = reference === null ? [] : expected.filter((one) => one.reference === reference);
    const isAlike = sumOf(alike) !== 0;
    // Soon after one of these slips.
    const soon = Number(alike[day % alike.length]?.day.slice(-2)) + (day % 8);
    add(isAlike ? soon : day, isAlike ? sumOf(alike) : amount, text, []);
  }
  known.sort((a, b) => (a.entry.bookedOn < b.entry.bookedOn ? -1 : 1));
  return { items: expected, known };
}

const sumOf = (items: readonly ExpectedItem[]) =>
  items.reduce((sum, one) => sum + Number(one.item.amount), 0);
const latest = (items: readonly ExpectedItem[]) =>
  items
    .map(({ day }) => day)
    .sort()
    .at(-1) as string;
const daysAfter = (day: string, entry: BankEntry) =>
  (Date.parse(entry.bookedOn) - Date.parse(day)) / 86_400_000;
const isPrompt = (items: readonly ExpectedItem[], entry: BankEntry) => {
  const days = daysAfter(latest(items), entry);
  return days >= 0 && days <= WITHIN_DAYS;
};

type Found = Omit<Known, 'parts'> & { readonly result: BankMatch };

/** Matches as the job does: the parts of an entry that is not confirmed as a whole one by one. */
function play({ items, known }: ReturnType<typeof world>): readonly Found[] {
  const matcher = bankMatcher(items, WITHIN_DAYS);
  const waiting = new Map<BankEntry, Omit<Known, 'parts'>>();
  const found: Found[] = [];
  const take = ({ parts, ...one }: Known, whole: readonly ExpectedItem['item'][] = []): void => {
    const result = withWhole(matcher.match(one.entry, one.isUncertain || whole.length > 0), whole);
    const isByAmount = result !== null && result !== 'unknown' && 'proposed' in result && result.isByAmount;
    if (result === null) waiting.set(one.entry, one);
    else if (parts.length === 0 || (result !== 'unknown' && 'items' in result))
      found.push({ ...one, result });
    else
      for (const [n, origin] of parts.entries()) {
        const entry = {
          ...one.entry,
          ...one.entry.parts[n],
          entryId: `${one.entry.entryId}#${n}`,
          parts: [],
        };
        take({ entry, origin, isUncertain: one.isUncertain, parts: [] }, isByAmount ? result.proposed : []);
      }
  };
  for (const one of known) take(one);
  for (const [entry, result] of matcher.rest())
    found.push({ ...(waiting.get(entry) as Omit<Known, 'parts'>), result });
  expect(found.length).toBeGreaterThanOrEqual(known.length);
  return found;
}

const confirmedBy = ({ result }: Found, by: 'reference' | 'amount'): readonly ExpectedItem['item'][] =>
  result !== 'unknown' && 'items' in result && result.by === by ? result.items : [];

/** What can come as one entry: some of the items with one reference, or of one slip without a reference. */
function groupsOf(items: readonly ExpectedItem[]): readonly (readonly ExpectedItem[])[] {
  const slipOf = ({ item }: ExpectedItem) => ('sessionId' in item ? item.sessionId : '');
  const of = (one: ExpectedItem) => one.reference ?? slipOf(one);
  const together = [...new Set(items.map(of))].map((key) => items.filter((one) => of(one) === key));
  return together.flatMap((all) => {
    if (all.length <= 10) return subsets(all).filter(({ length }) => length > 0);
    const slips = [...new Set(all.map(slipOf))].map((id) => all.filter((one) => slipOf(one) === id));
    return [all, ...slips.flatMap((slip) => subsets(slip).filter(({ length }) => length > 0))];
  });
}

/** The items whose references an entry has in its text. */
function namedBy(entry: BankEntry, items: readonly ExpectedItem[]): readonly ExpectedItem[] {
  const words = ` ${entry.references.join(' ').replaceAll(/[-,]/g, ' ')} `;
  return items.filter(({ reference }) => words.includes(` ${reference} `));
}

/** Whether an entry has the amount of what it names. */
function fitsWhatItNames(entry: BankEntry, items: readonly ExpectedItem[]): boolean {
  return subsets(namedBy(entry, items)).some((set) => set.length > 0 && sumOf(set) === Number(entry.amount));
}

/** What speaks against the only items that an entry, which names none, confirms by its amount alone. */
function doubts(
  one: Found,
  set: readonly ExpectedItem[],
  { items, open }: { readonly items: readonly ExpectedItem[]; readonly open: readonly ExpectedItem[] },
  all: readonly Found[],
) {
  const { entry } = one;
  const amount = Number(entry.amount);
  const groups = groupsOf(items).filter((group) => group.every((each) => open.includes(each)));
  const others = groups.filter(
    (group) =>
      sumOf(group) === amount &&
      latest(group) <= entry.bookedOn &&
      !(group.length === set.length && group.every((each) => set.includes(each))),
  );
  const rivals = all.filter(
    (other) =>
      other !== one &&
      confirmedBy(other, 'reference').length === 0 &&
      (!fitsWhatItNames(other.entry, open) ||
        namedBy(other.entry, open).some((each) => set.includes(each))) &&
      !(other.result !== 'unknown' && 'differs' in other.result) &&
      groups.some(
        (group) =>
          sumOf(group) === Number(other.entry.amount) &&
          group.some((each) => set.includes(each)) &&
          isPrompt(group, other.entry),
      ),
  );
  return {
    isLateOrEarly: !isPrompt(set, entry),
    isUncertain: one.isUncertain,
    isRest: set.some(({ item }) => item.of !== undefined),
    saysWhat: entry.references.some((text) => /\p{L}{3}/u.test(text)),
    others: others.length,
    rivals: rivals.length,
  };
}

const noDoubt = {
  ...{ isLateOrEarly: false, isUncertain: false, isRest: false, saysWhat: false },
  ...{ others: 0, rivals: 0 },
};

const counted = { reference: 0, amount: 0, proposed: 0, several: 0, differs: 0, sums: 0, certain: 0 };

const property = fc.property(
  fc.array(slips, { maxLength: 5 }),
  fc.array(strangers, { maxLength: 5 }),
  (given, others) => {
    const played = world(given, others);
    const all = play(played);
    const named = new Set(all.flatMap((one) => confirmedBy(one, 'reference')));
    const open = played.items.filter(({ item }) => !named.has(item));
    const taken = all.flatMap((one) => [...confirmedBy(one, 'reference'), ...confirmedBy(one, 'amount')]);
    expect(new Set(taken).size).toBe(taken.length);
    for (const one of all) {
      const { entry, origin, result } = one;
      const truth = origin.map(({ item }) => item);
      const byReference = confirmedBy(one, 'reference');
      const byAmount = confirmedBy(one, 'amount');
      if (byReference.length > 0) {
        expect({ entry, items: new Set(byReference) }).toEqual({ entry, items: new Set(truth) });
        // What parts have left is confirmed by a person.
        expect(byReference.filter((item) => item.of !== undefined)).toEqual([]);
        counted.reference += 1;
        counted.sums += byReference.length > 1 ? 1 : 0;
      }
      if (byAmount.length > 0) {
        const set = played.items.filter(({ item }) => byAmount.includes(item));
        // By the amount alone: nothing speaks against it. Its own entry, if there in time, would be a rival.
        expect({ entry, ...doubts(one, set, { items: played.items, open }, all) }).toEqual({
          entry,
          ...noDoubt,
        });
        const { reference } = set[0] as ExpectedItem;
        const slip = played.items.filter((each) => each.reference === reference && reference !== null);
        expect([1, slip.length]).toContain(set.length);
        // Only a stranger, who says nothing and pays as much, can be taken for it.
        if (origin.length > 0)
          expect({ entry, items: new Set(set) }).toEqual({ entry, items: new Set(origin) });
        counted.amount += 1;
      }
      // Parts that name slips are matched one by one, if the whole is not certain.
      if (entry.parts.some(({ references }) => /slip \d{2}/.test(references.join())))
        expect(byReference.length).toBeGreaterThan(0);
      if (result !== 'unknown' && 'differs' in result) counted.differs += 1;
      if (result !== 'unknown' && 'proposed' in result) counted[result.several ? 'several' : 'proposed'] += 1;
      if (origin.length === 0) continue;
      const isWhole = groupsOf(played.items).some(
        (group) => group.length === origin.length && group.every((each) => origin.includes(each)),
      );
      // What names its slip for certain, and no other, is confirmed.
      const [{ reference }] = origin as [ExpectedItem];
      const isOwn = reference !== null && /^(?:wire )?slip \d{2,}$/.test(reference);
      const namesIt =
        entry.parts.length === 0 && entry.references.some((text) => text.endsWith(`${reference}`));
      const ofReference = namedBy(entry, played.items);
      const isOnlySum = subsets(ofReference).filter((set) => sumOf(set) === sumOf(origin)).length === 1;
      const isAnyRest = ofReference.some(({ item }) => item.of !== undefined);
      const isOneSlip = origin.every((each) => each.reference === reference);
      if (isOwn && namesIt && isOneSlip && isOnlySum && !isAnyRest && !one.isUncertain) {
        expect({ entry, by: 'reference', items: byReference.length }).toEqual({
          ...{ entry, by: 'reference', items: origin.length },
        });
        counted.certain += 1;
      }
      // What a person could confirm is proposed, with the items that it is.
      if (!isWhole || !isPrompt(origin, entry) || byReference.length > 0 || byAmount.length > 0) continue;
      const proposed = result !== 'unknown' && 'proposed' in result ? result.proposed : [];
      expect({ entry, result, has: truth.every((item) => proposed.includes(item)) }).toMatchObject({
        has: true,
      });
    }
  },
);

function subsets<One>(all: readonly One[]): readonly (readonly One[])[] {
  const [first, ...rest] = all;
  return first === undefined ? [[]] : subsets(rest).flatMap((set) => [set, [first, ...set]]);
}

it('confirms nothing wrongly, and proposes what is not certain', async () => {
  await assertVaried(property, tried(1_000), 2_000, () => {
    expect(Math.min(...Object.values(counted))).toBeGreaterThan(20);
  });
});
