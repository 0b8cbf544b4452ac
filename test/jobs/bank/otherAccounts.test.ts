import { expect, it } from 'vitest';
import type { BankEntry } from '../../../src/jobs/bank/bankEntry.js';
import { otherAccounts } from '../../../src/jobs/bank/otherAccounts.js';

const entry = (account: string | null): BankEntry => ({
  ...{ entryId: 'B1', account, bookedOn: '2026-03-04', amount: '1.00', currency: 'EUR' },
  ...{ references: [], parts: [] },
});

async function found(account: string | undefined, ...entries: readonly (string | null)[]) {
  const messages: string[] = [];
  const others = otherAccounts(
    account,
    async (_code, _entry, _items, message) => void messages.push(message),
  );
  const left: boolean[] = [];
  for (const each of entries) left.push(await others.have(entry(each)));
  return { left, messages, count: others.count() };
}

it('without an account in the form, the first account is compared, and each other account is reported once', async () => {
  expect(await found(undefined, null, 'DE1', 'DE2', 'de 2', 'DE3', 'DE 1')).toEqual({
    left: [false, false, true, true, true, false],
    messages: [
      'expected DE1, found DE2: name one in form.account',
      'expected DE1, found DE3: name one in form.account',
    ],
    count: 3,
  });
});

it('with an account in the form, all other accounts are left out and not reported', async () => {
  expect(await found('de 2', 'DE1', 'DE2', null)).toEqual({
    left: [true, false, false],
    messages: [],
    count: 1,
  });
});

it('an entry without an account belongs to the compared account until an entry names another one', async () => {
  const others = otherAccounts(undefined, async () => {});
  const isOwn = (...accounts: readonly (string | null)[]) =>
    accounts.map((account) => others.isOwn({ account }));
  expect(isOwn(null, 'DE1', 'DE2')).toEqual([true, true, true]);
  await others.have(entry('de 1'));
  expect(isOwn(null, 'DE1', 'DE2')).toEqual([true, true, false]);
});
