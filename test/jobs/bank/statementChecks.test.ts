import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCamt053 } from '../../../src/jobs/bank/readCamt053.js';
import { statementChecks } from '../../../src/jobs/bank/statementChecks.js';
import { formatAmount } from '../../../src/money/money.js';
import { foldBankAccount } from '../../../src/office/bank/bankAccount.js';
import type { BankEvent } from '../../../src/office/bank/bankEvents.js';
import { assertVaried, tried } from '../../support/seeded.js';
import { balance, booked, camt053, details } from './camt053.js';

const date = (day: number) => `2026-03-${String(day).padStart(2, '0')}`;
const money = (minor: number) => formatAmount(minor, 2);

/** A booking of the bank's own, as the books have it. */
const booking = (entryId: string, bookedOn: string, amount: string): BankEvent =>
  ({
    type: 'BankEntryBooked',
    data: {
      ...{
        bookingId: entryId,
        entryId,
        bookedOn,
        amount,
        currency: 'EUR',
        reason: 'FEE',
        at: '2026-03-31T00:00:00Z',
      },
      by: { channel: 'desk', userId: 'fin' },
    },
    metadata: { commandId: entryId, commandDigest: entryId },
  }) as unknown as BankEvent;

/** Reads statements, and compares them with the books. */
async function faultsOf(files: readonly string[], events: readonly BankEvent[] = [], withBooks = true) {
  const checks = statementChecks(foldBankAccount(events));
  for (const file of files) {
    for await (const row of readCamt053([file])) {
      if ('closing' in row) checks.add(row);
      else if ('entryId' in row) checks.compare(row);
      else throw new Error(JSON.stringify(row));
    }
  }
  return checks.faults(() => true, withBooks);
}

/** How a bank writes the statements of one day after the other. */
type Style = { readonly opening: 'OPBD' | 'PRCD'; readonly references: boolean };

type Day = { readonly amounts: readonly number[] };

/** Returns the statement of some days, counted from 0, in each of which the bank booked amounts. */
function statement(days: readonly Day[], from: number, through: number, number: number | null, style: Style) {
  const before = days.slice(0, from).flatMap(({ amounts }) => amounts);
  const own = days.slice(from, through + 1);
  const sum = (amounts: readonly number[]) => amounts.reduce((a, b) => a + b, 10_000);
  const opened = sum(before);
  const closed = opened + sum(own.flatMap(({ amounts }) => amounts)) - 10_000;
  const openedOn = style.opening === 'OPBD' ? date(from + 2) : date(from + 1);
  const entries = own.flatMap(({ amounts }, index) =>
    amounts.map((minor, n) =>
      booked(money(minor), date(from + index + 2), style.references ? `B${from + index}-${n}` : ''),
    ),
  );
  return camt053(entries.join(''), {
    id: `S${from}-${through}`,
    numbers: number === null ? '' : `<ElctrncSeqNb>${number}</ElctrncSeqNb>`,
    balances:
      balance(style.opening, money(opened), openedOn) + balance('CLBD', money(closed), date(through + 2)),
  });
}

const worlds = fc.record({
  days: fc.array(
    fc.record({
      amounts: fc.array(
        fc.integer({ min: -300, max: 300 }).filter((minor) => minor !== 0),
        { maxLength: 3 },
      ),
    }),
    { minLength: 3, maxLength: 8 },
  ),
  style: fc.record({ opening: fc.constantFrom('OPBD' as const, 'PRCD' as const), references: fc.boolean() }),
  numbered: fc.boolean(),
  /** Which entries are posted, by position. */
  isPosted: fc.array(fc.boolean(), { minLength: 24, maxLength: 24 }),
  /** Whether a statement of all days is read beside those of each. */
  isWhole: fc.boolean(),
  isNewestFirst: fc.boolean(),
  /** What somebody changes. */
  place: fc.nat(23),
  lost: fc.integer({ min: 1, max: 6 }),
  more: fc.integer({ min: 1, max: 500 }),
});

type World = typeof worlds extends fc.Arbitrary<infer One> ? One : never;

function statementsOf({ days, style, numbered, isWhole, isNewestFirst }: World) {
  const daily = days.map((_, index) => statement(days, index, index, numbered ? index + 1 : null, style));
  const ordered = isNewestFirst ? daily.reverse() : daily;
  return [...ordered, ...(isWhole ? [statement(days, 0, days.length - 1, null, style)] : [])];
}

/** Returns the books: the entries of the daily statements that are posted. */
function booksOf({ days, style, isPosted }: World) {
  let position = 0;
  return days.flatMap(({ amounts }, day) =>
    amounts.flatMap((minor, n) => {
      const id = style.references
        ? `${date(day + 2)}/${money(minor)}/B${day}-${n}`
        : `S${day}-${day}/${n + 1}`;
      return isPosted[position++] ? [booking(id, date(day + 2), money(minor))] : [];
    }),
  );
}

