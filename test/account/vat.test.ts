import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  add,
  type CreditUse,
  creditVat,
  entry,
  lastUse,
  move,
  movePooled,
  moveWith,
  newUse,
  subtract,
  vatOfTransaction,
} from '../../src/account/vat.js';
import {
  type Credit,
  type Fee,
  feeVat,
  findFee,
  fold,
  type PatronAccount,
  remaining,
  taxIncluded,
  unused,
} from '../../src/index.js';
import { effectOnCredit, effectOnFee } from '../../src/views/transactionKinds.js';
import { accountAfter, ask, assess, pay, policyWith } from '../support/account.js';
import { accountOf, assessed, event, lost, paid, prepaid, transferred } from '../support/events.js';
import { assertVaried, LAW_TIMEOUT_MS, seeded, tried } from '../support/seeded.js';
import { anyPolicy, eventsOf, moves, runMoves } from '../support/stories.js';

const taxed = (feeId: string, amount: string) => {
  const fee = assessed(feeId, amount);
  return { ...fee, data: { ...fee.data, vatPercent: 19 } };
};

/** The fees with tax, and their tax. */
function taxesOf(account: PatronAccount) {
  return account.fees.flatMap((fee) => {
    const vat = feeVat(account, fee.feeId);
    return vat === null ? [] : [{ fee, vat }];
  });
}

/** What each kind of undoing gives back of what it undoes: the id of that. */
function undoneBy({ references }: Fee['transactions'][number]): string | undefined {
  return references.waiverId ?? references.paymentId;
}

describe('the tax of a fee', () => {
  it(
    'is divided over all that happens to it, to the minor unit, in every state',
    async () => {
      let seen = 0;
      await assertVaried(
        fc.property(moves(30), anyPolicy, (story, policy) => {
          const events = eventsOf(runMoves(story, policy));
          const before = new Map<string, readonly number[]>();
          for (let count = 1; count <= events.length; count++) {
            const account = fold(events.slice(0, count));
            for (const { fee, vat } of taxesOf(account)) {
              seen += 1;
              const { parts } = vat;
              expect(vat.original).toBe(taxIncluded(fee.original, vat.percent));
              const signed = parts.map(
                (part, at) => effectOnFee[fee.transactions[at]?.kind ?? 'payment'] * part,
              );
              expect(signed.reduce((sum, part) => sum + part, 0)).toBe(vat.remaining);
              if (remaining(fee) === 0) expect(vat.remaining).toBe(0);
              expect(vat.remaining).toBeLessThanOrEqual(vat.original);
              for (const [at, part] of parts.entries()) {
                expect(part).toBeGreaterThanOrEqual(0);
                expect(part).toBeLessThanOrEqual(fee.transactions[at]?.amount as number);
              }
              const earlier = before.get(fee.feeId) ?? [];
              expect(parts.slice(0, earlier.length)).toEqual(earlier);
              before.set(fee.feeId, parts);
            }
          }
        }),
        seeded('the tax of fees'),
        30,
        () => expect(seen).toBeGreaterThan(10),
      );
    },
    LAW_TIMEOUT_MS,
  );

  it(
    'comes back exactly when something is undone in full',
    () => {
      fc.assert(
        fc.property(moves(30), anyPolicy, (story, policy) => {
          const account = fold(eventsOf(runMoves(story, policy)));
          for (const { fee, vat } of taxesOf(account)) {
            const sums = new Map<string, { amount: number; tax: number }>();
            fee.transactions.forEach((transaction, at) => {
              const undone = undoneBy(transaction);
              const id = undone ?? transaction.id;
              const sum = sums.get(id) ?? { amount: 0, tax: 0 };
              const sign = undone === undefined ? 1 : -1;
              sums.set(id, {
                amount: sum.amount + sign * transaction.amount,
                tax: sum.tax + sign * (vat.parts[at] as number),
              });
            });
            for (const { amount, tax } of sums.values()) if (amount === 0) expect(tax).toBe(0);
          }
        }),
        seeded('the tax of what is undone'),
      );
    },
    LAW_TIMEOUT_MS,
  );

  it('includes every increase, and is zero when the fee is settled', () => {
    const reversed = event('PaymentReversed', {
      reversalId: 'r1',
      paymentId: 'p1',
      amount: '3.33',
      allocations: [{ feeId: 'f1', amount: '3.33' }],
      method: 'CASH',
    });
    const account = accountOf(
      taxed('f1', '10.00'),
      paid('p1', 'f1', '3.33'),
      paid('p2', 'f1', '3.33'),
      reversed,
    );
    expect(feeVat(account, 'f1')).toEqual({
      percent: 19,
      original: 160,
      remaining: 107,
      parts: [160, 53, 53, 53],
    });
    expect(vatOfTransaction(account, 'f1', 'p2')).toBe(53);
    expect(vatOfTransaction(account, 'f1', 'p3')).toBe(0);
    expect(feeVat(account, 'f2')).toBeNull();
    expect(feeVat(accountOf(assessed('f1', '10.00')), 'f1')).toBeNull();
  });
});

