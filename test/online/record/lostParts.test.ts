import { type EventStore, loadAccount, memoryEventStore } from 'patron-fees/history';
import { runPurge } from 'patron-fees/jobs';
import { type OfficeStore, officeEvents } from 'patron-fees/office';
import { listOnlinePayments, type OnlineReport, type PayoutRow } from 'patron-fees/online';
import { describe, expect, it } from 'vitest';
import { reversedOf } from '../../../src/account/records.js';
import { leftOfCapture } from '../../../src/office/onlinePayments/onlinePayment.js';
import {
  ann,
  at,
  back,
  begun,
  clerk,
  institution,
  manager,
  method,
  monitor,
  monitorAt,
  paymentOf,
  reconcile,
  row,
  type Shop,
  settleKept,
  settlePart,
  taken,
} from '../shop.js';

/** Returns the first events of a store of accounts, as a backup has them. */
async function accountsAsOf(store: EventStore, count: number): Promise<EventStore> {
  const restored = memoryEventStore({ now: () => at });
  const { events } = await store.readAll({ limit: 1_000 });
  for (const { event, version, institution: of, patronId } of events.slice(0, count))
    await restored.append({ institution: of, patronId }, [event], { expectedVersion: version - 1 });
  return restored;
}

/** Returns the first events of a store of an office. */
async function officeAsOf(store: OfficeStore, count: number): Promise<OfficeStore> {
  const restored = memoryEventStore({ now: () => at, codec: officeEvents });
  const { events } = await store.readAll({ limit: 1_000 });
  for (const { event, version, institution: of, stream } of events.slice(0, count))
    await restored.append({ institution: of, stream }, [event], { expectedVersion: version - 1 });
  return restored;
}

const countOf = async (store: { readonly readAll: EventStore['readAll'] | OfficeStore['readAll'] }) =>
  (await store.readAll({ limit: 1_000 })).events.length;

/** What the provider did: three captures, two refunds. Staff and a portal entered parts of it before it was told. */
const reports = [
  taken('ch_1', '19.50'),
  back('re_1', 'ch_1', '6.00'),
  taken('ch_2', '5.00'),
  back('re_2', 'ch_2', '1.00'),
];

async function played(): Promise<Shop> {
  const shop = await begun();
  const portal = {
    type: 'ReceivePayment',
    id: 'portal',
    amount: '3.00',
    method,
    overpayment: 'credit',
  } as const;
  await shop.give('ann', { ...portal, externalTransactionId: 'ch_1', at });
  const [first, ...others] = reports;
  await shop.report('o1', first as object);
  const [paid] = (await shop.account('ben')).payments;
  const byHand = { type: 'ReversePayment', amount: '2.00', method, at } as const;
  for (const id of ['hand1', 'hand2'])
    await shop.give('ben', { ...byHand, id, paymentId: paid?.paymentId ?? '' });
  for (const report of others) await shop.report('o1', report);
  await shop.report('o1', { ended: { cause: 'completed', final: true } });
  await reconcile(shop, ...rows);
  return shop;
}

const rows = [
  row('r1', '19.50'),
  row('r2', '6.00', { transaction: 're_1', of: 'ch_1', type: 'refund' }),
  row('r3', '5.00', { transaction: 'ch_2' }),
  row('r4', '1.00', { transaction: 're_2', of: 'ch_2', type: 'refund' }),
];

/** All went back: the part of `ben` first, then one of `ann`, of which staff had entered some, then the rest and the fee. */
const returnedAll = [
  taken('ch_1', '19.50'),
  back('re_1', 'ch_1', '4.00'),
  back('re_2', 'ch_1', '3.00', { accounts: [{ patronId: 'ann', amount: '3.00' }] }),
  back('re_3', 'ch_1', '12.50'),
];

/** What the provider says again names no accounts. */
const withoutNames = ({ returns = [], ...report }: OnlineReport): OnlineReport => ({
  ...report,
  returns: returns.map(({ accounts: _accounts, ...returned }) => returned),
});

const playedBack = () => playedWith('ann', returnedAll, rowsBack);

/** Returns that name an account, of which more than that is left in another. */
const returnedNamed = [
  taken('ch_1', '19.50'),
  back('re_1', 'ch_1', '3.00', { accounts: [{ patronId: 'ann', amount: '3.00' }] }),
  taken('ch_2', '5.00'),
  back('re_2', 'ch_1', '1.00', { accounts: [{ patronId: 'ann', amount: '1.00' }] }),
];

