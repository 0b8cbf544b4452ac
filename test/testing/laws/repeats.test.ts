import { describe, expect, it } from 'vitest';
import { type Command, decide, definePolicy, type Rejection } from '../../../src/index.js';
import { commandsIn, told } from './mutants.js';

describe('law 4, repeats', () => {
  it('catches a `decide` that takes every try for a new command', async () => {
    const anew = (command: Command, eventCount: number) => ({
      ...command,
      id: `${command.id}/${eventCount}`,
    });
    const message = await told(4, {
      decide: (command, account, policy) =>
        decide(
          [command].flat().map((one) => anew(one, account.eventCount)),
          account,
          policy,
        ),
    });
    expect(message).toContain('it adds nothing at once, and at the end of the story');
    expect(commandsIn(message)).toBe(1);
  });

  it('catches a digest in which amounts count as they are written', async () => {
    const message = await told(4, {
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
    ['amounts within lists count as they are written', /"amount":"\d+(\.\d)?"/],
    ['the order of fields within lists counts', /\{"amount":"[^"]*","feeId":/],
  ])('catches a digest in which %s', async (_, other) => {
    const dollars = definePolicy({ currency: 'USD' });
    const message = await told(4, {
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
