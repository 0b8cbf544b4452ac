import assert from 'node:assert/strict';
import type { Command } from '../../account/commands/command.js';
import { violations } from '../../account/invariants.js';
import { balancesInMinorUnits } from '../../account/patronAccount.js';
import type { EventStore } from '../../history/eventStore.js';
import { execute, openAccount } from '../../history/execute.js';
import { loadAccount } from '../../history/loadAccount.js';
import { definePolicy } from '../../policy/feePolicy.js';
import { type Clause, north, settled } from './clause.js';

const at = '2026-03-02T09:00:00Z';

function assess(id: string, amount: string): Command {
  return { type: 'AssessFee', id, feeType: 'OTHER', amount, owner: 'MAIN', at };
}

function pay(id: string, amount: string): Command {
  return { type: 'ReceivePayment', id, amount, method: 'CASH', at };
}

/** The clauses on executing commands. */
export function executeCases(writers: number): readonly Clause[] {
  return [
    [
      `executes each of ${writers} simultaneous commands once, on either store`,
      async (store, second) => {
        const policy = definePolicy({ currency: 'USD' });
        await execute(store, policy, north, assess('f1', '1000.00'));
        const outcomes = await Promise.all(
          Array.from({ length: writers }, (_, writer) =>
            execute(writer % 2 === 0 ? store : second, policy, north, pay(`pay ${writer}`, '1.00')),
          ),
        );
        assert.ok(outcomes.every(({ decision }) => decision.accepted));
        const { version, account } = await loadAccount(store, north);
        assert.equal(version, writers + 1);
        assert.equal(balancesInMinorUnits(account).active, 100_000 - 100 * writers);
        assert.deepEqual(violations(account), []);
      },
    ],
    [
      'executes a command once that is repeated because its answer was lost',
      async (store) => {
        const policy = definePolicy({ currency: 'USD' });
        await execute(store, policy, north, assess('f1', '5.00'));
        const lossy = losingAnswers(store);
        const first = await settled(() => execute(lossy, policy, north, pay('p1', '2.00')));
        assert.ok('error' in first, 'the answer must be lost');
        const again = await execute(store, policy, north, pay('p1', '2.00'));
        const repeated = { accepted: true, events: [], repeats: { id: 'p1', kind: 'payment' } };
        assert.deepEqual(again.decision, repeated);
        assert.equal(again.version, 2);
        assert.equal(balancesInMinorUnits(again.account).active, 300);
      },
    ],
    [
      'accepts a repeat whatever version it expects, for a held account too',
      async (store, second) => {
        const policy = definePolicy({ currency: 'USD' });
        const held = await openAccount(store, policy, north);
        await execute(store, policy, north, assess('f1', '5.00'));
        await execute(second, policy, north, pay('p1', '2.00'), { expectedVersion: 1 });
        const retries = [
          await execute(store, policy, north, pay('p1', '2.00'), { expectedVersion: 1 }),
          await held.execute(pay('p1', '2.00'), { expectedVersion: 1 }),
        ];
        for (const { decision, version } of retries) {
          const repeated = { accepted: true, events: [], repeats: { id: 'p1', kind: 'payment' } };
          assert.deepEqual(decision, repeated);
          assert.equal(version, 2);
        }
        const late = await settled(() => held.execute(pay('p2', '2.00'), { expectedVersion: 1 }));
        assert.ok('error' in late, 'another command must conflict on an old version');
      },
    ],
    [
      'shows a held account the events that others have appended',
      async (store, second) => {
        const policy = definePolicy({ currency: 'USD' });
        const held = await openAccount(store, policy, north);
        await held.execute(assess('f1', '5.00'));
        await execute(second, policy, north, pay('p1', '2.00'));
        const { version, decision } = await held.execute(pay('p2', '3.00'));
        assert.ok(decision.accepted);
        assert.deepEqual([version, balancesInMinorUnits(held.account).active], [3, 0]);
      },
    ],
  ];
}

/** A store whose appends are stored, but whose answers are lost. */
function losingAnswers(store: EventStore): EventStore {
  return {
    ...store,
    append: async (stream, events, options) => {
      await store.append(stream, events, options);
      throw new Error('the connection was lost');
    },
  };
}
