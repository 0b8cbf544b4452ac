import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { journal } from '../../../src/books/journal/journal.js';
import type { Posting } from '../../../src/books/journal/ledgerAccount.js';
import { postingsOf } from '../../../src/books/journal/postingsOf.js';
import {
  type AccountEvent,
  emptyAccount,
  feeVat,
  fold,
  type PatronAccount,
  remaining,
  transferredAndNotReversed,
} from '../../../src/index.js';
import { journalViolations, type LedgerAccount } from '../../../src/jobs/reports/index.js';
import { accountOf, assessed, errorOf, event, lost, paid } from '../../support/events.js';
import { postingsAfter } from '../../support/postings.js';
import { assertVaried, LAW_TIMEOUT_MS, seeded, tried } from '../../support/seeded.js';
import { anyPolicy, eventsOf, moves, runMoves } from '../../support/stories.js';

const fee = assessed('f1', '10.00');
const waiver = event('FeeWaived', { waiverId: 'w1', feeId: 'f1', amount: '4.00' });
const lawFee = assessed('f2', '3.00', { owner: 'LAW', feeType: 'OVERDUEFINE' });
const overpaid = event('PaymentReceived', {
  paymentId: 'p1',
  amount: '15.00',
  method: 'CHECK',
  allocations: [
    { feeId: 'f1', amount: '10.00' },
    { feeId: 'f2', amount: '3.00' },
  ],
  overpayment: { creditId: 'c1', amount: '2.00' },
});

describe('the postings of a fee', () => {
  it('debit its library when it is charged', () => {
    expect(postingsAfter(fee)).toEqual(['receivable:MAIN 1000 f1', 'revenue:MAIN:OTHER -1000 f1']);
  });

  it('reduce the debt when it is waived, and restore it when that is undone', () => {
    expect(postingsAfter(fee, waiver)).toEqual(['waivers:MAIN:OTHER 400 f1', 'receivable:MAIN -400 f1']);
    const undone = event('WaiverReversed', { reversalId: 'r1', waiverId: 'w1', feeId: 'f1', amount: '4.00' });
    expect(postingsAfter(fee, waiver, undone)).toEqual([
      'waivers:MAIN:OTHER -400 f1',
      'receivable:MAIN 400 f1',
    ]);
  });

  it('reduce revenue when it is cancelled; cancelling zero posts nothing', () => {
    const cancelled = (amount: string) =>
      event('FeeCancelled', { cancellationId: 'x1', feeId: 'f1', amount });
    expect(postingsAfter(fee, cancelled('10.00'))).toEqual([
      'revenue:MAIN:OTHER 1000 f1',
      'receivable:MAIN -1000 f1',
    ]);
    expect(postingsAfter(fee, cancelled('0.00'))).toEqual([]);
  });

  it('are empty for an increase of zero, which only records the total of a fine', () => {
    const fine = assessed('f1', '10.00', { accruing: true, total: '10.00' });
    const increased = event('FeeIncreased', {
      increaseId: 'i1',
      feeId: 'f1',
      amount: '0.00',
      total: '12.00',
    });
    expect(postingsAfter(fine, increased)).toEqual([]);
  });

  it('are empty for a dispute, its end, and the return of the lost item', () => {
    const disputed = event('FeeDisputed', { disputeId: 'd1', feeId: 'f1' });
    const resolved = event('DisputeResolved', { disputeId: 'd1', feeId: 'f1', outcome: 'feeStands' });
    expect(postingsAfter(fee, disputed)).toEqual([]);
    expect(postingsAfter(fee, disputed, resolved)).toEqual([]);
    const returned = event('LostItemReturned', {
      returnId: 'r1',
      feeId: 'f1',
      refundPercent: 100,
      unpaid: 'percent',
    });
    expect(postingsAfter(lost('f1', '5.00'), returned)).toEqual([]);
  });
});