const seen = { posted: 0, changed: 0, lost: 0, invented: 0 };

const honest = fc.asyncProperty(worlds, async (world) => {
  const books = booksOf(world);
  expect(await faultsOf(statementsOf(world), books)).toEqual([]);
  // The statement of all days alone, whose entries without references have other ids.
  expect(await faultsOf(statementsOf(world).slice(-1), books)).toEqual([]);
  seen.posted += books.length;
});

const dishonest = fc.asyncProperty(worlds, async (world) => {
  const files = statementsOf({ ...world, isWhole: false, isNewestFirst: false });
  const codes = async (given: readonly string[], books = booksOf(world)) =>
    (await faultsOf(given, books)).map(({ code }) => code);
  // An entry of the books that the bank does not have.
  const day = date((world.place % world.days.length) + 2);
  expect(
    await codes(files, [...booksOf(world), booking('invented', day, money(99_900 + world.more))]),
  ).toEqual(['BALANCE_DIFFERS']);
  seen.invented += 1;
  // An entry of the books with another amount.
  const books = booksOf(world);
  const changed = books[world.place % Math.max(1, books.length)];
  if (changed?.type === 'BankEntryBooked') {
    const data = { ...changed.data, amount: money(99_900 + world.more) };
    const others = books.map((each) => (each === changed ? ({ ...changed, data } as BankEvent) : each));
    expect(await codes(files, others)).toEqual(['BALANCE_DIFFERS']);
    seen.changed += 1;
  }
  // A statement in the middle that is lost, with its number or a change of the balance.
  const lost = Math.min(world.lost, world.days.length - 2);
  const change = world.days[lost]?.amounts.reduce((a, b) => a + b, 0);
  if (!world.numbered && change === 0) return;
  expect(await codes(files.filter((_, index) => index !== lost))).toContain('STATEMENT_GAP');
  seen.lost += 1;
});

