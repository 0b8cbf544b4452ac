// Statements whose entries have a known origin, and persons who decide what stays open: deposits in parts,
// corrections, fees, money of strangers, reversals, two clerks at once. In the end the books are the bank's balance.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { memoryEventStore } from '../../../src/history/index.js';
import { definePolicy } from '../../../src/index.js';
import { formatAmount, minorUnits } from '../../../src/money/money.js';
import { itemsOfRecord } from '../../../src/office/bank/bankAccount.js';
import { loadBankAccount } from '../../../src/office/bank/executeBank.js';
import {
  type BankCommand,
  type BankEntry,
  type BankFinding,
  type BankItem,
  type BankReconciliationForm,
  executeBank,
  officeEvents,
  readCamt053,
  runBankReconciliation,
} from '../../../src/office/index.js';
import { assertVaried, tried } from '../../support/seeded.js';
import { booked, camt053, details } from './camt053.js';

const policy = definePolicy({
  currency: 'EUR',
  bankReasons: { FEE: 'Account fees', FALSE: 'Counterfeit note', OTHER: 'Not ours' },
});
const giro = { institution: 'north', bank: 'GIRO' };
const at = '2026-03-31T10:00:00Z';
const by = { channel: 'desk', userId: 'fin' } as const;
const form: BankReconciliationForm = {
  ...{ ...giro, timeZone: 'UTC', from: '2026-03-01', through: '2026-03-31', at, by },
};
const date = (day: number) => `2026-03-${String(day).padStart(2, '0')}`;
const money = (minor: number) => formatAmount(minor, 2);

const deposits = fc.record({
  amount: fc.integer({ min: 3, max: 8 }),
  day: fc.integer({ min: 1, max: 15 }),
  /** What the bank makes of it: it comes whole, in parts, less a note that was false, or never. */
  fate: fc.constantFrom('whole', 'unnamed', 'parts', 'corrected', 'short', 'never'),
  delay: fc.integer({ min: 0, max: 4 }),
});

const others = fc.record({
  amount: fc.integer({ min: -6, max: 8 }).filter((amount) => amount !== 0),
  day: fc.integer({ min: 1, max: 20 }),
  text: fc.constantFrom('Account fee', 'Spende Meier', 'Miete 1 OG'),
});

const worlds = fc.record({
  deposits: fc.array(deposits, { minLength: 1, maxLength: 5 }),
  others: fc.array(others, { maxLength: 4 }),
  /** Until which days a statement goes, of which each begins with the first day. */
  readOn: fc.uniqueArray(fc.integer({ min: 3, max: 20 }), { maxLength: 2 }),
  /** Whether a person decides after a statement that is not the last, and undoes a record, by position. */
  decides: fc.boolean(),
  undoes: fc.array(fc.nat(9), { maxLength: 3 }),
});

type World = typeof worlds extends fc.Arbitrary<infer One> ? One : never;
type Booked = {
  readonly id: string;
  /** The deposit that it is, or a part of it; null for what is not ours. */
  readonly deposit: number | null;
  readonly day: number;
  readonly amount: number;
  readonly text: string;
};

/** Returns the entries of the bank, by day. */
function entriesOf(world: World): readonly Booked[] {
  const list = world.deposits.flatMap(({ amount, day, fate, delay }, n) => {
    const slip = `slip ${100 + n}`;
    const whole = amount * 100;
    const entry = (minor: number, later: number, text: string) => ({
      ...{ deposit: n, day: day + delay + later, amount: minor, text },
    });
    const made = {
      whole: [entry(whole, 0, `Einzahlung ${slip}`)],
      unnamed: [entry(whole, 0, '')],
      parts: [entry(200, 0, slip), entry(whole - 200, 1, `Rest ${slip}`)],
      corrected: [entry(whole, 0, slip), entry(-50, 1, `Korrektur ${slip}`)],
      short: [entry(whole - 50, 0, slip)],
      never: [],
    };
    return made[fate];
  });
  const strangers = world.others.map(({ amount, day, text }) => ({
    ...{ deposit: null, day, amount: amount * 100, text },
  }));
  return [...list, ...strangers]
    .sort((a, b) => a.day - b.day)
    .map((entry, n) => ({ ...entry, id: `${date(entry.day)}/${money(entry.amount)}/E${n}` }));
}

const itemOf = ({ deposits: given }: World, n: number, minor?: number): BankItem => {
  const whole = money((given[n] as World['deposits'][number]).amount * 100);
  const part =
    minor === undefined || money(minor) === whole ? { amount: whole } : { amount: money(minor), of: whole };
  return { kind: 'safeDeposit', depositId: `d${n}`, method: 'CASH', ...part };
};

const counted = { reference: 0, hand: 0, booked: 0, undone: 0, ended: 0 };

async function library(world: World) {
  const now = () => at;
  const stores = {
    accounts: memoryEventStore({ now }),
    office: memoryEventStore({ now, codec: officeEvents }),
  };
  const give = async (command: BankCommand) =>
    (await executeBank(stores.office, policy, giro, command)).decision;
  for (const [n, { amount, day }] of world.deposits.entries()) {
    await give({
      ...{ type: 'DepositFromSafe', id: `d${n}`, amount: money(amount * 100), reference: `slip ${100 + n}` },
      ...{ at: `${date(day)}T10:00:00Z`, by },
    });
  }
  return { stores, give };
}

