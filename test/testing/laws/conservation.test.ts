import { describe, expect, it } from 'vitest';
import {
  type AccountEvent,
  type Command,
  type Decision,
  decide,
  fold,
  type PatronAccount,
} from '../../../src/index.js';
import type { Move } from '../../../src/testing/arbitraries/moves.js';
import { usualPolicies } from '../../../src/testing/arbitraries/policies.js';
import { runMoves } from '../../../src/testing/arbitraries/runMoves.js';
import { checkStatuses } from '../../../src/testing/laws/conservation.js';
import { changed, commandsIn, emitting, failureOf, lenientFold } from './mutants.js';

describe('law 1, conservation', () => {
  it('catches a reducer that loses a cent of every payment, in a story of two commands', async () => {
    const message = await failureOf(
      [1, 'every figure of every fee and credit is what the events add up to'],
      {
        fold: (events, account) => {
          const folded = fold(events, account);
          const fees = folded.fees.map((fee) => ({ ...fee, paid: Math.max(0, fee.paid - 1) }));
          return { ...folded, fees };
        },
      },
    );
    expect(message).toContain('ReceivePayment');
    expect(commandsIn(message)).toBe(2);
  });

  it('catches a reducer that keeps the figures and drops their details', async () => {
    const message = await failureOf(
      [1, 'what remains of a fee or a credit is what its transactions come to'],
      {
        fold: (events, account) => {
          const folded = fold(events, account);
          return { ...folded, fees: folded.fees.map((fee) => ({ ...fee, transactions: [] })) };
        },
      },
    );
    expect(commandsIn(message)).toBe(1);
  });

  it('catches a reducer that skips events it cannot fold, once a decision is wrong', async () => {
    const decide = emitting('PaymentReceived', (event) => [changed(event, { amount: '77.77' })]);
    const message = await failureOf(1, { decide, fold: lenientFold });
    expect(commandsIn(message)).toBeLessThanOrEqual(2);
  });
});

const [, policy] = usualPolicies as [unknown, (typeof usualPolicies)[number]];

const move = (kind: Move['kind'], more: Partial<Move> = {}): Move => ({
  kind,
  pick: 0,
  other: 1,
  amount: 100,
  flag: true,
  sensible: true,
  policy: 'same',
  ...more,
});

it('finds a row whose flag contradicts the events', () => {
  const story = runMoves([move('assess'), move('dispute')], policy);
  expect(() => checkStatuses(story)).not.toThrow();
  const last = story.steps.at(-1);
  if (last === undefined) throw new Error('no step');
  const fees = last.after.fees.map((fee) => ({ ...fee, disputed: false }));
  const wrong = {
    ...story,
    steps: [...story.steps.slice(0, -1), { ...last, after: { ...last.after, fees } }],
  };
  expect(() => checkStatuses(wrong)).toThrow(/disputed/);
});

it('finds a transfer that is closed while its settlement is pending', () => {
  const story = runMoves([move('assess'), move('transfer')], policy, undefined, {
    decide,
    fold: (events, account) => {
      const folded = fold(events, account);
      return { ...folded, fees: folded.fees.map((fee) => ({ ...fee, transferPending: 0 })) };
    },
  });
  expect(() => checkStatuses(story)).toThrow(/transferred/);
});

/** A `decide` that does not close what closes by itself: it drops applications of credits that nobody asked for. */
const leavesOpen =
  (fits: (account: PatronAccount, event: AccountEvent) => boolean): typeof decide =>
  (commands, account, policy): Decision => {
    const decision = decide(commands, account, policy);
    const [command] = [commands].flat() as Command[];
    if (!decision.accepted || command?.type === 'ApplyCredit') return decision;
    return {
      ...decision,
      events: decision.events.filter((event) => event.type !== 'CreditApplied' || !fits(account, event)),
    };
  };

const purposeOf = (account: PatronAccount, event: AccountEvent) =>
  account.credits.find(({ creditId }) => 'creditId' in event.data && creditId === event.data.creditId)
    ?.purpose;

describe('law 1, what closes by itself', () => {
  it('catches a set-off credit that stays on a fee that owes nothing', async () => {
    const mutant = leavesOpen((account, event) => purposeOf(account, event) === 'setOff');
    const message = await failureOf([1, 'what closes by itself is closed at the end of every decision'], {
      decide: mutant,
    });
    expect(message).toMatch(/left set-off credits of \S+ open/);
    expect(commandsIn(message)).toBeLessThanOrEqual(4);
  });

  it('catches a returned item that costs something after a bounced cheque', async () => {
    const mutant = leavesOpen((account, event) => purposeOf(account, event) === 'refundable');
    const message = await failureOf([1, 'what closes by itself'], { decide: mutant }, 1_000);
    expect(message).toMatch(/gave back \d+ too much/);
    expect(commandsIn(message)).toBeLessThanOrEqual(5);
  });
});
