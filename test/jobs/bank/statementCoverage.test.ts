// Statements that several runs read, days that several statements have, and what people book and undo between the runs.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryEventStore } from '../../../src/history/index.js';
import { definePolicy } from '../../../src/index.js';
import { formatAmount } from '../../../src/money/money.js';
import {
  type BankReconciliationForm,
  executeBank,
  loadBankAccount,
  officeEvents,
  readCamt053,
  runBankReconciliation,
} from '../../../src/office/index.js';
import { assertVaried, tried } from '../../support/seeded.js';
import { balance, booked, camt053 } from './camt053.js';

const at = '2026-03-31T10:00:00Z';
const by = { channel: 'desk', userId: 'fin', roles: ['finance'] } as const;
const policy = definePolicy({
  currency: 'EUR',
  bankReasons: { OTHER: 'Other' },
  bankRules: [{ contains: 'account fee', direction: 'out', upTo: '15', reason: 'OTHER' }],
});
const giro = { institution: 'north', bank: 'GIRO' };
const period = { timeZone: 'UTC', from: '2026-03-01', through: '2026-03-31' } as const;
const form: BankReconciliationForm = { ...giro, ...period, at, by };
const date = (day: number) => `2026-03-${String(day).padStart(2, '0')}`;
const money = (minor: number) => formatAmount(minor, 2);
type DayAndAmount = { readonly bookedOn: string; readonly amount: string };
const isLike = (one: DayAndAmount, other: DayAndAmount) =>
  one.bookedOn === other.bookedOn && one.amount === other.amount;

const amounts = fc.array(
  fc.integer({ min: -300, max: 300 }).filter((minor) => minor !== 0),
  { maxLength: 3 },
);
const worlds = fc.record({
  /** What the bank booked: the statements of each day, which are pages of one or several. */
  days: fc.array(
    fc.record({
      isPages: fc.boolean(),
      statements: fc.array(amounts, { minLength: 1, maxLength: 3 }),
    }),
    { minLength: 2, maxLength: 4 },
  ),
  opening: fc.constantFrom('OPBD' as const, 'PRCD' as const),
  hasReferences: fc.boolean(),
  /** What happens, by what it says and its position among what it can be done to. */
  steps: fc.array(fc.tuple(fc.constantFrom('read', 'read', 'book', 'book', 'reverse'), fc.nat(30)), {
    minLength: 6,
    maxLength: 14,
  }),
  /** A statement of all days, read before a step. */
  whole: fc.option(fc.nat(14)),
  /** The step before which somebody books what the bank never had, and on which day. */
  invented: fc.tuple(fc.nat(14), fc.nat(3)),
});
type World = typeof worlds extends fc.Arbitrary<infer One> ? One : never;

/** Returns the files, each with the entries that can be booked, and one of all days. */
function filesOf({ days, opening, hasReferences }: World) {
  let total = 10_000;
  let number = 0;
  const all: string[] = [];
  const files = days.flatMap(({ isPages, statements }, index) => {
    const day = date(index + 2);
    return statements.map((minors, page) => {
      number += isPages && page > 0 ? 0 : 1;
      const id = `S${index}-${page}`;
      const opened = total;
      const isFirst = page === 0;
      const isLast = page === statements.length - 1;
      total += minors.reduce((a, b) => a + b, 0);
      const given = minors.map((minor, n) => {
        const reference = hasReferences ? `B${index}-${page}-${n}` : '';
        const entryId = hasReferences ? `${day}/${money(minor)}/${reference}` : `${id}/${n + 1}`;
        // A rule books these in the run.
        const text = minor < 0 && minor % 2 === 0 ? '<AddtlNtryInf>account fee</AddtlNtryInf>' : '';
        return {
          xml: booked(money(minor), day, reference, text),
          entryId,
          bookedOn: day,
          amount: money(minor),
        };
      });
      all.push(...given.map(({ xml }) => xml));
      const interim = (isEnd: boolean) => (isPages && !isEnd ? 'INTM' : '');
      const before = isFirst && opening === 'PRCD' ? date(index + 1) : day;
      const text = camt053(given.map(({ xml }) => xml).join(''), {
        id,
        numbers: `<ElctrncSeqNb>${number}</ElctrncSeqNb>${isPages ? `<StmtPgntn><PgNb>${page + 1}</PgNb></StmtPgntn>` : ''}`,
        balances:
          balance(opening, money(opened), before, interim(isFirst)) +
          balance('CLBD', money(total), day, interim(isLast)),
      });
      return { text, day, isPages, entries: given };
    });
  });
  const whole = camt053(all.join(''), {
    id: 'M',
    balances: balance('OPBD', '100.00', date(2)) + balance('CLBD', money(total), date(days.length + 1)),
  });
  return { files, whole };
}

