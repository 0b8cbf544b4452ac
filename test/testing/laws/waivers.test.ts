import { describe, expect, it } from 'vitest';
import { findFee, formatAmount } from '../../../src/index.js';
import { changed, commandsIn, deciding, emitting, failureOf, lenientFold } from './mutants.js';

describe('law 2, waivers', () => {
  it('catches waivers beyond the original amount', async () => {
    const decide = emitting('FeeWaived', (event, account) => {
      const fee = event.type === 'FeeWaived' ? findFee(account, event.data.feeId) : undefined;
      return [changed(event, { amount: formatAmount((fee?.original ?? 0) + 1, account.minorDigits ?? 2) })];
    });
    const message = await failureOf([2, 'what is forgiven on a fee is never above its original amount'], {
      decide,
      fold: lenientFold,
    });
    expect(commandsIn(message)).toBeLessThanOrEqual(3);
  });

  it('catches waivers that become cash', async () => {
    const decide = deciding('WaiveFees', (decision, { id, at }, account) => {
      const { currency, minorDigits } = account;
      if (!decision.accepted || decision.events.length === 0 || currency === null) return decision;
      const amount = formatAmount(1, minorDigits ?? 2);
      const credit = {
        creditId: id,
        amount,
        currency,
        cause: 'imported',
        purpose: 'refundable',
        at,
      } as const;
      return { accepted: true, events: [{ type: 'CreditIssued', data: credit }] };
    });
    const message = await failureOf([2, 'where no money ever comes in, no credit is ever refundable'], {
      decide,
    });
    expect(commandsIn(message)).toBe(2);
  });
});
