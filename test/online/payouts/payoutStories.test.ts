import {
  loadOnlinePayment,
  type OnlineFinding,
  type OnlinePayment,
  type PayoutRow,
  reconcilePayouts,
  runOnlinePayments,
  unrecordedParts,
} from 'patron-fees/online';
import { expect, it } from 'vitest';
import { money, seededNumbers } from '../../faults/onlineProvider.js';
import { apartIn, at, back, begun, diesAfter, institution, type Shop, settleKept, taken } from '../shop.js';

/** A step of a story, and its name. */
type Step = readonly [name: string, run: (shop: Shop) => Promise<unknown>];

/** What the provider does with the payment `o1`, in cents. The program reports what has `isTold`; payouts have all. */
function inventStory(random: (below: number) => number) {
  const captures = Array.from({ length: 1 + Number(random(3) === 0) }, (_, number) => ({
    number,
    cents: [1950, 1950, 1000, 2100][random(4)] as number,
    untaken: random(4) === 0 ? 100 : 0,
    isTold: random(2) === 0,
  }));
  const returns = captures.flatMap(({ number, cents }) => {
    const refund = {
      id: `re${number}`,
      of: number,
      cents: random(2) === 0 ? cents : 300,
      isTold: random(2) === 0,
    };
    const dispute = { ...refund, id: `du${number}`, cents: 200 };
    return random(2) === 0 ? [] : refund.cents === 300 && random(2) === 0 ? [refund, dispute] : [refund];
  });
  const won = returns.filter(({ cents }) => cents === 200).map((one) => ({ ...one, id: `txn${one.of}` }));
  return {
    captures,
    returns,
    won,
  } as const;
}

type Story = ReturnType<typeof inventStory>;

function webhooksOf({ captures, returns, won }: Story): readonly Step[] {
  const told = <One extends { readonly isTold: boolean }>(all: readonly One[]) =>
    all.filter((one) => one.isTold);
  return [
    ...told(captures).map(({ number, cents }): Step => {
      return [`${number} taken`, (shop) => shop.report('o1', taken(`ch${number}`, money(cents)))];
    }),
    ...told(returns).map(({ id, of, cents }): Step => {
      return [`${id} told`, (shop) => shop.report('any', back(id, `ch${of}`, money(cents)))];
    }),
    ...told(won).map(
      ({ id, cents }): Step => [`${id} won`, (shop) => shop.report('o1', taken(id, money(cents)))],
    ),
  ];
}

/** All rows of the provider's payouts. */
function rowsOf({ captures, returns, won }: Story): readonly PayoutRow[] {
  const rowOf = (rowId: string, amount: string, number: number, more: Partial<PayoutRow>): PayoutRow => {
    const amounts = {
      amount,
      currency: 'USD',
      gross: amount,
      fee: '0.00',
      net: amount,
      payoutCurrency: 'USD',
    };
    const payout = { reference: 'o1', payoutId: 'po', paidOn: '2026-03-04', type: 'capture' } as const;
    return { rowId, ...payout, ...amounts, transaction: `ch${number}`, ...more };
  };
  return [
    ...captures.map((one) => rowOf(`c${one.number}`, money(one.cents + one.untaken), one.number, {})),
    ...captures
      .filter(({ untaken }) => untaken > 0)
      .map((one) => rowOf(`u${one.number}`, `-${money(one.untaken)}`, one.number, {})),
    ...returns.map(({ id, of, cents }) =>
      rowOf(id, `-${money(cents)}`, of, { type: 'refund', transaction: id, of: `ch${of}` }),
    ),
    ...won.map(({ id, of, cents }) => rowOf(id, money(cents), of, { transaction: id, of: `ch${of}` })),
  ];
}

const reconcile = (shop: Shop, rows: readonly PayoutRow[]) =>
  reconcilePayouts(shop.stores, shop.policy, { institution, at }, { rows, concurrency: 4 });

const monitor: Step = ['monitor', (shop) => runOnlinePayments(shop.stores, shop.policy, { institution, at })];

