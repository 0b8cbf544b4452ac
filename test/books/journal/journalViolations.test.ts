import { describe, expect, it, vi } from 'vitest';
import { journalViolations, projectedLedger } from '../../../src/books/journal/journalViolations.js';
import { credit, debit, type Posting } from '../../../src/books/journal/ledgerAccount.js';
import * as postings from '../../../src/books/journal/postingsOf.js';
import { accountOf, assessed, errorOf, event, paid } from '../../support/events.js';
import { history } from '../../support/wholeHistory.js';

const fee = assessed('f1', '10.00');

/** The violations if the first event posts something else. */
function foundWhere(...wrong: readonly Posting[]) {
  const spy = vi.spyOn(postings, 'posted').mockReturnValueOnce(wrong);
  try {
    return journalViolations([fee]);
  } finally {
    spy.mockRestore();
  }
}

const right = [debit(['receivable', 'MAIN'], 1_000, 'f1'), credit(['revenue', 'MAIN', 'OTHER'], 1_000, 'f1')];

describe('the journal check of an account', () => {
  it('finds nothing after any event of a valid history', () => {
    expect(journalViolations(history)).toEqual([]);
    expect(journalViolations([])).toEqual([]);
  });

  it('finds an entry that does not sum to zero', () => {
    expect(foundWhere(...right, debit(['imported'], 1, null))[0]).toEqual({
      invariant: 'every entry of the journal sums to zero',
      id: '1',
      figures: { journal: 1, account: 0 },
    });
  });

  it('finds a posting to another account, and a missing one', () => {
    const elsewhere = [debit(['receivable', 'LAW'], 1_000, 'f1'), right[1] as Posting];
    const invariant = 'the journal adds up to the account';
    expect(foundWhere(...elsewhere)).toEqual([
      { invariant, id: 'Assets:Receivable:LAW', figures: { journal: 1_000, account: 0 } },
      { invariant, id: 'Assets:Receivable:MAIN', figures: { journal: 0, account: 1_000 } },
    ]);
    expect(new Set(foundWhere().map((found) => found.invariant))).toEqual(
      new Set([
        invariant,
        'the journal contains what is left of every fee and credit',
        'the balances are those of the journal',
      ]),
    );
  });

  it('finds a posting for another fee', () => {
    const other = [debit(['receivable', 'MAIN'], 1_000, 'f2'), right[1] as Posting];
    const invariant = 'the journal contains what is left of every fee and credit';
    expect(foundWhere(...other)).toEqual([{ invariant, id: 'f1', figures: { journal: 0, account: 1_000 } }]);
  });

  it('finds a posting of zero', () => {
    expect(foundWhere(...right, debit(['imported'], 0, null))).toEqual([
      { invariant: 'no posting is zero', id: 'Equity:Imported', figures: { amountMinor: 0 } },
    ]);
  });

  it('stops at the first event with a violation', () => {
    const spy = vi.spyOn(postings, 'posted').mockReturnValueOnce(right).mockReturnValueOnce([]);
    const found = journalViolations([fee, paid('p1', 'f1', '1.00'), paid('p2', 'f1', '1.00')]);
    expect(spy).toHaveBeenCalledTimes(2);
    expect(found).not.toEqual([]);
    spy.mockRestore();
  });

  it('needs a history that folds', () => {
    expect(errorOf(() => journalViolations([paid('p1', 'f1', '1.00')])).code).toBe('CORRUPT_HISTORY');
  });
});

it('the ledger computed from an account equals the sum of its journal', () => {
  const settled = event('TransferSettled', { settlementId: 's1', transferId: 't1', amount: '0.50' });
  const ledger = [...projectedLedger(accountOf(...history, settled)).values()];
  const lines = ledger.map(({ account, amount }) => `${account.join(':')} ${amount}`);
  expect(lines).toEqual([
    'receivable:MAIN 2400',
    'revenue:MAIN:OTHER -3000',
    'revenue:MAIN:LOSTITEMREPLACEMENTFEE -500',
    'waivers:MAIN:OTHER 400',
    'credits:refundable -400',
    'forfeited 0',
    'transferred 150',
    'settled 50',
    'settlementSurplus 0',
    'cash: 900',
  ]);
  expect(ledger.reduce((sum, { amount }) => sum + amount, 0)).toBe(0);
});
