import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { feeSystemCapabilities, requestsFor } from '../../../src/testing/feeSystem/capabilities.js';
import { type StoryOptions, stories, themesFor } from '../../../src/testing/feeSystem/story.js';

const sample = (options: StoryOptions) => fc.sample(stories(fc, options), { numRuns: 300, seed: 1 });

const everything = { capabilities: feeSystemCapabilities, focus: [], maxSteps: 10 } as const;

describe('stories', () => {
  it('begin with a fee and have at most maxSteps steps', () => {
    for (const story of sample(everything)) {
      expect(story[0]?.plan.name).toBe('assess');
      expect(story.length).toBeGreaterThan(1);
      expect(story.length).toBeLessThanOrEqual(10);
    }
  });

  it('try every capability, size and delivery', () => {
    const steps = sample(everything).flat();
    expect(new Set(steps.map(({ plan }) => plan.name)).size).toBe(10);
    expect(new Set(steps.map(({ delivery }) => delivery))).toEqual(new Set(['once', 'twice', 'twiceAtOnce']));
    expect(new Set(steps.map(({ plan }) => plan.size)).size).toBe(3);
    expect(new Set(steps.map(({ plan }) => plan.span)).size).toBe(4);
    expect(steps.filter(({ rival }) => rival !== null).length).toBeGreaterThan(100);
  });

  it('try only declared capabilities', () => {
    const steps = sample({ ...everything, capabilities: ['waive'] }).flat();
    expect(new Set(steps.map(({ plan }) => plan.name))).toEqual(new Set(['assess', 'pay', 'waive']));
    expect(
      steps.every(({ rival, delivery, plan }) => rival === null && delivery === 'once' && plan.span === 1),
    ).toBe(true);
  });

  it('deliver a request twice at once only with the capability races', () => {
    const steps = sample({ ...everything, capabilities: ['repeats'] }).flat();
    expect(new Set(steps.map(({ delivery }) => delivery))).toEqual(new Set(['once', 'twice']));
  });

  it('often repeat a step', () => {
    const again = sample(everything).filter((story) =>
      story.some((step, index) => step === story[index + 1]),
    );
    expect(again.length).toBeGreaterThan(150);
  });
});

describe('themes', () => {
  it('are: fees and payments, each capability, all together', () => {
    const themes = themesFor(feeSystemCapabilities);
    expect(themes.map(({ can }) => can[0])).toEqual([undefined, ...feeSystemCapabilities, 'paySeveralFees']);
    expect(themes.at(-1)?.can).toBe(feeSystemCapabilities);
    expect(new Set(themes.map(({ title }) => title)).size).toBe(themes.length);
  });

  it('use only declared capabilities', () => {
    for (const capability of feeSystemCapabilities)
      for (const { can } of themesFor([capability])) expect([[], [capability]]).toContainEqual(can);
  });

  it('use the declared capabilities in which a defect shows', () => {
    const can = (title: string) =>
      themesFor(feeSystemCapabilities).find((theme) => theme.title.includes(title))?.can;
    expect(can('refunds money')).toEqual(['refund', 'cancel', 'returnLostItem']);
    expect(can('reverses what was transferred')).toEqual([
      'reverseTransfers',
      'transfer',
      'waive',
      'cancel',
      'returnLostItem',
    ]);
  });

  it('prefer requests of their capability and skip what the system cannot do', () => {
    for (const { can, focus, title } of themesFor(feeSystemCapabilities)) {
      for (const name of focus) expect(requestsFor(can)).toContain(name);
      if (!title.includes('all of it')) expect(focus).not.toEqual([]);
    }
    const [, lonely] = themesFor(['reverseTransfers']);
    for (const name of lonely?.focus ?? []) expect(requestsFor(['reverseTransfers'])).toContain(name);
  });
});
