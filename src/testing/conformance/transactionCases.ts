import assert from 'node:assert/strict';
import type { Command } from '../../account/commands/command.js';
import { balancesInMinorUnits } from '../../account/patronAccount.js';
import { execute } from '../../history/execute.js';
import { loadAccount } from '../../history/loadAccount.js';
import { definePolicy } from '../../policy/feePolicy.js';
import {
  assessed,
  type CapabilityClause,
  everything,
  feeIdOf,
  feeIdsIn,
  fees,
  north,
  refused,
  type StoreUnderTest,
  settled,
} from './clause.js';

const at = '2026-03-02T09:00:00Z';
const south = { institution: 'south', patronId: 'p1' };
const rolledBack = new Error('the caller rolls back');

/** Runs work in a transaction of the caller, and rolls it back. */
async function rollingBack({ transaction }: StoreUnderTest, work: Work): Promise<void> {
  const outcome = await settled(() =>
    begun(transaction)(async (within) => {
      await work(within);
      throw rolledBack;
    }),
  );
  assert.ok(
    'error' in outcome && outcome.error === rolledBack,
    'the transaction must reject as its work does',
  );
}

type Work = Parameters<NonNullable<StoreUnderTest['transaction']>>[0];

function begun(transaction: StoreUnderTest['transaction']): NonNullable<StoreUnderTest['transaction']> {
  assert.ok(transaction, 'the store under test must have `transaction`');
  return transaction;
}

/** The clauses on a store within a transaction of the caller. */
export const transactionCases: readonly CapabilityClause[] = [
  [
    "stores events when the caller's transaction commits",
    async ({ store, second = store, transaction }) => {
      await store.append(north, fees(1), { expectedVersion: 0 });
      await begun(transaction)(async (within) => {
        assert.deepEqual(await feeIdsIn(within, north), ['f1']);
        assert.deepEqual(await within.append(north, fees(2, 'n'), { expectedVersion: 1 }), { version: 3 });
        assert.deepEqual(await within.append(south, fees(1, 's'), { expectedVersion: 'any' }), {
          version: 1,
        });
        assert.deepEqual(await feeIdsIn(within, north), ['f1', 'n1', 'n2'], 'it reads its own events');
      });
      assert.deepEqual(await feeIdsIn(second, north), ['f1', 'n1', 'n2']);
      const { events } = await everything(second, 4);
      assert.deepEqual(new Set(events.map(feeIdOf)), new Set(['f1', 'n1', 'n2', 's1']));
    },
  ],
  [
    'stores nothing if the caller rolls back, and continues at the same version',
    async (opened) => {
      const { store } = opened;
      await store.append(north, fees(1), { expectedVersion: 0 });
      const { cursor } = await everything(store, 1);
      await rollingBack(opened, async (within) => {
        await within.append(north, fees(2, 'gone'), { expectedVersion: 1 });
        await within.append(south, fees(1, 'gone'), { expectedVersion: 0 });
      });
      assert.deepEqual(await feeIdsIn(store, north), ['f1']);
      assert.equal((await store.read(south)).version, 0);
      await store.append(north, [assessed('f2')], { expectedVersion: 1 });
      assert.deepEqual((await everything(store, 1, { after: cursor })).events.map(feeIdOf), ['f2']);
      assert.equal((await store.accounts()).accounts.length, 1);
    },
  ],
  [
    "leaves the caller's transaction usable after a conflict and after an invalid event",
    async ({ store, transaction }) => {
      await store.append(north, fees(2), { expectedVersion: 0 });
      await begun(transaction)(async (within) => {
        await within.append(south, fees(1, 's'), { expectedVersion: 0 });
        const details = await refused(
          'VERSION_CONFLICT',
          () => within.append(north, fees(2, 'late'), { expectedVersion: 1 }),
          'an outdated version',
        );
        assert.deepEqual([details.expected, details.actual], [1, 2]);
        const broken = { type: 'NoSuchEvent', data: {} } as never;
        await refused(
          'INVALID_EVENT',
          () => within.append(north, [assessed('x'), broken], { expectedVersion: 2 }),
          'an invalid event',
        );
        await within.append(north, [assessed('f3')], { expectedVersion: 2 });
      });
      assert.deepEqual(await feeIdsIn(store, north), ['f1', 'f2', 'f3']);
      assert.deepEqual(await feeIdsIn(store, south), ['s1']);
    },
  ],
  [
    "executes commands in the caller's transaction: each sees the ones before, and a repeat adds nothing",
    async (opened) => {
      const { store, transaction } = opened;
      const policy = definePolicy({ currency: 'USD' });
      const fee: Command = {
        type: 'AssessFee',
        id: 'f1',
        feeType: 'OTHER',
        amount: '5.00',
        owner: 'MAIN',
        at,
      };
      const payment: Command = { type: 'ReceivePayment', id: 'p1', amount: '2.00', method: 'CASH', at };
      await rollingBack(opened, async (within) => {
        await execute(within, policy, north, fee);
      });
      assert.equal((await store.read(north)).version, 0, 'the version after a rollback');
      await begun(transaction)(async (within) => {
        for (const command of [fee, payment, payment]) {
          const { decision } = await execute(within, policy, north, command);
          assert.ok(decision.accepted);
        }
        assert.equal((await loadAccount(within, north)).version, 2);
      });
      const { version, account } = await loadAccount(store, north);
      assert.deepEqual([version, balancesInMinorUnits(account).active], [2, 300]);
    },
  ],
];
