import { definePolicy, fold } from '../../src/index.js';
import { ourFigures } from '../../src/testing/feeSystem/compare.js';
import type { NamedRequest } from '../../src/testing/feeSystem/requests.js';
import { answerOf, ourCommands } from '../../src/testing/feeSystem/runStory.js';
import {
  type FeeSystem,
  type FeeSystemCapability,
  feeSystemCapabilities,
  feeSystemConformance,
  laws,
} from '../../src/testing/index.js';
import type { PlantedFault } from './plantedFaults.js';

/** Laws about what commands do; those that find most come first. */
const order = [15, 5, 7, 16, 1, 2, 4, 11, 12, 3, 6, 8];

/** Returns the name of the first law that a changed `decide` breaks; an empty text if none. */
export async function lawThatFinds({ decide }: PlantedFault, runs = 40): Promise<string> {
  const all = laws({ decide });
  for (const number of order) {
    const law = all[number - 1];
    const holds = await law?.check({ runs, seed: 20_261_202 }).then(
      () => true,
      () => false,
    );
    if (holds === false) return law?.name ?? '';
  }
  return '';
}

/** Returns the first capability whose stories differ under a changed `decide`; an empty text if none. */
export async function comparisonThatFinds({ decide }: PlantedFault, runs = 150): Promise<string> {
  const policy = definePolicy({ currency: 'USD' });
  const open = (): FeeSystem => {
    let account = fold([]);
    const asked = new Map<string, ReturnType<typeof ourCommands>>();
    const ask = (name: NamedRequest['name']) => async (request: NamedRequest['request']) => {
      const named = { name, request } as NamedRequest;
      const commands = asked.get(request.id) ?? ourCommands(named, account, policy);
      const decision = decide(commands, account, policy);
      account = fold(decision.events, account);
      asked.set(request.id, commands);
      return answerOf(decision);
    };
    const names = [
      'assess',
      'pay',
      'waive',
      'dispute',
      'restore',
      'transfer',
      'returnLostItem',
      'cancel',
    ] as const;
    return {
      ...Object.fromEntries([...names, 'refund', 'reversePayment'].map((name) => [name, ask(name as never)])),
      balances: async () => {
        const shown = ourFigures(account, 2).map((figure) => [figure.name, figure.shown] as const);
        const fees = account.fees.map(({ feeId }, index) => ({ feeId, owed: shown[index]?.[1] ?? '' }));
        return { ...Object.fromEntries(shown.slice(account.fees.length)), fees };
      },
    } as unknown as FeeSystem;
  };
  // Nothing here happens at the same time, so `races` finds nothing that `repeats` does not.
  const capabilities = feeSystemCapabilities.filter((one) => one !== 'races');
  for (const [index, { run }] of feeSystemConformance(open, {
    policy,
    capabilities,
    runs,
    seed: 1,
  }).entries()) {
    const holds = await run().then(
      () => true,
      () => false,
    );
    if (!holds)
      return (
        (['fees and payments', ...capabilities] as readonly (FeeSystemCapability | string)[])[index] ?? 'all'
      );
  }
  return '';
}
