import { unused } from '../../account/credit.js';
import { heldOnline } from '../../online/start/heldOnline.js';
import { startOnlinePayment } from '../../online/start/startOnlinePayment.js';
import { isOnline, PATRONS, retry, type World } from './onlineWorld.js';
import { endFinding, recordApart, reopenOne } from './persons.js';
import type { StoryStores } from './processes.js';
import type { Checkout, Fact, GivenBack } from './provider.js';
import type { ProviderStep } from './providerStory.js';
import { METHOD } from './providerStory.js';

/** Lets a step happen, in a process that sees `stores`. */
export async function takeStep(world: World, step: ProviderStep, stores: StoryStores): Promise<void> {
  await steps[step.kind](world, step, stores);
}

type Act = (world: World, step: ProviderStep, stores: StoryStores) => unknown;

const pick = <Entry>(list: readonly Entry[], which: number): Entry | undefined => list[which % list.length];

const patronOf = ({ which }: ProviderStep) => PATRONS[which % 2] as string;

const steps: Readonly<Record<ProviderStep['kind'], Act>> = {
  start: async (world, { which, other }, stores) => {
    const whole = PATRONS.map((patronId) => ({ patronId }));
    const [ann, ben] = whole as [(typeof whole)[0], (typeof whole)[0]];
    const choices = [
      [ann],
      [ben],
      whole,
      [{ ...ann, feeId: 'f0' }],
      [ben, ann],
      [{ ...ann, feeId: 'f1' }, ben],
    ];
    const form = {
      institution: world.institution,
      onlinePaymentId: `o${world.forms.length + 1}`,
      parts: pick(choices, which) as (typeof choices)[0],
      replace: other % 3 === 0,
      at: world.at(),
    };
    world.forms.push(form);
    await start(world, form, stores);
  },
  startAgain: async (world, { which }, stores) => {
    const form = pick(world.forms, which);
    if (form !== undefined) await start(world, { ...form, at: world.at() }, stores);
  },
  take: (world, { which, amount, other }) => {
    const checkout = world.provider.checkouts.at(-1 - (which % 3));
    if (checkout === undefined || world.taken().some((one) => one.checkout === checkout)) return;
    world.provider.take(
      checkout,
      amount === 0 || other % 3 > 0 ? checkout.total : amount,
      other === 5 && !world.story.isShared,
    );
  },
  takeMore: (world, { which, amount }) => {
    const checkout = pick(world.provider.checkouts, which);
    if (checkout !== undefined) world.provider.take(checkout, amount === 0 ? checkout.total : amount, false);
  },
  giveBack: (world, { which, amount, other }) => {
    const of = pick(
      world.taken().filter((one) => one.back === null),
      which,
    );
    if (of !== undefined) world.provider.giveBack(of, amount, other % 2 === 0 ? 'refund' : 'chargeback');
  },
  comesBack: (world, { which }) => {
    const back = pick(returnsOf(world), which);
    if (back !== undefined) world.provider.comeBack(back);
  },
  debit: async (world, { which, other }, stores) => {
    const checkout = pick(world.provider.checkouts, which);
    if (checkout === undefined || checkout.isClosed || world.taken().some((one) => one.checkout === checkout))
      return;
    const debit = { at: world.at(), until: world.soon(60 * 24 * (1 + (other % 5))), failedAt: null };
    checkout.debits.push(debit);
    if (other % 2 === 0) await tellDebit(world, checkout, checkout.debits.length - 1, stores);
  },
  fail: async (world, { which, other }, stores) => {
    const checkout = pick(
      world.provider.checkouts.filter(({ debits }) => debits.length > 0),
      which,
    );
    const debit = checkout?.debits.at(-1);
    if (checkout === undefined || debit === undefined || debit.failedAt !== null) return;
    if (world.taken().some((one) => one.checkout === checkout)) return;
    debit.failedAt = world.at();
    if (other % 2 === 0) await tellFailed(world, checkout, debit.failedAt, stores);
  },
  close: (world, { which }) => {
    const checkout = pick(world.provider.checkouts, which);
    if (checkout !== undefined) checkout.isClosed = true;
  },
  tell: async (world, { which, other }, stores) => {
    const fact = world.provider.facts.at(-1 - (which % 6));
    if (fact === undefined) return;
    const code = other % 4 === 0 ? world.currency.toLowerCase() : world.currency;
    await world.tell(referenceOf(world, fact, other), world.provider.reportOf([fact], code), stores);
    world.told.add(fact);
  },
  tellEnd: async (world, { which, other }, stores) => {
    const checkout = pick(world.provider.checkouts, which);
    if (checkout === undefined) return;
    const ended = checkout.isClosed
      ? ({ cause: 'expired', final: true } as const)
      : ({ cause: other % 2 === 0 ? 'cancelled' : 'expired', final: false } as const);
    await world.tell(checkout.onlinePaymentId, { ended }, stores);
  },
  tellDebit: async (world, { which, other }, stores) => {
    const checkout = pick(
      world.provider.checkouts.filter(({ debits }) => debits.length > 0),
      which,
    );
    if (checkout === undefined) return;
    const index = other % checkout.debits.length;
    const failedAt = checkout.debits[index]?.failedAt;
    if (other % 2 === 0 && failedAt) await tellFailed(world, checkout, failedAt, stores);
    else await tellDebit(world, checkout, index, stores);
  },
  // The program reports units as if they were minor units of a hundredth.
  mistake: async (world, { which }, stores) => {
    const fact = world
      .taken()
      .filter((one) => one.back === null && !one.isLost)
      .at(-1 - (which % 2));
    if (fact === undefined || which % 3 > 0 || (await isKnown(world, fact))) return;
    const [capture] = world.provider.reportOf([fact]).captures ?? [];
    if (capture === undefined) return;
    world.mistaken.set(fact, { corrected: false });
    const captures = [{ ...capture, amount: world.money(fact.minor * 100) }];
    await world.tell(fact.checkout.onlinePaymentId, { captures }, stores);
  },
  payOut: async (world, { which, other }, stores) => {
    world.provider.payOut(which % 4, other % 3 === 0);
    await readRows(world, other, stores);
  },
  payOutAgain: (world, { other }, stores) => readRows(world, other, stores),
  payoutFails: (world, { which }) => world.provider.payoutFails(which),
  rowChanges: (world, { which }) => world.provider.changeRow(which),
  cost: (world, { amount }) => world.provider.addRow('other', amount + 1),
  elsewhere: (world, { amount }) => world.provider.addRow('capture', amount + 1),
  monitor: async (world, { other }, stores) => {
    await world.monitor(other % 4 === 0 ? 'fails' : other % 4 === 1 ? 'silent' : 'answers', stores);
  },
  settle: async (world, step, stores) => {
    const finding = pick(world.seen.findings, step.which);
    if (finding !== undefined) await endFinding(world, finding, step.other, stores);
  },
  // Two people at two servers.
  settleTwice: async (world, step, stores) => {
    const finding = pick(world.seen.findings, step.which);
    if (finding === undefined) return;
    world.seen.isSettledMeanwhile = true;
    const both = [step.other, step.other + (step.amount % 2)].map((how) =>
      endFinding(world, finding, how, stores),
    );
    const results = await Promise.allSettled(both);
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  },
  reopen: (world, { which, other }, stores) =>
    other % 2 === 0 ? reopenOne(world, which, stores) : recordApart(world, which, stores),
  cash: async (world, step, stores) => {
    const payment = { type: 'ReceivePayment', method: 'CASH', overpayment: 'credit' } as const;
    const amount = world.money(step.amount + 100);
    await world.give(patronOf(step), { ...payment, amount }, stores);
  },
  // Another program posts a transaction, in full or in part.
  portal: async (world, step, stores) => {
    const fact = pick(
      world.taken().filter((one) => one.back === null && !one.isLost),
      step.other,
    );
    if (fact === undefined || world.mistaken.has(fact)) return;
    // What is posted once the payment is finished is found by a run without a cursor, as the guide says.
    if (await isKnown(world, fact)) world.seen.cursor = null;
    const patronId = pick(fact.checkout.patrons, step.which) as string;
    const minor = step.amount === 0 ? fact.minor : Math.min(step.amount, fact.minor);
    const payment = { type: 'ReceivePayment', method: METHOD, overpayment: 'credit' } as const;
    const named = { amount: world.money(minor), externalTransactionId: fact.id };
    await world.give(patronId, { id: `portal-${fact.id}`, ...payment, ...named }, stores);
  },
  // Staff enter a refund that they made at the provider.
  refund: async (world, step, stores) => {
    const fact = pick(returnsOf(world), step.other);
    if (fact === undefined || world.byHand.has(fact)) return;
    const patronId = pick(fact.checkout.patrons, step.which) as string;
    const { credits } = await world.account(patronId);
    const credit = credits.find((one) => one.paymentId !== null && unused(one) > 0);
    if (credit === undefined) return;
    const amount = world.money(Math.min(unused(credit), fact.minor));
    const refund = { type: 'RefundCredit', method: METHOD, externalTransactionId: fact.id } as const;
    await world.give(patronId, { ...refund, creditId: credit.creditId, amount }, stores);
  },
  byHand: async (world, step, stores) => {
    const fact = pick(returnsOf(world), step.other);
    if (fact === undefined || world.byHand.has(fact) || reversible(fact) <= 0) return;
    if (await isKnown(world, fact)) return;
    const patronId = pick(fact.checkout.patrons, step.which) as string;
    const { payments } = await world.account(patronId);
    const paid = payments.find(
      (one) => isOnline(one) && one.externalTransactionId === fact.of.id && one.reversals.length === 0,
    );
    // Of what another program posted in the wrong account staff reverse what is too much first.
    const isOfOther = paid?.paymentId.startsWith('portal-') && fact.checkout.patrons.length > 1;
    if (paid === undefined || isOfOther) return;
    const id = step.amount % 2 === 0 ? { externalTransactionId: fact.id } : {};
    if (step.amount % 2 > 0) world.byHand.add(fact);
    const amount = world.money(Math.min(paid.amount, reversible(fact)));
    const reversal = { type: 'ReversePayment', paymentId: paid.paymentId, method: METHOD, amount } as const;
    await world.give(patronId, { ...reversal, ...id }, stores);
  },
  disputeFee: async (world, step, stores) => {
    await world.give(patronOf(step), { type: 'DisputeFee', feeId: `f${step.other % 2}` }, stores);
  },
  // The desk looks which fees are held.
  desk: async (world, step, stores) => {
    const patronId = patronOf(step);
    const { institution } = world;
    const held = await heldOnline(stores.office, { institution, patronId, at: world.at() });
    for (const [key, onlinePaymentId] of await world.heldByDebits()) {
      const isOne = (fee: (typeof held)[number]) =>
        key === `${patronId} ${fee.feeId}` && fee.onlinePaymentId === onlinePaymentId && fee.isPending;
      if (key.startsWith(patronId) && !held.some(isOne))
        world.faults.push(`the desk does not see that ${onlinePaymentId} holds ${key}`);
    }
  },
  break: (world, step) => world.unreadable.add(patronOf(step)),
  repair: (world, step) => world.unreadable.delete(patronOf(step)),
  wait: (world, { which }) => world.wait([1, 10, 70, 200, 60 * 25, 60 * 24 * 4][which % 6] as number),
};

