import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BankEntry } from '../../../src/jobs/bank/bankReconciliationForm.js';
import type { ExpectedItem } from '../../../src/jobs/bank/expectedItems.js';
import { bankMatcher } from '../../../src/jobs/bank/runBankReconciliation.js';
import { assertVaried, tried } from '../../support/seeded.js';

const deposit = (
  sessionId: string,
  amount: string,
  day = '2026-03-04',
  reference: string | null = null,
  method = 'CASH',
): ExpectedItem => ({ item: { kind: 'deposit', till: 'CIRC', sessionId, method, amount }, day, reference });

const entry = (amount: string, bookedOn: string, ...references: readonly string[]): BankEntry => ({
  ...{ entryId: `${bookedOn}/${amount}/${references.join()}`, account: null, currency: 'USD', parts: [] },
  ...{ amount, bookedOn, references },
});

const idsOf = (items: readonly ExpectedItem['item'][]) =>
  items.map((item) => ('sessionId' in item ? item.sessionId : item.kind)).join('+');

/** What each entry confirms, differs from (`not`) or may be (`?`), in the order of the entries; and what is open. */
function outcome(
  expected: readonly ExpectedItem[],
  entries: readonly BankEntry[],
  settled: readonly ExpectedItem[] = [],
) {
  const matcher = bankMatcher(expected, settled, 3);
  const told = entries.map((each) => {
    const { outcome: found, items } = matcher.match(each);
    if (found === 'unknown') return found;
    return { confirmed: '', differs: 'not ', ambiguous: '? ' }[found] + idsOf(items);
  });
  return [...told, `open ${idsOf(matcher.open().map(({ item }) => item))}`];
}