describe('the tax of each transaction', () => {
  /** Returns each transaction of the fee as its kind, its amount and its tax. */
  const taxedTransactions = (account: PatronAccount) => {
    const parts = feeVat(account, 'f1')?.parts;
    return account.fees[0]?.transactions.map(({ kind, amount }, number) => [kind, amount, parts?.[number]]);
  };
  const lostFee = event('FeeAssessed', { ...lost('f1', '119.00').data, vatPercent: 19 });
  const creditOfFee = (creditId: string, amount: string, purpose: 'setOff' | 'external') =>
    event('LostItemCreditIssued', { creditId, feeId: 'f1', amount, cause: 'waived', purpose });
  const cancelled = (creditId: string, amount: string) =>
    event('CreditCancelled', { cancellationId: `k-${creditId}`, creditId, amount } as never);

  it('follows payments, waivers, transfers and their undoing', () => {
    const money = { feeId: 'f1', amount: '11.90' };
    const account = fold([
      taxed('f1', '119.00'),
      paid('p1', 'f1', '11.90'),
      event('PaymentReversed', {
        reversalId: 'u1',
        paymentId: 'p1',
        amount: '11.90',
        allocations: [money],
        method: 'CASH',
      }),
      event('FeeWaived', { waiverId: 'w1', ...money }),
      event('WaiverReversed', { reversalId: 'u2', waiverId: 'w1', ...money }),
      transferred('t1', 'f1', '23.80'),
      event('TransferSettled', { settlementId: 's1', transferId: 't1', amount: '11.90' }),
      event('SettlementReversed', { reversalId: 'u3', settlementId: 's1', transferId: 't1', amount: '5.95' }),
      event('TransferRecalled', { recallId: 'r1', transferId: 't1', amount: '17.85' }),
      event('FeeCancelled', { cancellationId: 'x1', feeId: 'f1', amount: '113.05' } as never),
    ]);
    expect(taxedTransactions(account)).toEqual([
      ['assessed', 11900, 1900],
      ['payment', 1190, 190],
      ['paymentReversed', 1190, 190],
      ['waiver', 1190, 190],
      ['waiverReversed', 1190, 190],
      ['transfer', 2380, 380],
      ['settlement', 1190, 190],
      ['settlementReversed', 595, 95],
      ['recall', 1785, 285],
      ['cancellation', 11305, 1805],
    ]);
    expect(feeVat(account, 'f1')?.remaining).toBe(0);
  });

  it('follows credits that are set off, applied, reversed and cancelled', () => {
    const part = [{ feeId: 'f1', amount: '11.90' }];
    const account = fold([
      lostFee,
      creditOfFee('c1', '23.80', 'setOff'),
      event('CreditApplied', { applicationId: 'a1', creditId: 'c1', allocations: part }),
      event('CreditApplicationReversed', {
        reversalId: 'u1',
        applicationId: 'a1',
        creditId: 'c1',
        allocations: part,
      } as never),
      cancelled('c1', '11.90'),
      transferred('t1', 'f1', '59.50'),
      creditOfFee('c2', '23.80', 'external'),
      cancelled('c2', '11.90'),
      event('TransferRecalled', {
        recallId: 'r1',
        transferId: 't1',
        amount: '59.50',
        setOff: [{ creditId: 'c2', amount: '11.90' }],
      }),
      prepaid('p1', 'c3', '10.00'),
      event('CreditApplied', {
        applicationId: 'a2',
        creditId: 'c3',
        allocations: [{ feeId: 'f1', amount: '5.95' }],
      }),
    ]);
    expect(taxedTransactions(account)).toEqual([
      ['assessed', 11900, 1900],
      ['creditIssued', 2380, 380],
      ['creditApplied', 1190, 190],
      ['creditApplicationReversed', 1190, 190],
      ['creditCancelled', 1190, 190],
      ['transfer', 5950, 950],
      ['creditIssued', 2380, 380],
      ['creditCancelled', 1190, 190],
      ['recall', 5950, 950],
      ['creditApplied', 1190, 190],
      ['creditApplied', 595, 95],
    ]);
    // The recall and the credit that it used up have the same id.
    expect(vatOfTransaction(account, 'f1', 'r1')).toBe(950);
    expect(feeVat(account, 'f1')?.remaining).toBe(1615);
  });
});

