import { describe, expect, it } from 'vitest';
import type { Parting } from '../../../src/testing/feeSystem/playPlot.js';
import type { PlotStep, Wish } from '../../../src/testing/feeSystem/plot.js';
import { shortened } from '../../../src/testing/feeSystem/shortened.js';

const wish = (name: Wish['name'], more: Partial<Wish> = {}): Wish => ({
  ...{ name, pick: 0, span: 1, size: 'part', minor: 7, fitting: true },
  ...more,
});
const step = (first: Wish, more: Partial<PlotStep> = {}): PlotStep => ({
  ...{ wish: first, rival: null, delivery: 'once' },
  ...more,
});

/** Plays plots that part where a condition says so; remembers every one that parted. */
function partingWhere(condition: (plot: readonly PlotStep[]) => boolean) {
  const parted: (readonly PlotStep[])[] = [];
  let tries = 0;
  const play = async (plot: readonly PlotStep[]): Promise<Parting | undefined> => {
    tries += 1;
    if (!condition(plot)) return undefined;
    parted.push(plot);
    const steps = plot.map(() => ({ requests: [], delivery: 'once', answers: [] }) as const);
    return { steps, comparison: { rows: [], differs: true } };
  };
  return { play, last: () => parted.at(-1), tries: () => tries };
}

const names = (plot: readonly PlotStep[] | undefined) => plot?.map((one) => one.wish.name);

describe('a story that is shortened', () => {
  it('keeps only the steps that it needs', async () => {
    const plot = (['assess', 'assess', 'waive', 'pay', 'dispute', 'refund'] as const).map((name) =>
      step(wish(name)),
    );
    const game = partingWhere((steps) => {
      const order = names(steps)?.join(' ') ?? '';
      return /assess.* pay.* refund/.test(order);
    });
    await shortened(plot, game.play);
    expect(names(game.last())).toEqual(['assess', 'pay', 'refund']);
  });

  it('means the neighbour of a fee that is taken away', async () => {
    const plot = [step(wish('assess')), step(wish('assess')), step(wish('pay', { pick: 1 }))];
    const game = partingWhere((steps) => {
      const fees = steps.filter((one) => one.wish.name === 'assess').length;
      return steps.at(-1)?.wish.name === 'pay' && steps.at(-1)?.wish.pick === fees - 1;
    });
    await shortened(plot, game.play);
    expect(game.last()).toHaveLength(2);
  });

  it('loses rivals, second deliveries and fees that a payment need not be for', async () => {
    const pay = step(wish('pay', { span: 3 }), { rival: wish('waive'), delivery: 'twice' });
    const game = partingWhere((steps) => names(steps)?.includes('pay') === true);
    await shortened([pay], game.play);
    expect(game.last()).toEqual([step(wish('pay', { size: 'asIs', minor: 400 }))]);
    const rival = partingWhere((steps) =>
      steps.some((one) => one.wish.name === 'waive' || one.rival !== null),
    );
    await shortened([pay], rival.play);
    expect(names(rival.last())).toEqual(['waive']);
  });

  it('has amounts that are easy to follow, where they will do', async () => {
    const plot = [step(wish('assess')), step(wish('pay'))];
    const any = partingWhere((steps) => steps.length === 2);
    await shortened(plot, any.play);
    expect(any.last()?.map((one) => one.wish.minor)).toEqual([1000, 400]);
    const whole = partingWhere((steps) => steps.length === 2 && steps[1]?.wish.size !== 'asIs');
    await shortened(plot, whole.play);
    expect(whole.last()?.[1]?.wish.size).toBe('all');
  });

  it('never grows, and is not tried for ever', async () => {
    let length = 3;
    const growing = async (): Promise<Parting> => {
      length += 1;
      const steps = Array.from({ length }, () => ({ requests: [], delivery: 'once', answers: [] }) as const);
      return { steps, comparison: { rows: [], differs: true } };
    };
    const plot = Array.from({ length: 50 }, () => step(wish('pay', { span: 4 })));
    expect((await shortened(plot, growing))?.steps).toHaveLength(4);
    expect(length).toBeLessThan(550);
  });

  it('is none when the systems do not part again', async () => {
    const game = partingWhere(() => false);
    expect(await shortened([step(wish('assess'))], game.play)).toBeUndefined();
    expect(game.tries()).toBe(1);
  });
});
