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

describe('what staff reverse by hand, without the id of a return', () => {
  it('counts for the next return, in whichever account it is', async () => {
    const steps = [
      step('take'),
      step('tell'),
      step('giveBack', { amount: 144 }),
      step('byHand', { amount: 1 }),
    ];
    const { provider, account } = await play([step('start', { which: 2 }), ...steps], {
      fees: [[100], [148]],
    });
    expect(provider.facts.map(({ minor }) => minor)).toEqual([248, 144]);
    const reversed = await Promise.all(
      ['ann', 'ben'].map(async (patronId) => {
        const { payments } = await account(patronId);
        return payments.flatMap(({ reversals }) => reversals).reduce((sum, { amount }) => sum + amount, 0);
      }),
    );
    expect(reversed).toEqual([24, 120]);
  });

  it('is found if no return comes up to it, beside a refund that is entered twice', async () => {
    const steps = [
      ...[step('cash'), step('cash', { which: 1, amount: 1 }), step('take'), step('tell')],
      ...[step('giveBack', { amount: 1 }), step('refund', { which: 1 }), step('giveBack')],
      ...[step('byHand', { which: 1, other: 1, amount: 1 }), step('refund')],
    ];
    await play([step('start', { which: 2 }), ...steps], { fees: [[200], [100]] });
  });

  const postedTooMuch = [
    ...[
      step('take'),
      step('giveBack'),
      step('take', { which: 1, amount: 200 }),
      step('portal', { other: 1 }),
    ],
    ...[
      step('giveBack', { which: 1 }),
      step('byHand', { other: 1, amount: 1 }),
      step('payOut', { which: 3 }),
    ],
  ];
  const fixed = { serviceFee: 'fixed', begun: 2, answers: false } as const;

  it('undoes first what another program posted too much', () => play(postedTooMuch, fixed));

  it('may be settled before its return is told', () =>
    play([...postedTooMuch, step('monitor'), step('settle')], fixed));

  it('may be a finding that was undone twice', async () => {
    const meets = [step('monitor'), step('settle', { meets: 1 }), step('monitor'), step('settle')];
    await play([step('takeMore'), step('portal'), step('tell'), ...meets], { serviceFee: 'fixed', begun: 1 });
    const returned = [step('settle', { meets: 1 }), step('monitor'), step('giveBack'), step('settle')];
    const first = [step('takeMore'), step('portal'), step('tell'), step('monitor'), step('payOut')];
    await play([...first, ...returned], { serviceFee: 'fixed', begun: 1, answers: false });
  });
});