describe('the tax of a credit', () => {
  it('goes to the external system and into a settlement with it, and comes back with their undoing', () => {
    const feeTypes = { OVERDUEFINE: { label: 'Fine', vatPercent: 19 } };
    const account = accountAfter(
      [
        assess('f1', '11.90'),
        pay('p1', '11.90'),
        ask('CancelFee', 'x1', { feeId: 'f1' }),
        ask('TransferFees', 't1', { eligible: { credits: {} }, expectsSettlement: true }),
        ask('SettleTransfer', 's1', { transferId: 't1', amount: '10.00' }),
        ask('ReverseSettlement', 'u1', { settlementId: 's1', amount: '4.00' }),
        ask('RecallTransfer', 'r1', { transferId: 't1' }),
      ],
      policyWith({ feeTypes }),
    );
    const [credit] = account.credits as [Credit];
    const parts = credit.transactions.map(({ kind, amount }, at) => [
      kind,
      amount,
      creditVat(account, credit)[at],
    ]);
    expect(parts).toEqual([
      ['creditIssued', 1190, 190],
      ['transfer', 1190, 190],
      ['settlement', 1000, 160],
      ['settlementReversed', 400, 64],
      ['recall', 590, 94],
    ]);
  });

  it(
    'is the tax of its fee that was given back, and goes with its refunds',
    () => {
      fc.assert(
        fc.property(moves(30), anyPolicy, (story, policy) => {
          const account = fold(eventsOf(runMoves(story, policy)));
          for (const credit of account.credits) {
            const parts = creditVat(account, credit);
            expect(parts).toHaveLength(credit.transactions.length);
            const fee = findFee(account, credit.feeId ?? '');
            if (fee?.vatPercent == null) expect(new Set(parts)).toEqual(new Set([0]));
            else expect(parts[0]).toBe(vatOfTransaction(account, fee.feeId, credit.creditId));
            const signs = credit.transactions.map(({ kind }) => effectOnCredit[kind]);
            const left = parts.reduce((sum, part, at) => sum + (signs[at] as number) * part, 0);
            if (unused(credit) === credit.amount) expect(left).toBe(parts[0]);
            if (unused(credit) === 0) expect(left).toBe(0);
            parts.forEach((part, at) => {
              expect(part).toBeLessThanOrEqual(credit.transactions[at]?.amount as number);
              expect(part).toBeGreaterThanOrEqual(0);
            });
          }
        }),
        seeded('the tax of credits'),
      );
    },
    LAW_TIMEOUT_MS,
  );
});

