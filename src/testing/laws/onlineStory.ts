import type { Command } from '../../account/commands/command.js';
import { unused } from '../../account/credit.js';
import { emptyAccount, type PatronAccount } from '../../account/patronAccount.js';
import { digitsOf } from '../../money/currency.js';
import { formatAmount } from '../../money/money.js';
import { foldOnlinePayment } from '../../office/onlinePayments/foldOnlinePayment.js';
import {
  followsCapture,
  isAfterSettled,
  isSamePart,
  type OnlinePart,
  onlineParts,
  type UnrecordedPart,
  unrecordedParts,
} from '../../office/onlinePayments/onlineParts.js';
import { type OnlinePayment, transactionOf } from '../../office/onlinePayments/onlinePayment.js';
import type { OnlinePaymentEvent } from '../../office/onlinePayments/onlinePaymentEvents.js';
import { enteredIn } from '../../online/record/enteredByStaff.js';
import { recordingPolicy } from '../../online/record/recordingPolicy.js';
import { decideFirst, planPart, recordedEvent, settledEvent } from '../../online/record/recordParts.js';
import { capturedEvent } from '../../online/report/reportCapture.js';
import { returnedEvent } from '../../online/report/reportReturn.js';
import { definePolicy, type FeePolicy } from '../../policy/feePolicy.js';
import type { Arbitrary, FastCheck } from '../fastCheck.js';
import type { Subject } from './law.js';

const at = '2026-03-02T09:00:00Z';
const by = { channel: 'online' } as const;
const PATRONS = ['p1', 'p2'] as const;
const METHOD = 'ONLINE';

/** Something that happens to online payments, in any order. Amounts are in minor units. */
export type OnlineMove = {
  readonly kind: 'capture' | 'return' | 'record' | 'staff' | 'settle';
  /** Which payment, transaction, fee or credit. */
  readonly which: number;
  readonly other: number;
  readonly amount: number;
  /** Whether the process dies after the account has recorded a part, before the payment notes it. */
  readonly dies: boolean;
};

/** Two payments for the same fees, as of two tabs, and what happens to them. */
export type OnlineStory = {
  readonly policy: FeePolicy;
  /** The amounts of the fees, and the patron of each. */
  readonly fees: readonly { readonly patron: number; readonly amount: number }[];
  readonly serviceFee: number;
  readonly moves: readonly OnlineMove[];
};

/** Generates stories of online payments. */
export function onlineStories(fc: FastCheck, { policies }: Subject): Arbitrary<OnlineStory> {
  const amount = fc.integer({ min: 1, max: 300 });
  const fee = fc.record({ patron: fc.integer({ min: 0, max: 1 }), amount });
  const move = fc.record({
    kind: fc.constantFrom('capture', 'return', 'record', 'record', 'staff', 'settle'),
    which: fc.nat(3),
    other: fc.nat(7),
    amount: fc.oneof(amount, fc.constant(0)),
    dies: fc.boolean(),
  } as const);
  return fc.record({
    policy: fc.constantFrom(...policies),
    fees: fc.array(fee, { minLength: 1, maxLength: 4 }),
    serviceFee: fc.integer({ min: 0, max: 60 }),
    moves: fc.array(move, { maxLength: 20 }),
  });
}

/** The state after a story. */
export type OnlineOutcome = {
  readonly payments: readonly OnlinePayment[];
  /** The events of each payment. */
  readonly events: readonly (readonly OnlinePaymentEvent[])[];
  readonly accounts: ReadonlyMap<string, PatronAccount>;
  /** What no account has recorded. */
  readonly waiting: readonly UnrecordedPart[];
};

/**
 * Runs a story with the functions of a subject; at the end everything that is left is recorded.
 *
 * @param times - how often all is reported; staff act and persons settle the first time only
 */
export function runOnlineStory(story: OnlineStory, subject: Subject, times = 1): OnlineOutcome {
  const world = newWorld(story, subject);
  let end = world.finish();
  for (let time = 0; time < times; time++) {
    for (const move of story.moves) world.make(move, time);
    end = world.finish();
  }
  return { ...end, accounts: world.accounts };
}

