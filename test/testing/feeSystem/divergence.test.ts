import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StepResult } from '../../../src/testing/feeSystem/compare.js';
import { formatDivergence, shortestDivergence, shrink } from '../../../src/testing/feeSystem/divergence.js';
import type { NamedRequest } from '../../../src/testing/feeSystem/requests.js';
import type { Divergence } from '../../../src/testing/feeSystem/runStory.js';
import { type RequestPlan, type StoryStep, stories } from '../../../src/testing/feeSystem/story.js';

const story = stories(fc, { capabilities: ['waive'], focus: [], maxSteps: 10 });

const terms = { runs: 200, seed: 1 };

function divergenceOn(steps: readonly StoryStep[]): Divergence {
  return {
    steps: steps.map(() => ({ requests: [], delivery: 'once', answers: [] })),
    comparison: { rows: [{ label: String(steps.length), cells: [], differs: true }], differs: true },
  };
}

const hasWaiver = (steps: readonly StoryStep[]) => steps.some(({ plan }) => plan.name === 'waive');

describe('the shortest divergence', () => {
  it('is undefined if the systems never differ, after `runs` stories', async () => {
    let played = 0;
    const play = async () => {
      played += 1;
      return undefined;
    };
    expect(await shortestDivergence(fc, story, play, terms)).toBeUndefined();
    expect(played).toBe(200);
  });

  it('has only the steps it needs, and its seed', async () => {
    const play = async (steps: readonly StoryStep[]) => (hasWaiver(steps) ? divergenceOn(steps) : undefined);
    const found = await shortestDivergence(fc, story, play, terms);
    expect(found?.seed).toBe(1);
    expect(found?.divergence?.steps).toHaveLength(1);
  });

  it('is the one found first if the systems do not differ again', async () => {
    let diverged = 0;
    const once = async (steps: readonly StoryStep[]) => {
      if (!hasWaiver(steps) || diverged > 0) return undefined;
      diverged += 1;
      return divergenceOn(steps);
    };
    const found = await shortestDivergence(fc, story, once, terms);
    expect(found?.divergence?.steps.length).toBeGreaterThan(0);
  });

  it('is the error that a story threw if no story diverged', async () => {
    const error = new Error('no database');
    expect(await shortestDivergence(fc, story, () => Promise.reject(error), terms)).toMatchObject({ error });
  });

  it('stays a divergence if shrinking throws', async () => {
    let shortest = Number.POSITIVE_INFINITY;
    const play = async (steps: readonly StoryStep[]) => {
      if (!hasWaiver(steps)) return undefined;
      if (steps.length < 2) throw new Error('too short');
      shortest = Math.min(shortest, steps.length);
      return divergenceOn(steps);
    };
    expect((await shortestDivergence(fc, story, play, terms))?.divergence?.steps).toHaveLength(shortest);
  });

  it('has a random seed if none is given', async () => {
    const play = async (steps: readonly StoryStep[]) => divergenceOn(steps);
    const global = fc.readConfigureGlobal();
    const { seed: _, ...withoutSeed } = global;
    fc.configureGlobal(withoutSeed);
    try {
      const seeds = [1, 2].map(() => shortestDivergence(fc, story, play, { runs: 1, seed: undefined }));
      const [one, other] = await Promise.all(seeds);
      expect(one?.seed).not.toBe(other?.seed);
    } finally {
      fc.configureGlobal(global);
    }
  });
});

const plan = (name: RequestPlan['name'], more: Partial<RequestPlan> = {}): RequestPlan => ({
  name,
  pick: 0,
  span: 1,
  size: 'part',
  minor: 7,
  fitting: true,
  ...more,
});

const step = (first: RequestPlan, more: Partial<StoryStep> = {}): StoryStep => ({
  plan: first,
  rival: null,
  delivery: 'once',
  ...more,
});

/** Runs stories that diverge if a condition holds, and records those that did. */
function divergingIf(condition: (story: readonly StoryStep[]) => boolean) {
  const diverged: (readonly StoryStep[])[] = [];
  let tries = 0;
  const play = async (story: readonly StoryStep[]): Promise<Divergence | undefined> => {
    tries += 1;
    if (!condition(story)) return undefined;
    diverged.push(story);
    const steps = story.map(() => ({ requests: [], delivery: 'once', answers: [] }) as const);
    return { steps, comparison: { rows: [], differs: true } };
  };
  return { play, last: () => diverged.at(-1), tries: () => tries };
}

const names = (story: readonly StoryStep[] | undefined) => story?.map((one) => one.plan.name);

