// Stories that random seeds found, shortened. Each failed before what it is about was changed.
import { describe, expect, it } from 'vitest';
import { playProviderStory } from '../../../src/testing/online/playProviderStory.js';
import type { ProviderStory } from '../../../src/testing/online/providerStory.js';
import { quiet, step } from './stories.js';

const play = (steps: ProviderStory['steps'], more: Partial<ProviderStory> = {}) =>
  playProviderStory({ ...quiet, fees: [[100], [100]], serviceFee: 'none', ...more, steps });

/** Another program posts all of a capture in one of its two accounts, and the monitor finds it. */
const tooMuch = [step('start', { which: 2 }), step('takeMore'), step('portal'), step('tell')];
const dies = { dies: 1, isStored: true };

describe('what a person reversed counts although the process died once it was stored', () => {
  it('where one person reverses it', async () => {
    const { seen } = await play([...tooMuch, step('takeMore'), step('monitor'), step('settle', dies)]);
    expect(seen.kills).toBe(1);
  });

  it('where two persons reverse it', async () => {
    const steps = [...tooMuch, step('monitor'), step('settleTwice', dies), step('takeMore')];
    expect((await play(steps, { answers: false })).seen.kills).toBe(1);
  });
});

describe('two debits of one payment, of which the second ends sooner', () => {
  const twoDebits = [step('debit', { other: 2 }), step('wait'), step('debit')];
  const aDay = step('wait', { which: 4 });

  it('hold their fees, as the desk sees, until both have ended', async () => {
    await play([step('start'), ...twoDebits, aDay, step('desk')], { fees: [[100, 100], [100]] });
  });

  it('let no other payment begin until both have ended', async () => {
    const [first, second, third] = twoDebits as [
      ReturnType<typeof step>,
      ReturnType<typeof step>,
      ReturnType<typeof step>,
    ];
    await play([first, second, step('start'), third, aDay, step('startAgain', { which: 2 })], { begun: 2 });
  });
});
