import { expect, it } from 'vitest';
import { agesFrom } from '../../src/account/accrual.js';
import { type EventStore, loadAccount } from '../../src/history/index.js';
import { definePolicy, formatAmount, owed } from '../../src/index.js';
import { mergeAccounts } from '../../src/patron/index.js';
import type { FindAccountsForm, FoundAccount, FoundAccounts } from '../../src/stores/sqlite/index.js';
import { type RandomAccount, randomAccounts } from './randomAccounts.js';

export const randomHistories: readonly RandomAccount[] = randomAccounts(60, 20_261_126);

/** Appends the histories of random accounts in parts of random length. */
export async function fillStore(store: EventStore, second: EventStore = store): Promise<void> {
  await Promise.all(
    randomHistories.map(async ({ patronId, events }, index) => {
      const stream = { institution: index % 3 === 0 ? 'south' : 'north', patronId };
      for (
        let version = 0, length = 1;
        version < events.length;
        version += length, length = (length % 4) + 1
      ) {
        const part = events.slice(version, version + length);
        await (version % 2 === 0 ? store : second).append(stream, part, { expectedVersion: version });
      }
    }),
  );
}

const at = '2026-12-01T00:00:00Z';

const forms: readonly FindAccountsForm[] = [
  { institution: 'north', currency: 'USD' },
  { institution: 'south', currency: 'USD', owedAbove: '0.50' },
  { institution: 'north', currency: 'USD', owedAbove: '5', order: 'oldest' },
  { institution: 'north', currency: 'USD', order: 'patron' },
  { institution: 'north', currency: 'USD', ageAboveDays: 0, at, order: 'oldest' },
  { institution: 'north', currency: 'USD', ageAboveDays: 200, at },
  { institution: 'north', currency: 'JPY', owedAbove: '1' },
  { institution: 'nowhere', currency: 'USD' },
];

/** Registers tests of a `findAccounts` over a store with {@link fillStore}, compared with the fold of every stream. */
export function findAccountsCases(
  open: () => {
    readonly store: EventStore;
    readonly find: (form: FindAccountsForm) => Promise<FoundAccounts>;
  },
): void {
  it('finds what a search through all accounts finds, for every type and owner, on pages of any size', async () => {
    const { store, find } = open();
    let found = 0;
    for (const form of [...forms, ...(await formsByPart(store))]) {
      const expected = await searched(store, form);
      const { accounts } = await find({ ...form, limit: 1000 });
      expect(accounts.map(({ patronId, owed: amount, openFees }) => [patronId, amount, openFees])).toEqual(
        expected,
      );
      expect(await paged(find, { ...form, limit: 3 })).toEqual(accounts);
      found += accounts.length;
    }
    expect(found).toBeGreaterThan(50);
  });

  it('finds one patron, or none below the amount', async () => {
    const { find } = open();
    const form = { institution: 'north', currency: 'USD' };
    const [most] = (await find(form)).accounts;
    if (most === undefined) throw new Error('no accounts');
    const { patronId } = most;
    expect((await find({ ...form, patronId })).accounts).toEqual([most]);
    expect((await find({ ...form, patronId, owedAbove: most.owed })).accounts).toEqual([]);
    expect((await find({ ...form, patronId: 'nobody' })).accounts).toEqual([]);
  });

  it('finds every fee once after two accounts were merged', async () => {
    const { store, find } = open();
    const form = { institution: 'north', currency: 'USD' };
    const found = async () =>
      (await find(form)).accounts.map(({ patronId, owed: amount, openFees }) => [patronId, amount, openFees]);
    const before = await found();
    const [from, into] = before.map(([patronId]) => ({ institution: 'north', patronId: String(patronId) }));
    if (from === undefined || into === undefined) throw new Error('fewer than two accounts');
    const policy = definePolicy({ currency: 'USD' });
    await expect(mergeAccounts(store, policy, { from, into, id: 'the merge', at })).resolves.toMatchObject({
      accepted: true,
    });
    expect(await found()).toEqual(before);
    expect(await searched(store, form)).toEqual(before);
  });

  it.each<[object, RegExp]>([
    [{ institution: '' }, /form\.institution/],
    [{ currency: 'DOLLARS' }, /form\.currency: expected an ISO 4217 code/],
    [{ owedAbove: '1.005' }, /form\.owedAbove: expected an amount with at most 2 decimals, found "1\.005"/],
    [{ owedAbove: 5 }, /form\.owedAbove/],
    [{ owedAbove: '-1' }, /form\.owedAbove/],
    [{ ageAboveDays: 30 }, /form\.at: missing/],
    [{ ageAboveDays: -1, at }, /form\.ageAboveDays/],
    [{ ageAboveDays: 1, at: 'today' }, /form\.at/],
    [{ order: 'name' }, /form\.order: expected one of owed, oldest, patron/],
    [{ limit: 0 }, /form\.limit: expected a whole number from 1 to 1000/],
    [{ limit: 1001 }, /form\.limit/],
    [{ after: 'x' }, /form\.after: expected a cursor/],
    [{ after: '["p1"]' }, /form\.after: expected a cursor of a page in the same order/],
    [{ after: '[5,"\\u0000"]' }, /form\.after: expected a cursor/],
    [{ order: 'patron', after: '["p\\u0000"]' }, /form\.after: expected a cursor/],
    [{ order: 'oldest', after: '["soon","p1"]' }, /form\.after: expected a cursor/],
    [{ order: 'oldest', after: '["2026-02-30T00:00:00.000Z","p1"]' }, /form\.after: expected a cursor/],
    [{ order: 'patron', after: '[1]' }, /form\.after/],
    [{ order: 'oldest', after: '[1,"p"]' }, /form\.after/],
    [{ order: 'patron', after: '["p1"]; drop table' }, /form\.after/],
    [{ grop: 'x' }, /grop/],
  ])('refuses an invalid form: %j', async (part, message) => {
    const { find } = open();
    const form = { institution: 'north', currency: 'USD', ...part } as FindAccountsForm;
    await expect(find(form)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringMatching(message),
    });
  });
}

