import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide, emptyAccount, fold } from '../../../src/index.js';
import { forbiddenCommands, moveCommand } from '../../../src/testing/arbitraries/moveCommand.js';
import { moves } from '../../../src/testing/arbitraries/moves.js';
import { usualPolicies } from '../../../src/testing/arbitraries/policies.js';
import { codesOf } from '../../../src/testing/arbitraries/policyCodes.js';
import { stories } from '../../../src/testing/arbitraries/stories.js';

const [policy] = usualPolicies as [(typeof usualPolicies)[number]];

describe('the command of a move', () => {
  it('can be decided, and is accepted more often than not', () => {
    const outcomes = { accepted: 0, refused: 0 };
    fc.assert(
      fc.property(stories(fc, { policies: [policy] }), moves(fc), ({ account }, move) => {
        const command = moveCommand(move, 'next', account, policy);
        const decision = decide(command, account, policy);
        outcomes[decision.accepted ? 'accepted' : 'refused'] += 1;
        fold(decision.events, account);
      }),
      { numRuns: 300, seed: 1 },
    );
    expect(outcomes.accepted).toBeGreaterThan(outcomes.refused);
    expect(outcomes.refused).toBeGreaterThan(50);
  });

  it('is in the currency of the policy, with its number of decimals', () => {
    const move = { kind: 'assess', pick: 0, other: 0, amount: 1234, flag: false, sensible: true } as const;
    const amounts = usualPolicies.map((rules) =>
      moveCommand({ ...move, policy: 'same' }, 'c0', emptyAccount(), rules),
    );
    expect(amounts).toMatchObject(
      usualPolicies
        .map(({ currency }) => ({ JPY: '1234', KWD: '1.234', BHD: '1.234' })[currency] ?? '12.34')
        .map((amount) => ({ amount })),
    );
  });
});

it('the usual policies allow none of the forbidden commands', () => {
  for (const policy of usualPolicies) {
    const base = { id: 'c', at: '2026-03-02T09:00:00Z' };
    const amount = policy.currency === 'JPY' ? '5' : '5.0';
    for (const command of forbiddenCommands(base, amount, 'f1', codesOf(policy)))
      expect(decide(command, emptyAccount(), policy).accepted).toBe(false);
  }
});