function library() {
  const now = () => at;
  const stores = {
    accounts: memoryEventStore({ now }),
    office: memoryEventStore({ now, codec: officeEvents }),
  };
  let count = 0;
  return {
    stores,
    async read(texts: readonly string[], more: Partial<BankReconciliationForm> = {}) {
      async function* entries() {
        for (const text of texts) yield* readCamt053([text]);
      }
      const options = { entries: entries() };
      const { findings } = await runBankReconciliation(stores, policy, { ...form, ...more }, options);
      return findings.first.flatMap(({ code, message }) => (code === 'BALANCE_DIFFERS' ? [message] : []));
    },
    /** Books an entry by hand; nothing if it is booked already. */
    async book(entry: DayAndAmount & { readonly entryId: string }) {
      const { entryId, bookedOn, amount } = entry;
      const id = `h${++count}`;
      const command = {
        type: 'BookBankEntry',
        id,
        entryId,
        bookedOn,
        amount,
        reason: 'OTHER',
        at,
        by,
      } as const;
      return (await executeBank(stores.office, policy, giro, command)).decision.accepted;
    },
    /** Returns how many bookings that hold are of an entry's day and amount. */
    async bookedLike(entry: DayAndAmount) {
      const { entries, records } = await loadBankAccount(stores.office, giro);
      const held = [...entries.values()].map((id) => records.get(id)?.data);
      return held.filter((data) => data && 'bookedOn' in data && isLike(data, entry)).length;
    },
    /** Undoes the nth booking that holds, of an entry that the bank has. */
    async reverse(n: number) {
      const { entries } = await loadBankAccount(stores.office, giro);
      const ids = [...entries].flatMap(([entryId, id]) => (entryId === 'invented' ? [] : [id]));
      const recordId = ids[n % Math.max(1, ids.length)];
      if (recordId === undefined) return false;
      const command = { type: 'ReverseBankRecord', id: `h${++count}`, recordId, at, by } as const;
      return (await executeBank(stores.office, policy, giro, command)).decision.accepted;
    },
  };
}

const played = { booked: 0, reversed: 0, early: 0, late: 0, beforeTwoPages: 0 };

/** Plays a world, and returns what the runs found. `isHonest`: nothing is invented. */
async function play(world: World, isHonest: boolean): Promise<readonly string[]> {
  const { files, whole } = filesOf(world);
  const { read, book, bookedLike, reverse } = library();
  const ofBank = files.flatMap(({ entries }) => entries);
  const unread = [...files];
  const open: (typeof files)[number]['entries'] = [];
  const found: string[] = [];
  const [inventedAt, inventedOn] = world.invented;
  let [isInvented, isBeforeTwoPages] = [false, false];
  const invent = async () => {
    isInvented = true;
    const bookedOn = date((inventedOn % world.days.length) + 2);
    await book({ entryId: 'invented', bookedOn, amount: '999.00' });
    const pages = unread.filter(({ day }) => day === bookedOn);
    isBeforeTwoPages = pages.length > 1 && pages.every(({ isPages }) => isPages);
    played[pages.length > 0 ? 'early' : 'late'] += 1;
    if (isBeforeTwoPages) played.beforeTwoPages += 1;
  };
  const steps = [...world.steps, ...files.map(() => ['read', 0] as const), ['again', 0] as const];
  for (const [index, [what, n]] of steps.entries()) {
    const isLastMoment = what === 'again' || index === inventedAt;
    if (!isHonest && isLastMoment && !isInvented) await invent();
    if (index === world.whole) found.push(...(await read([whole])));
    if (what === 'again') {
      // A page that was read leaves no list of what was posted: what is booked while two pages of a day are unread is
      // found where its pages are read together.
      const texts = files.map(({ text }) => text);
      found.push(...(await read(isBeforeTwoPages ? [...texts, whole] : texts.slice(-1))));
    } else if (what === 'read') {
      for (const { text, entries } of unread.splice(n % Math.max(1, unread.length), 1)) {
        open.push(...entries);
        found.push(...(await read([text])));
      }
    } else if (what === 'book') {
      const entry = open[n % Math.max(1, open.length)];
      // A run may have booked the entry under the place that another statement gives it.
      const isOpen =
        entry !== undefined && (await bookedLike(entry)) < ofBank.filter((one) => isLike(one, entry)).length;
      if (isOpen && (await book(entry))) played.booked += 1;
    } else if (await reverse(n)) played.reversed += 1;
  }
  return found;
}

describe('the books and statements of several runs', () => {
  it('agree, whatever people book and undo between the runs', async () => {
    const honest = fc.asyncProperty(worlds, async (world) => {
      expect(await play(world, true)).toEqual([]);
    });
    await assertVaried(honest, tried(300), 60, () =>
      expect(Math.min(played.booked, played.reversed)).toBeGreaterThan(10),
    );
  });

  it('agree if two statements of one day have the same amount, and both entries are booked by hand', async () => {
    const days = [
      { isPages: false, statements: [[-1], [-1]] },
      { isPages: false, statements: [[]] },
    ];
    const steps: World['steps'] = [
      ['read', 0],
      ['read', 0],
      ['read', 0],
      ['book', 0],
      ['book', 1],
    ];
    for (const hasReferences of [true, false]) {
      const world: World = { days, steps, opening: 'OPBD', hasReferences, whole: null, invented: [0, 0] };
      expect(await play(world, true)).toEqual([]);
    }
  });

  it('differ if somebody books an entry that the bank never had, before its statement is read or long after', async () => {
    const dishonest = fc.asyncProperty(worlds, async (world) => {
      const found = await play(world, false);
      expect(found.some((message) => message.includes('(invented)'))).toBe(true);
      expect(found.every((message) => message.includes('(invented)'))).toBe(true);
    });
    await assertVaried(dishonest, tried(300), 60, () =>
      expect(Math.min(played.early, played.late, played.beforeTwoPages)).toBeGreaterThan(8),
    );
  });
});