/** What staff may reverse for a return: not the service fee, which is in no account, and is 120 units at most. */
const reversible = ({ minor }: GivenBack): number => minor - 120;

const returnsOf = ({ provider }: World) => provider.facts.filter((fact) => fact.kind === 'return');

/** Returns whether the library knows a fact of the provider. */
async function isKnown(world: World, { id, kind, checkout }: Fact): Promise<boolean> {
  const payment = await world.payment(checkout.onlinePaymentId);
  const known = kind === 'capture' ? payment?.captures : payment?.returns;
  return known?.some((one) => one.externalTransactionId === id) === true;
}

/** Returns the payment that a message names: a return any, since it goes to the payment of its capture. */
function referenceOf(world: World, fact: Fact, other: number): string {
  const lost = fact.kind === 'capture' ? fact.isLost : fact.of.isLost;
  if (lost || (fact.kind === 'return' && other % 3 === 0)) return 'unknown';
  const [first] = world.provider.checkouts as [Checkout, ...Checkout[]];
  return fact.kind === 'return' && other % 3 === 1 ? first.onlinePaymentId : fact.checkout.onlinePaymentId;
}

/** Starts a payment; whether fees are held by a debit that was told is looked at before and after. */
async function start(world: World, form: World['forms'][number], stores: StoryStores): Promise<void> {
  const held = await world.heldByDebits();
  const result = await startOnlinePayment(stores, world.rules, form, { retry });
  if (!result.accepted) return;
  const { payment } = result;
  world.provider.open(payment);
  const after = await world.heldByDebits();
  const clash = payment.parts.find(({ patronId, feeId }) => {
    const key = `${patronId} ${feeId}`;
    return held.get(key) !== undefined && held.get(key) === after.get(key);
  });
  if (clash !== undefined && payment.captures.length === 0)
    world.faults.push(
      `${payment.onlinePaymentId} is started for ${clash.feeId} of ${clash.patronId}, which a debit holds`,
    );
}

async function tellDebit(
  world: World,
  checkout: Checkout,
  index: number,
  stores: StoryStores,
): Promise<void> {
  const debit = checkout.debits[index];
  if (debit === undefined) return;
  await world.tell(checkout.onlinePaymentId, { pending: { until: debit.until } }, stores, debit.at);
  world.toldDebits.push({ checkout, debit });
}

async function tellFailed(world: World, checkout: Checkout, at: string, stores: StoryStores): Promise<void> {
  world.toldFailed.push({ checkout, at });
  await world.tell(checkout.onlinePaymentId, { ended: { cause: 'failed', final: false } }, stores, at);
}

/** Reads rows of the payouts, on pages that overlap. */
async function readRows(world: World, other: number, stores: StoryStores): Promise<void> {
  const { rows } = world.provider;
  const from = other % 3 === 0 ? 0 : Math.max(0, rows.length - 2 - (other % 4));
  const middle = from + Math.floor((rows.length - from) / 2);
  const pages = [...rows.slice(from, middle + 1), ...rows.slice(middle)];
  await world.reconcile(other % 2 === 0 ? pages : pages.reverse(), stores);
}
