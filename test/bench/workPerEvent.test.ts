import { describe, expect, it } from 'vitest';
import { apply } from '../../src/account/apply.js';
import type { Command, CommandOf, CommandType } from '../../src/account/commands/command.js';
import { decide } from '../../src/account/decide.js';
import type { AccountEvent } from '../../src/account/events/accountEvent.js';
import { evolve } from '../../src/account/evolve.js';
import { fold, mutableCopy } from '../../src/account/fold.js';
import { emptyAccount, findFee, type PatronAccount } from '../../src/account/patronAccount.js';
import { settledRows } from '../../src/jobs/retention/settledRows.js';
import { definePolicy } from '../../src/policy/feePolicy.js';
import { paymentOrders } from '../../src/policy/paymentOrder.js';
import { blocks } from '../../src/views/blocks.js';
import { acceptedEvents, ask, pay, transfer, waive } from '../support/account.js';

// Checks the speed without a clock: counts the accesses of an event or a command to an account with 2,000 fees, which
// must equal those with 40. A search through the fees, a copy of them, or a sum over them would fail. Counts the accesses
// to the account before a decision only, not to the rows that the decision has copied.

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

const policy = definePolicy({
  currency: 'USD',
  transfers: { expectsSettlement: true },
  accrualLimits: { OVERDUEFINE: '100.00' },
});

/** Returns an account after commands and lists of commands. Throws if one is rejected. */
function accountAfter(
  account: PatronAccount,
  ...commands: readonly (Command | readonly Command[])[]
): PatronAccount {
  return commands.reduce((now, one) => fold(acceptedEvents(decide(one, now, policy)), now), account);
}

/** Returns the number of accesses to an account by an accepted decision. */
function workOf(command: Command | readonly Command[], account: PatronAccount): number {
  const watched = counted(structuredClone(account));
  expect(decide(command, watched.account, policy)).toMatchObject({ accepted: true });
  return watched.count();
}

const goodwill = (id: string, amount: string) =>
  ask('IssueCredit', id, { amount, cause: 'imported', purpose: 'goodwill' });

/** A command of each type about one fee of 9.00 or a credit of its own, preceded by those that make it possible. */
const steps: {
  readonly [Type in CommandType]: (feeId: string) => readonly [...Command[], CommandOf<Type>];
} = {
  AssessFee: (feeId) => [
    ask('AssessFee', `new ${feeId}`, { feeType: 'OTHER', amount: '1.00', owner: 'MAIN' }),
  ],
  AccrueFine: (feeId) => {
    const fine = { feeId: `fine ${feeId}`, feeType: 'OTHER', owner: 'MAIN' };
    return [
      ask('AccrueFine', `1 ${feeId}`, { ...fine, total: '1.00' }),
      ask('AccrueFine', `2 ${feeId}`, { ...fine, total: '2.00' }),
    ];
  },
  ReceivePayment: (feeId) => {
    const by = { channel: 'desk' } as const;
    return [pay(`p ${feeId}`, '1.00', { allocations: [{ feeId, amount: '1.00' }], by })];
  },
  WaiveFees: (feeId) => [waive(`w ${feeId}`, feeId, '1.00')],
  ReturnLostItem: (feeId) => [ask('ReturnLostItem', `r ${feeId}`, { feeIds: [feeId] })],
  DisputeFee: (feeId) => [ask('DisputeFee', `d ${feeId}`, { feeId })],
  ResolveDispute: (feeId) => [
    ...steps.DisputeFee(feeId),
    ask('ResolveDispute', `o ${feeId}`, { feeId, outcome: 'patronUpheld', remedy: 'cancel' }),
  ],
  TransferFees: (feeId) => [transfer(`t ${feeId}`, feeId)],
  SettleTransfer: (feeId) => [
    ...steps.TransferFees(feeId),
    ask('SettleTransfer', `s ${feeId}`, { transferId: `t ${feeId}`, amount: '5.00' }),
  ],
  ReverseSettlement: (feeId) => [
    ...steps.SettleTransfer(feeId),
    ask('ReverseSettlement', `b ${feeId}`, { settlementId: `s ${feeId}` }),
  ],
  RecallTransfer: (feeId) => [
    ...steps.TransferFees(feeId),
    ask('RecallTransfer', `b ${feeId}`, { transferId: `t ${feeId}` }),
  ],
  IssueCredit: (feeId) => [ask('IssueCredit', `c ${feeId}`, { amount: '2.00', cause: 'imported' })],
  CancelCredit: (feeId) => [
    ...steps.IssueCredit(feeId),
    ask('CancelCredit', `b ${feeId}`, { creditId: `c ${feeId}` }),
  ],
  ApplyCredit: (feeId) => [
    ...steps.IssueCredit(feeId),
    ask('ApplyCredit', `a ${feeId}`, {
      creditId: `c ${feeId}`,
      allocations: [{ feeId, amount: '2.00' }],
    }),
  ],
  RefundCredit: (feeId) => [
    ...steps.IssueCredit(feeId),
    ask('RefundCredit', `m ${feeId}`, { creditId: `c ${feeId}`, method: 'CASH' }),
  ],
  CancelFee: (feeId) => [ask('CancelFee', `x ${feeId}`, { feeId })],
  ReversePayment: (feeId) => [
    ...steps.ReceivePayment(feeId),
    ask('ReversePayment', `b ${feeId}`, { paymentId: `p ${feeId}` }),
  ],
  ReverseWaiver: (feeId) => [
    ...steps.WaiveFees(feeId),
    ask('ReverseWaiver', `b ${feeId}`, { waiverId: `w ${feeId}` }),
  ],
  ReverseCreditApplication: (feeId) => [
    ...steps.ApplyCredit(feeId),
    ask('ReverseCreditApplication', `b ${feeId}`, { applicationId: `a ${feeId}` }),
  ],
  ReverseRefund: (feeId) => [
    ...steps.RefundCredit(feeId),
    ask('ReverseRefund', `b ${feeId}`, { refundId: `m ${feeId}` }),
  ],
  AgreePaymentPlan: (feeId) => {
    const instalments = [{ dueOn: '2026-04-01', amount: '9.00' }];
    return [ask('AgreePaymentPlan', `i ${feeId}`, { feeIds: [feeId], instalments })];
  },
  EndPaymentPlan: (feeId) => [
    ...steps.AgreePaymentPlan(feeId),
    ask('EndPaymentPlan', `b ${feeId}`, { planId: `i ${feeId}`, cause: 'cancelled' }),
  ],
};
const types = Object.keys(steps) as CommandType[];

