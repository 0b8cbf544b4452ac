// One patron has two accounts: merge them, use both, and separate them again.
import assert from 'node:assert/strict';
import { type Command, definePolicy } from 'patron-fees';
import { execute, memoryEventStore } from 'patron-fees/history';
import { accountsOf, mergeAccounts, separateAccounts } from 'patron-fees/patrons';
import { householdFees } from 'patron-fees/views';
import { table } from './support/table.js';

const policy = definePolicy({ currency: 'USD' });
const store = memoryEventStore({ now: () => new Date().toISOString() });
const at = '2026-03-02T09:00:00-05:00';
const kept = { institution: 'north', patronId: 'dverma' };
const twin = { institution: 'north', patronId: 'dverma-2' };

async function send(stream: typeof kept, command: Command) {
  return (await execute(store, policy, stream, command)).decision;
}

// Both accounts have fees; the bounced cheque of the twin is not known yet.
const fee = { type: 'AssessFee', feeType: 'OVERDUEFINE', owner: 'MAIN', at } as const;
await send(kept, { ...fee, id: 'f1', amount: '4.00' });
await send(twin, { ...fee, id: 'f1', amount: '7.50' });
await send(twin, { type: 'ReceivePayment', id: 'p1', amount: '7.50', method: 'CHECK', at });

const merge = { from: twin, into: kept, id: 'm1', at, by: { channel: 'desk', userId: 'ana' } } as const;
assert.deepEqual(await mergeAccounts(store, policy, merge), { accepted: true, written: 2 });

// New fees are charged to the kept account.
const refused = await send(twin, { ...fee, id: 'f2', amount: '1.00' });
assert.deepEqual(refused.accepted ? null : refused.rejection, {
  type: 'AccountMerged',
  kind: 'conflict',
  into: 'dverma',
});
assert.ok((await send(kept, { ...fee, id: 'f2', amount: '1.00' })).accepted);

// Earlier payments of the merged account are undone there: the bank returns the cheque.
assert.ok((await send(twin, { type: 'ReversePayment', id: 'r1', paymentId: 'p1', at })).accepted);

const list = householdFees(await accountsOf(store, twin), policy);
console.log(table(list.rows.map(({ patronId, id, remaining }) => ({ patronId, id, remaining }))));
console.log(`  active: ${list.balances.active}`);
assert.equal(list.balances.active, '12.50');

// They are two persons after all.
await separateAccounts(store, policy, { from: twin, mergeId: 'm1', at });
assert.equal((await accountsOf(store, twin)).length, 1);
