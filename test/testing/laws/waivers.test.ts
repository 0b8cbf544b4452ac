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

  it('catches cancellations beyond the original amount', async () => {
    const decide = emitting('FeeCancelled', (event, account) => {
      const fee = event.type === 'FeeCancelled' ? findFee(account, event.data.feeId) : undefined;
      return [changed(event, { amount: formatAmount((fee?.original ?? 0) + 1, account.minorDigits ?? 2) })];
    });
    const message = await failureOf([2, 'what is cancelled of a fee is never above its original amount'], {
      decide,
      fold: lenientFold,
    });
    expect(commandsIn(message)).toBeLessThanOrEqual(2);
  });

  it('catches waivers of what was paid in an external system', async () => {
    const decide = emitting('TransferSettled', (event, account) => {
      const { currency } = account;
      if (event.type !== 'TransferSettled' || currency === null) return [event];
      const { settlementId, transferId, amount, at } = event.data;
      const feeId = account.transfers.find((row) => row.transferId === transferId)?.feeId;
      if (feeId == null) return [event];
      const waived = { creditId: `${settlementId} waived`, feeId, amount, currency, at } as const;
      return [
        event,
        { type: 'CreditIssued', data: { ...waived, cause: 'waived', purpose: 'external', owner: 'MAIN' } },
      ];
    });
    const message = await failureOf([2, 'what was paid in an external system is not waived there'], {
      decide,
      fold: lenientFold,
    });
    expect(commandsIn(message)).toBe(3);
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
