import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { definePolicy } from '../../../src/index.js';
import { formatDivergence } from '../../../src/testing/feeSystem/formatDivergence.js';
import { runStory } from '../../../src/testing/feeSystem/runStory.js';
import type { RequestPlan, StoryStep } from '../../../src/testing/feeSystem/story.js';
import type { FeeSystem } from '../../../src/testing/index.js';
import { plainFeeSystem } from './rightSystems/plainFeeSystem.js';

const terms = { policy: definePolicy({ currency: 'USD' }), reversesTransfers: true };
const plan = (name: RequestPlan['name'], minor: number): RequestPlan => ({
  name,
  minor,
  pick: 0,
  span: 1,
  size: 'asIs',
  fitting: true,
});
const step = (first: RequestPlan, rival: RequestPlan | null = null): StoryStep => ({
  plan: first,
  rival,
  delivery: 'once',
});
const fee = step(plan('assess', 1000));

describe('running a story', () => {
  it('returns undefined if both systems agree', async () => {
    const story = [fee, step(plan('pay', 400)), step(plan('pay', 700)), step(plan('waive', 600))];
    expect(await runStory(story, plainFeeSystem().system, terms)).toBeUndefined();
  });

  it('stops at the first difference, with the requests so far', async () => {
    const system: FeeSystem = { ...plainFeeSystem().system, waive: async () => ({ accepted: false }) };
    const story = [fee, step(plan('waive', 400)), step(plan('pay', 400))];
    const divergence = await runStory(story, system, terms);
    expect(divergence?.steps.map(({ requests }) => requests.map(({ request }) => request.id))).toEqual([
      ['f1'],
      ['w2'],
    ]);
    expect(divergence?.comparison.rows).toEqual([
      { label: 'w2', cells: ['accepted', 'refused'], differs: true },
    ]);
  });

  it('skips steps that have no target', async () => {
    const story = [step(plan('pay', 400)), fee, step(plan('returnLostItem', 1))];
    expect(await runStory(story, plainFeeSystem().system, terms)).toBeUndefined();
    const deaf = { ...plainFeeSystem().system, assess: async () => ({ accepted: true }) };
    expect((await runStory(story, deaf, terms))?.steps).toHaveLength(1);
  });

  it.each([
    ['first', false],
    ['last', true],
  ])('accepts two requests at once, whether the system handles the %s one first', async (_, backwards) => {
    const { system } = plainFeeSystem();
    const taken: string[] = [];
    const queued: FeeSystem = {
      ...system,
      pay: async (request) => {
        if (backwards && request.id === 'p2') await nextTurn();
        taken.push(request.id);
        return system.pay(request);
      },
    };
    // Only one of them fits: which one is accepted shows who was first.
    const story = [fee, step(plan('pay', 600), plan('pay', 700)), step(plan('pay', 1))];
    expect(await runStory(story, queued, terms)).toBeUndefined();
    expect(taken).toEqual(backwards ? ['p3', 'p2', 'p4'] : ['p2', 'p3', 'p4']);
  });

  it('finds answers that no order of simultaneous requests explains', async () => {
    const both: FeeSystem = { ...plainFeeSystem().system, pay: async () => ({ accepted: true }) };
    const divergence = await runStory([fee, step(plan('pay', 600), plan('pay', 700))], both, terms);
    expect(divergence?.comparison.rows.map(({ cells }) => cells[1])).toEqual(['accepted', 'accepted']);
  });

  it('repeats doubled requests at the end, which finds a system that remembers only the last one', async () => {
    const { system } = plainFeeSystem();
    let last = '';
    let paid = 0;
    const forgetful: FeeSystem = {
      ...system,
      pay: async (request) => {
        if (request.id === last) return { accepted: true };
        last = request.id;
        paid += 1;
        return system.pay({ ...request, id: `${request.id}, ${paid}` });
      },
    };
    const story: readonly StoryStep[] = [
      fee,
      { ...step(plan('pay', 400)), delivery: 'twice' },
      step(plan('pay', 100)),
    ];
    const divergence = await runStory(story, forgetful, terms);
    expect(divergence && formatDivergence(divergence).split('\n')).toEqual([
      '1. f1: a fee of 10.00 (OVERDUEFINE)',
      '2. p2: 4.00 is paid for f1, and this is delivered twice',
      '3. p3: 1.00 is paid for f1',
      '4. p2 is delivered once more',
      '',
      '              ours  yours',
      '> owed on f1  5.00  1.00',
      '  owed        5.00  1.00',
    ]);
    expect(await runStory(story, plainFeeSystem().system, terms)).toBeUndefined();
  });

  it('finds a system that first shows one order, and later the other', async () => {
    const keeping = { ...terms, policy: definePolicy({ currency: 'USD', overpayment: 'credit' }) };
    // 8.00 for both fees and 6.00 for the first: who comes last finds nothing left of the first.
    const story = [fee, fee, step({ ...plan('pay', 800), span: 2 }, plan('pay', 600)), step(plan('pay', 1))];
    const inBothOrders = (changes: boolean): FeeSystem => {
      const one = plainFeeSystem({ overpayment: 'credit' }).system;
      const other = plainFeeSystem({ overpayment: 'credit' }).system;
      const paid: Parameters<FeeSystem['pay']>[0][] = [];
      return {
        assess: async (request) => {
          await other.assess(request);
          return one.assess(request);
        },
        pay: async (request) => {
          paid.push(request);
          if (paid.length === 2) {
            for (const each of paid) await one.pay(each);
            for (const each of [...paid].reverse()) await other.pay(each);
          }
          if (paid.length > 2) for (const system of [one, other]) await system.pay(request);
          return { accepted: true };
        },
        balances: () => (changes && paid.length > 2 ? other : one).balances(),
      };
    };
    expect(await runStory(story, inBothOrders(false), keeping)).toBeUndefined();
    expect((await runStory(story, inBothOrders(true), keeping))?.steps).toHaveLength(4);
  });

  it('shows both orders of simultaneous requests', async () => {
    const { system } = plainFeeSystem();
    const lenient: FeeSystem = { ...system, pay: async () => ({ accepted: true }) };
    const story = [fee, step(plan('dispute', 1), plan('pay', 400))];
    const divergence = await runStory(story, lenient, terms);
    expect(divergence && formatDivergence(divergence).split('\n')).toEqual([
      '1. f1: a fee of 10.00 (OVERDUEFINE)',
      '2. d2: f1 is disputed, and at the same time p3: 4.00 is paid for f1',
      '',
      '  with p3 first  ours  yours',
      '> owed on f1     6.00  10.00',
      '  owed           6.00  10.00',
      '  disputed       6.00  10.00',
      '',
      '  with d2 first  ours                                 yours',
      '  d2             accepted                             accepted',
      '> p3             refused: FeeIsDisputed (feeId "f1")  accepted',
    ]);
  });

  it('keeps the error that a system threw', async () => {
    const thrown = new TypeError('no such column');
    const pay = () => Promise.reject(thrown);
    const divergence = await runStory(
      [fee, step(plan('pay', 400))],
      { ...plainFeeSystem().system, pay },
      terms,
    );
    expect(divergence?.thrown).toBe(thrown);
    const balances = () => Promise.reject(thrown);
    expect((await runStory([fee], { ...plainFeeSystem().system, balances }, terms))?.thrown).toBe(thrown);
  });

  it('finds invalid balances', async () => {
    const without = { ...plainFeeSystem().system, balances: async () => ({}) as never };
    const divergence = await runStory([fee], without, terms);
    expect(divergence?.comparison.rows[0]?.cells[1]).toBe('failed: its balances have no list of fees');
  });
});
