import { describe, expect, it } from 'vitest';
import type { Command } from '../../../src/index.js';
import { emptyAccount, findFee, decide as ours } from '../../../src/index.js';
import { changed, commandsIn, deciding, emitting, failureOf, withoutEvents } from './mutants.js';

/** A `decide` that receives other commands than were sent. */
const asking =
  (change: (command: Command) => Command): typeof ours =>
  (commands, account, policy) => {
    const decision = ours(
      Array.isArray(commands) ? commands.map(change) : change(commands as Command),
      account,
      policy,
    );
    return decision;
  };

describe('law 11, growing fines', () => {
  it('catches a total that is not reached', async () => {
    const message = await failureOf([11, 'after an accrual, the charged amount is the total'], {
      decide: deciding('AccrueFine', (decision) => withoutEvents('FeeIncreased', decision)),
    });
    expect(commandsIn(message)).toBeLessThanOrEqual(3);
  });

  it('catches a decrease that does not give back what was paid', async () => {
    await failureOf([11, 'after an accrual, the charged amount is the total'], {
      decide: deciding('AccrueFine', (decision) => withoutEvents('CreditIssued', decision)),
    });
  });

  it('catches a late report that is treated as the latest', async () => {
    const future = '2027-01-01T00:00:00Z';
    const late = asking((command) => (command.type === 'AccrueFine' ? { ...command, at: future } : command));
    await failureOf([11, 'a late accrual changes nothing'], {
      // The report is recorded with its own time, but decided as if it were the latest.
      decide: (commands, account, policy) => {
        const decision = late(commands, account, policy);
        const [command] = [commands].flat();
        if (!decision.accepted || command === undefined) return decision;
        return { ...decision, events: decision.events.map((event) => changed(event, { at: command.at })) };
      },
    });
  });

  it('catches an increase without a limit', async () => {
    await failureOf([11, 'growth never makes what is owed for a type exceed its limit'], {
      decide: (commands, account, policy) => ours(commands, account, { ...policy, accrualLimits: {} }),
    });
  });

  it('catches a repeated total that is charged again', async () => {
    await failureOf([11, 'the same total again at once adds nothing'], {
      decide: (commands, account, policy) => {
        const [command] = [commands].flat();
        const isRepeated = command?.type === 'AccrueFine' && command.id === 'accrued again';
        return ours(commands, isRepeated ? emptyAccount() : account, policy);
      },
    });
  });

  it('catches an increase that the earlier total does not undo', async () => {
    await failureOf([11, 'the earlier total undoes an increase'], {
      decide: deciding('AccrueFine', (decision) => withoutEvents('FeeCancelled', decision)),
    });
  });

  it('catches an ended fine that becomes owed again', async () => {
    await failureOf([11, 'a fine that has ended is not owed above its final total'], {
      decide: deciding('ReverseWaiver', (decision) => withoutEvents('FeeCancelled', decision)),
    });
  });

  it('catches a fine that is transferred while it grows', async () => {
    const decide = emitting('FeeWaived', (event, account) => {
      const feeId = event.type === 'FeeWaived' ? event.data.feeId : '';
      if (findFee(account, feeId)?.accrual?.endedAt !== null) return [event];
      const { amount, currency, at } = event.data as { amount: string; currency: string; at: string };
      const data = { transferId: 'sent', feeId, amount, currency, expectsSettlement: false, at };
      return [{ type: 'FeeTransferred', data }];
    });
    await failureOf([11, 'a fine that still grows is never transferred'], { decide });
  });
});