describe('the postings of a payment', () => {
  it('go to the fees of each library, and the rest to a credit', () => {
    expect(postingsAfter(fee, lawFee, overpaid)).toEqual([
      'cash:CHECK 1500',
      'receivable:MAIN -1000 f1',
      'receivable:LAW -300 f2',
      'credits:refundable -200 c1',
    ]);
  });

  it('are reversed with the payment', () => {
    const reversed = event('PaymentReversed', {
      reversalId: 'r1',
      paymentId: 'p1',
      amount: '5.00',
      method: 'CASH',
      allocations: [{ feeId: 'f2', amount: '3.00' }],
      overpayment: { creditId: 'c1', amount: '2.00' },
    });
    expect(postingsAfter(fee, lawFee, overpaid, reversed)).toEqual([
      'cash:CASH -500',
      'receivable:LAW 300 f2',
      'credits:refundable 200 c1',
    ]);
  });

  it('take back the kept part of a cancelled credit, beside the unused part', () => {
    const cancelled = event('CreditCancelled', { cancellationId: 'x1', creditId: 'c1', amount: '1.00' });
    const reversed = event('PaymentReversed', {
      reversalId: 'r1',
      paymentId: 'p1',
      amount: '2.00',
      method: 'CHECK',
      allocations: [],
      overpayment: { creditId: 'c1', amount: '1.00', cancelled: '1.00' },
    });
    expect(postingsAfter(fee, lawFee, overpaid, cancelled, reversed)).toEqual([
      'cash:CHECK -200',
      'credits:refundable 100 c1',
      'forfeited 100',
    ]);
  });

  it('make the new fee for a spent overpayment a debt without revenue', () => {
    const refunded = event('CreditRefunded', {
      refundId: 'b1',
      creditId: 'c1',
      amount: '2.00',
      method: 'CASH',
    });
    const shortfall = assessed('f3', '2.00');
    const reversed = event('PaymentReversed', {
      reversalId: 'r1',
      paymentId: 'p1',
      amount: '2.00',
      method: 'CHECK',
      allocations: [],
      shortfall: { feeId: 'f3', amount: '2.00', creditId: 'c1' },
    });
    const history = [fee, lawFee, overpaid, refunded, shortfall, reversed];
    expect(postingsAfter(...history)).toEqual(['cash:CHECK -200', 'revenue:MAIN:OTHER 200 f3']);
    const ofFee = [...journal(history)].flatMap(({ postings }) =>
      postings.filter(({ account, rowId }) => account[0] === 'revenue' && rowId === 'f3'),
    );
    expect(ofFee.map(({ amountMinor }) => amountMinor)).toEqual([-200, 200]);
  });
});

describe('postingsOf', () => {
  it('returns the same at any later time', () => {
    fc.assert(
      fc.property(moves(20), anyPolicy, (story, policy) => {
        const events = eventsOf(runMoves(story, policy));
        const last = fold(events);
        for (const { event: fact, postings } of journal(events)) {
          expect(postingsOf(fact, last)).toEqual(postings);
        }
      }),
      tried(100),
    );
  });

  it('refuses an event about rows that the account does not have', () => {
    const account = accountOf(fee);
    expect(errorOf(() => postingsOf(paid('p1', 'f9', '1.00'), account))).toMatchObject({
      code: 'NOT_FOUND',
      details: { kind: 'fee', id: 'f9' },
    });
    expect(errorOf(() => postingsOf(fee, emptyAccount())).code).toBe('NOT_FOUND');
  });

  it('refuses an invalid event, and an invalid account', () => {
    const account = accountOf(fee);
    const none = [undefined, null, 'FeeWaived', {}, { type: 'FeeWaived' }, { type: 'toString', data: {} }];
    for (const bad of none) {
      expect(errorOf(() => postingsOf(bad as AccountEvent, account)).code).toBe('INVALID_EVENT');
    }
    for (const bad of [undefined, null, {}, []]) {
      expect(errorOf(() => postingsOf(fee, bad as PatronAccount)).code).toBe('INVALID_ACCOUNT');
    }
  });
});

const taxed = (feeId: string, amount: string, vatPercent = 19) => {
  const fee = assessed(feeId, amount);
  return { ...fee, data: { ...fee.data, vatPercent } };
};

const lines = (events: Parameters<typeof journal>[0], options = {}) =>
  [...journal(events, options)].map(({ postings }) =>
    postings.map(({ account, amountMinor }) => `${account[0]} ${amountMinor}`),
  );

const history = [
  taxed('f1', '11.90'),
  paid('p1', 'f1', '5.00'),
  event('FeeWaived', { waiverId: 'w1', feeId: 'f1', amount: '3.00' }),
  event('WaiverReversed', { reversalId: 'u1', waiverId: 'w1', feeId: 'f1', amount: '3.00' }),
  event('FeeCancelled', { cancellationId: 'c1', feeId: 'f1', amount: '6.90' }),
];

