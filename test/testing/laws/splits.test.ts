import { describe, expect, it } from 'vitest';
import { decide, spread } from '../../../src/index.js';
import { commandsIn, told } from './mutants.js';

describe('law 9, splits', () => {
  it('catches a split that loses a cent', async () => {
    const message = await told(9, {
      spread: (amount, owed, order) => {
        const exact = spread(amount, owed, order);
        return order === 'proportional' ? owed.map((one) => Math.floor(one / 3)) : exact;
      },
    });
    expect(message).toContain('shares add up to the amount and stay within each fee');
    expect(message).toContain('proportional');
  });

  it('catches a decision that depends on ids', async () => {
    const message = await told(9, {
      decide: (command, account, policy) => {
        const sorted = [...account.fees].sort((a, b) => (a.feeId < b.feeId ? -1 : 1));
        const last = sorted.at(-1);
        const one = [command].flat()[0];
        const refuses = one?.type === 'ReceivePayment' && last !== account.fees.at(-1);
        return decide(refuses ? { ...one, method: 'NONE' } : command, account, policy);
      },
    });
    expect(message).toContain('a story comes to the same figures under other ids');
    expect(message).toMatch(
      /"plain":\s*In \w{3}:\n1\. AssessFee c0 [\s\S]*"hostile":\s*In \w{3}:\n1\. AssessFee __proto__ /,
    );
    // Both stories are told.
    expect(commandsIn(message)).toBeLessThanOrEqual(2 * 5);
  });
});