describe('the work of one command', () => {
  it.each(types)('that names its fees is the same on an account of 40 and of 2,000 fees: %s', (type) => {
    const work = [small, large].map((account) => {
      const commands: readonly Command[] = steps[type](lastFeeOf(account).feeId);
      const command = commands.at(-1) as Command;
      return workOf(command, accountAfter(account, commands.slice(0, -1)));
    });
    expect(work[0]).toBeGreaterThan(0);
    expect(work[1]).toBe(work[0]);
  });
});

/** A decision about many rows: its name, an account with them, and a command or a list of commands, by their number. */
type Growth = readonly [
  string,
  (rows: number) => PatronAccount,
  (rows: number) => Command | readonly Command[],
];

/** Four times as many rows are four times the work, but sixteen times if each row reads all others. */
function expectGrowth([, prepared, command]: Growth) {
  const work = [200, 800].map((rows) => workOf(command(rows), prepared(rows)));
  expect((work[1] as number) / (work[0] as number)).toBeLessThan(5);
}

const numbers = (rows: number) => Array.from({ length: rows }, (_, number) => `${number}`);
const nineFor = (rows: number) => `${9 * rows}.00`;

describe('the work of one command on many fees', () => {
  const fees = (count: number) => accountWith(count, 'loan');
  const feesAfter =
    (...commands: ((count: number) => Command)[]) =>
    (count: number) =>
      accountAfter(fees(count), ...commands.map((command) => command(count)));
  const payAll = (count: number) =>
    pay('p', nineFor(count), {
      allocations: numbers(count).map((feeId) => ({ feeId, amount: '9.00' })),
    });
  const give = (count: number) => goodwill('g', nineFor(count));
  const use = () => ask('ApplyCredit', 'a', { creditId: 'g' });
  const waiveAll = (count: number) =>
    ask('WaiveFees', 'w', { fees: numbers(count).map((feeId) => ({ feeId })), reason: 'OTHER' });
  const waivePart = (count: number) => {
    const parts = numbers(count).map((feeId, number) => ({ feeId, amount: `${1 + (number % 7)}.00` }));
    return ask('WaiveFees', 'w', { fees: parts, reason: 'OTHER' });
  };
  const sendAll = () => ask('TransferFees', 't', { eligible: { fees: {} } });
  const returnAll = () => ask('ReturnLostItem', 'r', { loanId: 'loan' });
  const bounce = () => ask('ReversePayment', 'b', { paymentId: 'p' });
  const plan = (count: number) =>
    ask('AgreePaymentPlan', 'i', {
      feeIds: numbers(count),
      instalments: [{ dueOn: '2026-04-01', amount: nineFor(count) }],
    });
  const cases: readonly Growth[] = [
    ['all items of a loan are returned', fees, returnAll],
    ['all are returned, waived', feesAfter(waiveAll), returnAll],
    ['all are returned, paid', feesAfter(payAll), returnAll],
    ['all are returned, transferred', feesAfter(sendAll), returnAll],
    ['all are waived', fees, waiveAll],
    ['all are waived in part', fees, waivePart],
    ['all are paid', fees, payAll],
    ...paymentOrders.map(
      (order): Growth => [
        `half of all is paid, ${order}`,
        feesAfter(waivePart),
        (count) => pay('p', `${2 * count}.00`, { order }),
      ],
    ),
    ['all are transferred', fees, sendAll],
    ['all are transferred, waived in part', feesAfter(waivePart), sendAll],
    ['a credit is used on all', feesAfter(give), use],
    ['a payment of all bounces', feesAfter(payAll), bounce],
    ['a payment of all bounces after all were returned', feesAfter(payAll, returnAll), bounce],
    [
      'the use of a credit on all is undone',
      feesAfter(give, use),
      () => ask('ReverseCreditApplication', 'u', { applicationId: 'a' }),
    ],
    ['a payment plan for all is agreed', fees, plan],
    [
      'a payment plan for all ends',
      feesAfter(plan),
      () => ask('EndPaymentPlan', 'e', { planId: 'i', cause: 'cancelled' }),
    ],
    [
      'a fine grows below the limit for all',
      fees,
      () => ask('AccrueFine', 'k', { feeId: 'fine', feeType: 'OVERDUEFINE', total: '5.00', owner: 'MAIN' }),
    ],
    ...types.map(
      (type): Growth => [
        `a list has a ${type} for each`,
        fees,
        (count) => numbers(count).flatMap((feeId): readonly Command[] => steps[type](feeId)),
      ],
    ),
  ];

  it.each(cases)('grows no faster than the number of fees: %s', (...growth) => expectGrowth(growth));
});