describe('shrinking a story', () => {
  it('keeps only the steps that it needs', async () => {
    const story = (['assess', 'assess', 'waive', 'pay', 'dispute', 'refund'] as const).map((name) =>
      step(plan(name)),
    );
    const game = divergingIf((steps) => {
      const order = names(steps)?.join(' ') ?? '';
      return /assess.* pay.* refund/.test(order);
    });
    await shrink(story, game.play);
    expect(names(game.last())).toEqual(['assess', 'pay', 'refund']);
  });

  it('moves the target of later steps when it removes a fee', async () => {
    const story = [step(plan('assess')), step(plan('assess')), step(plan('pay', { pick: 1 }))];
    const game = divergingIf((steps) => {
      const fees = steps.filter((one) => one.plan.name === 'assess').length;
      return steps.at(-1)?.plan.name === 'pay' && steps.at(-1)?.plan.pick === fees - 1;
    });
    await shrink(story, game.play);
    expect(game.last()).toHaveLength(2);
  });

  it('removes rivals, second deliveries and needless fees of a payment', async () => {
    const pay = step(plan('pay', { span: 3 }), { rival: plan('waive'), delivery: 'twice' });
    const game = divergingIf((steps) => names(steps)?.includes('pay') === true);
    await shrink([pay], game.play);
    expect(game.last()).toEqual([step(plan('pay', { size: 'asIs', minor: 400 }))]);
    const rival = divergingIf((steps) =>
      steps.some((one) => one.plan.name === 'waive' || one.rival !== null),
    );
    await shrink([pay], rival.play);
    expect(names(rival.last())).toEqual(['waive']);
  });

  it('rounds amounts if the systems still differ', async () => {
    const story = [step(plan('assess')), step(plan('pay'))];
    const any = divergingIf((steps) => steps.length === 2);
    await shrink(story, any.play);
    expect(any.last()?.map((one) => one.plan.minor)).toEqual([1000, 400]);
    const whole = divergingIf((steps) => steps.length === 2 && steps[1]?.plan.size !== 'asIs');
    await shrink(story, whole.play);
    expect(whole.last()?.[1]?.plan.size).toBe('all');
  });

  it('never makes a story longer, and ends after a limited number of tries', async () => {
    let length = 3;
    const growing = async (): Promise<Divergence> => {
      length += 1;
      const steps = Array.from({ length }, () => ({ requests: [], delivery: 'once', answers: [] }) as const);
      return { steps, comparison: { rows: [], differs: true } };
    };
    const story = Array.from({ length: 50 }, () => step(plan('pay', { span: 4 })));
    expect((await shrink(story, growing))?.steps).toHaveLength(4);
    expect(length).toBeLessThan(550);
  });

  it('returns undefined if the systems do not differ again', async () => {
    const game = divergingIf(() => false);
    expect(await shrink([step(plan('assess'))], game.play)).toBeUndefined();
    expect(game.tries()).toBe(1);
  });
});

const currency = 'USD';

const fee = { id: 'f1', feeType: 'OTHER', amount: '10.00', currency, lostItem: false, refundPercent: 0 };

const lost = { ...fee, id: 'f2', feeType: 'LOST', lostItem: true, refundPercent: 50 };

const part = (id: string) => ({ id, feeId: 'f1', amount: '4.00' });

const pay = (id: string, feeIds: string[]): NamedRequest => ({
  name: 'pay',
  request: { id, amount: '4.00', currency, feeIds },
});

const played = (more: Partial<StepResult>, ...requests: NamedRequest[]): StepResult => ({
  requests,
  delivery: 'once',
  answers: requests.map(() => ({ accepted: true })),
  ...more,
});

it('formats every kind of step, and both sides', () => {
  const comparison = {
    rows: [
      { label: 'owed on f1', cells: ['6.00', '10.00'], differs: true },
      { label: 'owed', cells: ['16.00', 'x'.repeat(100)], differs: true },
    ],
    differs: true,
  };
  const steps = [
    played({}, { name: 'assess', request: fee }),
    played({ delivery: 'twice' }, { name: 'assess', request: lost }),
    played({ delivery: 'twiceAtOnce' }, pay('p3', ['f1', 'f2'])),
    played({}, pay('p4', ['f1']), { name: 'waive', request: part('w5') }),
    played({}, { name: 'dispute', request: { id: 'd6', feeId: 'f1' } }),
    played({}, { name: 'restore', request: { id: 'e7', feeId: 'f1' } }),
    played({}, { name: 'transfer', request: part('t8') }),
    played({}, { name: 'returnLostItem', request: { id: 'l9', feeId: 'f2' } }),
    played({}, { name: 'cancel', request: part('c10') }),
    played({ answers: [{ accepted: false }] }, { name: 'refund', request: { id: 'r11', amount: '1.00' } }),
    played({}, { name: 'reversePayment', request: { id: 'v12', paymentId: 'p3' } }),
  ];
  expect(formatDivergence({ steps, comparison }).split('\n')).toEqual([
    '1. f1: a fee of 10.00 (OTHER)',
    '2. f2: a fee of 10.00 (LOST, for a lost item, 50 % of it back when it returns), and this is delivered twice',
    '3. p3: 4.00 is paid for f1, f2, and this is delivered twice at once',
    '4. p4: 4.00 is paid for f1, and at the same time w5: 4.00 of f1 is waived',
    '5. d6: f1 is disputed',
    '6. e7: f1 is restored',
    '7. t8: 4.00 of f1 is transferred',
    '8. l9: the lost item of f2 comes back',
    '9. c10: 4.00 of f1 is cancelled as charged in error',
    '10. r11: 1.00 is refunded (we refuse)',
    '11. v12: the payment p3 is reversed',
    '',
    '              ours   yours',
    '> owed on f1  6.00   10.00',
    `  owed        16.00  ${'x'.repeat(59)}…`,
  ]);
});
