import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BankEntry } from '../../../src/jobs/bank/bankEntry.js';
import { bankMatcher, type ExpectedItem } from '../../../src/jobs/bank/bankMatch.js';

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

/** What each entry confirms, differs from, or may be, in the order of the entries. */
function outcome(expected: readonly ExpectedItem[], entries: readonly BankEntry[]) {
  const matcher = bankMatcher(expected, 3);
  const found = new Map(entries.map((each) => [each, matcher.match(each)]));
  for (const [each, result] of matcher.rest()) found.set(each, result);
  const idsOf = (items: readonly ExpectedItem['item'][]) =>
    items.map((item) => ('sessionId' in item ? item.sessionId : item.kind)).join('+');
  const told = [...found.values()].map((result) => {
    if (result === null || result === 'unknown') return result;
    if ('items' in result) return idsOf(result.items);
    return 'differs' in result ? `not ${idsOf(result.differs)}` : `${idsOf(result.proposed)}?`;
  });
  return [...told, `missing ${idsOf(matcher.missing().map(({ item }) => item))}`];
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
    ).toEqual(['b', 'a', 'missing ']);
  });

  it('with a reference gets its item, although one with the amount alone came first', () => {
    const expected = [deposit('a', '62.00'), deposit('b', '62.00', '2026-03-03', 'slip 118')];
    expect(
      outcome(expected, [entry('62.00', '2026-03-05'), entry('62.00', '2026-03-05', 'slip 118')]),
    ).toEqual(['a', 'b', 'missing ']);
  });

  it('is not matched by a part of a word or a number', () => {
    const expected = [deposit('a', '62.00', '2026-03-04', 'slip 11')];
    expect(outcome(expected, [entry('61.00', '2026-03-05', 'slip 118')])).toEqual(['unknown', 'missing a']);
  });

  it('may be all deposits of one slip, or one of them', () => {
    const slip = [
      deposit('a', '40.00', '2026-03-04', 'slip 118'),
      deposit('b', '22.00', '2026-03-04', 'slip 118', 'CHECK'),
    ];
    expect(outcome(slip, [entry('62.00', '2026-03-05', 'slip 118')])).toEqual(['a+b', 'missing ']);
    expect(outcome(slip, [entry('22.00', '2026-03-05', 'slip 118'), entry('40.00', '2026-03-05')])).toEqual([
      'b',
      'a',
      'missing ',
    ]);
  });

  it('differs if its reference has another amount, but not if it has another direction', () => {
    const expected = [deposit('a', '62.00', '2026-03-04', 'slip 118')];
    expect(outcome(expected, [entry('61.50', '2026-03-05', 'slip 118')])).toEqual(['not a', 'missing a']);
    expect(outcome(expected, [entry('-1.00', '2026-03-05', 'fee for slip 118')])).toEqual([
      'unknown',
      'missing a',
    ]);
  });

  it('that names an item with another amount never confirms a different item', () => {
    const short = deposit('a', '40.00', '2026-03-04', 'slip 119');
    const other = deposit('b', '39.50', '2026-03-04', 'slip 120');
    const named = [
      entry('39.50', '2026-03-05', 'CASH SLIP 119'),
      entry('39.50', '2026-03-06', 'CASH SLIP 120'),
    ];
    expect(outcome([short, other], named)).toEqual(['not a', 'b', 'missing a']);
    expect(outcome([short, deposit('c', '39.50')], named.slice(0, 1))).toEqual(['not a', 'missing a+c']);
  });

  it('has the references of its parts', () => {
    const expected = [
      deposit('a', '30.00', '2026-03-04', 'slip 118'),
      deposit('b', '20.00', '2026-03-04', 'slip 119'),
      deposit('c', '50.00', '2026-03-04', 'slip 777'),
    ];
    const parts = [
      { amount: '30.00', references: ['slip 118'] },
      { amount: '20.00', references: ['slip 119'] },
    ];
    const batch = { ...entry('50.00', '2026-03-05'), parts };
    expect(outcome(expected, [batch])).toEqual(['a+b?', 'missing a+b+c']);
  });

  it('without a reference is not matched before its day, nor long after it', () => {
    const expected = [deposit('a', '62.00')];
    expect(outcome(expected, [entry('62.00', '2026-03-03'), entry('62.00', '2026-03-08')])).toEqual([
      'unknown',
      'unknown',
      'missing a',
    ]);
    expect(outcome(expected, [entry('62.00', '2026-03-07')])).toEqual(['a', 'missing ']);
  });

  it('is ambiguous if it may be one of several', () => {
    const [cash, card] = [deposit('a', '62.00'), deposit('b', '62.00', '2026-03-04', null, 'CREDIT_CARD')];
    expect(outcome([cash, card], [entry('62.00', '2026-03-05')])).toEqual(['a+b?', 'missing a+b']);
    const older = deposit('c', '62.00', '2026-03-03');
    expect(outcome([cash, older], [entry('62.00', '2026-03-05')])).toEqual(['c+a?', 'missing a+c']);
    const slips = [
      deposit('a', '62.00', '2026-03-04', 'slip 1'),
      deposit('b', '62.00', '2025-03-04', 'slip 1'),
    ];
    expect(outcome(slips, [entry('62.00', '2026-03-05', 'slip 1')])).toEqual(['a+b?', 'missing a+b']);
  });

  it('is only proposed if another match is possible', () => {
    const plain = deposit('a', '300.00');
    const slip = deposit('a', '300.00', '2026-03-04', 'slip 1');
    const short = deposit('a', '300.00', '2026-03-04', '1');
    for (const [item, text] of [
      [plain, 'Spende Meier 300.00'],
      [slip, 'Spende Meier 300.00'],
      [slip, 'Miete 1 OG'],
      [short, 'Miete 1 OG'],
    ] as const)
      expect(outcome([item], [entry('300.00', '2026-03-05', text)])).toEqual(['a?', 'missing a']);
    // Two entries, one item: one of them is something else.
    const two = [entry('300.00', '2026-03-05'), entry('300.00', '2026-03-06')];
    expect(outcome([plain], two)).toEqual(['a?', 'a?', 'missing a']);
    // It names another item, which it is not.
    const other = deposit('b', '10.00', '2026-03-01', 'slip 119');
    expect(outcome([plain, other], [entry('300.00', '2026-03-05', 'slip 119')])).toEqual([
      'a?',
      'missing a+b',
    ]);
    // The bank may be before the books, but not by a year.
    expect(outcome([slip], [entry('300.00', '2026-03-02', 'slip 1')])).toEqual(['a', 'missing ']);
    expect(outcome([slip], [entry('300.00', '2025-03-02', 'slip 1')])).toEqual(['unknown', 'missing a']);
  });

  it('confirms several slips with its sum, or some items of one slip, if there is no other match', () => {
    const slips = [
      deposit('a', '62.00', '2026-03-04', 'slip 118'),
      deposit('b', '38.00', '2026-03-04', 'slip 119'),
    ];
    expect(outcome(slips, [entry('100.00', '2026-03-05', 'slip 118 slip 119')])).toEqual(['a+b', 'missing ']);
    expect(outcome(slips, [entry('62.00', '2026-03-05', 'slip 118 slip 119')])).toEqual([
      'a?',
      'missing a+b',
    ]);
    const methods = ['CASH', 'CHECK', 'MONEY_ORDER'].map((method, n) =>
      deposit(method, ['40.00', '22.00', '5.00'][n] as string, '2026-03-04', 'slip 118', method),
    );
    expect(outcome(methods, [entry('62.00', '2026-03-05', 'slip 118')])).toEqual([
      'CASH+CHECK',
      'missing MONEY_ORDER',
    ]);
    const twice = [...methods, deposit('d', '62.00', '2026-03-04', 'slip 118', 'GIRO')];
    expect(outcome(twice, [entry('62.00', '2026-03-05', 'slip 118')])[0]).toBe('CASH+CHECK+d?');
  });

  it('without a reference may be the rest of a reference that several slips share', () => {
    const [x, b, d, alone] = [
      deposit('x', '7.00', '2026-03-04', 'slip 1'),
      deposit('y', '3.00', '2026-03-04', 'slip 1'),
      deposit('y', '2.00', '2026-03-04', 'slip 1', 'CHECK'),
      deposit('c', '5.00'),
    ];
    // The slip `y` comes as one entry, and another deposit has the same amount, or a stranger pays as much as a part.
    const first = entry('7.00', '2026-03-05', 'slip 1');
    expect(outcome([x, b, d, alone], [first, entry('5.00', '2026-03-06')])[1]).toBe('y+y+c?');
    expect(outcome([x, b, d], [first, entry('5.00', '2026-03-06'), entry('3.00', '2026-03-06')])).toEqual([
      'x',
      'y+y?',
      'y?',
      'missing y+y',
    ]);
    expect(
      outcome([b, d, alone, deposit('z', '9.00', '2026-03-04', 'slip 1')], [entry('5.00', '2026-03-06')])[0],
    ).toBe('y+y+c?');
  });

  it('without a reference may be the sum of the deposits of one session without a slip', () => {
    const session = [deposit('a', '40.00'), deposit('a', '22.00', '2026-03-04', null, 'CHECK')];
    expect(outcome(session, [entry('62.00', '2026-03-05')])).toEqual(['a+a?', 'missing a+a']);
    expect(outcome([...session, deposit('b', '62.00')], [entry('62.00', '2026-03-05')])[0]).toBe('a+a+b?');
  });

  it('with parts of which not all name the reference is matched part by part', () => {
    const shared = [
      deposit('a', '3.00', '2026-03-04', 'slip 1'),
      deposit('b', '5.00', '2026-03-04', 'slip 1'),
    ];
    const batch = (...references: readonly string[]) => ({
      ...entry('8.00', '2026-03-05'),
      parts: [
        { amount: '3.00', references: ['slip 1'] },
        { amount: '5.00', references },
      ],
    });
    expect(outcome(shared, [batch()])[0]).toBe('a+b?');
    expect(outcome(shared, [batch('gift')])[0]).toBe('a+b?');
    expect(outcome(shared, [batch('slip 1')])[0]).toBe('a+b');
    // Nothing is said of its parts.
    expect(
      outcome(shared, [
        {
          ...entry('8.00', '2026-03-05', 'slip 1'),
          parts: ['3.00', '5.00'].map((amount) => ({ amount, references: [] })),
        },
      ])[0],
    ).toBe('a+b');
  });

  it('confirms each item at most once, with the right amount, whatever the statement', () => {
    const amount = fc.constantFrom('1.00', '2.00', '3.00');
    const day = fc.constantFrom('2026-03-03', '2026-03-04', '2026-03-05');
    const reference = fc.constantFrom(null, 'A', 'B');
    const items = fc
      .array(fc.tuple(amount, day, reference), { maxLength: 8 })
      .map((list) => list.map(([minor, on, name], n) => deposit(`s${n}`, minor, on, name)));
    const entries = fc
      .array(fc.tuple(amount, day, reference), { maxLength: 8 })
      .map((list) => list.map(([minor, on, name]) => entry(minor, on, ...(name === null ? [] : [name]))));
    fc.assert(
      fc.property(items, entries, (expected, statement) => {
        const matcher = bankMatcher(expected, 3);
        const confirmed: ExpectedItem['item'][] = [];
        const check = (each: BankEntry, result: ReturnType<typeof matcher.match>) => {
          if (result === null || result === 'unknown' || !('items' in result)) return;
          const sum = result.items.reduce((total, one) => total + Number(one.amount), 0);
          expect(sum).toBe(Number(each.amount));
          confirmed.push(...result.items);
        };
        for (const each of statement) check(each, matcher.match(each));
        for (const [each, result] of matcher.rest()) check(each, result);
        expect(new Set(confirmed).size).toBe(confirmed.length);
        expect(confirmed.length + matcher.missing().length).toBe(expected.length);
      }),
    );
  });
});
