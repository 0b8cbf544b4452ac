import { expect, it } from 'vitest';
import { execute, memoryEventStore } from '../../src/history/index.js';
import { balancesInMinorUnits, type Command, definePolicy } from '../../src/index.js';
import { executeMade } from '../../src/patron/executeMade.js';
import { groupOf } from '../../src/patron/patronGroup.js';

const at = '2026-03-02T09:00:00Z';
const policy = definePolicy({ currency: 'USD' });

it('makes the commands again if others changed the account, and records nothing without commands', async () => {
  const store = memoryEventStore({ now: () => at });
  const context = { store, policy, institution: 'NORTH', how: {} };
  const stream = { institution: 'NORTH', patronId: 'p1' };
  const charge: Command = {
    type: 'AssessFee',
    id: 'f1',
    feeType: 'OTHER',
    amount: '5.00',
    owner: 'MAIN',
    at,
  };
  await execute(store, policy, stream, charge);
  const [account] = await groupOf(context, 'p1');
  await execute(store, policy, stream, { ...charge, id: 'f2' });
  const seen: number[] = [];
  const waiveAll = (now: typeof account.account): Command[] => {
    seen.push(now.fees.length);
    const fees = now.fees.map(({ feeId }) => ({ feeId }));
    return [{ type: 'WaiveFees', id: 'w', fees, reason: 'OTHER', at }];
  };
  expect(await executeMade<never>(context, account, waiveAll, true)).toBeUndefined();
  expect([seen, balancesInMinorUnits(account.account).active]).toEqual([[1, 2], 0]);
  expect(await executeMade<never>(context, account, () => [], true)).toBeUndefined();
  expect(await executeMade(context, account, () => 'nothing' as const, false)).toBe('nothing');
  expect(await executeMade<never>(context, account, waiveAll, false)).toBeUndefined();
  const again = (): Command[] => [
    { type: 'WaiveFees', id: 'w2', fees: [{ feeId: 'f1' }], reason: 'OTHER', at },
  ];
  expect(await executeMade<never>(context, account, again, false)).toMatchObject({ type: 'NothingOwed' });
});
