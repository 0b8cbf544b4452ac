// Statements whose entries have a known origin: nothing is confirmed wrongly, and what a person could confirm is proposed.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { BankEntry } from '../../../src/jobs/bank/bankEntry.js';
import { type BankMatch, bankMatcher, type ExpectedItem } from '../../../src/jobs/bank/bankMatch.js';
import { assertVaried, tried } from '../../support/seeded.js';

const date = (day: number) => new Date(Date.UTC(2026, 2, day)).toISOString().slice(0, 10);

const foreign = ['Spende Meier', 'Miete 1 OG', 'Rechnung 2026', 'Gebuehr slip', 'Gutschrift 118 Verein'];
const wordings = ['', 'CASH DEPOSIT ', 'Einzahlung, ', 'SB-'];

/** A deposit, and what the bank makes of it. */
const deposits = fc.record({
  amount: fc.integer({ min: 1, max: 6 }),
  day: fc.integer({ min: 1, max: 20 }),
  reference: fc.constantFrom('own', 'slip 1', '1', null),
  method: fc.constantFrom('CASH', 'CHECK'),
  /** Whether it arrives, when, and whether the bank names the reference. */
  arrives: fc.boolean(),
  delay: fc.integer({ min: -2, max: 9 }),
  names: fc.boolean(),
  wording: fc.constantFrom(...wordings),
});

const others = fc.record({
  amount: fc.integer({ min: 1, max: 6 }),
  day: fc.integer({ min: 1, max: 28 }),
  text: fc.constantFrom(...foreign),
});

type Known = { readonly entry: BankEntry; readonly origin: number | null };

function statement(
  given: readonly (typeof deposits extends fc.Arbitrary<infer One> ? One : never)[],
  strangers: readonly (typeof others extends fc.Arbitrary<infer One> ? One : never)[],
) {
  const items = given.map(
    ({ amount, day, reference, method }, n): ExpectedItem => ({
      item: { kind: 'deposit', till: 'CIRC', sessionId: `s${n}`, method, amount: `${amount}.00` },
      day: date(day),
      reference: reference === 'own' ? `slip ${100 + n}` : reference,
    }),
  );
  const entryOf = (amount: number, day: number, id: string, text: string): BankEntry => ({
    ...{
      entryId: id,
      account: null,
      bookedOn: date(day),
      amount: `${amount}.00`,
      currency: 'EUR',
      parts: [],
    },
    references: text === '' ? [] : [text],
  });
  const entries: Known[] = [
    ...given.flatMap(({ amount, day, arrives, delay, names, wording }, n) => {
      const text = names ? `${wording}${items[n]?.reference ?? ''}` : '';
      // Before its day the bank names it, or it is not there: a deposit at night.
      const late = names && items[n]?.reference !== null ? delay : Math.max(0, delay);
      return arrives ? [{ entry: entryOf(amount, day + late, `d${n}`, text), origin: n }] : [];
    }),
    ...strangers.map(({ amount, day, text }, n) => ({
      entry: entryOf(amount, day, `f${n}`, text),
      origin: null,
    })),
  ];
  return { items, entries: entries.sort((a, b) => (a.entry.bookedOn < b.entry.bookedOn ? -1 : 1)) };
}

function play({ items, entries }: ReturnType<typeof statement>) {
  const matcher = bankMatcher(items, 7);
  const results = new Map<BankEntry, BankMatch | null>(
    entries.map(({ entry }) => [entry, matcher.match(entry)]),
  );
  for (const [entry, result] of matcher.rest()) results.set(entry, result);
  return entries.map(({ entry, origin }) => ({ entry, origin, result: results.get(entry) ?? null }));
}

const confirmed = { reference: 0, amount: 0, proposed: 0 };

/** Says what must be found of an entry, and counts it. */
const property = fc.property(
  fc.array(deposits, { maxLength: 6 }),
  fc.array(others, { maxLength: 4 }),
  (given, strangers) => {
    const world = statement(given, strangers);
    for (const { entry, origin, result } of play(world)) {
      const own = origin === null ? null : world.items[origin]?.item;
      if (result === null) throw new Error('an entry was left waiting');
      if (result !== 'unknown' && 'items' in result) {
        // Nothing is confirmed wrongly.
        expect({ entry, items: result.items }).toEqual({ entry, items: [own] });
        confirmed[result.by] += 1;
      } else if (result !== 'unknown' && 'proposed' in result) {
        confirmed.proposed += 1;
      }
      // What an entry really is, is confirmed or proposed, while it is in time and no other entry got it.
      const day = origin === null ? '' : (world.items[origin]?.day as string);
      const isPrompt =
        own !== null && entry.bookedOn >= day && entry.bookedOn <= date(Number(day.slice(-2)) + 7);
      if (isPrompt) expect({ entry, result }).not.toMatchObject({ result: 'unknown' });
    }
  },
);

it('confirms nothing wrongly, and proposes what is not certain', async () => {
  await assertVaried(property, tried(1_000), 200, () => {
    expect(Math.min(confirmed.reference, confirmed.amount, confirmed.proposed)).toBeGreaterThan(20);
  });
});
