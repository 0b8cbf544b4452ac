import { describe, expect, it } from 'vitest';
import { fold } from '../../../src/index.js';
import { changed, commandsIn, emitting, lenientFold, told } from './mutants.js';

describe('law 1, conservation', () => {
  it('catches a reducer that loses a cent of every payment, in a story of two commands', async () => {
    const message = await told(1, {
      fold: (events, account) => {
        const folded = fold(events, account);
        const fees = folded.fees.map((fee) => ({ ...fee, paid: Math.max(0, fee.paid - 1) }));
        return { ...folded, fees };
      },
    });
    expect(message).toContain('every figure of every fee and credit is what the events add up to');
    expect(message).toContain('ReceivePayment');
    expect(commandsIn(message)).toBe(2);
  });

  it('catches a reducer that keeps the figures and drops their details', async () => {
    const message = await told(1, {
      fold: (events, account) => {
        const folded = fold(events, account);
        return { ...folded, fees: folded.fees.map((fee) => ({ ...fee, transactions: [] })) };
      },
    });
    expect(message).toContain('what remains of a fee or a credit is what its transactions come to');
    expect(commandsIn(message)).toBe(1);
  });

  it('catches a reducer that skips events it cannot fold, once a decision is wrong', async () => {
    const decide = emitting('PaymentReceived', (event) => [changed(event, { amount: '77.77' })]);
    const message = await told(1, { decide, fold: lenientFold });
    expect(commandsIn(message)).toBeLessThanOrEqual(2);
  });
});