describe('the work of one command on a fee with many transactions', () => {
  const feeAfter =
    (...commands: ((count: number) => Command | readonly Command[])[]) =>
    (count: number) =>
      accountAfter(
        emptyAccount(),
        ask('AssessFee', 'f', {
          feeType: 'LOSTITEMREPLACEMENTFEE',
          // Leaves 1.00 open beside as many parts of 9.00.
          amount: `${9 * count + 1}.00`,
          owner: 'MAIN',
        }),
        ...commands.map((command) => command(count)),
      );
  const each = (command: (number: string) => Command | readonly Command[]) => (count: number) =>
    numbers(count).flatMap(command);
  const payEach = each((id) => pay(`p${id}`, '9.00', { feeIds: ['f'] }));
  const payWhole = () => pay('p', '1.00', { feeIds: ['f'] });
  const waiveEach = each((id) => waive(`w${id}`, 'f', '9.00'));
  const useEach = each((id) => [
    goodwill(`g${id}`, '9.00'),
    ask('ApplyCredit', `a${id}`, { creditId: `g${id}`, feeIds: ['f'] }),
  ]);
  const send = () => transfer('t', 'f');
  const settleEach = each((id) => ask('SettleTransfer', `s${id}`, { transferId: 't', amount: '9.00' }));
  const settleTwice = (count: number) =>
    ask('SettleTransfer', 's', { transferId: 't', amount: nineFor(2 * (count + 1)) });
  const refund = () => ask('RefundCredit', 'm', { creditId: 's#1', method: 'CASH' });
  const reverseNine = (id: string) => {
    const shortfallFee = { feeId: `f${id}`, feeType: 'OTHER', owner: 'MAIN' };
    return ask('ReverseSettlement', `b${id}`, { settlementId: 's', amount: '9.00', shortfallFee });
  };
  const giveBack = () => ask('ReturnLostItem', 'r', { feeIds: ['f'] });
  const cancel = () => ask('CancelFee', 'x', { feeId: 'f' });
  const dispute = () => ask('DisputeFee', 'd', { feeId: 'f' });
  const resolve = () => ask('ResolveDispute', 'o', { feeId: 'f', outcome: 'patronUpheld', remedy: 'cancel' });
  const recall = () => ask('RecallTransfer', 'b', { transferId: 't' });
  const cases: readonly Growth[] = [
    ['it is returned, paid in parts', feeAfter(payEach), giveBack],
    ['it is cancelled, paid by many credits', feeAfter(useEach), cancel],
    ['its dispute is upheld, paid by many credits', feeAfter(useEach, dispute), resolve],
    ['its dispute is upheld, waived in parts', feeAfter(waiveEach, dispute), resolve],
    ['it is paid, waived in parts', feeAfter(waiveEach), payWhole],
    ['it is returned, waived in parts', feeAfter(waiveEach), giveBack],
    [
      'one of its payments bounces after the return',
      feeAfter(payEach, giveBack),
      () => ask('ReversePayment', 'b', { paymentId: 'p0' }),
    ],
    [
      'its only payment bounces after it was given back in parts',
      feeAfter(
        (count) => pay('p', `${9 * count + 1}.00`),
        each((id) => ask('CancelFee', `x${id}`, { feeId: 'f', amount: '9.00' })),
      ),
      () => ask('ReversePayment', 'b', { paymentId: 'p' }),
    ],
    ['its transfer is recalled, settled in parts', feeAfter(send, settleEach), recall],
    ['its transfer is recalled, waived in parts', feeAfter(send, waiveEach), recall],
    [
      'its settlement is reversed further, with a new fee for each part so far',
      feeAfter(send, settleTwice, refund, each(reverseNine)),
      () => reverseNine('last'),
    ],
    [
      'the refund of its surplus is undone, with a new fee for each part that was reversed',
      feeAfter(send, settleTwice, refund, each(reverseNine)),
      () => ask('ReverseRefund', 'u', { refundId: 'm' }),
    ],
    [
      'one of its waivers is undone after the return',
      feeAfter(send, waiveEach, giveBack),
      () => ask('ReverseWaiver', 'b', { waiverId: 'w0' }),
    ],
    [
      'a list undoes each of its payments',
      feeAfter(payEach),
      each((id) => ask('ReversePayment', `b${id}`, { paymentId: `p${id}` })),
    ],
    [
      'a list undoes each of its waivers',
      feeAfter(waiveEach),
      each((id) => ask('ReverseWaiver', `b${id}`, { waiverId: `w${id}` })),
    ],
    [
      'a list undoes each use of a credit on it',
      feeAfter(useEach),
      each((id) => ask('ReverseCreditApplication', `b${id}`, { applicationId: `a${id}` })),
    ],
    [
      'a list undoes each of its settlements',
      feeAfter(send, settleEach),
      each((id) => ask('ReverseSettlement', `b${id}`, { settlementId: `s${id}` })),
    ],
  ];

  it.each(cases)('grows no faster than their number: %s', (...growth) => expectGrowth(growth));
});

