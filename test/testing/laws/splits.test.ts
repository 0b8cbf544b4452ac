import { describe, expect, it } from 'vitest';
import { decide, definePolicy, spread } from '../../../src/index.js';
import type { LawOptions } from '../../../src/testing/laws/laws.js';
import { changed, commandsIn, deciding, emitting, told } from './mutants.js';

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

  it('catches a split in another order', async () => {
    const message = await told(9, {
      spread: (amount, owed, order) =>
        spread(amount, owed, order === 'newest-first' ? 'oldest-first' : order),
    });
    expect(message).toContain('shares are what their order means');
    expect(message).toContain('newest-first: ');
  });

  it('catches a payment that pays the fees in another order than its own', async () => {
    const mutant: LawOptions = {
      decide: (given, account, policy) => {
        const [command] = [given].flat();
        if (command?.type !== 'ReceivePayment' || command.order === undefined)
          return decide(given, account, policy);
        const { order, ...rest } = command;
        return decide(rest, account, policy);
      },
    };
    const message = await told(9, mutant, 1_000);
    expect(message).toContain('a payment goes to all that is payable, or to the named fees, in its order');
    expect(commandsIn(message)).toBeLessThanOrEqual(3);
  });

  it('catches a payment that becomes a credit while something is owed', async () => {
    const message = await told(9, {
      decide: emitting('PaymentReceived', (event) => {
        if (event.type !== 'PaymentReceived' || event.data.overpayment === undefined) return [event];
        const { amount, overpayment } = event.data;
        return [changed(event, { allocations: [], overpayment: { ...overpayment, amount } })];
      }),
    });
    expect(message).toContain('leaves something unpaid');
    expect(commandsIn(message)).toBeLessThanOrEqual(3);
  });

  it('catches a payment that pays a fee it does not name', async () => {
    const message = await told(9, {
      decide: deciding('ReceivePayment', (decision, command, account) => {
        if (command.type !== 'ReceivePayment' || command.feeIds === undefined) return decision;
        const { feeIds, ...rest } = command;
        const all = decide(rest, account, definePolicy({ currency: account.currency ?? 'USD' }));
        return all.accepted ? all : decision;
      }),
    });
    expect(message).toContain('pays another fee');
    expect(commandsIn(message)).toBeLessThanOrEqual(4);
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
      /"plain":\s*In \w{3}[^\n]*:\n1\. AssessFee c0 [\s\S]*"hostile":\s*In \w{3}[^\n]*:\n1\. AssessFee __proto__ /,
    );
    // Both stories are reported.
    expect(commandsIn(message)).toBeLessThanOrEqual(2 * 5);
  });

  it('catches a payment of a disputed fee', async () => {
    const mutant: LawOptions = {
      decide: (command, account, policy) => {
        const [one] = [command].flat();
        if (one?.type !== 'ReceivePayment' || one.allocations === undefined)
          return decide(command, account, policy);
        const fees = account.fees.map((fee) => ({ ...fee, disputed: false }));
        return decide(command, { ...account, fees }, policy);
      },
    };
    const message = await told(9, mutant, 2_000);
    expect(message).toContain('a payment or a credit goes only where it was owed, and to nothing in dispute');
    expect(commandsIn(message)).toBeLessThanOrEqual(3);
  });
});