describe('an entry of a bank', () => {
  it('is matched by reference and amount, also when it is late', () => {
    const expected = [
      deposit('a', '62.00', '2026-03-04', 'slip 118'),
      deposit('b', '62.00', '2026-03-04', 'Slip 119'),
    ];
    expect(
      outcome(expected, [
        entry('62.00', '2026-03-30', 'CASH DEPOSIT SLIP-119, BRANCH 2'),
        entry('62.00', '2026-03-05'),
      ]),
    ).toEqual(['b', 'unknown', 'open a']);
  });

  it('is never matched by its amount, whatever its text says', () => {
    for (const reference of [null, 'slip 1', '1', '2026', 'wire 4711'])
      for (const text of ['', 'Spende Meier 300.00', 'Miete 1 OG', 'Rechnung 2026', 'slip', '4711'])
        expect(
          outcome([deposit('a', '300.00', '2026-03-04', reference)], [entry('300.00', '2026-03-05', text)]),
        ).toEqual(['unknown', 'open a']);
  });

  it('is not matched by a part of a word, or of a longer reference that it names', () => {
    const expected = [deposit('a', '62.00', '2026-03-04', 'slip 11')];
    expect(outcome(expected, [entry('62.00', '2026-03-05', 'slip 118')])).toEqual(['unknown', 'open a']);
    const both = [
      deposit('wire', '400.00', '2026-03-04', 'wire 4711'),
      deposit('cheque', '400.00', '2026-03-04', '4711'),
    ];
    const wire = entry('400.00', '2026-03-05', 'WIRE 4711');
    expect(outcome(both, [wire, wire])).toEqual(['wire', 'unknown', 'open cheque']);
  });

  it('confirms all items of a reference, or one of them', () => {
    const slip = [
      deposit('a', '40.00', '2026-03-04', 'slip 118'),
      deposit('b', '22.00', '2026-03-04', 'slip 118', 'CHECK'),
    ];
    expect(outcome(slip, [entry('62.00', '2026-03-05', 'slip 118')])).toEqual(['a+b', 'open ']);
    const each = ['22.00', '40.00'].map((amount) => entry(amount, '2026-03-05', 'slip 118'));
    expect(outcome(slip, each)).toEqual(['b', 'a', 'open ']);
  });

  it('confirms all items of several references, and no part of them', () => {
    const slips = [
      deposit('a', '62.00', '2026-03-04', 'slip 118'),
      deposit('b', '38.00', '2026-03-04', 'slip 119'),
    ];
    expect(outcome(slips, [entry('100.00', '2026-03-05', 'slip 118 slip 119')])).toEqual(['a+b', 'open ']);
    expect(outcome(slips, [entry('62.00', '2026-03-05', 'slip 118 slip 119')])).toEqual([
      'not a+b',
      'open a+b',
    ]);
    const three = ['40.00', '22.00', '5.00'].map((amount, n) =>
      deposit(`${n}`, amount, '2026-03-04', 'slip 118', `M${n}`),
    );
    expect(outcome(three, [entry('62.00', '2026-03-05', 'slip 118')])).toEqual(['not 0+1+2', 'open 0+1+2']);
  });

  it('differs if what it names has another amount, and never confirms a different item', () => {
    const short = deposit('a', '40.00', '2026-03-04', 'slip 119');
    const other = deposit('b', '39.50', '2026-03-04', 'slip 120');
    const named = [
      entry('39.50', '2026-03-05', 'CASH SLIP 119'),
      entry('39.50', '2026-03-06', 'CASH SLIP 120'),
      entry('-0.50', '2026-03-06', 'CORRECTION SLIP 119'),
    ];
    expect(outcome([short, other], named)).toEqual(['not a', 'b', 'not a', 'open a']);
  });

  it('is ambiguous if it may be one of several items of its reference', () => {
    const slips = [
      deposit('a', '62.00', '2026-03-04', 'slip 1'),
      deposit('b', '62.00', '2025-03-04', 'slip 1'),
    ];
    expect(outcome(slips, [entry('62.00', '2026-03-05', 'slip 1')])).toEqual(['? a+b', 'open b+a']);
    expect(outcome(slips, [entry('124.00', '2026-03-05', 'slip 1')])).toEqual(['a+b', 'open ']);
  });

  it('does not confirm what parts left of an item', () => {
    const { item, ...more } = deposit('a', '22.00', '2026-03-04', 'slip 118');
    const rest = { ...more, item: { ...item, of: '62.00' } };
    expect(outcome([rest], [entry('22.00', '2026-03-05', 'slip 118')])).toEqual(['not a', 'open a']);
  });

  it('that another statement had does not confirm what its slip has left', () => {
    const [cash, cheque, coins] = ['5.00', '3.00', '2.00'].map((amount, n) =>
      deposit(`${n}`, amount, '2026-03-04', 'slip 118', `M${n}`),
    ) as [ExpectedItem, ExpectedItem, ExpectedItem];
    const again = [entry('5.00', '2026-03-05', 'slip 118')];
    expect(outcome([cash, cheque, coins], [...again, ...again])).toEqual(['0', 'not 1+2', 'open 1+2']);
    expect(outcome([cheque, coins], again, [cash])).toEqual(['not 1+2', 'open 1+2']);
    const like = deposit('3', '5.00', '2026-03-04', 'slip 118', 'CARD');
    expect(outcome([like], again, [cash])).toEqual(['? 3', 'open 3']);
    // One of the next month, with the number of a contract as its reference.
    const february = deposit('9', '5.00', '2026-02-04', 'slip 118');
    expect(outcome([cash], again, [february])).toEqual(['0', 'open ']);
  });

  it('may be before the books, but not by a year', () => {
    const slip = deposit('a', '300.00', '2026-03-04', 'slip 1');
    expect(outcome([slip], [entry('300.00', '2026-03-02', 'slip 1')])).toEqual(['a', 'open ']);
    expect(outcome([slip], [entry('300.00', '2025-03-02', 'slip 1')])).toEqual(['unknown', 'open a']);
  });
});

/** A slip with the money of one or several methods, and what the bank makes of it. */
const slips = fc.record({
  amounts: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 3 }),
  sign: fc.constantFrom(1, 1, 1, -1),
  day: fc.integer({ min: 1, max: 20 }),
  arrives: fc.constantFrom('whole', 'each', 'in parts', 'corrected', 'with the next', 'unnamed', 'never'),
  delay: fc.integer({ min: -2, max: 9 }),
  wording: fc.constantFrom('', 'CASH DEPOSIT ', 'Einzahlung, ', 'SB-'),
  /** Whether the bank's next statement has its entries again, without a reference of the bank. */
  again: fc.boolean(),
});
const strangers = fc.record({
  amount: fc.integer({ min: -6, max: 18 }).filter((amount) => amount !== 0),
  day: fc.integer({ min: 1, max: 28 }),
  text: fc.constantFrom('', '4', 'Spende Meier', 'Miete 1 OG', 'Rechnung 2026', 'Gebuehr slip', 'Verein 118'),
});
const counted = { confirmed: 0, several: 0, differs: 0, ambiguous: 0, unknown: 0 };

