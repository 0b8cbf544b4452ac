import { describe, expect, it } from 'vitest';
import { type Command, decide, definePolicy, fold, type Rejection } from '../../../src/index.js';
import { repeats } from '../../../src/testing/laws/repeats.js';
import { commandsIn, expectCaught, failureOf, forgettingTransactions } from './mutants.js';

describe('law 4, repeats', () => {
  it('catches a `decide` that treats every retry as a new command', async () => {
    const newCommand = (command: Command, eventCount: number) => ({
      ...command,
      id: `${command.id}/${eventCount}`,
    });
    const message = await failureOf([4, 'it adds nothing at once, and at the end of the story'], {
      decide: (command, account, policy) =>
        decide(
          [command].flat().map((one) => newCommand(one, account.eventCount)),
          account,
          policy,
        ),
    });
    expect(commandsIn(message)).toBe(1);
  });

  it('catches a digest that depends on how an amount is written', async () => {
    const message = await failureOf(4, {
      decide: (command, account, policy) => {
        const decision = decide(command, account, policy);
        const again = decision.accepted && decision.events.length === 0 && account.eventCount > 0;
        if (!again || Array.isArray(command) || !('amount' in command)) return decision;
        const isCanonical = /^\d+(\.\d\d)?$/.test(command.amount ?? '1');
        return isCanonical ? decision : { ...decision, events: account.ids as never };
      },
    });
    expect(commandsIn(message)).toBe(1);
  });

  it.each([
    ['accepts whatever comes under an id that it knows', 'IdAlreadyUsed', 'another command under the id'],
    [
      'forgets the amount of an external transaction',
      'ExternalTransactionAlreadyUsed',
      'an external transaction',
    ],
  ])('catches a `decide` that %s', async (_, type, sentence) => {
    const message = await failureOf([4, sentence], {
      decide: (command, account, policy) => {
        const decision = decide(command, account, policy);
        const isOther = !decision.accepted && decision.rejection.type === type;
        return isOther ? { accepted: true, events: [] } : decision;
      },
    });
    expect(commandsIn(message)).toBeLessThanOrEqual(2);
  });

  it("catches a provider's refund that is paid back twice", () => {
    const move = { pick: 0, amount: 100, flag: false, sensible: true, policy: 'same' } as const;
    const refund = { ...move, kind: 'refund', other: 3 } as const;
    const moves = [
      { ...move, kind: 'imported', amount: 1_000, flag: true, other: 0 } as const,
      refund,
      refund,
    ];
    const broken = { decide: forgettingTransactions, fold };
    for (const sentence of ['is recorded once', 'and is refused once it was undone'])
      expectCaught(repeats, sentence, moves, broken);
  });

  it('catches a digest without the reason', async () => {
    const message = await failureOf([4, 'another command under the id'], {
      decide: (command, account, policy) => {
        const decision = decide(command, account, policy);
        const [one] = [command].flat();
        const isWaiver = one?.type === 'WaiveFees' && !decision.accepted;
        const isOther = isWaiver && decision.rejection.type === 'IdAlreadyUsed';
        return isOther ? { accepted: true, events: [] } : decision;
      },
    });
    expect(message).toMatch(/"reason":"\w+'"/);
    expect(commandsIn(message)).toBeLessThanOrEqual(2);
  });

  it('catches a `decide` that refuses a repeated external transaction under another id', async () => {
    const message = await failureOf([4, 'an external transaction'], {
      decide: (command, account, policy) => {
        const decision = decide(command, account, policy);
        const [one] = [command].flat();
        const isNew = !account.ids.some(({ id }) => id === one?.id);
        const isAgain = one?.type === 'ReceivePayment' && decision.accepted && decision.events.length === 0;
        return isAgain && isNew ? { accepted: false, events: [], rejection: refusal } : decision;
      },
    });
    expect(commandsIn(message)).toBeLessThanOrEqual(2);
  });

  it.each([
    ['amounts within lists count as they are written', /"amount":"\d+(\.\d)?"/],
    ['the order of fields within lists counts', /\{"amount":"[^"]*","feeId":/],
  ])('catches a digest in which %s', async (_, other) => {
    const dollars = definePolicy({ currency: 'USD' });
    const message = await failureOf(4, {
      policies: [dollars],
      decide: (command, account, policy) => {
        const decision = decide(command, account, policy);
        const again = decision.accepted && decision.events.length === 0 && !Array.isArray(command);
        const lists = again ? JSON.stringify({ ...command, amount: undefined }) : '';
        return other.test(lists) ? { accepted: false, events: [], rejection: refusal } : decision;
      },
    });
    expect(commandsIn(message)).toBeLessThanOrEqual(2);
  });
});

const refusal = { type: 'IdAlreadyUsed' } as unknown as Rejection;
