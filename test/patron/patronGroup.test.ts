import { expect, it } from 'vitest';
import { execute, memoryEventStore } from '../../src/history/index.js';
import { definePolicy } from '../../src/index.js';
import { mergeAccounts } from '../../src/patron/index.js';
import { groupNames, groupOf } from '../../src/patron/patronGroup.js';
import { assess, at, policy } from '../support/account.js';
import { institution, merge, patron } from '../support/merging.js';

const euro = definePolicy({ currency: 'EUR' });

/** The accounts of a patron who owes f1 in `kept`, and f1 and f2 in `old`. */
async function group(currency = policy) {
  const store = memoryEventStore({ now: () => at });
  await execute(store, policy, patron('old'), [assess('f1', '3.00'), assess('f2', '2.00')]);
  await mergeAccounts(store, policy, merge('old', 'kept'));
  await execute(store, currency, patron('kept'), assess('f1', '5.00'));
  return groupOf({ store, policy, institution, how: {} }, 'old');
}

it('names each fee of a group by its id, and a second one with that id also by its patron', async () => {
  const { nameOf, find } = groupNames(await group());
  for (const [patronId, id, name] of [
    ['kept', 'f1', 'f1'],
    ['old', 'f1', 'f1@old'],
    ['old', 'f2', 'f2'],
  ] as const) {
    expect(nameOf({ patronId, id })).toBe(name);
    expect(find(name)).toEqual({ patronId, id });
  }
  expect(find('f3')).toBeUndefined();
});

it('leaves out accounts in another currency', async () => {
  expect((await group()).map(({ patronId }) => patronId)).toEqual(['kept', 'old']);
  expect((await group(euro)).map(({ patronId }) => patronId)).toEqual(['old']);
});
