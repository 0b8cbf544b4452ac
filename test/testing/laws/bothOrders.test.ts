import { describe, expect, it } from 'vitest';
import { type AccountEvent, type Decision, decide, definePolicy } from '../../../src/index.js';
import { namings } from '../../../src/testing/arbitraries/ids.js';
import { ours, play } from '../../../src/testing/arbitraries/play.js';
import { holdClosing } from '../../../src/testing/laws/closing.js';
import { commandsIn, told } from './mutants.js';

/** A `decide` that drops the promise of a return after the return. */
const forgetful: typeof decide = (commands, account, policy): Decision => {
  const decision = decide(commands, account, policy);
  const [command] = [commands].flat();
  if (!decision.accepted || (command as { type?: string })?.type === 'ReturnLostItem') return decision;
  const forgotten = decision.events.flatMap(({ type, data }) =>
    type === 'LostItemCreditIssued' && data.cause === 'returned' ? [data.creditId] : [],
  );
  // The use of a credit is removed with it.
  const isAbout = ({ type, data }: AccountEvent) =>
    (type === 'LostItemCreditIssued' || type === 'CreditApplied') && forgotten.includes(data.creditId);
  return { ...decision, events: decision.events.filter((event) => !isAbout(event)) };
};

describe('law 7, before and after a return', () => {
  it('catches a return that drops its promise', async () => {
    const message = await told(7, { decide: forgetful }, 1_000);
    expect(message).toContain('costs the same before and after the return');
    expect(commandsIn(message)).toBeLessThanOrEqual(5);
  });

  it('breaks law 1 too: part of the return is missing', () => {
    const move = { pick: 0, other: 1, amount: 100, flag: true, sensible: true, policy: 'same' } as const;
    const plot = (['assessLost', 'waive', 'returnItem', 'reverseWaiver'] as const).map((kind) => ({
      ...move,
      kind,
    }));
    const dollars = definePolicy({
      currency: 'USD',
      feeTypes: { LOST: { label: 'Lost', lostItem: true, refundPercent: 100 } },
    });
    holdClosing(play(plot, dollars));
    const story = play(plot, dollars, namings.plain, { ...ours, decide: forgetful });
    expect(() => holdClosing(story)).toThrow('100 of the return of c0 is missing, it costs 100');
  });
});
