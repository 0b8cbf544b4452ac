import { expect, it } from 'vitest';
import { memoryEventStore } from '../../../src/history/index.js';
import { purgeGroup } from '../../../src/jobs/retention/purgeGroup.js';
import { mergeAccounts } from '../../../src/patron/index.js';
import { assess, at, pay, policy } from '../../support/account.js';
import { accountWith } from '../../support/accountWith.js';
import { merge, patron } from '../../support/merging.js';

const terms = { untilMs: Date.parse('2099-01-01T00:00:00Z'), openSessions: new Set<string>() };

async function storeWith(accounts: Readonly<Record<string, ReturnType<typeof accountWith>>>) {
  const store = memoryEventStore({ now: () => at });
  for (const [patronId, events] of Object.entries(accounts))
    await store.append(
      patron(patronId),
      events.map(({ event }) => event),
      { expectedVersion: 0 },
    );
  return store;
}

const open = accountWith([assess('f1', '5.00')]);
const settled = accountWith([assess('f1', '5.00'), pay('p1', '5.00')]);

it('each account has the reason of its first row that is kept, or null', async () => {
  const reason = async (events: ReturnType<typeof accountWith>, more = {}) => {
    const [member] = await purgeGroup(await storeWith({ p1: events }), patron('p1'), { ...terms, ...more });
    return member?.because;
  };
  expect(await reason([])).toBeNull();
  expect(await reason(open)).toBe('FeeOpen');
  expect(await reason(accountWith([assess('f1', '5.00'), pay('p1', '6.00')]))).toBe('CreditOpen');
  expect(await reason(settled)).toBeNull();
  expect(await reason(settled, { untilMs: 0 })).toBe('TooRecent');
});

it('a group has all accounts of a patron, merged accounts first, and is returned for the kept account only', async () => {
  const store = await storeWith({ kept: settled, old: settled, older: open });
  for (const call of [merge('old', 'kept'), merge('older', 'old')])
    expect(await mergeAccounts(store, policy, call)).toMatchObject({ accepted: true });
  const group = await purgeGroup(store, patron('kept'), terms);
  expect(group.map(({ stream, because }) => [stream.patronId, because])).toEqual([
    ['older', 'FeeOpen'],
    ['old', 'JoinedAccountOpen'],
    ['kept', 'JoinedAccountOpen'],
  ]);
  for (const merged of ['old', 'older']) expect(await purgeGroup(store, patron(merged), terms)).toEqual([]);
});