/** A person settles, twice, all that the monitor finds of what is kept. Returns the ids in a set. */
const settling = (ids: Set<string>): Step => [
  'a person settles',
  async (shop) => {
    const onFinding = ({ keptId }: OnlineFinding) => void (keptId && ids.add(keptId));
    await runOnlinePayments(shop.stores, shop.policy, { institution, at }, { onFinding });
    for (const keptId of ids) for (const _ of [1, 2]) await settleKept(shop, keptId);
  },
];

/** Does steps in any order, some killed between two writes, some at once. Returns the names of what it did. */
async function play(shop: Shop, steps: readonly Step[], random: (below: number) => number) {
  const left = [...steps];
  const done: string[] = [];
  const next = () => left.splice(random(left.length), 1)[0] as Step;
  while (left.length > 0) {
    const [name, run] = next();
    const how = random(5);
    if (how === 0) {
      const writes = random(8);
      await diesAfter(shop, writes, () => run(shop));
      done.push(`${name}, killed after ${writes} writes`);
    } else if (how === 1 && left.length > 0) {
      const [other, runOther] = next();
      await Promise.all([run(shop), runOther(shop)]);
      done.push(`${name} and ${other} at once`);
    } else {
      await run(shop);
      done.push(name);
    }
  }
  return done;
}

const centsOf = (amounts: readonly { readonly amount: string }[]) =>
  amounts.reduce((sum, { amount }) => sum + Math.round(Number(amount) * 100), 0);

async function paidIn(shop: Shop, patronId: string): Promise<number> {
  const sum = (all: readonly { readonly amount: number }[]) =>
    all.reduce((total, one) => total + one.amount, 0);
  const { payments } = await shop.account(patronId);
  return sum(payments) - sum(payments.flatMap(({ reversals }) => reversals));
}

it.each(Array.from({ length: 40 }, (_, index) => index))(
  'records what the provider really took, in any order of the reports: story %i',
  async (seed) => {
    const random = seededNumbers(seed);
    const story = inventStory(random);
    const { captures, returns, won } = story;
    const shop = await begun();
    const fileOf = rowsOf(story).map(() => random(3));
    const files = [0, 1, 2, random(3)].map((file): Step => {
      const rows = rowsOf(story).filter((_, index) => fileOf[index] === file);
      return [`file ${file}`, (one) => reconcile(one, rows)];
    });
    const webhooks = webhooksOf(story);
    const settled = new Set<string>();
    const steps = [...webhooks, ...webhooks, ...files, monitor, settling(settled), settling(settled)];
    const done = await play(shop, steps, random);
    // What was settled by mistake is reopened.
    for (const keptId of settled) await settleKept(shop, keptId, { reopen: true });
    // In the end everything arrives, again and again.
    for (let time = 0; time < 3; time++)
      for (const [, run] of [monitor, ...webhooks, ...files]) await run(shop);
    const last = await reconcile(shop, rowsOf(story));
    const payment = (await loadOnlinePayment(shop.stores.office, {
      institution,
      onlinePaymentId: 'o1',
    })) as OnlinePayment;
    const cents = (all: readonly { readonly cents: number }[]) =>
      all.reduce((sum, one) => sum + one.cents, 0);
    const truth = cents(captures) + cents(won) - cents(returns);
    const kept = (all: OnlinePayment['captures'] | OnlinePayment['returns']) =>
      centsOf(all.map((one) => ({ amount: one.serviceFee })));
    const fee = kept(payment.captures) - kept(payment.returns);
    const recorded = centsOf(payment.captures) - centsOf(payment.returns);
    const inAccounts = (await paidIn(shop, 'ann')) + (await paidIn(shop, 'ben'));
    const what = `${JSON.stringify(story)}\n${done.join('\n')}`;
    expect([recorded, inAccounts, unrecordedParts(payment)], what).toEqual([truth, truth - fee, []]);
    expect(last.findings.first, what).toEqual([]);
    expect((await apartIn(shop))[0], what).toBe(0);
  },
);