describe('the tax of unusual histories', () => {
  const money = { currency: 'USD', at: '2026-03-02T09:00:00Z' };
  const goodwill = (creditId: string) =>
    event('CreditIssued', {
      creditId,
      amount: '1.00',
      cause: 'manual',
      purpose: 'goodwill',
      owner: 'MAIN',
      ...money,
    } as never);
  const use = (applicationId: string, creditId: string, amount: string) =>
    event('CreditApplied', {
      applicationId,
      creditId,
      allocations: [{ feeId: 'f1', amount }],
      ...money,
    } as never);
  const undone = (reversalId: string, applicationId: string, creditId: string, amount: string) =>
    event('CreditApplicationReversed', {
      reversalId,
      applicationId,
      creditId,
      allocations: [{ feeId: 'f1', amount }],
      ...money,
    } as never);

  const paid = (paymentId: string, amount: string) =>
    event('PaymentReceived', {
      ...{ paymentId, amount, method: 'CASH', allocations: [{ feeId: 'f1', amount }], ...money },
    } as never);
  const cancelled = (creditId: string, amount: string) =>
    event('CreditIssued', {
      ...{
        creditId,
        feeId: 'f1',
        amount,
        cause: 'cancelled',
        purpose: 'refundable',
        owner: 'MAIN',
        ...money,
      },
    } as never);

  it('is zero in a transaction that moves nothing of the fee', () => {
    const account = fold([taxed('f1', '11.90')]);
    const fees = account.fees.map((fee) => ({
      ...fee,
      transactions: fee.transactions.flatMap((one) => [one, { ...one, kind: 'refund' as const, id: 'r1' }]),
    }));
    expect(feeVat({ ...account, fees }, 'f1')?.parts).toEqual([190, 0]);
  });

  it('of a reserved credit stays with the credit while its use is undone', () => {
    const reserved = event('LostItemCreditIssued', {
      ...{ creditId: 'c1', feeId: 'f1', amount: '11.90', cause: 'returned', purpose: 'setOff' },
      ...{ refundPercent: 100, ...money },
    } as never);
    const lostFee = event('FeeAssessed', {
      ...{
        feeId: 'f1',
        feeType: 'LOST',
        amount: '11.90',
        owner: 'MAIN',
        lostItem: true,
        vatPercent: 19,
        ...money,
      },
    } as never);
    const returned = event('LostItemReturned', {
      ...{ returnId: 'b1', feeId: 'f1', refundPercent: 100, unpaid: 'all', at: money.at },
    } as never);
    const account = fold([
      ...[lostFee, returned, reserved, use('a1', 'c1', '11.90'), undone('u1', 'a1', 'c1', '11.90')],
      use('a2', 'c1', '5.95'),
    ]);
    expect(feeVat(account, 'f1')).toMatchObject({ parts: [190, 0, 190, 190, 190, 95], remaining: 95 });
  });

  it('of a refund is not reduced by goodwill that was used and undone before', () => {
    const account = fold([
      ...[taxed('f1', '11.90'), goodwill('c1'), use('a1', 'c1', '1.00'), undone('u1', 'a1', 'c1', '1.00')],
      ...[paid('p1', '11.90'), cancelled('k1', '11.90')],
    ]);
    expect(feeVat(account, 'f1')?.parts).toEqual([190, 16, 16, 190, 190]);
  });

  it('of an amount that staff cancel is its share of the tax owed, rounded', () => {
    const cancellation = event('FeeCancelled', {
      ...{ cancellationId: 'x1', feeId: 'f1', amount: '0.09', ...money },
    } as never);
    expect(feeVat(fold([taxed('f1', '2.50'), cancellation]), 'f1')?.parts).toEqual([40, 1]);
  });

  it('of a refund is a part of the tax of what was paid, not of what goodwill covered', () => {
    const covered = [taxed('f1', '2.50'), goodwill('c1'), use('a1', 'c1', '0.41'), paid('p1', '2.09')];
    expect(feeVat(fold([...covered, cancelled('k1', '1.79')]), 'f1')?.parts).toEqual([40, 7, 33, 28]);
  });

  it('of a refund that pays its own fee is the same each time it is undone', () => {
    const history = [
      ...[taxed('f1', '1.99'), paid('p1', '0.71'), paid('p2', '1.28'), cancelled('k1', '1.52')],
      event('PaymentReversed', {
        ...{ reversalId: 'r1', paymentId: 'p1', amount: '0.71', method: 'CASH', ...money },
        allocations: [{ feeId: 'f1', amount: '0.71' }],
      } as never),
      ...[use('a1', 'k1', '0.24'), undone('u1', 'a1', 'k1', '0.24'), use('a2', 'k1', '0.24')],
    ];
    expect(feeVat(fold(history), 'f1')?.parts).toEqual([32, 11, 21, 24, 11, 3, 3, 3]);
  });

  it('comes back when any use of a credit is undone', () => {
    const account = fold([
      taxed('f1', '11.90'),
      goodwill('c1'),
      goodwill('c2'),
      use('a1', 'c1', '0.40'),
      use('a2', 'c1', '0.60'),
      use('a3', 'c2', '0.60'),
      undone('u1', 'a2', 'c1', '0.60'),
      undone('u2', 'a1', 'c1', '0.40'),
      undone('u3', 'a3', 'c2', '0.60'),
    ]);
    expect(feeVat(account, 'f1')?.remaining).toBe(190);
  });

  it('is zero for the undoing of a use that the account does not have', () => {
    const account = fold([
      taxed('f1', '11.90'),
      goodwill('c1'),
      use('a1', 'c1', '0.40'),
      undone('u1', 'a1', 'c1', '0.40'),
    ]);
    const fees = account.fees.map((fee) => ({
      ...fee,
      transactions: fee.transactions.filter(({ kind }) => kind !== 'creditApplied'),
    }));
    expect(feeVat({ ...account, fees }, 'f1')?.parts.at(-1)).toBe(0);
  });
});

