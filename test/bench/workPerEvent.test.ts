import { describe, expect, it } from 'vitest';
import { apply } from '../../src/account/apply.js';
import type { Command } from '../../src/account/commands/command.js';
import { decide } from '../../src/account/decide.js';
import type { AccountEvent } from '../../src/account/events/accountEvent.js';
import { evolve } from '../../src/account/evolve.js';
import { fold, mutableCopy } from '../../src/account/fold.js';
import { emptyAccount, findFee, type PatronAccount } from '../../src/account/patronAccount.js';
import { definePolicy } from '../../src/policy/feePolicy.js';

// Checks the speed without a clock: counts the accesses of an event or a command to an account with 2,000 fees, which
// must equal those with 40. A search through the fees, a copy of them, or a sum over them would fail.

const at = '2026-03-02T09:00:00Z';
const money = { currency: 'USD', at };

function accountWith(fees: number, loanId?: string): PatronAccount {
  const assessed = Array.from({ length: fees }, (_, number): AccountEvent => {
    const data = {
      feeId: `${number}`,
      feeType: 'LOSTITEMREPLACEMENTFEE',
      amount: '9.00',
      owner: 'MAIN',
      ...money,
    };
    const lost = { ...data, lostItem: true, ...(loanId === undefined ? {} : { loanId }) };
    return { type: 'FeeAssessed', data: lost, metadata: { commandId: `${number}` } };
  });
  return loanId === undefined ? assessed.reduce(evolve, emptyAccount()) : fold(assessed);
}

const small = accountWith(40);
const large = accountWith(2_000);

/** Counts the reads, writes and listings of an account, after its index of ids was built. */
function counted(account: PatronAccount): { readonly account: PatronAccount; readonly count: () => number } {
  let count = 0;
  // One proxy for each object: the list of ids keeps its index with its proxy.
  const proxies = new Map<object, object>();
  const watch = (target: object): object => {
    const proxy = proxies.get(target) ?? watching(target);
    proxies.set(target, proxy);
    return proxy;
  };
  const watching = (target: object): object =>
    new Proxy(target, {
      get(data, key, self) {
        count += 1;
        const value: unknown = Reflect.get(data, key, self);
        return typeof value === 'object' && value !== null && typeof key === 'string' ? watch(value) : value;
      },
      set(data, key, value) {
        count += 1;
        return Reflect.set(data, key, value);
      },
      ownKeys(data) {
        const keys = Reflect.ownKeys(data);
        count += keys.length;
        return keys;
      },
    });
  const watched = watch(account) as PatronAccount;
  findFee(watched, '19');
  count = 0;
  return { account: watched, count: () => count };
}

/** Returns the last fee of an account, which a search would reach last. */
function lastFeeOf(account: PatronAccount) {
  return { feeId: `${account.fees.length - 1}`, amount: '1.00' };
}

const events: readonly ((account: PatronAccount) => AccountEvent)[] = [
  () => {
    const data = { feeId: 'new', feeType: 'OTHER', amount: '1.00', owner: 'MAIN', ...money };
    return { type: 'FeeAssessed', data };
  },
  (account) => {
    const data = {
      paymentId: 'p',
      amount: '1.00',
      method: 'CASH',
      allocations: [lastFeeOf(account)],
      ...money,
    };
    return { type: 'PaymentReceived', data, metadata: { commandId: 'c', commandDigest: 'd' } };
  },
  (account) => {
    return { type: 'FeeWaived', data: { waiverId: 'w', ...lastFeeOf(account), ...money } };
  },
  (account) => {
    const data = { transferId: 't', ...lastFeeOf(account), expectsSettlement: true, ...money };
    return { type: 'FeeTransferred', data };
  },
  (account) => {
    return { type: 'FeeDisputed', data: { disputeId: 'd', feeId: lastFeeOf(account).feeId, at } };
  },
];

/** Names each case for its test title. */
function named<Named extends { readonly type: string }>(all: readonly ((account: PatronAccount) => Named)[]) {
  return all.map((on) => ({ type: on(small).type, on }));
}

describe('the work of one event', () => {
  it.each(named(events))('is the same on a held account of 40 and of 2,000 fees: $type', ({ on }) => {
    const work = [small, large].map((account) => {
      const state = mutableCopy(account);
      const held = counted(state);
      apply(held.account as typeof state, on(account));
      return held.count();
    });
    expect(work[0]).toBeGreaterThan(0);
    expect(work[1]).toBe(work[0]);
  });

  it.each(named(events))('copies at most one fee in evolve: $type', ({ on }) => {
    const after = evolve(large, on(large));
    const copied = large.fees.filter((fee, position) => after.fees[position] !== fee);
    expect(copied.length).toBeLessThanOrEqual(1);
    expect(large.ids.every((use, position) => after.ids[position] === use)).toBe(true);
    expect([after.credits, after.applications, after.refunds]).toEqual([[], [], []]);
  });
});

