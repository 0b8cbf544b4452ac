import { describe, expect, it } from 'vitest';
import { fold } from '../../../src/index.js';
import { commandsIn, deciding, told } from './mutants.js';

describe('law 7, undoing', () => {
  it('catches an undo that loses something', async () => {
    const message = await told(7, {
      fold: (events, account) =>
        fold(
          [...events].filter(({ type }) => type !== 'WaiverReversed'),
          account,
        ),
    });
    expect(message).toContain('what a person did is undone to the last minor unit');
    expect(message).toContain('WaiveFees');
    expect(commandsIn(message)).toBeLessThanOrEqual(3);
  });

  it('catches a reversal that is counted only once', async () => {
    const message = await told(7, {
      decide: deciding('ReversePayment', (decision, command, account) => {
        const payment = account.payments.find(
          (row) => 'paymentId' in command && row.paymentId === command.paymentId,
        );
        const isBegun = payment?.allocations.some(({ reversed }) => reversed > 0);
        return isBegun
          ? { accepted: false, events: [], rejection: { type: 'AlreadyUndone' } as never }
          : decision;
      }),
    });
    expect(message).toContain('a payment and a transfer are undone in two parts as in one');
    expect(commandsIn(message)).toBeLessThanOrEqual(2);
  });
});
