import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { feeSystemCapabilities } from '../../../src/testing/feeSystem/capabilities.js';
import { type PlotOptions, plots } from '../../../src/testing/feeSystem/plot.js';

const sample = (options: PlotOptions) => fc.sample(plots(fc, options), { numRuns: 300, seed: 1 });
const everything = { capabilities: feeSystemCapabilities, focus: [], maxSteps: 10 } as const;

describe('plots', () => {
  it('begin with a fee and have no more steps than wanted', () => {
    for (const plot of sample(everything)) {
      expect(plot[0]?.wish.name).toBe('assess');
      expect(plot.length).toBeGreaterThan(1);
      expect(plot.length).toBeLessThanOrEqual(10);
    }
  });

  it('try everything that a system can do, in every way', () => {
    const steps = sample(everything).flat();
    expect(new Set(steps.map(({ wish }) => wish.name)).size).toBe(10);
    expect(new Set(steps.map(({ delivery }) => delivery))).toEqual(new Set(['once', 'twice', 'twiceAtOnce']));
    expect(new Set(steps.map(({ wish }) => wish.size)).size).toBe(3);
    expect(new Set(steps.map(({ wish }) => wish.span)).size).toBe(4);
    expect(steps.filter(({ rival }) => rival !== null).length).toBeGreaterThan(100);
  });

  it('try nothing else', () => {
    const steps = sample({ ...everything, capabilities: ['waive'] }).flat();
    expect(new Set(steps.map(({ wish }) => wish.name))).toEqual(new Set(['assess', 'pay', 'waive']));
    expect(
      steps.every(({ rival, delivery, wish }) => rival === null && delivery === 'once' && wish.span === 1),
    ).toBe(true);
  });

  it('deliver twice at once only where requests may come at once', () => {
    const steps = sample({ ...everything, capabilities: ['repeats'] }).flat();
    expect(new Set(steps.map(({ delivery }) => delivery))).toEqual(new Set(['once', 'twice']));
  });

  it('often do the same once more', () => {
    const again = sample(everything).filter((plot) => plot.some((step, index) => step === plot[index + 1]));
    expect(again.length).toBeGreaterThan(150);
  });
});