describe('the work of one command', () => {
  const policy = definePolicy({ currency: 'USD' });
  const by = { channel: 'desk' } as const;
  const commands: readonly ((account: PatronAccount) => Command)[] = [
    () => {
      return { type: 'AssessFee', id: 'new', feeType: 'OTHER', amount: '1.00', owner: 'MAIN', at };
    },
    (account) => {
      const allocations = [lastFeeOf(account)];
      return { type: 'ReceivePayment', id: 'p', amount: '1.00', method: 'CASH', allocations, at, by };
    },
    (account) => {
      return { type: 'DisputeFee', id: 'd', feeId: lastFeeOf(account).feeId, at };
    },
  ];
  it.each(named(commands))(
    'that names its fees is the same on an account of 40 and of 2,000 fees: $type',
    ({ on }) => {
      const work = [small, large].map((account) => {
        const watched = counted(structuredClone(account));
        expect(decide(on(account), watched.account, policy).accepted).toBe(true);
        return watched.count();
      });
      expect(work[0]).toBeGreaterThan(0);
      expect(work[1]).toBe(work[0]);
    },
  );
});

describe('the work of one command about many fees', () => {
  const policy = definePolicy({ currency: 'USD', transfers: { expectsSettlement: true } });
  const feesOf = (account: PatronAccount) => account.fees.map(({ feeId }) => ({ feeId, amount: '9.00' }));
  const accountAfter = (account: PatronAccount, ...commands: readonly Command[]) =>
    commands.reduce((now, command) => fold(decide(command, now, policy).events, now), account);
  const amountOf = (account: PatronAccount) => `${9 * account.fees.length}.00`;
  const pay = (account: PatronAccount): Command => {
    return {
      type: 'ReceivePayment',
      id: 'p',
      amount: amountOf(account),
      method: 'CASH',
      allocations: feesOf(account),
      at,
    };
  };
  const give = (account: PatronAccount): Command => {
    return { type: 'IssueCredit', id: 'g', amount: amountOf(account), cause: 'imported', at };
  };
  const use: Command = { type: 'ApplyCredit', id: 'a', creditId: 'g', at };
  const waiveAll = (account: PatronAccount): Command => {
    return {
      type: 'WaiveFees',
      id: 'w',
      fees: account.fees.map(({ feeId }) => ({ feeId })),
      reason: 'OTHER',
      at,
    };
  };
  const sendAll = (): Command => {
    return { type: 'TransferFees', id: 't', eligible: { fees: {} }, at };
  };
  const returnAll: Command = { type: 'ReturnLostItem', id: 'r', loanId: 'loan', at };
  const cases: readonly [
    string,
    (account: PatronAccount) => PatronAccount,
    (account: PatronAccount) => Command,
  ][] = [
    ['all items of a loan are returned', (account) => account, () => returnAll],
    ['all are returned, waived', (account) => accountAfter(account, waiveAll(account)), () => returnAll],
    ['all are returned, paid', (account) => accountAfter(account, pay(account)), () => returnAll],
    ['all are returned, transferred', (account) => accountAfter(account, sendAll()), () => returnAll],
    ['all are waived', (account) => account, waiveAll],
    ['all are paid', (account) => account, pay],
    ['all are transferred', (account) => account, sendAll],
    ['a credit is used on all', (account) => accountAfter(account, give(account)), () => use],
    [
      'a payment of all bounces',
      (account) => accountAfter(account, pay(account)),
      () => ({ type: 'ReversePayment', id: 'b', paymentId: 'p', at }),
    ],
    [
      'a payment of all bounces after all were returned',
      (account) => accountAfter(account, pay(account), returnAll),
      () => ({ type: 'ReversePayment', id: 'b', paymentId: 'p', at }),
    ],
    [
      'the use of a credit on all is undone',
      (account) => accountAfter(account, give(account), use),
      () => ({ type: 'ReverseCreditApplication', id: 'u', applicationId: 'a', at }),
    ],
  ];

  it.each(cases)('grows no faster than the number of fees: %s', (_, prepared, command) => {
    const work = [200, 800].map((fees) => {
      const account = prepared(accountWith(fees, 'loan'));
      const watched = counted(structuredClone(account));
      expect(decide(command(account), watched.account, policy)).toMatchObject({ accepted: true });
      return watched.count();
    });
    // Four times as many fees are four times the work, but sixteen times if each fee reads all others.
    expect((work[1] as number) / (work[0] as number)).toBeLessThan(5);
  });
});