describe('statements of a bank', () => {
  it('agree with each other and with the books, for any postings, in any order, even if read twice', async () => {
    await assertVaried(honest, tried(400), 60, () => expect(seen.posted).toBeGreaterThan(100));
  });

  it('differ from the books if an entry is invented or changed, and from each other if a statement is lost', async () => {
    await assertVaried(dishonest, tried(400), 60, () =>
      expect(Math.min(seen.invented, seen.changed, seen.lost)).toBeGreaterThan(20),
    );
  });

  const days = [{ amounts: [500] }, { amounts: [-200, 700] }, { amounts: [] }];
  const style = { opening: 'PRCD', references: true } as const;
  const daily = days.map((_, index) => statement(days, index, index, index + 1, style));

  it('have a difference if the entries of one do not add up to its balances', async () => {
    const cut = (daily[1] as string).replace(booked('7.00', '2026-03-03', 'B1-1'), '');
    expect(await faultsOf([cut])).toEqual([
      {
        ...{ code: 'BALANCE_DIFFERS', entry: null, items: [] },
        message: 'statement 2 of 2026: 105.00 and entries of -2.00 are not 110.00',
      },
    ]);
  });

  it('are reported as lost because of their balances, or of their numbers alone', async () => {
    const [first, second, third] = daily as [string, string, string];
    expect((await faultsOf([first, third])).map(({ message }) => message)).toEqual([
      'statement 1 of 2026 ends with 105.00, statement 3 of 2026 begins with 110.00',
    ]);
    const later = third.replace('<ElctrncSeqNb>3<', '<ElctrncSeqNb>5<');
    expect((await faultsOf([second, later])).map(({ message }) => message)).toEqual([
      'numbers are missing between statement 2 of 2026 and statement 5 of 2026',
    ]);
    const unnumbered = [first, third].map((text) => text.replace(/<ElctrncSeqNb>.*?<\/ElctrncSeqNb>/, ''));
    expect((await faultsOf(unnumbered)).map(({ message }) => message)).toEqual([
      'statement S0-0 ends with 105.00, statement S2-2 begins with 110.00',
    ]);
  });

  it('use a number once in a year, except for pages and statements that are read again', async () => {
    const [first, second] = daily as [string, string];
    const other = second.replace('<ElctrncSeqNb>2<', '<ElctrncSeqNb>1<');
    expect(await faultsOf([first, first, other])).toEqual([
      {
        ...{ code: 'STATEMENT_TWICE', entry: null, items: [] },
        message: 'another statement 1 of 2026 has other entries',
      },
    ]);
    const page = (text: string, number: number) =>
      text.replace('</ElctrncSeqNb>', `</ElctrncSeqNb><StmtPgntn><PgNb>${number}</PgNb></StmtPgntn>`);
    expect(await faultsOf([page(first, 1), page(other, 2)])).toEqual([]);
    const again = page(other, 1);
    expect((await faultsOf([page(first, 1), again])).map(({ message }) => message)).toEqual([
      'another statement 1 of 2026, page 1 has other entries',
    ]);
    const nextYear = other.replaceAll('2026-03', '2027-03');
    expect(await faultsOf([first, nextYear])).toEqual([]);
  });

  it('do not cover a day completely if it continues on another page', async () => {
    const entries = booked('1.00', '2026-03-04', 'B1');
    const first = camt053(entries, {
      balances: balance('OPBD', '1.00', '2026-03-04') + balance('CLBD', '2.00', '2026-03-04', 'INTM'),
    });
    const second = camt053(entries.replace('B1', 'B2'), {
      balances: balance('OPBD', '2.00', '2026-03-04', 'INTM') + balance('CLBD', '3.00', '2026-03-04'),
    });
    const books = [booking('2026-03-04/1.00/B2', '2026-03-04', '1.00')];
    expect(await faultsOf([first], books)).toEqual([]);
    expect(await faultsOf([second], [booking('2026-03-04/1.00/B1', '2026-03-04', '1.00')])).toEqual([]);
    expect(await faultsOf([first, second], books)).toEqual([]);
  });

  it('are compared with the books only on days that they cover, and only with both balances', async () => {
    const lone = booking('lone', '2026-03-01', '1.00');
    expect(await faultsOf(daily, [lone])).toEqual([]);
    const closed = camt053('', { balances: balance('CLBD', '1.00', '2026-03-01') });
    expect(await faultsOf([closed], [lone])).toEqual([]);
    expect(await faultsOf(daily, [booking('x', '2026-03-03', '9.00')], false)).toEqual([]);
  });

  it('are not compared with the bookings of a person on a day with an unreadable entry', async () => {
    const file = camt053(booked('5,00', '2026-03-02', 'B1'), {
      balances: balance('OPBD', '1.00', '2026-03-02') + balance('CLBD', '6.00', '2026-03-02'),
    });
    const checks = statementChecks(foldBankAccount([booking('typed', '2026-03-02', '5.00')]));
    for await (const row of readCamt053([file])) if ('closing' in row) checks.add(row);
    expect(checks.faults(() => true, true)).toEqual([]);
  });

  it('differ from the books if an entry has another day there', async () => {
    expect(await faultsOf(daily, [booking('2026-03-02/5.00/B0-0', '2026-03-01', '5.00')])).toMatchObject([
      {
        code: 'BALANCE_DIFFERS',
        entry: { entryId: '2026-03-02/5.00/B0-0' },
        message: 'the bank has 5.00 on 2026-03-02, the books have 5.00 on 2026-03-01',
      },
    ]);
    const uncovered = booking('2026-03-02/5.00/B0-0', '2026-03-01', '5.00');
    const open = camt053(booked('5.00', '2026-03-02', 'B0-0'), { balances: '' });
    expect(await faultsOf([open], [uncovered])).toEqual([]);
  });

  it('agree if the parts of an entry are posted one by one, or an entry is posted under another id', async () => {
    const part = (amount: string) => details(`<Amt Ccy="EUR">${amount}</Amt>`);
    const batch = booked('5.00', '2026-03-02', 'B', `<NtryDtls>${part('2.00')}${part('3.00')}</NtryDtls>`);
    const file = camt053(batch, {
      balances: balance('PRCD', '0.00', '2026-03-01') + balance('CLBD', '5.00', '2026-03-02'),
    });
    const [first, second] = [1, 2].map((n) => `2026-03-02/5.00/B#${n}`) as [string, string];
    const on = '2026-03-02';
    expect(await faultsOf([file], [booking(first, on, '2.00'), booking(second, on, '3.00')])).toEqual([]);
    expect(await faultsOf([file], [booking(first, on, '2.00'), booking('typed', on, '3.00')])).toEqual([]);
    expect(await faultsOf([file], [booking('typed', on, '5.00')])).toEqual([]);
    const both = [booking(first, on, '2.00'), booking('typed', on, '5.00')];
    expect(await faultsOf([file], both)).toMatchObject([
      {
        entry: { entryId: 'typed' },
        message: 'no statement has 5.00 on 2026-03-02 (typed), the books have it',
      },
    ]);
    const checks = statementChecks(foldBankAccount([booking('typed', on, '5.00')]));
    for await (const row of readCamt053([file])) {
      if ('closing' in row) checks.add(row);
      else if ('entryId' in row) {
        checks.compare(row);
        checks.post(row);
      }
    }
    expect(checks.faults(() => true, true)).toHaveLength(1);
  });
});
