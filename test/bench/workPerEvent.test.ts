import { describe, expect, it } from 'vitest';
import { apply } from '../../src/account/apply.js';
import { decide } from '../../src/account/decide.js';
import type { AccountEvent } from '../../src/account/events.js';
import { evolve } from '../../src/account/evolve.js';
import { mutableCopy } from '../../src/account/fold.js';
import { emptyAccount, findFee, type PatronAccount } from '../../src/account/patronAccount.js';
import { definePolicy } from '../../src/policy/feePolicy.js';

// Guards the speed without a clock: what an event or a command does to an account with 2,000 fees is counted, and must
// be what it does to one with 20. A search through the fees, a copy of them, a sum over them would show at once.

const at = '2026-03-02T09:00:00Z';
const money = { currency: 'USD', at };

function accountWith(fees: number): PatronAccount {
  const assessed = Array.from({ length: fees }, (_, number): AccountEvent => {
    const data = {
      feeId: `${number}`,
      feeType: 'LOSTITEMREPLACEMENTFEE',
      amount: '9.00',
      owner: 'MAIN',
      ...money,
    };
    return { type: 'FeeAssessed', data: { ...data, lostItem: true }, metadata: { commandId: `${number}` } };
  });
  return assessed.reduce(evolve, emptyAccount());
}

const small = accountWith(20);
const large = accountWith(2_000);

/** Counts how often anything of an account is read, written or listed. */
function counted(account: PatronAccount): { readonly account: PatronAccount; readonly count: () => number } {
  let count = 0;
  const watch = (target: object): object =>
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
  return { account: watch(account) as PatronAccount, count: () => count };
}

const lastFee = { feeId: '19', amount: '1.00' };
const events: readonly AccountEvent[] = [
  { type: 'FeeAssessed', data: { feeId: 'new', feeType: 'OTHER', amount: '1.00', owner: 'MAIN', ...money } },
  {
    type: 'PaymentReceived',
    data: { paymentId: 'p', amount: '1.00', method: 'CASH', allocations: [lastFee], ...money },
    metadata: { commandId: 'c', commandDigest: 'd' },
  },
  { type: 'FeeWaived', data: { waiverId: 'w', ...lastFee, ...money } },
  { type: 'FeeTransferred', data: { transferId: 't', ...lastFee, expectsSettlement: true, ...money } },
  { type: 'FeeDisputed', data: { disputeId: 'd', feeId: '19', at } },
];

describe('the work of one event', () => {
  it.each(events)('is the same on a held account of 20 and of 2,000 fees: $type', (event) => {
    const work = [small, large].map((account) => {
      const state = mutableCopy(account);
      findFee(state, '19');
      const held = counted(state);
      apply(held.account as typeof state, event);
      return held.count();
    });
    expect(work[0]).toBeGreaterThan(0);
    expect(work[1]).toBe(work[0]);
  });

  it.each(events)('makes evolve copy at most one fee, however many there are: $type', (event) => {
    const after = evolve(large, event);
    const copied = large.fees.filter((fee, position) => after.fees[position] !== fee);
    expect(copied.length).toBeLessThanOrEqual(1);
    expect(large.ids.every((use, position) => after.ids[position] === use)).toBe(true);
    expect([after.credits, after.applications, after.refunds]).toEqual([[], [], []]);
  });
});

describe('the work of one command', () => {
  const policy = definePolicy({ currency: 'USD' });
  const by = { channel: 'desk' } as const;
  it.each([
    { type: 'AssessFee', id: 'new', feeType: 'OTHER', amount: '1.00', owner: 'MAIN', at },
    { type: 'ReceivePayment', id: 'p', amount: '1.00', method: 'CASH', allocations: [lastFee], at, by },
    { type: 'DisputeFee', id: 'd', feeId: '19', at },
  ] as const)('that names its fees is the same on an account of 20 and of 2,000 fees: $type', (command) => {
    const work = [small, large].map((account) => {
      const watched = counted(askedCopy(account));
      expect(decide(command, watched.account, policy).accepted).toBe(true);
      return watched.count();
    });
    expect(work[0]).toBeGreaterThan(0);
    expect(work[1]).toBe(work[0]);
  });
});

/** Not frozen, so that a proxy may stand before it; asked once, so that it has its index. */
function askedCopy(account: PatronAccount): PatronAccount {
  const copy = structuredClone(account);
  findFee(copy, '19');
  return copy;
}