const playedNamed = () => playedWith('ben', returnedNamed, rowsNamed);

/** A portal entered 1.00 of a patron before the first report, and staff reversed 2.00 of `ann` after it. */
async function playedWith(patronId: string, told: readonly OnlineReport[], paidOut: readonly PayoutRow[]) {
  const shop = await begun();
  const portal = {
    type: 'ReceivePayment',
    id: 'portal',
    amount: '1.00',
    method,
    overpayment: 'credit',
  } as const;
  await shop.give(patronId, { ...portal, externalTransactionId: 'ch_1', at });
  const [first, ...others] = told;
  await shop.report('o1', first as object);
  const paid = (await shop.account('ann')).payments.find((one) => one.paymentId !== 'portal');
  const byHand = { type: 'ReversePayment', amount: '2.00', method, at } as const;
  await shop.give('ann', { ...byHand, id: 'hand', paymentId: paid?.paymentId ?? '' });
  for (const report of others) await shop.report('o1', report);
  await shop.report('o1', { ended: { cause: 'completed', final: true } });
  await reconcile(shop, ...paidOut);
  return shop;
}

const rowsNamed = [
  row('r1', '19.50'),
  row('r2', '3.00', { transaction: 're_1', of: 'ch_1', type: 'refund' }),
  row('r3', '5.00', { transaction: 'ch_2' }),
  row('r4', '1.00', { transaction: 're_2', of: 'ch_1', type: 'refund' }),
];

const rowsBack = [
  row('r1', '19.50'),
  row('r2', '4.00', { transaction: 're_1', of: 'ch_1', type: 'refund' }),
  row('r3', '3.00', { transaction: 're_2', of: 'ch_1', type: 'refund' }),
  row('r4', '12.50', { transaction: 're_3', of: 'ch_1', type: 'refund' }),
];

/** Reads an account from the store that the shop has at present. */
const accountOf = async ({ stores }: Shop, patronId: string) =>
  (await loadAccount(stores.accounts, { institution, patronId })).account;

/** What the accounts have of the method, in minor units: received, less what went back. */
async function receivedIn(shop: Shop): Promise<number> {
  let sum = 0;
  for (const patronId of ['ann', 'ben'])
    for (const one of (await accountOf(shop, patronId)).payments) sum += one.amount - reversedOf(one);
  return sum;
}

/** What each account has of the method, in minor units. */
async function netOf(shop: Shop): Promise<readonly number[]> {
  const sums: number[] = [];
  for (const patronId of ['ann', 'ben']) {
    const { payments } = await accountOf(shop, patronId);
    sums.push(payments.reduce((sum, one) => sum + one.amount - reversedOf(one), 0));
  }
  return sums;
}

/** What the office has divided to each account, less what went back, in minor units. */
async function dividedIn(shop: Shop): Promise<readonly number[]> {
  const payment = await paymentOf(shop);
  if (payment === null) return [];
  const left = payment.captures.map((one) => leftOfCapture(payment, one.externalTransactionId)?.accounts);
  return ['ann', 'ben'].map((id) => left.reduce((sum, accounts) => sum + (accounts?.get(id) ?? 0), 0));
}

/** Returns what was told as it was, backwards, and in two other orders. */
function inOrders(all: readonly OnlineReport[]): readonly (readonly OnlineReport[])[] {
  const [one, two, three, four] = all as [OnlineReport, OnlineReport, OnlineReport, OnlineReport];
  return [all, [four, three, two, one], [one, three, four, two], [one, four, two, three]];
}

const nameOf = ({ captures = [], returns = [] }: OnlineReport) =>
  [...captures, ...returns].map((one) => one.externalTransactionId).join();

/** Does what the list says of records that accounts lost, as the guide does it. Returns how many there were. */
async function recordAnew(shop: Shop): Promise<number> {
  let count = 0;
  const form = { institution, at, codes: ['RECORD_LOST'] } as const;
  for await (const { actions } of listOnlinePayments(shop.stores, shop.policy, form))
    for (const action of actions) {
      if (action.does !== 'settlePart') continue;
      const { does: _does, ...part } = action;
      expect(await settlePart(shop, { ...part, reason: 'restored' })).toMatchObject({ accepted: true });
      count += 1;
    }
  return count;
}