/** Returns what a person who knows the origin of an entry records. */
function decided(
  world: World,
  origin: Booked,
  { entryId, bookedOn, amount }: BankEntry,
  id: string,
): BankCommand {
  const entry = { id, entryId, bookedOn, amount, at, by };
  if (origin.deposit === null) return { type: 'BookBankEntry', reason: 'OTHER', ...entry };
  const items = [itemOf(world, origin.deposit, origin.amount)];
  return { type: 'ConfirmBankEntry', items, ...entry };
}

const property = fc.asyncProperty(worlds, async (world) => {
  const { stores, give } = await library(world);
  const entries = entriesOf(world);
  const originOf = new Map(entries.map((entry) => [entry.id, entry]));
  const closing = (through: number) =>
    entries.filter(({ day }) => day <= through).reduce((sum, { amount }) => sum + amount, 10_000);
  const statement = (through: number) =>
    camt053(
      entries
        .map((entry, n) => ({ ...entry, n }))
        .filter(({ day }) => day <= through)
        .map(({ amount, day, text, n }) => {
          const words = `<NtryDtls>${details(`<RmtInf><Ustrd>${text}</Ustrd></RmtInf>`)}</NtryDtls>`;
          return booked(money(amount), date(day), `E${n}`, text === '' ? '' : words);
        })
        .join(''),
    );
  const findings = async (through: number) => {
    const found: BankFinding[] = [];
    const options = {
      entries: readCamt053([statement(through)]),
      onFinding: (one: BankFinding) => void found.push(one),
    };
    await runBankReconciliation(stores, policy, form, options);
    return found;
  };
  /** Nothing is confirmed of another deposit than the entry's, or booked that is one's. */
  const check = async () => {
    const account = await loadBankAccount(stores.office, giro);
    for (const [entryId, id] of account.entries) {
      const record = account.records.get(id);
      const origin = originOf.get(entryId);
      const ids =
        record === undefined
          ? []
          : itemsOfRecord(record).map((item) => 'depositId' in item && item.depositId);
      const expected = origin?.deposit == null ? [] : [`d${origin.deposit}`];
      expect({ entryId, ids, amount: record && 'amount' in record.data && record.data.amount }).toEqual({
        ...{ entryId, ids: expected, amount: money(origin?.amount ?? 0) },
      });
    }
    return account;
  };
  let turn = 0;
  const decide = async (found: readonly BankFinding[]) => {
    for (const finding of found) {
      if (!('entry' in finding) || finding.entry === null) continue;
      const entry = finding.entry;
      const origin = originOf.get(entry.entryId) as Booked;
      turn += 1;
      // Two clerks do it at once: the second one learns that it is done.
      const both = await Promise.all(
        ['a', 'b'].map((clerk) => give(decided(world, origin, entry, `c${turn}${clerk}`))),
      );
      expect(both.filter(({ accepted }) => accepted)).toHaveLength(1);
      counted[origin.deposit === null ? 'booked' : 'hand'] += 1;
    }
  };
  for (const through of world.readOn.sort((a, b) => a - b)) {
    const found = await findings(through);
    await check();
    if (world.decides) await decide(found);
  }
  await decide(await findings(21));
  for (const position of world.undoes) {
    const account = await check();
    const ids = [...account.entries.values()];
    const recordId = ids[position % Math.max(1, ids.length)];
    if (recordId === undefined) continue;
    turn += 1;
    const reversal = await give({ type: 'ReverseBankRecord', id: `x${turn}`, recordId, at, by });
    // What was corrected is undone after its correction only.
    if (!reversal.accepted) continue;
    counted.undone += 1;
    await decide(await findings(21));
  }
  const account = await check();
  expect(new Set(account.entries.keys())).toEqual(new Set(originOf.keys()));
  const posted = [...account.entries.values()].reduce((sum, id) => {
    const record = account.records.get(id);
    if (record?.type === 'BankEntryConfirmed' && record.data.matchedBy === 'reference')
      counted.reference += 1;
    return sum + (record !== undefined && 'amount' in record.data ? minorUnits(record.data.amount) : 0n);
  }, 10_000n);
  expect(posted).toBe(BigInt(closing(21)));
  // What never comes is ended, and then nothing is left to find.
  for (const finding of await findings(21)) {
    if (!('items' in finding) || finding.code !== 'NOT_AT_BANK') throw new Error(JSON.stringify(finding));
    turn += 1;
    const [item] = finding.items as readonly [BankItem];
    expect(await give({ type: 'EndBankItem', id: `e${turn}`, item, reason: 'FALSE', at, by })).toMatchObject({
      accepted: true,
    });
    counted.ended += 1;
  }
  expect(await findings(21)).toEqual([]);
});

it('no entry is confirmed wrongly, and the books equal the bank balance once persons have decided', async () => {
  await assertVaried(property, tried(400), 60, () => {
    expect(Math.min(...Object.values(counted))).toBeGreaterThan(5);
  });
});
