import { expect, it } from 'vitest';
import { decide, fold } from '../../../src/index.js';
import type { Move } from '../../../src/testing/arbitraries/moves.js';
import { play } from '../../../src/testing/arbitraries/play.js';
import { usualPolicies } from '../../../src/testing/arbitraries/policies.js';
import { holdStatuses } from '../../../src/testing/laws/statuses.js';

const [, policy] = usualPolicies as [unknown, (typeof usualPolicies)[number]];
const move = (kind: Move['kind'], more: Partial<Move> = {}): Move => ({
  ...{ kind, pick: 0, other: 1, amount: 100, flag: true, sensible: true, policy: 'same', ...more },
});

it('finds a row whose flag contradicts the events', () => {
  const story = play([move('assess'), move('dispute')], policy);
  expect(() => holdStatuses(story)).not.toThrow();
  const last = story.steps.at(-1);
  if (last === undefined) throw new Error('no step');
  const fees = last.after.fees.map((fee) => ({ ...fee, disputed: false }));
  const wrong = {
    ...story,
    steps: [...story.steps.slice(0, -1), { ...last, after: { ...last.after, fees } }],
  };
  expect(() => holdStatuses(wrong)).toThrow(/disputed/);
});

it('finds a transfer that is closed while its settlement is pending', () => {
  const story = play([move('assess'), move('transfer')], policy, undefined, {
    decide,
    fold: (events, account) => {
      const folded = fold(events, account);
      return { ...folded, fees: folded.fees.map((fee) => ({ ...fee, transferPending: 0 })) };
    },
  });
  expect(() => holdStatuses(story)).toThrow(/transferred/);
});
