import { copyEvents, loadAccount, memoryEventStore, redactEvent } from 'patron-fees/history';
import { officeEvents } from 'patron-fees/office';
import { mergeAccounts } from 'patron-fees/patrons';
import { summary } from 'patron-fees/views';
import { describe, expect, it } from 'vitest';
import {
  apartIn,
  at,
  back,
  diesAfter,
  institution,
  monitor,
  openShop,
  paymentOf,
  reconcile,
  row,
  type Shop,
  settleKept,
  taken,
} from './shop.js';

/** What happens to a payment, from a return that comes before its capture to a payout. Each may come twice. */
const steps: readonly ((shop: Shop) => Promise<unknown>)[] = [
  (shop) => shop.report('o1', back('re_1', 'ch_1', '4.00')),
  (shop) => shop.start('o1', [{ patronId: 'ann' }, { patronId: 'ben' }]),
  (shop) => shop.report('o1', taken('ch_1', '19.50')),
  (shop) => monitor(shop),
  async (shop) => {
    const { kept } = await shop.report('unknown', taken('ch_9', '5.00'));
    await settleKept(shop, kept[0]?.keptId ?? '');
  },
  (shop) => reconcile(shop, row('r1', '19.50'), row('r9', '3.00', { reference: null, transaction: 'ch_8' })),
  (shop) => shop.report('o1', back('re_2', 'ch_1', '6.00')),
];

/** What else happens to the books. */
const changes: Readonly<Record<string, (shop: Shop) => Promise<unknown>>> = {
  'a merge of an account': async ({ stores, policy }) => {
    const [from, into] = ['ann', 'ann2'].map((patronId) => ({ institution, patronId }));
    if (from === undefined || into === undefined) throw new Error('two accounts');
    const merged = await mergeAccounts(stores.accounts, policy, { from, into, id: 'm1', at });
    expect(merged).toMatchObject({ accepted: true });
  },
  'a copy of accounts and office, without texts': async ({ stores }) => {
    const accounts = memoryEventStore({ now: () => at });
    const office = memoryEventStore({ now: () => at, codec: officeEvents });
    await copyEvents(stores.accounts as typeof accounts, accounts, { change: redactEvent });
    await copyEvents(stores.office as typeof office, office);
    Object.assign(stores, { accounts, office });
  },
};

/** Takes a backup of the office; returns a function that restores it. */
async function backup({ stores }: Shop): Promise<() => void> {
  const office = memoryEventStore({ now: () => at, codec: officeEvents });
  await copyEvents(stores.office as typeof office, office);
  return () => Object.assign(stores, { office });
}

async function figures(shop: Shop) {
  const { findings, kept } = await monitor(shop);
  const balances: string[] = [];
  for (const patronId of ['ann', 'ben']) {
    const { account } = await loadAccount(shop.stores.accounts, { institution, patronId });
    balances.push(summary(account, shop.policy).active);
  }
  const { captures, returns, recorded, payouts } = (await paymentOf(shop)) ?? {};
  return { balances, captures, returns, recorded, payouts, apart: await apartIn(shop), kept, findings };
}

describe('between any two writes of an online payment', () => {
  it.each(Object.entries(changes))('%s changes nothing', async (_, change) => {
    const undisturbed = await openShop();
    for (const step of steps) await step(undisturbed);
    const expected = await figures(undisturbed);
    for (const [index, step] of steps.entries()) {
      for (let writes = 0, died = true; died; writes += 1) {
        const shop = await openShop();
        for (const before of steps.slice(0, index)) await before(shop);
        died = await diesAfter(shop, writes, () => step(shop));
        await change(shop);
        for (const next of steps.slice(died ? index : index + 1)) await next(shop);
        expect(await figures(shop), `step ${index}, after ${writes} writes`).toEqual(expected);
      }
    }
  });
});

it('an office that is restored to an earlier moment than the accounts records nothing twice', async () => {
  const shop = await openShop();
  for (const step of steps.slice(0, 2)) await step(shop);
  const restore = await backup(shop);
  for (const step of steps.slice(2)) await step(shop);
  const expected = await figures(shop);
  restore();
  for (const step of steps.slice(2)) await step(shop);
  expect(await figures(shop)).toEqual(expected);
});