async function paged(
  find: (form: FindAccountsForm) => Promise<FoundAccounts>,
  form: FindAccountsForm,
): Promise<readonly FoundAccount[]> {
  const accounts: FoundAccount[] = [];
  for (let after: string | null | undefined; after !== null; ) {
    const page: FoundAccounts = await find(after === undefined ? form : { ...form, after });
    accounts.push(...page.accounts);
    after = page.cursor;
  }
  return accounts;
}

/** A form for each fee type and owner that occurs. */
async function formsByPart(store: EventStore): Promise<readonly FindAccountsForm[]> {
  const parts = new Map<string, FindAccountsForm>();
  for (const stream of (await store.accounts()).accounts) {
    const { account } = await loadAccount(store, stream);
    const { institution } = stream;
    for (const { feeType, owner } of account.fees) {
      const form = { institution, currency: String(account.currency) };
      for (const part of [{ feeType }, { owner }, { feeType, owner }])
        parts.set(JSON.stringify([form, part]), { ...form, ...part });
    }
  }
  return [...parts.values()].slice(0, 40);
}

/** Searches all accounts. */
async function searched(store: EventStore, form: FindAccountsForm): Promise<readonly (readonly unknown[])[]> {
  const rows: { patronId: string; amount: number; digits: number; fees: number; oldest: number }[] = [];
  const { accounts } = await store.accounts();
  for (const stream of accounts.filter(({ institution }) => institution === form.institution)) {
    const { account } = await loadAccount(store, stream);
    const { currency, minorDigits: digits } = account;
    const fees = account.fees.filter(
      (fee) =>
        owed(fee) > 0 &&
        (form.feeType ?? fee.feeType) === fee.feeType &&
        (form.owner ?? fee.owner) === fee.owner,
    );
    const amount = fees.reduce((sum, fee) => sum + owed(fee), 0);
    const since = fees.map((fee) => agesFrom(fee)).filter((time) => time !== null);
    const oldest = Math.min(Number.POSITIVE_INFINITY, ...since.map((time) => Date.parse(time)));
    const above = Math.round(Number(form.owedAbove ?? '0') * 10 ** digits);
    if (currency !== form.currency || amount <= above) continue;
    if (form.ageAboveDays !== undefined && oldest >= Date.parse(at) - form.ageAboveDays * 86_400_000)
      continue;
    rows.push({ patronId: stream.patronId, amount, digits, fees: fees.length, oldest });
  }
  const { order = 'owed' } = form;
  rows.sort((a, b) => {
    const first =
      order === 'owed'
        ? b.amount - a.amount
        : order === 'oldest' && a.oldest !== b.oldest
          ? a.oldest - b.oldest
          : 0;
    return first || Buffer.compare(Buffer.from(a.patronId), Buffer.from(b.patronId));
  });
  return rows.map(({ patronId, amount, digits, fees }) => [patronId, formatAmount(amount, digits), fees]);
}
