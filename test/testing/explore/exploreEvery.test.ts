import { describe, expect, it } from 'vitest';
import { balancesInMinorUnits, type CommandType, definePolicy } from '../../../src/index.js';
import { type Decide, ours } from '../../../src/testing/arbitraries/runMoves.js';
import { exploreEvery } from '../../../src/testing/explore/exploreEvery.js';
import { smallCommands } from '../../../src/testing/explore/smallCommands.js';
import { scenario } from '../../../src/testing/scenario.js';
import { smallPolicy } from '../../support/smallWorlds.js';

const types: readonly CommandType[] = [
  'AssessFee',
  'ReceivePayment',
  'ReversePayment',
  'WaiveFees',
  'ReverseWaiver',
  'RefundCredit',
];
const commands = smallCommands({ fees: [['OTHER', 2]], types });
const policy = smallPolicy();

describe('exploring every story', () => {
  it('gives the same report each time: states, transitions, depth, what was reached and what was not', async () => {
    const first = await exploreEvery({ policy, commands });
    expect(first).toMatchObject({ complete: true, endedBy: null, faults: [] });
    expect(first.events).toHaveProperty('WaiverReversed');
    expect(Object.values(first.events).reduce((sum, times) => sum + times, 0)).toBeGreaterThanOrEqual(
      first.transitions,
    );
    expect(first.refusals).toHaveProperty('WaiverExceedsOwed');
    expect(first.refusalsNotReached).toContain('FeeStillAccruing');
    expect(first.refusalsNotReached).not.toContain('WaiverExceedsOwed');
    expect(first.heapBytes).toBeGreaterThan(1_000_000);
    const again = await exploreEvery({ policy, commands });
    expect({ ...again, heapBytes: first.heapBytes }).toEqual(first);
  });

  it('finds a planted fault with its shortest story, as a scenario that can be pasted into a test and passes', async () => {
    // A payment after a waiver is forgotten.
    const forgetful: Decide = (command, account, rules, options) => {
      const decision = ours.decide(command, account, rules, options);
      const forgets =
        !Array.isArray(command) &&
        (command as { type: string }).type === 'ReceivePayment' &&
        account.waivers.length > 0;
      return forgets && decision.accepted ? { accepted: true, events: [] } : decision;
    };
    const { faults } = await exploreEvery({ policy, commands, decide: forgetful });
    const settling = faults.find(({ law }) => law === 'settling');
    expect(settling?.commands.map(({ type }) => type)).toEqual(['AssessFee', 'WaiveFees']);
    expect(settling?.message).toContain('is owed after everything was paid');
    const [, ...story] = (settling?.scenario ?? '').split('scenario(policy)');
    const run = new Function(
      'scenario',
      'policy',
      'balancesInMinorUnits',
      `scenario(policy)${story.join('')}`,
    );
    run(scenario, policy, balancesInMinorUnits);
  });

  it('shows two commands in both orders', async () => {
    const laws = {
      pair: [{ name: 'never', holds: () => expect.fail('two commands') }],
    };
    const { faults } = await exploreEvery({ policy, commands, laws, pairDepth: 2, depth: 2 });
    const fault = faults.find(({ law }) => law === 'never: ReceivePayment, WaiveFees');
    expect(
      fault?.commands
        .map(({ type }) => type)
        .slice(-2)
        .sort(),
    ).toEqual(['ReceivePayment', 'WaiveFees']);
    expect(fault?.scenario.match(/scenario\(policy\)/g)).toHaveLength(2);
    expect((await exploreEvery({ policy, commands, laws, pairDepth: 0, depth: 2 })).faults).toEqual([]);
  });

  it('reports a command that throws, and continues', async () => {
    const thrower: Decide = (command, account, rules, options) => {
      if ((command as { type: string }).type === 'WaiveFees') throw new Error('no waivers today');
      return ours.decide(command, account, rules, options);
    };
    const { faults, complete } = await exploreEvery({ policy, commands, decide: thrower });
    expect(complete).toBe(true);
    expect(faults).toMatchObject([{ law: 'deciding and folding: WaiveFees', message: 'no waivers today' }]);
  });

  it('can explore a changed fold', async () => {
    const fold: typeof ours.fold = (events, account) =>
      ours.fold(
        [...events].filter(({ type }) => type !== 'WaiverReversed'),
        account,
      );
    const { faults } = await exploreEvery({ policy, commands, fold });
    const undoing = faults.find(({ law }) => law === 'undoing: WaiveFees');
    expect(undoing?.commands.map(({ type }) => type)).toEqual(['AssessFee', 'WaiveFees']);
  });

  it.each([
    ['depth', { depth: 1 }],
    ['states', { states: 2 }],
    ['signal', { signal: AbortSignal.abort() }],
  ] as const)('ends early because of %s, and reports it', async (endedBy, limit) => {
    const { complete, states, ...found } = await exploreEvery({ policy, commands, ...limit });
    expect([complete, states > 2, found.endedBy]).toEqual([false, false, endedBy]);
  });

  it('reports its progress', async () => {
    const told: number[] = [];
    const end = new AbortController();
    const slowly: Decide = (...asked) => {
      const until = performance.now() + 5;
      while (performance.now() < until);
      return ours.decide(...asked);
    };
    const onProgress = ({ states }: { readonly states: number }) => {
      told.push(states);
      end.abort();
    };
    const { endedBy } = await exploreEvery({
      ...{ policy, commands, laws: {}, decide: slowly, onProgress, signal: end.signal },
    });
    expect([told.length, endedBy]).toEqual([1, 'signal']);
  });
});

it.each([
  [{}, 'commands: missing (expected a function)'],
  [{ commands, policy, depth: 0 }, 'depth: expected a whole number of at least 1, found 0'],
  [{ commands, policy, decide: 1 }, 'decide: expected a function, found 1'],
])('refuses invalid options %#', async (options, message) => {
  await expect(exploreEvery(options as never)).rejects.toThrow(message);
});

it('accepts a policy in another currency', async () => {
  const usd = definePolicy({ currency: 'USD' });
  expect(await exploreEvery({ policy: usd, commands, depth: 3 })).toMatchObject({ faults: [] });
});
