import { type Command, definePolicy, type FeePolicy, PatronFeesError } from 'patron-fees';
import { type EventStore, execute, loadAccount, memoryEventStore } from 'patron-fees/history';
import { type OfficeStore, officeEvents } from 'patron-fees/office';
import {
  type KeptReportEvent,
  loadOnlinePayment,
  type OnlinePaymentEvent,
  type OnlinePaymentsForm,
  type OnlineReport,
  type PayoutRow,
  reconcilePayouts,
  reportOnlinePayment,
  runOnlinePayments,
  type SettlePartForm,
  type SettleReportForm,
  type StartForm,
  type StartPart,
  type StartResult,
  settleOnlinePart,
  settleOnlineReport,
  startOnlinePayment,
} from 'patron-fees/online';
import { onlinePaymentPostings, type Posting } from 'patron-fees/reports';
import { summary } from 'patron-fees/views';
import { expect } from 'vitest';
import { keptPostings } from '../../src/books/journal/onlinePaymentPostings.js';

export const at = '2026-03-02T09:00:00Z';
export const institution = 'north';
export const method = 'ONLINE';

const input = {
  currency: 'USD',
  feeTypes: {
    OTHER: { label: 'Other' },
    OVERDUEFINE: { label: 'Overdue fine' },
    SHORT: { label: 'Payment taken back' },
    DESKONLY: { label: 'At the desk', payableOnline: false },
  },
  paymentMethods: { CASH: 'Cash', ONLINE: 'Online' },
} as const;

/** A policy with a service fee of 0.50. */
export function policyOf(onlinePayments: object = {}, rest: object = {}): FeePolicy {
  const shortfallFee = { feeType: 'SHORT', owner: 'MAIN' };
  const own = { method, serviceFee: { amount: '0.50' }, shortfallFee, ...onlinePayments };
  return definePolicy({ ...input, onlinePayments: own, ...rest });
}

/** The stores, the policy, and what a test does with them. */
export type Shop = Awaited<ReturnType<typeof openShop>>;

/** Opens a shop with fees of `5.00` and `10.00` of the patron `ann`, and one of `4.00` of `ben`. */
export async function openShop(
  policy: FeePolicy = policyOf(),
  accounts: EventStore = memoryEventStore({ now: () => at }),
  office: OfficeStore = memoryEventStore({ now: () => at, codec: officeEvents }),
) {
  const stores = { accounts, office };
  const shop = {
    stores,
    policy,
    /** Executes commands on the account of a patron. */
    give: (patronId: string, ...commands: Command[]) =>
      execute(accounts, shop.policy, { institution, patronId }, commands),
    account: async (patronId: string) => (await loadAccount(accounts, { institution, patronId })).account,
    start: (onlinePaymentId: string, parts: readonly StartPart[], more: Partial<StartForm> = {}) =>
      startOnlinePayment(stores, shop.policy, { institution, onlinePaymentId, parts, at, ...more }),
    report: (
      onlinePaymentId: string,
      report: OnlineReport,
      more: { readonly at?: string; readonly reason?: string } = {},
    ) => reportOnlinePayment(stores, shop.policy, { institution, onlinePaymentId, at, ...report, ...more }),
  };
  await shop.give('ann', fee('f1', '5.00'), fee('f2', '10.00'));
  await shop.give('ben', fee('g1', '4.00'));
  return shop;
}

export function fee(id: string, amount: string, feeType = 'OTHER'): Command {
  return { type: 'AssessFee', id, feeType, amount, owner: 'MAIN', at };
}

/** A report that money was taken. */
export function taken(externalTransactionId: string, amount: string, currency = 'USD'): OnlineReport {
  return { captures: [{ externalTransactionId, amount, currency }] };
}

/** A report that money went back. */
export function back(
  externalTransactionId: string,
  of: string,
  amount: string,
  more: object = {},
): OnlineReport {
  const one = { externalTransactionId, of, amount, kind: 'refund', currency: 'USD', ...more } as const;
  return { returns: [one] };
}

/** A row of a payout of the payment `o1`: the capture `ch_1`, unless it is another. */
export function row(rowId: string, amount: string, more: Partial<PayoutRow> = {}): PayoutRow {
  const money = { amount, currency: 'USD', gross: amount, fee: '0.00', net: amount, payoutCurrency: 'USD' };
  const payout = { payoutId: 'po_1', paidOn: '2026-03-04' };
  return { rowId, reference: 'o1', transaction: 'ch_1', type: 'capture', ...money, ...payout, ...more };
}

export const reconcile = (shop: Shop, ...rows: readonly PayoutRow[]) =>
  reconcilePayouts(shop.stores, shop.policy, { institution, at }, { rows });

export const monitor = (shop: Shop) => runOnlinePayments(shop.stores, shop.policy, { institution, at });

export const monitorAt = (shop: Shop, time: string, more: Partial<OnlinePaymentsForm> = {}) =>
  runOnlinePayments(shop.stores, shop.policy, { institution, at: time, ...more });

export const paymentOf = (shop: Shop, onlinePaymentId = 'o1') =>
  loadOnlinePayment(shop.stores.office, { institution, onlinePaymentId });

/** A member of staff who may settle, and one who may not. */
export const manager = { userId: 'mo', roles: ['USER_MANAGER'] };
export const clerk = { userId: 'kim', roles: ['CIRCULATION'] };

type SettlePart = Pick<SettlePartForm, 'kind' | 'externalTransactionId' | 'what'> & Partial<SettlePartForm>;

