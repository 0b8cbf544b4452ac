import { reversedOf } from '../../account/records.js';
import type { OnlineFinding } from '../../online/onlineFinding.js';
import { settleOnlinePart } from '../../online/settle/settleOnlinePart.js';
import { settleOnlineReport } from '../../online/settle/settleOnlineReport.js';
import { mustFit } from './leftToPersons.js';
import { isOnline, manager, PATRONS, retry, type World } from './onlineWorld.js';
import type { StoryStores } from './processes.js';
import type { Fact } from './provider.js';
import { METHOD } from './providerStory.js';

/** Ends a finding in one of the ways that the guide names. */
export async function endFinding(
  world: World,
  finding: OnlineFinding,
  how: number,
  stores: StoryStores,
): Promise<void> {
  if (finding.keptId !== undefined) return endKept(world, finding, how, stores);
  switch (finding.code) {
    case 'TAKEN_NOT_RECORDED':
    case 'RETURNED_NOT_RECORDED':
      if (how % 2 === 0) world.unreadable.clear();
      return endWaiting(world, finding, how, stores);
    case 'AMOUNT_DIFFERS':
    case 'PAID_OUT_TWICE':
      if (await correctMistake(world, finding, stores)) return;
      return settlePart(world, finding, 'rows', stores);
    case 'CAPTURED_ABOVE_TOTAL':
      if (await correctMistake(world, finding, stores)) return;
      return settlePart(world, finding, 'aboveTotal', stores);
    case 'RECORDED_TOO_MUCH':
    case 'RETURNED_TOO_MUCH':
      // What cannot be read is repaired, and looked at again.
      if (finding.message.includes('can be read') || world.unreadable.size > 0)
        return world.unreadable.clear();
      // What was refunded too much is undone first: its credit may be what was recorded too much.
      if (finding.code === 'RECORDED_TOO_MUCH' && isFound(world, 'RETURNED_TOO_MUCH')) return;
      // Once: what is undone again was not found again.
      if (world.seen.undone.has(finding)) return;
      world.seen.undone.add(finding);
      return undoEntered(world, finding, stores);
    case 'REVERSED_NOT_RETURNED':
      return settlePart(world, finding, 'reversed', stores);
    case 'NEVER_FINAL': {
      const checkout = world.provider.checkouts.find(
        (one) => one.onlinePaymentId === finding.onlinePaymentId,
      );
      if (checkout !== undefined) checkout.isClosed = true;
      const ended = { cause: 'expired', final: true } as const;
      await world.tell(finding.onlinePaymentId as string, { ended }, stores);
      return;
    }
    default:
      // Of what cannot be read, and of a provider that was away, the cause is removed.
      world.unreadable.clear();
  }
}

const isFound = ({ seen }: World, code: OnlineFinding['code']) =>
  seen.findings.some((one) => one.code === code && !seen.undone.has(one));

/** Takes back that something is settled. */
export async function reopenOne(world: World, which: number, stores: StoryStores): Promise<void> {
  const keptId = [...world.settledKept].at(which % Math.max(1, world.settledKept.size));
  if (keptId === undefined) return;
  const form = { institution: world.institution, at: world.at(), by: manager, reason: 'looked at again' };
  await settleOnlineReport(stores, world.rules, { ...form, keptId, reopen: true }, { retry });
}

/** Takes back that a part is apart: its account is to record it. */
export async function recordApart(world: World, which: number, stores: StoryStores): Promise<void> {
  const { institution } = world;
  for (const { onlinePaymentId } of world.forms) {
    const payment = await world.payment(onlinePaymentId);
    const apart = payment?.settled.filter((one) => one.what === 'apart') ?? [];
    const one = apart[which % Math.max(1, apart.length)];
    if (one?.patronId === undefined) continue;
    const { kind, externalTransactionId, patronId } = one;
    const part = {
      institution,
      onlinePaymentId,
      kind,
      externalTransactionId,
      patronId,
      what: 'record',
    } as const;
    const form = { ...part, reason: 'looked at again', at: world.at(), by: manager };
    await settleOnlinePart(stores, world.rules, form, { retry });
    return;
  }
}

/** A person knows the payment of most that is kept; the rest is none of the library's. */
async function endKept(
  world: World,
  { keptId = '', externalTransactionId: id }: OnlineFinding,
  how: number,
  stores: StoryStores,
): Promise<void> {
  const fact = factOf(world, id);
  const mistake = fact !== undefined && world.mistaken.get(fact);
  if (mistake && !mistake.corrected && (await correct(world, fact, stores))) return;
  const form = { institution: world.institution, keptId, reason: 'looked into', at: world.at(), by: manager };
  const known = fact !== undefined && how % 3 > 0;
  const { onlinePaymentId } = fact?.checkout ?? {};
  const told = known
    ? await settleOnlineReport(
        stores,
        world.rules,
        { ...form, onlinePaymentId: onlinePaymentId as string },
        { retry },
      )
    : null;
  if (told?.accepted || told?.rejection.type === 'KeptRecorded') return;
  if (told?.rejection.type === 'KeptNotRecorded') {
    const { because } = told.rejection;
    if (await mustFit(world, fact as Fact, because)) world.refused.push(because.message);
  }
  const settled = await settleOnlineReport(stores, world.rules, form, { retry });
  if (settled.accepted) world.settledKept.add(keptId);
}

