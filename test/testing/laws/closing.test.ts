import { describe, expect, it } from 'vitest';
import type { AccountEvent, Command, Decision, PatronAccount } from '../../../src/index.js';
import { decide } from '../../../src/index.js';
import { commandsIn, told } from './mutants.js';

/** A `decide` that does not close what closes by itself: it drops applications of credits that nobody asked for. */
const leavesOpen =
  (fits: (account: PatronAccount, event: AccountEvent) => boolean): typeof decide =>
  (commands, account, policy): Decision => {
    const decision = decide(commands, account, policy);
    const [command] = [commands].flat() as Command[];
    if (!decision.accepted || command?.type === 'ApplyCredit') return decision;
    return {
      ...decision,
      events: decision.events.filter((event) => event.type !== 'CreditApplied' || !fits(account, event)),
    };
  };

const purposeOf = (account: PatronAccount, event: AccountEvent) =>
  account.credits.find(({ creditId }) => 'creditId' in event.data && creditId === event.data.creditId)
    ?.purpose;

describe('law 1, what closes by itself', () => {
  it('catches a set-off credit that stays on a fee that owes nothing', async () => {
    const mutant = leavesOpen((account, event) => purposeOf(account, event) === 'setOff');
    const message = await told(1, { decide: mutant });
    expect(message).toContain('what closes by itself is closed at the end of every decision');
    expect(message).toMatch(/left set-off credits of \S+ open/);
    expect(commandsIn(message)).toBeLessThanOrEqual(4);
  });

  it('catches a returned item that costs something after a bounced cheque', async () => {
    const mutant = leavesOpen((account, event) => purposeOf(account, event) === 'refundable');
    const message = await told(1, { decide: mutant }, 1_000);
    expect(message).toMatch(/gave back \d+ too much/);
    expect(commandsIn(message)).toBeLessThanOrEqual(5);
  });
});