/** Settles a part of the payment `o1`. */
export const settlePart = (shop: Shop, part: SettlePart) =>
  settleOnlinePart(shop.stores, shop.policy, {
    institution,
    onlinePaymentId: 'o1',
    reason: 'in cash',
    at,
    by: manager,
    ...part,
  });

/** Settles something kept. */
export const settleKept = (shop: Shop, keptId: string, more: Partial<SettleReportForm> = {}) =>
  settleOnlineReport(shop.stores, shop.policy, {
    institution,
    keptId,
    reason: 'a test',
    at,
    by: manager,
    ...more,
  });

/** Makes an account unreadable; returns a function that repairs it. */
export function breakAccount(shop: Shop, patronId: string): () => void {
  const { accounts } = shop.stores;
  const read: typeof accounts.read = (stream, options) =>
    stream.patronId === patronId
      ? Promise.reject(new PatronFeesError('CORRUPT_HISTORY', 'unreadable'))
      : accounts.read(stream, options);
  Object.assign(shop.stores, { accounts: { ...accounts, read } });
  return () => Object.assign(shop.stores, { accounts });
}

/** Returns the balance of the ledger account `onlineApart`, and of `paidOut`, in minor units. */
export async function apartIn({
  stores: { office },
}: Shop): Promise<readonly [apart: number, paidOut: number]> {
  const { accounts: streams } = await office.accounts();
  const postings: Posting[] = [];
  for (const stream of streams) {
    const events = (await office.read(stream)).events.map(({ event }) => event);
    if (stream.stream.startsWith('online:'))
      postings.push(...onlinePaymentPostings(events as OnlinePaymentEvent[]).flat());
    if (stream.stream.startsWith('onlineKept:'))
      postings.push(...keptPostings(events as KeptReportEvent[]).flat());
  }
  const sum = (kind: string) =>
    postings.filter(({ account }) => account[0] === kind).reduce((total, one) => total + one.amountMinor, 0);
  return [sum('onlineApart'), sum('paidOut')];
}

/** Returns the ids of the captures of a payment. */
export const capturesOf = async (shop: Shop, onlinePaymentId?: string) =>
  (await paymentOf(shop, onlinePaymentId))?.captures.map((one) => one.externalTransactionId) ?? [];

const whole = [{ patronId: 'ann' }, { patronId: 'ben' }];

/** Opens a shop with a payment `o1` begun: all fees of `ann` and `ben`, unless others are given. */
export async function begun(parts: readonly StartPart[] = whole): Promise<Shop> {
  const shop = await openShop();
  expect(await shop.start('o1', parts)).toMatchObject({ accepted: true });
  return shop;
}

/** Returns the names of the rejections of a report. */
export const rejectionsOf = ({ rejections }: { readonly rejections: readonly { readonly type: string }[] }) =>
  rejections.map(({ type }) => type);

/** Returns the active balance of a patron. */
export async function active(shop: Shop, patronId: string): Promise<string> {
  return summary(await shop.account(patronId), shop.policy).active;
}

/** Returns the name of the rejection of a start, or `accepted`. */
export const typeOf = (result: StartResult) => (result.accepted ? 'accepted' : result.rejection.type);

/** All fees of `ann`. */
export const ann = [{ patronId: 'ann' }];

/** Starts a payment in a process that is killed after its first write. */
export async function startAndDie(shop: Shop, id: string, parts: readonly StartPart[]): Promise<void> {
  expect(await diesAfter(shop, 1, () => shop.start(id, parts))).toBe(true);
}

/** A payment of the fees of `ann`, with the service fee in it, that another program posted by itself. */
export const postedByPortal = {
  type: 'ReceivePayment',
  id: 'portal',
  amount: '15.50',
  method,
  overpayment: 'credit',
  externalTransactionId: 'ch_1',
  at,
} as const;

type Append<Given extends unknown[], Done> = (...given: Given) => Promise<Done>;

/** Runs a task with `before` called before each of its writes, with the number of the write. */
async function withWrites<Done>(
  shop: Shop,
  before: (write: number) => unknown,
  task: () => Promise<Done>,
): Promise<Done> {
  const { accounts, office } = shop.stores;
  let writes = 0;
  const watched = <Given extends unknown[], Result>(append: Append<Given, Result>): Append<Given, Result> => {
    return async (...given) => {
      writes += 1;
      await before(writes);
      return append(...given);
    };
  };
  Object.assign(shop.stores, {
    accounts: { ...accounts, append: watched(accounts.append) },
    office: { ...office, append: watched(office.append) },
  });
  try {
    return await task();
  } finally {
    Object.assign(shop.stores, { accounts, office });
  }
}

/** Runs a task in a process that is killed after some writes to the stores. Returns whether it was. */
export async function diesAfter(shop: Shop, count: number, task: () => Promise<unknown>): Promise<boolean> {
  const killed = new Error('killed');
  const die = (write: number) => {
    if (write > count) throw killed;
  };
  const error = await withWrites(shop, die, task).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect([null, killed]).toContain(error);
  return error !== null;
}

/** Runs a task; after some of its writes, another one runs before the next. Returns whether it was. */
export async function meetsAfter(
  shop: Shop,
  count: number,
  task: () => Promise<unknown>,
  other: (shop: Shop) => Promise<unknown>,
): Promise<boolean> {
  const stores = { ...shop.stores };
  let met = false;
  const meet = async (write: number) => {
    if (write !== count + 1) return;
    met = true;
    Object.assign(shop.stores, stores);
    await other(shop);
  };
  await withWrites(shop, meet, task);
  return met;
}