async function endWaiting(
  world: World,
  finding: OnlineFinding,
  how: number,
  stores: StoryStores,
): Promise<void> {
  const what = finding.message.includes('settled') || how % 5 === 4 ? 'record' : 'apart';
  if (how % 3 > 0) await settlePart(world, finding, what, stores);
}

type Settlement = Parameters<typeof settleOnlinePart>[2]['what'];

async function settlePart(
  world: World,
  finding: OnlineFinding,
  what: Settlement,
  stores: StoryStores,
): Promise<void> {
  const { onlinePaymentId, externalTransactionId, patronId, code } = finding;
  if (onlinePaymentId === null) return;
  const payment = await world.payment(onlinePaymentId);
  const id = externalTransactionId ?? payment?.captures.at(-1)?.externalTransactionId;
  if (id === undefined) return;
  const isReturn =
    code === 'RETURNED_NOT_RECORDED' || payment?.returns.some((one) => one.externalTransactionId === id);
  const form = {
    institution: world.institution,
    onlinePaymentId,
    externalTransactionId: id,
    what,
    reason: 'looked into',
  };
  const of = what === 'rows' || what === 'aboveTotal' || patronId === undefined ? {} : { patronId };
  const whole = {
    ...form,
    ...of,
    kind: isReturn ? 'return' : 'capture',
    at: world.at(),
    by: manager,
  } as const;
  await settleOnlinePart(stores, world.rules, whole, { retry });
}

/** Returns whether a finding is about a capture told with a wrong amount: the rest is told as returned. */
async function correctMistake(
  world: World,
  { externalTransactionId: id, onlinePaymentId }: OnlineFinding,
  stores: StoryStores,
): Promise<boolean> {
  for (const [fact, { corrected }] of world.mistaken) {
    const isMeant = id === undefined ? fact.checkout.onlinePaymentId === onlinePaymentId : fact.id === id;
    if (isMeant && !corrected) return correct(world, fact, stores);
  }
  return false;
}

async function correct(world: World, fact: Fact, stores: StoryStores): Promise<boolean> {
  const payment = await world.payment(fact.checkout.onlinePaymentId);
  const told = payment?.captures.find((one) => one.externalTransactionId === fact.id);
  if (told === undefined || told.amount !== world.money(fact.minor * 100)) return false;
  const { externalTransactionId: of } = told;
  const fix = { of, kind: 'refund', externalTransactionId: `fix-${of}`, currency: world.currency } as const;
  await world.tell(
    fact.checkout.onlinePaymentId,
    { returns: [{ ...fix, amount: world.money(fact.minor * 99) }] },
    stores,
  );
  world.mistaken.set(fact, { corrected: true });
  return true;
}

/** Undoes in the account what was entered too much: as much as the finding says. */
async function undoEntered(
  world: World,
  { externalTransactionId: id, message, code, patronId: named }: OnlineFinding,
  stores: StoryStores,
): Promise<void> {
  const [, text = ''] = /(?:reverse|undo) (\d+(?:\.\d+)?) of/.exec(message) ?? [];
  for (const patronId of named === undefined ? PATRONS : [named]) {
    const { payments, refunds } = await world.account(patronId);
    if (code === 'RECORDED_TOO_MUCH') {
      const [, paymentId] = /of the payment (.+)$/.exec(message) ?? [];
      const paid = payments.find(
        (one) => one.paymentId === paymentId && isOnline(one) && reversedOf(one) < one.amount,
      );
      if (paid === undefined) continue;
      const { feeType } = world;
      // Where the credit is refunded or used, the patron owes it.
      const shortfallFee = { feeId: `undone-${world.at()}-${id}-${text}`, feeType, owner: 'MAIN' };
      const reversal = { type: 'ReversePayment', paymentId: paid.paymentId, amount: text, shortfallFee };
      const undoing = { id: world.undoingId(id as string), ...reversal };
      if ((await world.give(patronId, undoing, stores)).accepted) return;
      continue;
    }
    const refund = refunds.find((one) => one.externalTransactionId === id && !one.reversed);
    if (refund === undefined) continue;
    // What is too much of a refund is paid in again.
    const { externalTransactionId } = refund;
    const again = { type: 'ReceivePayment', method: METHOD, amount: text, overpayment: 'credit' } as const;
    const undo =
      refund.amount <= minor(text)
        ? { type: 'ReverseRefund', refundId: refund.refundId }
        : { ...again, externalTransactionId };
    await world.give(patronId, undo, stores);
    return;
  }
}

const minor = (text: string) => Number(text.replace('.', ''));

function factOf({ provider }: World, id: string | undefined): Fact | undefined {
  return id === undefined ? undefined : provider.facts.find((one) => one.id === id);
}
