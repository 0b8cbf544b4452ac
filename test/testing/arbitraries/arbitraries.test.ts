import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decide,
  emptyAccount,
  type FeePolicy,
  fold,
  isPatronFeesError,
  type PatronAccount,
} from '../../../src/index.js';
import { arbitraries } from '../../../src/testing/arbitraries/arbitraries.js';
import { fixedCases, tried } from '../../support/seeded.js';

const all = arbitraries(fc);

describe('arbitraries', () => {
  it('give commands for an account, under a new id or a given one', () => {
    fc.assert(
      fc.property(all.policies(), all.ids(), (policy, id) => {
        const [command] = fc.sample(all.commands(emptyAccount(), policy, id), fixedCases(1));
        expect(command && decide(command, emptyAccount(), policy)).toHaveProperty('accepted');
      }),
      tried(50),
    );
    const [policy] = fc.sample(all.policies(), fixedCases(1));
    const commands = fc.sample(all.commands(emptyAccount(), policy as FeePolicy), fixedCases(200));
    expect(commands.filter(({ id }) => id === 'new-1').length).toBeGreaterThan(150);
  });

  it('give histories that can be folded', () => {
    fc.assert(
      fc.property(all.histories(), (events) => {
        expect(fold(events).eventCount).toBe(events.length);
      }),
    );
  });

  it('give damaged histories, some of which are refused; nothing else fails', () => {
    const outcomes = new Set<boolean>();
    fc.assert(
      fc.property(all.damagedHistories(), (events) => {
        try {
          fold(events);
          outcomes.add(true);
        } catch (error) {
          expect(isPatronFeesError(error, 'CORRUPT_HISTORY')).toBe(true);
          outcomes.add(false);
        }
      }),
      fixedCases(100),
    );
    expect(outcomes.size).toBe(2);
  });

  it('give valid and invalid amounts and ids', () => {
    const [policy] = fc.sample(all.policies(), { numRuns: 1, seed: 1 });
    if (policy === undefined) throw new Error('no policy');
    const assess = (id: unknown, amount: unknown) => {
      const at = '2026-03-02T09:00:00Z';
      const command = { type: 'AssessFee', id, amount, feeType: 'OTHER', owner: 'MAIN', at };
      return decide(command as never, emptyAccount(), policy).accepted;
    };
    fc.assert(
      fc.property(
        ...([all.ids(), all.amounts(policy.currency), all.invalidIds(), all.invalidAmounts()] as const),
        (id, amount, notId, notAmount) => {
          expect([assess(id, amount), assess(notId, amount), assess(id, notAmount)]).toEqual([
            true,
            false,
            false,
          ]);
        },
      ),
      tried(300),
    );
    expect(fc.sample(all.amounts(), tried(20)).every((amount) => /^\d+\.\d\d$/.test(amount))).toBe(true);
  });

  it('shrink to a small, readable story if a reducer is wrong', () => {
    const wrong = (account: PatronAccount) =>
      account.credits.every(({ transferPending }) => transferPending === 0);
    const { counterexample } = fc.check(
      fc.property(all.stories({ ids: 'plain' }), ({ account }) => wrong(account)),
      { seed: 3, numRuns: 2_000 },
    );
    const lines = fc.stringify(counterexample?.[0]).trim().split('\n');
    expect(lines[0]).toMatch(/^In (USD|JPY|KWD):$/);
    expect(lines.length - 1).toBeLessThanOrEqual(4);
    expect(lines.at(-1)).toMatch(/TransferFees .* -> CreditTransferred$/);
  });

  it('give corrupt histories', () => {
    expect(fc.sample(all.corruptHistories(), fixedCases(1))).toMatchObject([{ code: 'CORRUPT_HISTORY' }]);
  });
});
