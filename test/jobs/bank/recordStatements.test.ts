import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryEventStore } from '../../../src/history/index.js';
import { definePolicy } from '../../../src/index.js';
import { formatAmount } from '../../../src/money/money.js';
import {
  type BankReconciliationForm,
  loadBankAccount,
  officeEvents,
  readCamt053,
  runBankReconciliation,
} from '../../../src/office/index.js';
import { balance, booked, camt053 } from './camt053.js';

const policy = definePolicy({ currency: 'EUR' });
const giro = { institution: 'north', bank: 'GIRO' };
const form: BankReconciliationForm = {
  ...{ ...giro, timeZone: 'UTC', from: '2026-03-01', through: '2026-03-31', otherEntries: 'ignore' },
  ...{ at: '2026-03-31T10:00:00Z', by: { channel: 'desk', userId: 'fin', roles: ['finance'] } },
};
const date = (day: number) => `2026-03-${String(day).padStart(2, '0')}`;

/** Returns the statement of a day, counted from 0, after amounts in minor units. */
function daily(amounts: readonly number[], day: number, { number = day + 1, more = 0, page = '' } = {}) {
  const opened = 10_000 + amounts.slice(0, day).reduce((a, b) => a + b, 0);
  const amount = amounts[day] as number;
  return camt053(booked(formatAmount(amount, 2), date(day + 2), `B${day}`), {
    id: `S${day}`,
    numbers: `<ElctrncSeqNb>${number}</ElctrncSeqNb>${page}`,
    balances:
      balance('OPBD', formatAmount(opened + more, 2), date(day + 2)) +
      balance('CLBD', formatAmount(opened + more + amount, 2), date(day + 2)),
  });
}

function office() {
  const now = () => '2026-03-31T10:00:00Z';
  const stores = {
    accounts: memoryEventStore({ now }),
    office: memoryEventStore({ now, codec: officeEvents }),
  };
  const read = async (files: readonly string[], more: Partial<BankReconciliationForm> = {}) => {
    async function* entries() {
      for (const file of files) yield* readCamt053([file]);
    }
    const options = { entries: entries() };
    const { findings } = await runBankReconciliation(stores, policy, { ...form, ...more }, options);
    return findings.first.map(({ code, message }) => `${code}: ${message}`);
  };
  const statements = async () => (await loadBankAccount(stores.office, giro)).statements;
  return { stores, read, statements };
}

const worlds = fc.record({
  amounts: fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 3, maxLength: 7 }),
  /** Which run reads each statement. */
  runs: fc.array(fc.nat(3), { minLength: 7, maxLength: 7 }),
  place: fc.nat(6),
  more: fc.integer({ min: 1, max: 500 }),
  change: fc.constantFrom('lost' as const, 'balance' as const),
});

/** Reads statements in runs, and returns what the runs find that read each of them once more. */
async function readAgain(files: readonly string[], runs: readonly number[]) {
  const { read, statements } = office();
  for (const run of [0, 1, 2, 3]) await read(files.filter((_, index) => runs[index] === run));
  const again: string[] = [];
  for (const file of files) again.push(...(await read([file])));
  expect(await statements()).toHaveLength(files.length);
  return again;
}

describe('statements of several runs', () => {
  it('agree once all are read, in any order and however they are divided', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, async ({ amounts, runs }) => {
        const files = amounts.map((_, day) => daily(amounts, day));
        expect(await readAgain(files, runs)).toEqual([]);
      }),
    );
  });

  it('do not agree if one is lost or begins with another balance', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, async ({ amounts, runs, place, more, change }) => {
        const changed = 1 + (place % (amounts.length - 2));
        const files = amounts
          .map((_, day) => daily(amounts, day, { more: change === 'balance' && day === changed ? more : 0 }))
          .filter((_, day) => change !== 'lost' || day !== changed);
        const found = await readAgain(files, runs);
        expect(found.length).toBeGreaterThan(0);
        expect(found.every((text) => text.startsWith('STATEMENT_GAP'))).toBe(true);
      }),
    );
  });

  it('are reported if a later run has the same number with other entries, or finds a gap', async () => {
    const { read, statements } = office();
    const amounts = [100, 200, 300, 400];
    expect(await read([daily(amounts, 0)])).toEqual([]);
    expect(await read([daily(amounts, 0)])).toEqual([]);
    expect(await statements()).toHaveLength(1);
    expect(await read([daily(amounts, 2)])).toEqual([
      'STATEMENT_GAP: statement 1 of 2026 ends with 101.00, statement 3 of 2026 begins with 103.00',
    ]);
    expect(await read([daily(amounts, 1)])).toEqual([]);
    expect(await read([daily(amounts, 2)])).toEqual([]);
    expect(await read([daily(amounts, 3, { number: 3 })])).toEqual([
      'STATEMENT_TWICE: another statement 3 of 2026 has other entries',
    ]);
    // What earlier runs found is not told by a run that reads neither.
    expect(await read([daily(amounts, 0)])).toEqual([]);
  });

  it('are not recorded by a dry run, if nothing could be compared, or if they belong to another account', async () => {
    const { read, statements } = office();
    const amounts = [100, 200];
    await read([daily(amounts, 0)], { record: false });
    await read([camt053(booked('1.00', date(2), 'B1'), { balances: '' })]);
    await read([daily(amounts, 0).replace('DE89370400440532013000', 'DE2'), daily(amounts, 1)], {
      account: 'DE2',
    });
    expect((await statements()).map(({ account, number }) => [account, number])).toEqual([['DE2', '1']]);
    expect(await read([daily(amounts, 1)])).toEqual([]);
  });

  it('are recorded by the next run after one was killed, once by two runs at a time, and without roles', async () => {
    const { stores, read, statements } = office();
    const file = daily([100], 0);
    const append = () => Promise.reject(new Error('killed'));
    const dying = { ...stores, office: { ...stores.office, append } };
    const options = { entries: readCamt053([file]) };
    await expect(runBankReconciliation(dying, policy, form, options)).rejects.toThrow('killed');
    expect(await statements()).toEqual([]);
    await Promise.all([read([file]), read([file])]);
    expect(await statements()).toMatchObject([
      { by: { channel: 'desk', userId: 'fin' }, opening: { amount: '100.00', day: date(2) } },
    ]);
    expect((await statements())[0]?.by).not.toHaveProperty('roles');
  });
});
