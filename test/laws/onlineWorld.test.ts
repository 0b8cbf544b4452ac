import { expect, it } from 'vitest';
import { violations } from '../../src/account/invariants.js';
import { reversedOf } from '../../src/account/records.js';
import { execute, loadAccount, memoryEventStore } from '../../src/history/index.js';
import { type Command, definePolicy, type PatronAccount } from '../../src/index.js';
import { officeEvents } from '../../src/office/officeEvents.js';
import {
  loadOnlinePayment,
  type OnlinePayment,
  reportOnlinePayment,
  startOnlinePayment,
} from '../../src/online/index.js';
import { canonicalForm } from '../../src/testing/index.js';
import { LAW_TIMEOUT_MS } from '../support/seeded.js';

const at = '2026-03-02T09:00:00Z';
const institution = 'north';
const patron = { institution, patronId: 'ann' };
const id = { institution, onlinePaymentId: 'o1' };
const policy = definePolicy({
  currency: 'JPY',
  feeTypes: { OTHER: { label: 'Other' } },
  paymentMethods: { ONLINE: 'Online' },
  onlinePayments: { method: 'ONLINE', shortfallFee: { feeType: 'OTHER', owner: 'MAIN' } },
});

const captured = (externalTransactionId: string, amount: string) => ({
  captures: [{ externalTransactionId, amount, currency: 'JPY' }],
});
const wentBack = (externalTransactionId: string) => ({
  returns: [{ externalTransactionId, of: 'ch_1', kind: 'refund', amount: '1', currency: 'JPY' } as const],
});

/** What happens, in any order: a fee of 2 is paid online and given back in part, while staff cancel it or enter the payment themselves. */
const moves: Readonly<Record<string, (stores: ReturnType<typeof newStores>) => Promise<unknown>>> = {
  start: (stores) =>
    startOnlinePayment(stores, policy, { ...id, at, parts: [{ patronId: 'ann', feeId: 'f1', amount: '2' }] }),
  capture: (stores) => reportOnlinePayment(stores, policy, { ...id, at, ...captured('ch_1', '2') }),
  return: (stores) => reportOnlinePayment(stores, policy, { ...id, at, ...wentBack('re_1') }),
  end: (stores) =>
    reportOnlinePayment(stores, policy, { ...id, at, ended: { cause: 'cancelled', final: true } }),
  cancel: ({ accounts }) => give(accounts, { type: 'CancelFee', id: 'x1', at, feeId: 'f1' }),
  'entered by staff': ({ accounts }) =>
    give(accounts, {
      ...{ type: 'ReceivePayment', id: 's1', at, amount: '2', method: 'ONLINE', overpayment: 'credit' },
      externalTransactionId: 'ch_1',
    } as Command),
};

const give = (accounts: ReturnType<typeof memoryEventStore>, command: Command) =>
  execute(accounts, policy, patron, command);

function newStores() {
  const now = () => at;
  return { accounts: memoryEventStore({ now }), office: memoryEventStore({ now, codec: officeEvents }) };
}

/** What there is after some moves. */
type State = {
  readonly account: PatronAccount;
  readonly payment: OnlinePayment | null;
  /** The data of all events of the office. */
  readonly office: readonly string[];
};

/** Plays moves from the start; every one of them, the last one twice: it is a repeat then. */
async function stateAfter(
  way: readonly string[],
): Promise<State & { readonly key: string; readonly keyAgain: string }> {
  const stores = newStores();
  await give(stores.accounts, {
    type: 'AssessFee',
    id: 'f1',
    at,
    feeType: 'OTHER',
    amount: '2',
    owner: 'MAIN',
  });
  for (const name of way) await moves[name]?.(stores);
  const state = async (): Promise<State> => {
    const { account } = await loadAccount(stores.accounts, patron);
    const { events } = await stores.office.readAll();
    const office = events.map(({ event }) => JSON.stringify(event.data));
    return { account, payment: await loadOnlinePayment(stores.office, id), office };
  };
  const first = await state();
  await moves[way.at(-1) ?? '']?.(stores);
  const again = await state();
  return { ...first, key: keyOf(first), keyAgain: keyOf(again) };
}

function keyOf({ account, office }: State): string {
  return JSON.stringify([canonicalForm(account), [...office].sort()]);
}

/** Fails unless an account adds up, and has what the provider took and did not give back, if all of it is recorded. */
function holds({ account, payment }: State, way: readonly string[]): void {
  expect(violations(account), way.join(', ')).toEqual([]);
  if (payment === null || payment.captures.length === 0) return;
  const sum = (rows: readonly { readonly amount: string }[]) =>
    rows.reduce((total, { amount }) => total + Number(amount), 0);
  const kept = account.payments.reduce((total, one) => total + one.amount - reversedOf(one), 0);
  const refunded = account.refunds.reduce((total, one) => total + (one.reversed ? 0 : one.amount), 0);
  const byStaff = payment.captures.some((one) => one.externalTransactionId === 'ch_1')
    ? 0
    : sumOfStaff(account);
  expect(kept - refunded - byStaff, way.join(', ')).toBe(sum(payment.captures) - sum(payment.returns));
}

function sumOfStaff({ payments }: PatronAccount): number {
  const entered = payments.filter(({ paymentId }) => paymentId === 's1');
  return entered.reduce((total, one) => total + one.amount - reversedOf(one), 0);
}

it(
  'every story of an online payment from start to return: what the provider keeps is recorded once, and repeats add nothing',
  async () => {
    const depth = process.env.FC_RUNS === 'all' ? 12 : 3;
    const seen = new Set([(await stateAfter([])).key]);
    const counts: number[] = [];
    let level: readonly (readonly string[])[] = [[]];
    while (level.length > 0 && counts.length < depth) {
      const next: string[][] = [];
      for (const before of level)
        for (const name of Object.keys(moves)) {
          const way = [...before, name];
          const state = await stateAfter(way);
          expect(state.keyAgain, `${way.join(', ')}, again`).toBe(state.key);
          if (seen.has(state.key)) continue;
          seen.add(state.key);
          holds(state, way);
          next.push(way);
        }
      counts.push(next.length);
      level = next;
    }
    const known = [5, 13, 24, 36, 42, 33, 15, 3, 0];
    expect(counts).toEqual(known.slice(0, counts.length));
    expect(level.length === 0).toBe(depth === 12);
  },
  LAW_TIMEOUT_MS,
);