describe('the work on a payment plan of many fees, half of them paid', () => {
  const rules = definePolicy({
    currency: 'USD',
    blockLimits: { '*': [{ amount: '1.00', excusesPaymentPlans: true }] },
  });
  const planned = (count: number): PatronAccount => {
    const feeIds = numbers(count);
    const instalments = [{ dueOn: '2026-04-01', amount: nineFor(count) }];
    return accountAfter(
      accountWith(count),
      ask('AgreePaymentPlan', 'i', { feeIds, instalments }),
      pay('p', nineFor(count / 2), { feeIds }),
    );
  };
  const readers: readonly (readonly [string, (account: PatronAccount) => unknown])[] = [
    ['blocks', (account) => blocks(account, rules, { group: 'MEMBER', on: '2026-03-02' })],
    [
      'what retention keeps of it',
      (account) => {
        const { reasonOf } = settledRows(
          { patronId: 'ada', account, events: [] },
          { untilMs: 0, openSessions: new Set() },
        );
        return account.fees.map(({ feeId }) => reasonOf({ kind: 'fee', id: feeId }));
      },
    ],
  ];

  it.each(readers)('grows no faster than the number of fees: %s', (_, read) => {
    const work = [200, 800].map((rows) => {
      const watched = counted(planned(rows));
      read(watched.account);
      return watched.count();
    });
    expect((work[1] as number) / (work[0] as number)).toBeLessThan(5);
  });
});