describe('an amount and its tax', () => {
  it('is divided without losing a unit, however it is moved, and the last part takes all remaining tax', () => {
    const whole = fc.record({ amount: fc.integer({ min: 1, max: 10_000 }), tax: fc.nat(10_000) });
    fc.assert(
      fc.property(
        whole.filter(({ amount, tax }) => tax <= amount),
        fc.array(fc.nat(5_000)),
        (given, amounts) => {
          const from = { ...given };
          const [to, also] = [
            { amount: 0, tax: 0 },
            { amount: 0, tax: 0 },
          ];
          for (const wanted of [...amounts, given.amount]) {
            const amount = Math.min(wanted, from.amount);
            const tax = move(from, amount, to, also);
            expect(tax).toBeGreaterThanOrEqual(0);
            expect(tax).toBeLessThanOrEqual(amount);
            expect([from.amount + to.amount, from.tax + to.tax]).toEqual([given.amount, given.tax]);
          }
          expect(from).toEqual({ amount: 0, tax: 0 });
          expect(also).toEqual(to);
        },
      ),
      tried(500),
    );
  });

  it('is increased and reduced by a given tax', () => {
    const part = { amount: 100, tax: 16 };
    expect(add(part, 19, 3)).toBe(3);
    expect(part).toEqual({ amount: 119, tax: 19 });
    expect(subtract(part, 119, 19)).toBe(19);
    expect(part).toEqual({ amount: 0, tax: 0 });
  });

  it('is moved with the requested tax, if it and the rest can include it', () => {
    const moved = (wanted: number) => moveWith({ amount: 10, tax: 7 }, 5, wanted);
    expect([0, 1, 2, 3, 5, 6].map(moved)).toEqual([2, 2, 2, 3, 5, 5]);
    expect(moveWith({ amount: 5, tax: 2 }, 5, 0)).toBe(2);
  });

  it('is moved into a pool and out of it so that an amount of zero has no tax, where possible', () => {
    const from = { amount: 10, tax: 2 };
    const pool = { amount: -5, tax: -2 };
    expect(movePooled(from, 5, pool, 1)).toBe(2);
    expect([from, pool]).toEqual([
      { amount: 5, tax: 0 },
      { amount: 0, tax: 0 },
    ]);
    const to = { amount: 0, tax: 0 };
    const other = { amount: 4, tax: 0 };
    expect(movePooled({ amount: 6, tax: 1 }, 3, other, -1, to)).toBe(0);
    expect([to, other]).toEqual([
      { amount: 3, tax: 0 },
      { amount: 1, tax: 0 },
    ]);
    expect(movePooled({ amount: 3, tax: 1 }, 3, other, -1, to)).toBe(1);
    expect(other).toEqual({ amount: -2, tax: -1 });
  });

  it('never moves a tax below zero', () => {
    expect(move({ amount: 10, tax: -1 }, 10)).toBe(0);
  });
});

it('a part with an id is zero at first, and the same one afterwards', () => {
  const taken = new Map();
  add(entry(taken, 'p1'), 10, 2);
  expect(entry(taken, 'p1')).toEqual({ amount: 10, tax: 2 });
  expect(entry(taken, 'p2')).toEqual({ amount: 0, tax: 0 });
});

it('the last use with the id and the amount is undone, once; an unknown use has no tax', () => {
  const uses: CreditUse[] = [];
  for (const [at, [id, amount]] of (
    [
      ['f1', 5],
      ['f1', 5],
      ['f2', 5],
      ['f1', 4],
    ] as const
  ).entries())
    add(newUse(uses, id, amount), amount, at);
  expect(lastUse(uses, 'f1', 5)).toEqual({ amount: 5, tax: 1 });
  expect(lastUse(uses, 'f1', 5)).toEqual({ amount: 5, tax: 0 });
  expect(uses.map(({ id, amount }) => [id, amount])).toEqual([
    ['f2', 5],
    ['f1', 4],
  ]);
  expect(lastUse([], 'f1', 5)).toEqual({ amount: 5, tax: 0 });
});
