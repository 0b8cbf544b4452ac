import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { definePolicy, emptyAccount, type PatronAccount } from '../../../src/index.js';
import { ourFigures } from '../../../src/testing/feeSystem/compare.js';
import { formatDivergence } from '../../../src/testing/feeSystem/divergence.js';
import type { NamedRequest } from '../../../src/testing/feeSystem/requests.js';
import { ourAnswer, ourCommands, runStory } from '../../../src/testing/feeSystem/runStory.js';
import type { RequestPlan, StoryStep } from '../../../src/testing/feeSystem/story.js';
import type { FeeSystem } from '../../../src/testing/index.js';
import { accountAfter, assess, pay } from '../../support/account.js';
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
    expect(divergence?.comparison.rows[0]?.cells[1]).toBe('failed: fees: missing (expected a list of fees)');
  });
});

describe('ourAnswer', () => {
  const policy = definePolicy({ currency: 'USD', overpayment: 'credit' });

  const currency = 'USD';

  const fee = (id: string, amount: string, lost = false): NamedRequest => ({
    name: 'assess',
    request: {
      id,
      amount,
      currency,
      lostItem: lost,
      refundPercent: lost ? 100 : 0,
      feeType: lost ? 'LOSTITEMREPLACEMENTFEE' : 'OTHER',
    },
  });

  const paid = (id: string, amount: string, feeId = 'f1'): NamedRequest => ({
    name: 'pay',
    request: { id, amount, currency, feeIds: [feeId] },
  });

  /** Returns the answers of our account, and its figures at the end that are not zero. */
  function answersTo(...requests: readonly NamedRequest[]) {
    let account: PatronAccount = emptyAccount();
    const answers = requests.map((request) => {
      const ours = ourAnswer(account, request, policy);
      account = ours.account;
      return ours.answer.accepted || ours.answer.reason;
    });
    const figures = ourFigures(account, 2).filter(({ shown }) => shown !== '0.00');
    return { answers, figures: Object.fromEntries(figures.map(({ name, shown }) => [name, shown])) };
  }

  describe('our answer', () => {
    it('is the decision on every kind of request', () => {
      const { answers, figures } = answersTo(
        fee('f1', '10.00', true),
        paid('p1', '4.00'),
        { name: 'waive', request: { id: 'w1', feeId: 'f1', amount: '1.00' } },
        { name: 'transfer', request: { id: 't1', feeId: 'f1', amount: '2.00' } },
        { name: 'dispute', request: { id: 'd1', feeId: 'f1' } },
        { name: 'restore', request: { id: 'e1', feeId: 'f1' } },
        { name: 'returnLostItem', request: { id: 'l1', feeId: 'f1' } },
        { name: 'refund', request: { id: 'r1', amount: '3.00' } },
        { name: 'cancel', request: { id: 'c1', feeId: 'f1', amount: '1.00' } },
        { name: 'reversePayment', request: { id: 'v1', paymentId: 'p1' } },
      );
      expect(answers).toEqual([
        ...Array(8).fill(true),
        'CancellationExceedsFee (feeId "f1", amount "1.00", cancellable "0.00")',
        true,
      ]);
      expect(figures).toEqual({ 'owed on f1': '3.00', owed: '3.00', external: '2.00' });
    });

    it('pays a refund out of several credits, oldest first', () => {
      const over = [fee('f1', '1.00'), paid('p1', '2.00'), paid('p2', '3.00'), paid('p3', '4.00')];
      const refund = (amount: string): NamedRequest => ({ name: 'refund', request: { id: 'r1', amount } });
      expect(answersTo(...over, refund('5.00'))).toMatchObject({ figures: { refundable: '3.00' } });
      expect(answersTo(...over, refund('8.00')).figures).toEqual({});
      const tooMuch = answersTo(...over, refund('8.01'));
      expect(tooMuch.answers.at(-1)).toMatch(/^AmountExceedsCredit/);
      expect(tooMuch.figures).toEqual({ refundable: '8.00' });
    });

    it('refuses a refund if the patron has no refundable credit', () => {
      expect(answersTo({ name: 'refund', request: { id: 'r1', amount: '1.00' } }).answers[0]).toMatch(
        /^CreditNotFound/,
      );
    });
  });

  const over = { overpayment: 'credit' } as const;

  const account = accountAfter([assess('f1', '1.00'), pay('p1', '2.00', over), pay('p2', '3.00', over)]);

  const refund = (amount: string, from = account) =>
    ourCommands({ name: 'refund', request: { id: 'r1', amount } }, from, policy);

  describe('the commands of a request', () => {
    it('have the data of the request and the first code of each table', () => {
      const request = { id: 'w1', feeId: 'f1', amount: '1.00' };
      expect(ourCommands({ name: 'waive', request }, account, policy)).toEqual({
        type: 'WaiveFees',
        id: 'w1',
        fees: [{ feeId: 'f1', amount: '1.00' }],
        reason: 'GRACE_PERIOD',
        at: '2026-03-02T09:00:00Z',
      });
    });

    it('refund several credits, oldest first, each under its own id', () => {
      expect(refund('1.00')).toMatchObject([{ id: 'r1', creditId: 'p1#1', amount: '1.00' }]);
      expect(refund('3.50')).toMatchObject([
        { id: 'r1', creditId: 'p1#1', amount: '1.00' },
        { id: 'r1/2', creditId: 'p2#1', amount: '2.50' },
      ]);
    });

    it('request an excessive amount unchanged, so that it is refused', () => {
      expect(refund('9.00')).toMatchObject([{ amount: '1.00' }, { creditId: 'p2#1', amount: '8.00' }]);
      expect(refund('9.00', emptyAccount())).toMatchObject([{ creditId: 'none' }]);
    });
  });
});
