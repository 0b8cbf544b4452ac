import { expect, it } from 'vitest';
import { emptyAccount, type PatronAccount } from '../../../src/index.js';
import { costOf } from '../../../src/testing/laws/costOf.js';
import { afterCommand, chargingOf, pairCommand, pairPolicies } from '../../support/pairCommands.js';

it('is what the patron has paid and owes, here and outside, less what came back', () => {
  const [policy] = pairPolicies;
  if (policy === undefined) throw new Error('no policy');
  const costs = (['pay', 'transfer', 'cancelWhole', 'refundUnused', 'goodwill'] as const).reduce<
    [PatronAccount, number][]
  >(
    (all, kind, index) => {
      const [before] = all.at(-1) as [PatronAccount, number];
      const after = afterCommand(pairCommand([kind, 4], `c${index}`, before), before, policy) ?? before;
      return [...all, [after, costOf(after)]];
    },
    [[afterCommand(chargingOf('once'), emptyAccount(), policy) as PatronAccount, 10]],
  );
  // Cancelled, 4 in cash and the transfer come back: the refund of one of the credits changes nothing.
  expect(costs.map(([, cost]) => cost)).toEqual([10, 10, 10, 0, 0, -4]);
});