describe('the tax of a fee with tax', () => {
  it('is payable when the fee is charged, and falls with waivers and cancellations', () => {
    expect(lines(history)).toEqual([
      ['receivable 1190', 'revenue -1000', 'vat -190'],
      ['cash 500', 'receivable -500'],
      ['waivers 252', 'vat 48', 'receivable -300'],
      ['waivers -252', 'vat -48', 'receivable 300'],
      ['revenue 580', 'vat 110', 'receivable -690'],
    ]);
    expect(journalViolations(history)).toEqual([]);
  });

  it('is payable when money comes in, on a cash basis', () => {
    expect(lines(history, { basis: 'cash' })).toEqual([
      [],
      ['cash 500', 'revenue -420', 'vat -80'],
      [],
      [],
      [],
    ]);
  });

  it('is listed next to every gross amount', () => {
    const [, payment] = [...journal(history)];
    expect(payment?.postings[1]).toEqual({
      account: ['receivable', 'MAIN'],
      amountMinor: -500,
      rowId: 'f1',
      vatPercent: 19,
      vatMinor: -80,
    });
  });

  it('is on an account of its rate', () => {
    const [{ postings } = { postings: [] }] = [...journal([taxed('f1', '10.81', 8.1)])];
    expect(postings.at(-1)).toMatchObject({ account: ['vat', '8.1'], amountMinor: -81 });
  });

  it(
    'is the same on both bases once everything is paid, here or at an external system',
    async () => {
      let compared = 0;
      await assertVaried(
        fc.property(moves(30), anyPolicy, (story, policy) => {
          const events = eventsOf(runMoves(story, policy));
          const account = fold(events);
          const taxes = (basis: 'accrual' | 'cash') => {
            const sums = new Map<string, number>();
            for (const { account: ledger, amountMinor, rowId } of [...journal(events, { basis })].flatMap(
              ({ postings }) => postings,
            )) {
              if (ledger[0] === 'vat')
                sums.set(rowId as string, (sums.get(rowId as string) ?? 0) + amountMinor);
            }
            return sums;
          };
          const [accrual, cash] = [taxes('accrual'), taxes('cash')];
          for (const fee of account.fees) {
            const vat = feeVat(account, fee.feeId);
            if (vat === null) continue;
            const isOpen = remaining(fee) > 0 || fee.transferPending > 0;
            const isReversed = transferredAndNotReversed(fee) !== fee.transferred;
            const { external, goodwill } = fee.settledByCredit;
            if (isOpen || isReversed || external + goodwill > 0) continue;
            compared += 1;
            expect(cash.get(fee.feeId) ?? 0).toBe(accrual.get(fee.feeId) ?? 0);
          }
        }),
        seeded('the tax on both bases'),
        50,
        () => expect(compared).toBeGreaterThan(5),
      );
    },
    LAW_TIMEOUT_MS,
  );
});

describe('the tax in the books', () => {
  const ofKept = ['revenue', 'waivers', 'writeOffs', 'returns', 'forfeited', 'vat'];

  it(
    'is the tax of what was charged and kept, or on cash basis of what came in, to within a few units',
    async () => {
      let compared = 0;
      await assertVaried(
        fc.property(moves(30), anyPolicy, fc.constantFrom('accrual', 'cash'), (story, policy, basis) => {
          const events = eventsOf(runMoves(story, policy));
          const sums = new Map<string, { gross: number; tax: number }>();
          for (const { account, amountMinor, rowId } of [...journal(events, { basis })].flatMap(
            ({ postings }) => postings,
          )) {
            if (!ofKept.includes(account[0])) continue;
            const sum = sums.get(String(rowId)) ?? { gross: 0, tax: 0 };
            const tax = account[0] === 'vat' ? amountMinor : 0;
            sums.set(String(rowId), { gross: sum.gross - amountMinor, tax: sum.tax - tax });
          }
          for (const { feeId, vatPercent } of fold(events).fees) {
            const { gross, tax } = sums.get(feeId) ?? { gross: 0, tax: 0 };
            const rate = vatPercent ?? 0;
            // Each of several parts is rounded, so they can differ from the share of their sum.
            expect(Math.abs(tax - (gross * rate) / (100 + rate))).toBeLessThan(3);
            compared += Number(tax > 3);
          }
        }),
        seeded('the tax of what is kept'),
        50,
        () => expect(compared).toBeGreaterThan(5),
      );
    },
    LAW_TIMEOUT_MS,
  );
});

describe('a lost item', () => {
  const waived = event('LostItemCreditIssued', {
    creditId: 'w1',
    feeId: 'f1',
    amount: '4.00',
    cause: 'waived',
    purpose: 'setOff',
  });

  it('that is waived is, on request, neither revenue nor an expense', () => {
    expect(lines([lost('f1', '10.00'), waived], { lostItems: 'net' })).toEqual([
      ['receivable 1000', 'revenue -1000'],
      ['revenue 400', 'credits -400'],
    ]);
    const writtenOff = { ...waived, data: { ...waived.data, writeOff: true } };
    expect(lines([lost('f1', '10.00'), writtenOff], { lostItems: 'net' })[1]).toEqual([
      'writeOffs 400',
      'credits -400',
    ]);
    expect(accountOf(lost('f1', '10.00'), writtenOff).credits[0]?.writeOff).toBe(true);
  });
});

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