const property = fc.property(
  fc.array(slips, { maxLength: 5 }),
  fc.array(strangers, { maxLength: 5 }),
  (given, others) => {
    const date = (day: number) => new Date(Date.UTC(2026, 2, day)).toISOString().slice(0, 10);
    const bySlip = given.map(({ amounts, sign, day }, n) =>
      amounts.map((amount, m) =>
        deposit(`s${n}`, `${sign * amount}.00`, date(day), `slip ${100 + n}`, `M${m}`),
      ),
    );
    const sum = (items: readonly ExpectedItem[]) =>
      items.reduce((total, { item }) => total + Number(item.amount), 0);
    type Known = { readonly entry: BankEntry; readonly origin: readonly ExpectedItem[]; isSure: boolean };
    const known: Known[] = others.map(({ amount, day, text }) => ({
      ...{ entry: entry(`${amount}.00`, date(day), text), origin: [], isSure: false },
    }));
    for (const [n, { arrives, delay, wording, again, day, sign }] of given.entries()) {
      const items = bySlip[n] as readonly ExpectedItem[];
      const next = bySlip[n + 1] ?? [];
      const isWithNext =
        arrives === 'with the next' && given[n + 1]?.arrives === 'never' && sum(items) + sum(next) !== 0;
      const text = `${wording}slip ${100 + n}`;
      const last = Math.max(day, isWithNext ? (given[n + 1]?.day ?? 0) : 0) + delay;
      const enter = (amount: number, origin: readonly ExpectedItem[], isSure: boolean, names = text) => {
        const one = entry(`${amount}.00`, date(last), names);
        known.push({ entry: one, origin, isSure });
        if (again) known.push({ entry: one, origin: [], isSure: false });
      };
      if (arrives === 'whole' || arrives === 'corrected') enter(sum(items), items, true);
      if (arrives === 'corrected') enter(-sign * 7, [], false);
      if (arrives === 'each') for (const one of items) enter(sum([one]), [one], false);
      if (arrives === 'in parts')
        for (const amount of [sum(items) + 20, -20]) enter(amount, [], false, `Teil ${text}`);
      if (arrives === 'unnamed') enter(sum(items), [], false, '');
      if (isWithNext) enter(sum(items) + sum(next), [...items, ...next], true, `${text}, slip ${101 + n}`);
    }
    const matcher = bankMatcher(bySlip.flat(), [], 7);
    const confirmed = new Set<ExpectedItem['item']>();
    for (const { entry: one, origin, isSure } of known) {
      const { outcome: found, items } = matcher.match(one);
      counted[found] += 1;
      if (found !== 'confirmed') {
        // What names whole slips, and is their sum, is confirmed, save where one of its items has that amount, too.
        const isOnly = !origin.some(({ item }) => origin.length > 1 && item.amount === one.amount);
        if (isSure && isOnly) expect({ entry: one, found }).toEqual({ entry: one, found: 'confirmed' });
        continue;
      }
      expect(sum(items.map((item) => ({ item, day: '', reference: null })))).toBe(Number(one.amount));
      // Each item once, and only for its own entry, not for one that another statement has again.
      for (const item of items) expect(confirmed.has(item)).toBe(false);
      for (const item of items) confirmed.add(item);
      expect({ entry: one, items: origin.map(({ item }) => item) }).toEqual({ entry: one, items });
      const slip = bySlip.flat().filter(({ item }) => items.includes(item));
      for (const { reference } of slip) expect(one.references.join()).toContain(reference);
      if (items.length > 1) counted.several += 1;
    }
    const open = new Set(matcher.open().map(({ item }) => item));
    expect(bySlip.flat().filter(({ item }) => confirmed.has(item) === open.has(item))).toEqual([]);
  },
);

it('confirms only what it names, each item once, and all that is certain', async () => {
  await assertVaried(property, tried(1_000), 2_000, () => {
    expect(Math.min(...Object.values(counted))).toBeGreaterThan(20);
  });
});
