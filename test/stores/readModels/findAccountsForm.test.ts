import { expect, it } from 'vitest';
import { NEVER } from '../../../src/stores/readModels/accountColumns.js';
import {
  accountsQuery,
  assertComplete,
  faultyAccounts,
  LAYOUT,
} from '../../../src/stores/readModels/findAccountsForm.js';

const form = { institution: 'north', currency: 'USD' };

const row = {
  faulty: 0n,
  patron_id: 'p1',
  version: 3,
  owed: '1250',
  owed_disputed: 0,
  accruing: 250n,
  open_fees: 2,
  oldest_open_at: NEVER,
  active: -5,
  disputed: 0,
  transferred: 0,
  payable: 1250,
  last_activity_at: '2026-03-02T09:00:00.000Z',
};

it('writes a condition for each part of a form, with its value', () => {
  const { where, any, faulty, values } = accountsQuery({
    ...form,
    owedAbove: '50',
    feeType: 'OTHER',
    owner: 'MAIN',
    patronId: 'p1',
    ageAboveDays: 30,
    at: '2026-03-31T00:00:00+01:00',
  });
  expect(`${faulty} ${where} ${any}`.match(/\?/g)).toHaveLength(values.length);
  const conditions = ['north', 'OTHER', 'MAIN', 5000, 'USD', 'p1', '2026-02-28T23:00:00.000Z'];
  const patron = ['north', 'p1'];
  // The fault, or a version that the table lacks; the row of a patron needs no further condition.
  expect(values).toEqual([...patron, ...patron, ...patron, ...conditions]);
});

it('finds nothing older than all time, and throws no error for an age of too many days', () => {
  const at = '2026-03-31T00:00:00Z';
  for (const ageAboveDays of [1e8, 1e12, Number.MAX_SAFE_INTEGER])
    expect(accountsQuery({ ...form, ageAboveDays, at }).values.at(-5)).toBe('0001-01-01T00:00:00.000Z');
});

it('reads amounts exactly, in the digits of the currency, even beyond those of a single amount', () => {
  const amount = (currency: string, owedAbove: string) =>
    accountsQuery({ ...form, currency, owedAbove }).values[4];
  expect([
    amount('USD', '0.07'),
    amount('KWD', '1.5'),
    amount('JPY', '12'),
    amount('USD', '10000000000.18'),
  ]).toEqual([7, 1500, 12, 1_000_000_000_018]);
});

it('converts rows, whatever the driver returns for integers, and has a cursor after a full page only', () => {
  const { page } = accountsQuery({ ...form, limit: 2 });
  expect(page([row]).cursor).toBeNull();
  const { accounts, cursor } = page([row, row]);
  expect(accounts[0]).toMatchObject({
    owed: '12.50',
    accruing: '2.50',
    active: '-0.05',
    oldestOpenAt: null,
    openFees: 2,
  });
  expect(page([{ faulty: '3', patron_id: null }])).toEqual({ accounts: [], unreadable: 3, cursor: null });
  const next = accountsQuery({ ...form, after: String(cursor) });
  expect(next.values.slice(-7, -4)).toEqual([1250, 1250, 'p1']);
});

it('has an empty page for a patron who owes nothing, and throws for an account with a fault', () => {
  const { page } = accountsQuery({ ...form, patronId: 'p1', owedAbove: '50.00' });
  expect(page([{ faulty: null, patron_id: null }])).toEqual({ accounts: [], unreadable: 0, cursor: null });
  expect(() => page([{ faulty: 'INVALID_EVENT', patron_id: null }])).toThrow('INVALID_EVENT: north/p1');
});

it('accepts only complete tables with all found columns: those of a later release have them too', () => {
  for (const layout of [LAYOUT, LAYOUT + 1])
    expect(() => assertComplete({ layout, is_complete: 1 })).not.toThrow();
  for (const state of [undefined, { layout: LAYOUT, is_complete: 0 }, { layout: 0, is_complete: 1 }]) {
    expect(() => assertComplete(state)).toThrow(/READ_MODEL_INCOMPLETE/);
  }
});

it('counts the accounts of an institution, whatever the driver returns for integers', () => {
  const { text, values, count } = faultyAccounts('north', undefined);
  expect(text.match(/\?/g)).toHaveLength(values.length);
  expect([3, '3', 3n].map(count)).toEqual([3, 3, 3]);
});

it.each([
  ['CORRUPT_HISTORY', 'CORRUPT_HISTORY'],
  ['INVALID_EVENT', 'INVALID_EVENT'],
  ['23505', 'READ_MODEL_INCOMPLETE'],
])('throws for a patron whose account has the fault %s, because it may owe anything', (fault, code) => {
  const { text, values, count } = faultyAccounts('north', 'p1');
  expect(text.match(/\?/g)).toHaveLength(values.length);
  expect(count(null)).toBe(0);
  expect(() => count(fault)).toThrow(
    expect.objectContaining({ code, details: { stream: 'north/p1', fault } }),
  );
});