/** A policy with online payments, made of a subject's one. */
function onlinePolicy(policy: FeePolicy): { readonly rules: FeePolicy; readonly feeType: string } {
  const usable = Object.entries(policy.feeTypes).filter(
    ([, rule]) => rule.retired !== true && !rule.lostItem,
  );
  const feeTypes = usable.length > 0 ? policy.feeTypes : { ...policy.feeTypes, ONLINE: { label: 'Online' } };
  const feeType = usable[0]?.[0] ?? 'ONLINE';
  const paymentMethods = { ...policy.paymentMethods, [METHOD]: 'Online' };
  const onlinePayments = { method: METHOD, shortfallFee: { feeType, owner: 'MAIN' } };
  return {
    rules: recordingPolicy(definePolicy({ ...policy, feeTypes, paymentMethods, onlinePayments }), METHOD),
    feeType,
  };
}

function newWorld(story: OnlineStory, subject: Subject) {
  const { rules, feeType } = onlinePolicy(story.policy);
  const { currency } = rules;
  const money = (minor: number) => formatAmount(minor, digitsOf(currency));
  const accounts = new Map<string, PatronAccount>(PATRONS.map((patronId) => [patronId, emptyAccount()]));
  const accountOf = (patronId: string) => accounts.get(patronId) as PatronAccount;
  const give = (patronId: string, command: Command): void => {
    const decision = subject.decide(command, accountOf(patronId), rules);
    if (decision.events.length > 0)
      accounts.set(patronId, subject.fold(decision.events, accountOf(patronId)));
  };
  const parts = story.fees.map(({ patron, amount }, index) => {
    return { patronId: PATRONS[patron] as string, feeId: `f${index}`, amount: money(amount) };
  });
  for (const { patronId, feeId, amount } of parts)
    give(patronId, { type: 'AssessFee', id: feeId, feeType, amount, owner: 'MAIN', automatic: true, at });
  const amount = story.fees.reduce((sum, fee) => sum + fee.amount, 0);
  const events = ['tab1', 'tab2'].map((onlinePaymentId): OnlinePaymentEvent[] => {
    const amounts = {
      amount: money(amount),
      serviceFee: money(story.serviceFee),
      total: money(amount + story.serviceFee),
    };
    const data = { onlinePaymentId, parts, ...amounts, currency, method: METHOD, expiresAt: at, at, by };
    return [{ type: 'OnlinePaymentStarted', data }];
  });
  const payments = events.map((all) => foldOnlinePayment(all) as OnlinePayment);
  const append = (index: number, event: OnlinePaymentEvent): void => {
    events[index]?.push(event);
    payments[index] = foldOnlinePayment([event], payments[index]) as OnlinePayment;
  };
  const owners = new Map<string, number>();

  const capture = (index: number, txn: string, minor: number): void => {
    const owner = owners.get(txn) ?? index;
    owners.set(txn, owner);
    const payment = payments[index] as OnlinePayment;
    if (owner !== index || minor === 0 || transactionOf(payment, 'capture', txn) !== undefined) return;
    append(index, capturedEvent(payment, { externalTransactionId: txn, amount: money(minor), at, by }));
  };
  const giveBack = (txn: string, of: string, minor: number): void => {
    const index = owners.get(of) ?? 0;
    const payment = payments[index] as OnlinePayment;
    const taken = transactionOf(payment, 'capture', of);
    const isKnown = payments.some((one) => transactionOf(one, 'return', txn) !== undefined);
    if (isKnown || taken === undefined) return;
    const wanted = {
      externalTransactionId: txn,
      of,
      kind: 'refund',
      amount: minor === 0 ? taken.amount : money(minor),
      at,
      by,
    } as const;
    const event = returnedEvent(payment, wanted, enteredIn(accounts, payment, wanted));
    if (event !== null) append(index, event);
  };
  /** Settles a part, unless it is recorded or settled so: as for an account that cannot be read. */
  const settle = (index: number, part: OnlinePart, what: 'apart' | 'follows' | 'record'): void => {
    if (part.state === 'recorded' || (part.what === what && (what === 'record' || part.state === 'apart')))
      return;
    append(
      index,
      settledEvent(payments[index] as OnlinePayment, aboutPart(part), { what, reason: 'settled', at, by }),
    );
  };
  /** Records a part; returns whether its account takes it. */
  const record = (index: number, part: UnrecordedPart, dies: boolean): boolean => {
    const payment = payments[index] as OnlinePayment;
    const plan = planPart(payment, part, accounts, rules);
    if (!('done' in plan)) {
      const account = accountOf(part.patronId);
      const decided = decideFirst(plan.choices, account, rules, subject.decide);
      if ('because' in decided) return false;
      accounts.set(part.patronId, subject.fold(decided.events, account));
    }
    if (dies) return true;
    const recorded = planPart(payment, part, accounts, rules);
    if (!('done' in recorded)) return false;
    append(index, recordedEvent(payment, aboutPart(part), { ...recorded.done, at }));
    return true;
  };
  const staff = ({ which, other, amount: minor, dies }: OnlineMove, id: string): void => {
    const { patronId, feeId } = parts[which % parts.length] as (typeof parts)[number];
    const account = accountOf(patronId);
    const money0 = money(Math.max(1, minor));
    const commands: readonly (() => Command | undefined)[] = [
      () => ({ type: 'ReceivePayment', id, amount: money0, method: METHOD, overpayment: 'credit', at }),
      () => ({ type: 'DisputeFee', id, feeId, at }),
      () => ({ type: 'CancelFee', id, feeId, at }),
      () => post(id, `ch${which}`, money0),
      () => {
        const payment = account.payments[which % Math.max(1, account.payments.length)];
        return payment && { type: 'ReversePayment', id, paymentId: payment.paymentId, amount: money0, at };
      },
      () => {
        const credit = account.credits[which % Math.max(1, account.credits.length)];
        if (credit === undefined) return undefined;
        const refund = { type: 'RefundCredit', id, creditId: credit.creditId, method: METHOD, at } as const;
        const all = money(Math.max(1, unused(credit)));
        return { ...refund, amount: dies ? all : money0, externalTransactionId: `re${which}` };
      },
      () => {
        const credit = account.credits[which % Math.max(1, account.credits.length)];
        return credit && { type: 'ApplyCredit', id, creditId: credit.creditId, at };
      },
    ];
    const command = commands[other % commands.length]?.();
    if (command !== undefined) give(patronId, command);
  };
  const post = (id: string, externalTransactionId: string, posted: string): Command => {
    const named = { externalTransactionId, overpayment: 'credit' } as const;
    return { type: 'ReceivePayment', id, amount: posted, method: METHOD, ...named, at };
  };
  return {
    accounts,
    make(move: OnlineMove, time: number): void {
      const { kind, which, other, amount: minor, dies } = move;
      if (kind === 'capture')
        capture(other % 2, `ch${which}`, minor === 0 ? amount + story.serviceFee : minor);
      else if (kind === 'return') giveBack(`re${which}`, `ch${other % 4}`, minor);
      else if (kind === 'record') {
        const index = which % 2;
        const [part] = unrecordedParts(payments[index] as OnlinePayment);
        if (part !== undefined) record(index, part, dies);
      } else if (time === 0 && kind === 'settle') {
        const parts = onlineParts(payments[which % 2] as OnlinePayment);
        const part = parts[other % Math.max(1, parts.length)];
        if (part !== undefined) settle(which % 2, part, dies ? 'record' : 'apart');
      } else if (time === 0 && kind === 'staff') staff(move, `staff${story.moves.indexOf(move)}`);
    },
    finish(): Pick<OnlineOutcome, 'payments' | 'waiting' | 'events'> {
      const waiting: UnrecordedPart[] = [];
      for (const index of payments.keys()) {
        const seen: OnlinePart[] = [];
        for (;;) {
          const parts = onlineParts(payments[index] as OnlinePayment);
          const part = parts.find(
            (one) => one.state !== 'recorded' && !seen.some((other) => isSamePart(one, other)),
          );
          if (part === undefined) break;
          if (followsCapture(part, parts)) settle(index, part, 'follows');
          else if (isAfterSettled(part, parts)) settle(index, part, 'apart');
          else {
            seen.push(part);
            const plan = planPart(payments[index] as OnlinePayment, part, accounts, rules);
            const isApart = part.state === 'apart' && !('done' in plan) && plan.has === 0;
            if (!isApart && !record(index, part, false) && part.state === 'waiting')
              waiting.push(aboutPart(part));
          }
        }
      }
      return { payments, waiting, events };
    },
  };
}

function aboutPart({ kind, externalTransactionId, patronId, amount }: UnrecordedPart): UnrecordedPart {
  return { kind, externalTransactionId, patronId, amount };
}
