import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AccountEvent,
  amountCharged,
  balancesInMinorUnits,
  type Credit,
  definePolicy,
  emptyAccount,
  type Fee,
  type FeePolicy,
  feeStatus,
  findFee,
  fold,
  type PatronAccount,
  remaining,
  type Transfer,
  unused,
} from '../../../src/index.js';
import type { TransactionRow } from '../../../src/interop/alma/feeRow.js';
import { fromAlmaFees } from '../../../src/interop/alma/fromAlmaFees.js';
import {
  derivedId,
  paymentId,
  toAlmaFees,
  transactionsForAlma,
  unusableId,
} from '../../../src/interop/alma/toAlmaFees.js';
import { assertVaried, tried } from '../../support/seeded.js';
import { anyPolicy, moves, runMoves } from '../../support/stories.js';
import { feeRow, fixture, type Json, rowFrom, transaction } from './almaRows.js';

describe('toAlmaFees', () => {
  const at = '2026-03-02T10:00:00+01:00';
  const usd = { currency: 'USD', at };

  const assessed = (feeId: string, amount: string, changes: object = {}): AccountEvent => ({
    type: 'FeeAssessed',
    data: { feeId, feeType: 'OVERDUEFINE', amount, owner: 'MAIN', ...usd, ...changes },
  });

  describe('toAlmaFees', () => {
    it('writes a fee the way Alma does', () => {
      const account = fold([
        assessed('f1', '25.00', {
          comment: 'Due: 10/04/2025',
          item: { barcode: '30447', title: 'River birds' },
        }),
        {
          type: 'PaymentReceived',
          data: {
            paymentId: 'p1',
            amount: '22.23',
            method: 'CASH',
            allocations: [{ feeId: 'f1', amount: '22.23' }],
            externalTransactionId: '43010000107',
            by: { channel: 'desk', userId: 'lee', desk: 'Circulation', library: 'Main Library' },
            ...usd,
          },
        },
      ]);
      expect(
        toAlmaFees(account, { policy: definePolicy({ currency: 'USD' }), userPrimaryId: 'dverma' }),
      ).toEqual({
        fee: [
          {
            id: 'f1',
            type: { value: 'OVERDUEFINE', desc: 'Overdue fine' },
            status: { value: 'ACTIVE', desc: 'Active' },
            user_primary_id: { value: 'dverma' },
            balance: 2.77,
            original_amount: 25,
            creation_time: '2026-03-02T09:00:00.000Z',
            status_time: '2026-03-02T09:00:00.000Z',
            comment: 'Due: 10/04/2025',
            owner: { value: 'MAIN', desc: 'MAIN' },
            title: 'River birds',
            barcode: { value: '30447' },
            transaction: [
              {
                type: { value: 'PAYMENT', desc: 'Payment' },
                amount: 22.23,
                created_by: 'lee',
                external_transaction_id: '43010000107',
                transaction_time: '2026-03-02T09:00:00.000Z',
                received_by: { value: 'Circulation', desc: 'Main Library' },
                payment_method: { value: 'CASH', desc: 'Cash' },
              },
            ],
          },
        ],
        total_record_count: 1,
        total_sum: 2.77,
        currency: 'USD',
      });
    });

    it('leaves out an empty list of transactions, as Alma does', () => {
      expect(toAlmaFees(fold([assessed('f1', '1.00')])).fee[0]).not.toHaveProperty('transaction');
    });

    it('shows the waiver of a lost-item fee as a credit, and leaves the balance of the fee unchanged', () => {
      const account = fold([
        assessed('f1', '60.00', { feeType: 'LOSTITEMREPLACEMENTFEE', lostItem: true }),
        {
          type: 'LostItemCreditIssued',
          data: { creditId: 'c1', feeId: 'f1', amount: '45.00', cause: 'waived', purpose: 'setOff', ...usd },
        },
      ]);
      const { fee, total_sum } = toAlmaFees(account);
      expect(fee.map(({ type, balance, owner }) => [type.value, balance, owner?.value])).toEqual([
        ['LOSTITEMREPLACEMENTFEE', 60, 'MAIN'],
        ['CREDIT', -45, 'MAIN'],
      ]);
      expect(total_sum).toBe(15);
    });

    it('shows such a waiver as a waiver once it is set off', () => {
      const account = fold([
        assessed('f1', '60.00', { lostItem: true }),
        {
          type: 'LostItemCreditIssued',
          data: {
            creditId: 'c1',
            feeId: 'f1',
            amount: '45.00',
            cause: 'waived',
            purpose: 'setOff',
            reason: 'OTHER',
            ...usd,
          },
        },
        {
          type: 'CreditApplied',
          data: {
            applicationId: 'a1',
            creditId: 'c1',
            allocations: [{ feeId: 'f1', amount: '45.00' }],
            ...usd,
          },
        },
      ]);
      expect(toAlmaFees(account).fee).toMatchObject([
        { balance: 15, transaction: [{ type: { value: 'WAIVE' }, amount: 45, reason: { value: 'OTHER' } }] },
      ]);
    });

    it('leaves out undone transactions', () => {
      const account = fold([
        assessed('f1', '10.00'),
        { type: 'FeeWaived', data: { waiverId: 'w1', feeId: 'f1', amount: '4.00', ...usd } },
        {
          type: 'WaiverReversed',
          data: { reversalId: 'r1', waiverId: 'w1', feeId: 'f1', amount: '4.00', ...usd },
        },
      ]);
      expect(toAlmaFees(account).fee[0]).toMatchObject({ balance: 10 });
      expect(toAlmaFees(account).fee[0]).not.toHaveProperty('transaction');
    });

    it('writes a settlement net of reversals, and omits one reversed in full', () => {
      const settled = (settlementId: string, amount: string): AccountEvent => ({
        type: 'TransferSettled',
        data: { settlementId, transferId: 't1', amount, ...usd },
      });
      const reversed = (reversalId: string, settlementId: string, amount: string): AccountEvent => ({
        type: 'SettlementReversed',
        data: { reversalId, settlementId, transferId: 't1', amount, ...usd },
      });
      const account = fold([
        assessed('f1', '10.00'),
        {
          type: 'FeeTransferred',
          data: { transferId: 't1', feeId: 'f1', amount: '10.00', expectsSettlement: true, ...usd },
        },
        settled('s1', '4.00'),
        reversed('r1', 's1', '1.50'),
        settled('s2', '2.00'),
        reversed('r2', 's2', '2.00'),
      ]);
      const written = toAlmaFees(account);
      const compared = written.fee[0]?.transaction?.map(({ type, amount }) => [type?.value, amount]);
      expect(compared).toEqual([
        ['EXPORTED', 10],
        ['PAYMENT_IMPORTED', 2.5],
      ]);
      const back = fold(fromAlmaFees(written).events);
      expect(findFee(back, 'f1')?.transferPending).toBe(750);
    });

    it('uses unknown codes as their own description', () => {
      const policy = definePolicy({ currency: 'USD' });
      const account = fold([assessed('__proto__', '1.00', { feeType: 'constructor', owner: '__proto__' })]);
      expect(toAlmaFees(account, { policy }).fee[0]).toMatchObject({
        id: '__proto__',
        type: { value: 'constructor', desc: 'constructor' },
        owner: { value: '__proto__' },
      });
    });

    it('writes an account without events, in the currency of the policy', () => {
      const none = { fee: [], total_record_count: 0, total_sum: 0 };
      expect(toAlmaFees(emptyAccount())).toEqual(none);
      const policy = definePolicy({ currency: 'JPY' });
      expect(toAlmaFees(emptyAccount(), { policy })).toEqual({ ...none, currency: 'JPY' });
    });

    it('copies an invalid time unchanged', () => {
      expect(toAlmaFees(fold([assessed('f1', '1.00', { at: 'long ago' })])).fee[0]?.creation_time).toBe(
        'long ago',
      );
    });

    it.each([[null], [{}], ['account']])('refuses %j instead of an account', (account) => {
      expect(() => toAlmaFees(account as never)).toThrow('INVALID_ACCOUNT');
    });

    it('refuses unknown options', () => {
      expect(() => toAlmaFees(emptyAccount(), { status: 'ACTIVE' } as never)).toThrow(
        'INVALID_ARGUMENT: options.status',
      );
    });

    it.each(['alma-fees', 'alma-fees-part-payments', 'alma-fees-pay-amount', 'alma-fees-sparse'])(
      'writes back what was read from %s',
      (name) => {
        const json = fixture(name);
        const written = toAlmaFees(fold(fromAlmaFees(json).events));
        const facts = (rows: readonly object[]) =>
          (rows as typeof written.fee)
            .map(
              ({ id, type, status, balance, original_amount, creation_time, owner, title, transaction }) => ({
                id,
                type: type.value,
                status: status.value,
                balance: balance.toFixed(2),
                original_amount,
                creation_time,
                owner: owner?.value,
                title,
                transaction: transaction?.map(({ amount, transaction_time, received_by }) => ({
                  amount,
                  transaction_time,
                  received_by,
                })),
              }),
            )
            .sort((a, b) => a.id.localeCompare(b.id, 'en'));
        // One payment has one time; its second part was recorded a millisecond later.
        const once = JSON.stringify(facts(json.fee)).replace('20:05:12.041Z', '20:05:12.040Z');
        expect(facts(written.fee)).toEqual(JSON.parse(once));
        expect(written.total_sum).toBe(json.total_sum);
      },
    );
  });

  /** Whether a single transfer, not partly settled, took all that was left. */
  function transferredWhole(row: Fee | Credit, left: number, transfers: readonly Transfer[]): boolean {
    const own = transfers.filter((transfer) => transfer.amount > transfer.recalled);
    return row.transferred === 0 || (left === 0 && own.length === 1 && own[0]?.recalled === 0);
  }

  /** Whether Alma can express everything that happened to a fee. */
  function expressibleFee(fee: Fee, account: PatronAccount): boolean {
    const { refundable, external, goodwill } = fee.settledByCredit;
    const transfers = account.transfers.filter(({ feeId }) => feeId === fee.feeId);
    // Alma shows the final amount of a decreased fine, unless some of its money was given back.
    const gaveBack = account.credits.some(({ feeId, cause }) => feeId === fee.feeId && cause === 'cancelled');
    const cameDown = fee.original - amountCharged(fee);
    return (
      fee.cancelled - cameDown + refundable + external + goodwill === 0 &&
      !(gaveBack && cameDown > 0) &&
      amountCharged(fee) > 0 &&
      transferredWhole(fee, remaining(fee), transfers)
    );
  }

  /** Whether Alma can express everything that happened to a credit. */
  function expressibleCredit(credit: Credit, account: PatronAccount): boolean {
    const left = unused(credit);
    if (credit.purpose === 'setOff')
      return left === 0 || findFee(account, credit.feeId ?? '')?.disputed !== true;
    const transfers = account.transfers.filter(({ creditId }) => creditId === credit.creditId);
    const used = credit.applied + credit.refunded + credit.cancelled + credit.withdrawn;
    return used === 0 && transferredWhole(credit, left, transfers);
  }

  /** The same policy in the currency of the account, since some stories continue under another policy. */
  function inCurrencyOf(account: PatronAccount, policy: FeePolicy): FeePolicy {
    if (account.currency === null || account.currency === policy.currency) return policy;
    return definePolicy({ currency: account.currency, feeTypes: policy.feeTypes });
  }

  describe('export to Alma and import from it', () => {
    it('keeps the balances of every account that Alma can express, to the cent', async () => {
      let compared = 0;
      await assertVaried(
        fc.property(moves(8), anyPolicy, (story, policy) => {
          const account = runMoves(story, policy).at(-1)?.after ?? emptyAccount();
          const expressible =
            account.fees.every((fee) => expressibleFee(fee, account)) &&
            account.credits.every((credit) => expressibleCredit(credit, account));
          if (!expressible || account.eventCount === 0) return;
          compared++;
          const { events, findings } = fromAlmaFees(toAlmaFees(account, { policy }), {
            policy: inCurrencyOf(account, policy),
          });
          expect(findings).toEqual([]);
          const { active, disputed, transferred } = balancesInMinorUnits(account);
          expect(balancesInMinorUnits(fold(events))).toMatchObject({ active, disputed, transferred });
        }),
        tried(3_000),
        100,
        () => expect(compared).toBeGreaterThan(15),
      );
    });

    it('either keeps a fee or reports why not', () => {
      fc.assert(
        fc.property(moves(30), anyPolicy, (story, policy) => {
          const account = runMoves(story, policy).at(-1)?.after ?? emptyAccount();
          const written = toAlmaFees(account, { policy });
          const { events, findings } = fromAlmaFees(written, { policy: inCurrencyOf(account, policy) });
          const back = fold(events);
          for (const fee of account.fees) {
            const again = findFee(back, fee.feeId);
            const found = findings.some(({ feeId }) => feeId === fee.feeId);
            expect(again === undefined).toBe(found);
            if (again === undefined) continue;
            const figures = (row: Fee) => [
              amountCharged(row),
              remaining(row),
              feeStatus(row),
              row.transferPending,
            ];
            expect(figures(again)).toEqual(figures(fee));
          }
          expect(findings.filter(({ row }) => row === undefined)).toEqual([]);
        }),
        tried(1_500),
      );
    });
  });
});

