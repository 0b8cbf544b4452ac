import { describe, expect, it } from 'vitest';
import { emptyAccount } from '../../../src/index.js';
import { checkEffect } from '../../../src/testing/laws/effects.js';
import { accountAfter, ask, assess } from '../../support/account.js';
import { commandsIn, emitting, failureOf } from './mutants.js';

describe('law 15, effects', () => {
  it('catches an undoing whose effect is applied again at once', async () => {
    const decide = emitting('CreditApplicationReversed', (event) => {
      if (event.type !== 'CreditApplicationReversed') return [event];
      const { reversalId, creditId, allocations, currency, at } = event.data;
      const again = { applicationId: `${reversalId} again`, creditId, allocations, currency, at };
      return [event, { type: 'CreditApplied', data: again }];
    });
    const message = await failureOf(15, { decide });
    expect(message).toContain('without an effect: CreditApplicationReversed, CreditApplied');
    expect(commandsIn(message)).toBe(4);
  });

  it('requires no effect of a command that stores nothing', () => {
    const command = ask('DisputeFee', 'd1', { feeId: 'a' });
    const account = accountAfter([assess('a', '1')]);
    const decision = { accepted: true, events: [] } as const;
    expect(() => checkEffect({ command, decision, before: account, after: account })).not.toThrow();
    const stored = {
      accepted: true,
      events: [{ type: 'FeeDisputed', data: { disputeId: 'd1', feeId: 'a' } }],
    };
    const without = { command, decision: stored as never, before: account, after: account };
    expect(() => checkEffect(without)).toThrow('DisputeFee without an effect: FeeDisputed');
    expect(() => checkEffect({ ...without, before: emptyAccount() })).not.toThrow();
  });
});
