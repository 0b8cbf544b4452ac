import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Posting } from '../../../src/books/journal/ledgerAccount.js';
import { journal, type LedgerAccount } from '../../../src/jobs/reports/index.js';
import { assertVaried, LAW_TIMEOUT_MS, seeded } from '../../support/seeded.js';
import { anyPolicy, eventsOf, moves, runMoves } from '../../support/stories.js';

/** What is money, or is owed to patrons because it is. */
function isMoney({ account: [kind, purpose] }: Posting): boolean {
  if (kind === 'credits') return purpose === 'refundable';
  const kinds: readonly LedgerAccount[0][] = [
    'cash',
    'settled',
    'settlementSurplus',
    'imported',
    'forfeited',
  ];
  return kinds.includes(kind);
}

const sumOf = (postings: readonly Posting[]) =>
  postings.reduce((sum, { amountMinor }) => sum + amountMinor, 0);

describe('the journal on cash basis', () => {
  it(
    'balances, and contains the money of the accrual journal but nothing that is only owed',
    async () => {
      const seen = new Set<string>();
      await assertVaried(
        fc.property(moves(30), anyPolicy, (story, policy) => {
          const events = eventsOf(runMoves(story, policy));
          const accrual = [...journal(events)];
          const cash = [...journal(events, { basis: 'cash' })];
          expect(cash).toHaveLength(accrual.length);
          for (const [index, { postings, event }] of cash.entries()) {
            expect(sumOf(postings)).toBe(0);
            for (const { account, amountMinor } of postings) {
              expect(amountMinor).not.toBe(0);
              expect(['receivable', 'waivers', 'writeOffs', 'goodwill']).not.toContain(account[0]);
              expect(['setOff', 'external', account[0] === 'credits' ? 'goodwill' : '']).not.toContain(
                account[1],
              );
            }
            // An imported goodwill credit is not money.
            const isImported = event.type === 'CreditIssued' && event.data.purpose === 'goodwill';
            const was = accrual[index]?.postings ?? [];
            if (!isImported && event.type !== 'CreditCancelled') {
              expect(sumOf(postings.filter(isMoney))).toBe(sumOf(was.filter(isMoney)));
            }
            if (postings.length > 0) seen.add(event.type);
          }
        }),
        seeded('cash basis'),
        100,
        () =>
          expect([...seen]).toEqual(
            expect.arrayContaining(['PaymentReceived', 'PaymentReversed', 'FeeTransferred']),
          ),
      );
      expect(seen).not.toContain('FeeAssessed');
      expect(seen).not.toContain('FeeWaived');
    },
    LAW_TIMEOUT_MS,
  );
});
