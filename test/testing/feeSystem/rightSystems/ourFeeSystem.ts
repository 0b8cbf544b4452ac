import { setImmediate as nextTurn } from 'node:timers/promises';
import { execute, loadAccount, memoryEventStore } from '../../../../src/history/index.js';
import { type FeePolicy, isPatronFeesError } from '../../../../src/index.js';
import { ourFigures } from '../../../../src/testing/feeSystem/compare.js';
import type { NamedRequest } from '../../../../src/testing/feeSystem/requests.js';
import { answerOf, ourCommands } from '../../../../src/testing/feeSystem/runStory.js';
import type { FeeSystem, FeeSystemAnswer } from '../../../../src/testing/index.js';

/**
 * Our account behind the interface, on an event store: what comes at the same time is decided at the same time, and who
 * loses decides again.
 */
export function ourFeeSystem(policy: FeePolicy): Required<FeeSystem> {
  const store = memoryEventStore({ now: () => '2026-03-02T09:00:05Z' });
  const stream = { institution: 'north', patronId: 'p1' };
  const asked = new Map<string, ReturnType<typeof ourCommands>>();
  const ask = async (request: NamedRequest): Promise<FeeSystemAnswer> => {
    const { account, version } = await loadAccount(store, stream);
    // What a refund takes depends on the account: the same request again is the same commands again.
    const commands = asked.get(request.request.id) ?? ourCommands(request, account, policy);
    await nextTurn();
    try {
      const { decision } = await execute(store, policy, stream, commands, { expectedVersion: version });
      asked.set(request.request.id, commands);
      return answerOf(decision);
    } catch (error) {
      if (!isPatronFeesError(error, 'VERSION_CONFLICT')) throw error;
      return ask(request);
    }
  };
  return {
    assess: (request) => ask({ name: 'assess', request }),
    pay: (request) => ask({ name: 'pay', request }),
    waive: (request) => ask({ name: 'waive', request }),
    dispute: (request) => ask({ name: 'dispute', request }),
    restore: (request) => ask({ name: 'restore', request }),
    transfer: (request) => ask({ name: 'transfer', request }),
    returnLostItem: (request) => ask({ name: 'returnLostItem', request }),
    cancel: (request) => ask({ name: 'cancel', request }),
    refund: (request) => ask({ name: 'refund', request }),
    reversePayment: (request) => ask({ name: 'reversePayment', request }),
    balances: async () => {
      const { account } = await loadAccount(store, stream);
      const figures = ourFigures(account, account.minorDigits).map(
        ({ name, shown }) => [name, shown] as const,
      );
      const fees = account.fees.map(({ feeId }, index) => ({ feeId, owed: figures[index]?.[1] ?? '' }));
      return { ...Object.fromEntries(figures.slice(account.fees.length)), fees };
    },
    release: () => store.close(),
  };
}