describe('accounts that were restored from an older backup than the office', () => {
  it('have missing records, which a run without a cursor reports and records again once', async () => {
    const shop = await played();
    const { accounts, office } = shop.stores;
    const [received, events] = [await receivedIn(shop), await countOf(accounts)];
    expect((await monitor(shop)).findings.count).toBe(0);
    const recorded = (await paymentOf(shop))?.recorded ?? [];
    expect(recorded.filter(({ byOthers }) => byOthers !== undefined)).toHaveLength(2);
    const named: number[] = [];
    for (let count = events; count >= 0; count--) {
      const restored = await accountsAsOf(accounts, count);
      Object.assign(shop.stores, { accounts: restored, office: await officeAsOf(office, 1_000) });
      const left = (await restored.readAll({ limit: 1_000 })).events;
      const text = left.map(({ event }) => JSON.stringify(event)).join();
      const isThere = ({ recordedId }: { readonly recordedId: string }) => text.includes(`"${recordedId}"`);
      const { findings } = await monitor(shop);
      expect(Object.keys(findings.byCode), `${count} events`).toEqual(
        recorded.every(isThere) ? [] : ['RECORD_LOST'],
      );
      named.push(findings.count);
      expect(await recordAnew(shop)).toBe(findings.count);
      const after = [await receivedIn(shop), (await monitor(shop)).findings.count];
      expect(after, `${count} events`).toEqual([received, 0]);
      const again = await countOf(restored);
      expect([await recordAnew(shop), await countOf(restored)]).toEqual([0, again]);
    }
    expect([named[0], named.at(-1)]).toEqual([0, recorded.length]);
  });

  it('have their records restored with a reason, only by a user who may settle', async () => {
    const shop = await begun(ann);
    const empty = await accountsAsOf(shop.stores.accounts, 3);
    await shop.report('o1', taken('ch_1', '15.50'));
    const part = { kind: 'capture', externalTransactionId: 'ch_1', patronId: 'ann', what: 'record' } as const;
    expect(await settlePart(shop, part)).toMatchObject({ rejection: { type: 'PartRecorded' } });
    Object.assign(shop.stores, { accounts: empty });
    const { findings } = await monitor(shop);
    expect(findings.first).toMatchObject([
      { code: 'RECORD_LOST', patronId: 'ann', externalTransactionId: 'ch_1' },
    ]);
    expect(await settlePart(shop, { ...part, by: clerk })).toMatchObject({
      rejection: { type: 'MayNotSettle' },
    });
    // Apart is what no account records: this one was recorded.
    expect(await settlePart(shop, { ...part, what: 'apart' })).toMatchObject({
      rejection: { type: 'PartRecorded' },
    });
    expect(await settlePart(shop, { ...part, reason: 'restored' })).toMatchObject({
      accepted: true,
      isRepeat: false,
    });
    expect((await paymentOf(shop))?.settled).toMatchObject([{ what: 'record', reason: 'restored' }]);
    expect(await settlePart(shop, part)).toMatchObject({ rejection: { type: 'PartRecorded' } });
    const { events } = await empty.read({ institution, patronId: 'ann' });
    expect(events.map(({ event }) => event.type)).toEqual(['FeeAssessed', 'FeeAssessed', 'PaymentReceived']);
    expect((await monitor(shop)).findings.count).toBe(0);
  });

  it('stay a finding in every run with the cursor', async () => {
    const shop = await begun(ann);
    const empty = await accountsAsOf(shop.stores.accounts, 3);
    await shop.report('o1', { ...taken('ch_1', '15.50'), ended: { cause: 'completed', final: true } });
    const { cursor } = await monitor(shop);
    Object.assign(shop.stores, { accounts: empty });
    expect((await monitorAt(shop, at, { after: cursor })).findings.count).toBe(0);
    const first = await monitor(shop);
    const next = await monitorAt(shop, at, { after: first.cursor });
    expect([first.findings.byCode, next.findings.byCode]).toEqual([{ RECORD_LOST: 1 }, { RECORD_LOST: 1 }]);
  });

  it('have no missing records if they were purged', async () => {
    const shop = await begun(ann);
    await shop.report('o1', { ...taken('ch_1', '15.50'), ended: { cause: 'completed', final: true } });
    const now = '2037-01-01T00:00:00Z';
    const age = { at: now, settledForDays: 3_652, timeZone: 'UTC' };
    const form = { institution, jobId: 'purge', by: manager, ...age };
    const purged = await runPurge(shop.stores as never, shop.policy, form, { now });
    expect(purged).toMatchObject({ accepted: true, report: { purged: 1 } });
    expect((await monitor(shop)).findings.count).toBe(0);
    // What is recorded after the purge may be lost.
    const { accounts } = shop.stores;
    const { version } = await accounts.read({ institution, patronId: 'ann' });
    const later = '2037-01-02T00:00:00Z';
    await shop.report('o1', taken('ch_2', '2.00'), { at: later });
    expect((await monitorAt(shop, later)).findings.byCode).not.toHaveProperty('RECORD_LOST');
    const read: typeof accounts.read = async (stream, options) => {
      const { events } = await accounts.read(stream, options);
      return { version, events: events.filter((one) => one.version <= version) };
    };
    Object.assign(shop.stores, { accounts: { ...accounts, read } });
    expect((await monitorAt(shop, later)).findings.byCode).toMatchObject({ RECORD_LOST: 1 });
  });
});