describe('transactionsForAlma', () => {
  const usd = { currency: 'USD', at: '2026-03-02T09:00:00.000Z' };
  const code = (value: string) => ({ value });

  const written = (...events: AccountEvent[]) => {
    const account = fold([
      {
        type: 'FeeAssessed',
        data: { feeId: 'f1', feeType: 'OTHER', amount: '10.00', owner: 'MAIN', lostItem: true, ...usd },
      },
      ...events,
    ]);
    const writing = {
      account,
      number: (minor: number) => minor / 100,
      time: (at: string) => at,
      feeType: code,
      method: code,
      reason: code,
      library: code,
    };
    const rows = [account.fees[0] as Fee, ...account.credits];
    return rows.map((row) =>
      transactionsForAlma(row, writing).map(({ type, amount, reason }) =>
        [type.value, amount, reason?.value].filter((part) => part !== undefined),
      ),
    );
  };

  const paid: AccountEvent = {
    type: 'PaymentReceived',
    data: {
      paymentId: 'p1',
      amount: '4.00',
      method: 'CASH',
      allocations: [{ feeId: 'f1', amount: '4.00' }],
      ...usd,
    },
  };

  const reversed = (amount: string): AccountEvent => ({
    type: 'PaymentReversed',
    data: {
      reversalId: 'r1',
      paymentId: 'p1',
      amount,
      allocations: [{ feeId: 'f1', amount }],
      method: 'CASH',
      ...usd,
    },
  });

  const transferred = (expectsSettlement: boolean): AccountEvent => ({
    type: 'FeeTransferred',
    data: { transferId: 't1', feeId: 'f1', amount: '10.00', expectsSettlement, ...usd },
  });

  describe('transactionsForAlma', () => {
    it('returns payments net of reversals', () => {
      expect(written(paid)).toEqual([[['PAYMENT', 4]]]);
      expect(written(paid, reversed('1.00'))).toEqual([[['PAYMENT', 3]]]);
      expect(written(paid, reversed('4.00'))).toEqual([[]]);
    });

    it('returns waivers that were not undone', () => {
      const waiver = { waiverId: 'w1', feeId: 'f1', amount: '4.00', ...usd };
      const waived: AccountEvent = { type: 'FeeWaived', data: { ...waiver, reason: 'OTHER' } };
      expect(written(waived)).toEqual([[['WAIVE', 4, 'OTHER']]]);
      expect(written(waived, { type: 'WaiverReversed', data: { ...waiver, reversalId: 'r1' } })).toEqual([
        [],
      ]);
    });

    it('returns a lost-item credit that is set off as a waiver of the fee, with the reason of the credit', () => {
      const issued: AccountEvent = {
        type: 'LostItemCreditIssued',
        data: {
          creditId: 'c1',
          feeId: 'f1',
          amount: '4.00',
          cause: 'waived',
          purpose: 'setOff',
          reason: 'OTHER',
          ...usd,
        },
      };
      const use = {
        applicationId: 'a1',
        creditId: 'c1',
        allocations: [{ feeId: 'f1', amount: '4.00' }],
        ...usd,
      };
      const applied: AccountEvent = { type: 'CreditApplied', data: use };
      expect(written(issued, applied)).toEqual([[['WAIVE', 4, 'OTHER']], []]);
      const undone: AccountEvent = { type: 'CreditApplicationReversed', data: { ...use, reversalId: 'r1' } };
      expect(written(issued, applied, undone)).toEqual([[], []]);
    });

    it('returns nothing for a fee settled by another credit', () => {
      const issued: AccountEvent = {
        type: 'CreditIssued',
        data: { creditId: 'c1', amount: '4.00', cause: 'manual', purpose: 'goodwill', ...usd },
      };
      const allocations = [{ feeId: 'f1', amount: '4.00' }];
      const applied: AccountEvent = {
        type: 'CreditApplied',
        data: { applicationId: 'a1', creditId: 'c1', allocations, ...usd },
      };
      expect(written(issued, applied)).toEqual([[], []]);
    });

    it('returns transfers net of recalls, and reported payments', () => {
      const settled: AccountEvent = {
        type: 'TransferSettled',
        data: { settlementId: 's1', transferId: 't1', amount: '3.00', ...usd },
      };
      const recalled: AccountEvent = {
        type: 'TransferRecalled',
        data: { recallId: 'r1', transferId: 't1', amount: '7.00', ...usd },
      };
      expect(written(transferred(false))).toEqual([[['EXPORT', 10]]]);
      expect(written(transferred(true), settled)).toEqual([
        [
          ['EXPORTED', 10],
          ['PAYMENT_IMPORTED', 3],
        ],
      ]);
      expect(written(transferred(true), settled, recalled)).toEqual([
        [
          ['EXPORTED', 3],
          ['PAYMENT_IMPORTED', 3],
        ],
      ]);
    });
  });
});

