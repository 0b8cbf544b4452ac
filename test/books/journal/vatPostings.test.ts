import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { feeVat, fold, remaining, transferredAndNotReversed } from '../../../src/index.js';
import { journal, journalViolations } from '../../../src/jobs/reports/index.js';
import { accountOf, assessed, event, lost, paid } from '../../support/events.js';
import { assertVaried, LAW_TIMEOUT_MS, seeded } from '../../support/seeded.js';
import { anyPolicy, eventsOf, moves, runMoves } from '../../support/stories.js';

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