describe('an office that was restored from an older backup than the accounts', () => {
  it.each([
    { name: 'two captures', play: played, told: reports, paidOut: rows },
    {
      name: 'all given back',
      play: playedBack,
      told: returnedAll.map(withoutNames),
      paidOut: rowsBack,
    },
    { name: 'named accounts', play: playedNamed, told: returnedNamed.map(withoutNames), paidOut: rowsNamed },
  ])(
    'records each fact that is reported again once, or has a finding that a person can end: $name',
    async (story) => {
      const { play, told: all, paidOut } = story;
      const whole = await play();
      const { accounts, office } = whole.stores;
      const received = await receivedIn(whole);
      const events = await countOf(office);
      const unknown: number[] = [];
      const before = await netOf(whole);
      for (let count = events; count >= 0; count--)
        for (const told of inOrders(all)) {
          const shop = await begun();
          Object.assign(shop.stores, {
            accounts: await accountsAsOf(accounts, 1_000),
            office: await officeAsOf(office, count),
          });
          const name = `${count} events, told ${told.map(nameOf)}`;
          const written = await countOf(shop.stores.accounts);
          for (const report of told) await shop.report('o1', report);
          await shop.report('o1', { ended: { cause: 'completed', final: true } });
          await reconcile(shop, ...paidOut);
          const { findings } = await monitor(shop);
          expect([await countOf(shop.stores.accounts), await netOf(shop)], name).toEqual([written, before]);
          const payment = await paymentOf(shop);
          expect(Object.keys(findings.byCode), name).toEqual(
            payment === null ? ['REPORT_REFUSED', 'UNKNOWN_PAYMENT'] : [],
          );
          if (payment !== null) expect(await dividedIn(shop), name).toEqual(before);
          unknown.push(findings.count);
          for (const { keptId } of findings.first)
            await settleKept(shop, keptId ?? '', { reason: 'recorded before the restore' });
          expect([(await monitor(shop)).findings.count, await receivedIn(shop)]).toEqual([0, received]);
        }
      expect(unknown[0]).toBe(0);
      expect(unknown.at(-1)).toBeGreaterThan(0);
    },
  );

  it('records an unreported capture as new money, after the captures that accounts have', async () => {
    const shop = await begun();
    const office = await officeAsOf(shop.stores.office, 1_000);
    await shop.report('o1', taken('ch_1', '19.50'));
    const [ofAnn = 0, ofBen = 0] = await netOf(shop);
    Object.assign(shop.stores, { office });
    for (const report of [taken('ch_1', '19.50'), taken('ch_2', '5.00')]) await shop.report('o1', report);
    const after = [ofAnn + 500, ofBen];
    expect([await netOf(shop), await dividedIn(shop)]).toEqual([after, after]);
    expect((await paymentOf(shop))?.captures.map(({ serviceFee }) => serviceFee)).toEqual(['0.50', '0.00']);
  });

  it('records a new capture that is reported before those of the accounts in full, and the rest of those', async () => {
    const shop = await begun();
    const office = await officeAsOf(shop.stores.office, 1_000);
    await shop.report('o1', taken('ch_1', '19.50'));
    Object.assign(shop.stores, { office });
    for (const id of ['ch_2', 'ch_1', 'ch_2', 'ch_1'])
      await shop.report('o1', taken(id, id === 'ch_1' ? '19.50' : '5.00'));
    expect([await netOf(shop), await dividedIn(shop)]).toEqual([
      [2_000, 400],
      [2_000, 400],
    ]);
    expect((await monitor(shop)).findings.byCode).toEqual({ CAPTURED_ABOVE_TOTAL: 1 });
  });
});