const payment = (method: string, externalTransactionId?: string) =>
  ({ method, externalTransactionId }) as TransactionRow;

describe('derived ids', () => {
  it('name their origin', () => {
    expect(derivedId('5010000107', 'waiver', 2)).toBe('alma/fee/5010000107/waiver/2');
    expect(paymentId('5010000107', 1, payment('CASH'))).toBe('alma/fee/5010000107/payment/1');
    expect(paymentId('5010000107', 1, payment('CASH', '24010000107'))).toBe('alma/payment/CASH/24010000107');
  });

  it('are different for different things', () => {
    const name = fc.string({
      unit: fc.constantFrom('a', '/', '%', '2', 'F', 'waiver', 'payment'),
      maxLength: 4,
    });
    fc.assert(
      fc.property(fc.tuple(name, name), fc.tuple(name, name), fc.boolean(), ([a, b], [c, d], ofFee) => {
        fc.pre(a !== c || b !== d);
        const id = (x: string, y: string) => paymentId('f', 1, payment(x, y));
        expect(id(a, b)).not.toBe(id(c, d));
        if (a !== c) expect(derivedId(a, 'waiver', 1)).not.toBe(derivedId(c, 'waiver', 1));
        expect(derivedId(a, ofFee ? 'waiver' : 'payment', 1)).not.toBe(id(c, d));
      }),
      tried(2_000),
    );
  });
});

describe('unusableId', () => {
  const found = (json: Json) => unusableId(rowFrom(json))?.path;

  it('finds an id that looks like a derived one', () => {
    expect(found(feeRow({ id: 'alma/fee/1/waiver/1' }))).toBe('fee[0].id');
  });

  it('finds an id too long for its derived ids', () => {
    const long = { id: 'x'.repeat(200) };
    expect(found(feeRow(long))).toBeUndefined();
    expect(found(feeRow({ ...long, balance: 6, transaction: [transaction(4)] }))).toBe('fee[0].id');
    expect(found(feeRow({ ...long, status: { value: 'INDISPUTE' } }))).toBe('fee[0].id');
  });

  it('finds a payment with a long external transaction id', () => {
    const paid = transaction(4, { external_transaction_id: 'x'.repeat(200) });
    expect(found(feeRow({ balance: 6, transaction: [paid] }))).toBe('fee[0].transaction[0]');
  });
});
