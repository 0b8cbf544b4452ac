import { describe, expect, it } from 'vitest';
import { decide, definePolicy, type PaymentOrder, paymentOrders, spread } from '../../../src/index.js';
import type { LawOptions } from '../../../src/testing/laws/laws.js';
import { checkOrder } from '../../../src/testing/laws/splits.js';
import { changed, commandsIn, deciding, emitting, failureOf } from './mutants.js';

describe('law 9, splits', () => {
  it('catches a split that loses a cent', async () => {
    const message = await failureOf([9, 'shares add up to the amount and stay within each fee'], {
      spread: (amount, owed, order) => {
        const exact = spread(amount, owed, order);
        return order === 'proportional' ? owed.map((one) => Math.floor(one / 3)) : exact;
      },
    });
    expect(message).toContain('proportional');
  });

  it('catches a split in another order', async () => {
    const message = await failureOf([9, 'shares are what their order means'], {
      spread: (amount, owed, order) =>
        spread(amount, owed, order === 'newest-first' ? 'oldest-first' : order),
    });
    expect(message).toContain('newest-first: ');
  });

  it('catches a payment that pays the fees in an order other than its own', async () => {
    const mutant: LawOptions = {
      decide: (given, account, policy) => {
        const [command] = [given].flat();
        if (command?.type !== 'ReceivePayment' || command.order === undefined)
          return decide(given, account, policy);
        const { order, ...rest } = command;
        return decide(rest, account, policy);
      },
    };
    const message = await failureOf(
      [9, 'a payment goes to all that is payable, or to the named fees, in its order'],
      mutant,
      1_000,
    );
    expect(commandsIn(message)).toBeLessThanOrEqual(3);
  });

  it('catches a payment that becomes a credit while something is owed', async () => {
    const message = await failureOf([9, 'a payment goes to all that is payable'], {
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
    const message = await failureOf([9, 'a payment goes to all that is payable'], {
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
    const message = await failureOf([9, 'a story comes to the same figures under other ids'], {
      decide: (command, account, policy) => {
        const sorted = [...account.fees].sort((a, b) => (a.feeId < b.feeId ? -1 : 1));
        const last = sorted.at(-1);
        const one = [command].flat()[0];
        const refuses = one?.type === 'ReceivePayment' && last !== account.fees.at(-1);
        return decide(refuses ? { ...one, method: 'NONE' } : command, account, policy);
      },
    });
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
    const message = await failureOf(
      [9, 'a payment or a credit goes only where it was owed, and to nothing in dispute'],
      mutant,
      2_000,
    );
    expect(commandsIn(message)).toBeLessThanOrEqual(3);
  });
});

const owed = [300, 0, 900, 300, 1];

/** Two wrong splits for each order; one of largest-first and of smallest-first has equal fees in another order. */
const wrong: Readonly<Record<PaymentOrder, readonly [readonly number[], readonly number[]]>> = {
  'oldest-first': [
    [299, 0, 1, 0, 0],
    [300, 0, 899, 1, 0],
  ],
  'newest-first': [
    [0, 0, 0, 300, 0],
    [0, 0, 1, 299, 1],
  ],
  'largest-first': [
    [1, 0, 299, 0, 0],
    [0, 0, 0, 300, 0],
  ],
  'smallest-first': [
    [1, 0, 298, 0, 1],
    [0, 0, 0, 299, 1],
  ],
  proportional: [
    [62, 0, 179, 60, 0],
    [59, 0, 181, 60, 0],
  ],
  evenly: [
    [101, 0, 99, 99, 1],
    [100, 0, 100, 100, 0],
  ],
};

describe.each(paymentOrders)('%s', (order) => {
  const held = (given: readonly number[]) => () => checkOrder(order, given.map(BigInt), owed.map(BigInt));

  it('accepts the split of this library', () => {
    for (const amount of [0, 1, 2, 300, 301, 1_200, 1_201, 1_500, 1_501])
      expect(held(spread(amount, owed, order))).not.toThrow();
  });

  it('refuses a split in another order', () => {
    for (const shares of wrong[order])
      expect(held(shares)).toThrow(`${order}: ${shares.join()} of 300,0,900,300,1`);
  });
});

it('gives an indivisible rest to the first fee of the list', () => {
  const held = (order: PaymentOrder, shares: readonly number[]) => () =>
    checkOrder(order, shares.map(BigInt), [10n, 10n, 10n]);
  for (const order of ['proportional', 'evenly'] as const) {
    expect(held(order, [4, 3, 3])).not.toThrow();
    expect(held(order, [3, 4, 3])).toThrow(order);
    expect(held(order, [3, 3, 4])).toThrow(order);
  }
});
