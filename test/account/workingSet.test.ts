import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyDecided,
  applyToCopies,
  creditsNow,
  feesNow,
  openWorkingSet,
  rowNow,
  transactionsOfFee,
  type WorkingSet,
} from '../../src/account/workingSet.js';
import { type AccountEvent, decide, fold, type PatronAccount } from '../../src/index.js';
import {
  acceptedEvents,
  accountAfter,
  ask,
  assess,
  assessLost,
  deepFrozen,
  pay,
  policy,
  waive,
} from '../support/account.js';
import { LAW_TIMEOUT_MS, seeded } from '../support/seeded.js';
import { anyPolicy, hostileNames, moves, runMoves } from '../support/stories.js';

function taken(account: PatronAccount, events: readonly AccountEvent[]): WorkingSet {
  const set = openWorkingSet(account);
  for (const event of events) applyDecided(set, event);
  return set;
}

/** Rows without their transactions, which no rule reads. */
function rows(list: readonly object[]): readonly object[] {
  return list.map((row) => ({ ...row, transactions: [] }));
}

const account = accountAfter([
  ...Array.from({ length: 50 }, (_, index) => assess(`f${index}`, '6')),
  assessLost('lost', '60'),
  waive('w1', 'lost', '20'),
]);

describe('a working set', () => {
  it('returns every row in its new state, for any story and ids (property)', {
    timeout: LAW_TIMEOUT_MS,
  }, () => {
    fc.assert(
      fc.property(moves(12), anyPolicy, (story, rules) => {
        for (const { before, decision, after } of runMoves(story, rules, hostileNames)) {
          const set = taken(deepFrozen(before), decision.events);
          expect(rows(feesNow(set))).toEqual(rows(after.fees));
          expect(rows(creditsNow(set))).toEqual(rows(after.credits));
          for (const row of after.payments) expect(rowNow(set, 'payment', row.paymentId)).toEqual(row);
          for (const row of after.waivers) expect(rowNow(set, 'waiver', row.waiverId)).toEqual(row);
          for (const row of after.transfers) expect(rowNow(set, 'transfer', row.transferId)).toEqual(row);
          for (const row of after.refunds) expect(rowNow(set, 'refund', row.refundId)).toEqual(row);
          for (const row of after.applications) {
            expect(rowNow(set, 'application', row.applicationId)).toEqual(row);
          }
          const { currency, minorDigits, eventCount, turnover } = after;
          expect(set.touched).toMatchObject({ currency, minorDigits, eventCount, turnover });
        }
      }),
      seeded('a working set shows every row as it will be'),
    );
  });

  it('copies only what an event changes: the cost does not grow with the account', () => {
    const set = taken(account, acceptedEvents(decide(pay('p1', '3', { feeIds: ['f7'] }), account, policy)));
    expect(set.touched.fees.map(({ feeId }) => feeId)).toEqual(['f7']);
    expect(set.touched.credits).toEqual([]);
  });

  it('returns the rows of the account itself as long as nothing changes', () => {
    const set = openWorkingSet(account);
    expect(feesNow(set)).toBe(account.fees);
    expect(creditsNow(set)).toBe(account.credits);
    expect(rowNow(set, 'fee', 'lost')).toBe(account.fees[50]);
  });

  it('returns the transactions of a fee, even of one that the decision charged', () => {
    const set = taken(
      account,
      acceptedEvents(
        decide([assess('new', '6'), pay('p1', '1', { feeIds: ['new', 'f0'] })], account, policy),
      ),
    );
    const kindsOf = (feeId: string) => transactionsOfFee(set, feeId).map(({ kind }) => kind);
    expect(['f0', 'f1', 'new'].map(kindsOf)).toEqual([['assessed', 'payment'], ['assessed'], ['assessed']]);
    expect(transactionsOfFee(set, 'unknown')).toEqual([]);
  });

  it('returns undefined for an id of another kind of row', () => {
    const set = taken(account, acceptedEvents(decide(pay('p1', '3'), account, policy)));
    expect(rowNow(set, 'credit', 'f0')).toBeUndefined();
    expect(rowNow(set, 'fee', 'p1')).toBeUndefined();
    expect(rowNow(set, 'fee', 'constructor')).toBeUndefined();
  });

  it('lists the fees brought to 0 by something other than a waiver, without those owed again', () => {
    const decided = (list: Parameters<typeof decide>[0]) => [
      ...taken(account, acceptedEvents(decide(list, account, policy))).broughtToZero,
    ];
    expect(decided(pay('p1', '6'))).toEqual(['f0']);
    expect(decided(waive('p1', 'f0'))).toEqual([]);
    expect(decided(waive('p1', 'lost'))).toEqual([]);
    expect(decided(ask('ReturnLostItem', 'p1', { feeIds: ['lost'] }))).toEqual(['lost']);
    expect(decided([pay('p1', '6'), ask('ReversePayment', 'r1', { paymentId: 'p1' })])).toEqual([]);
  });

  it('applies one event to private copies, even if the id of its row is its command id', () => {
    const disputed = accountAfter([ask('DisputeFee', 'd1', { feeId: 'f0' })], policy, account);
    const resolve = ask('ResolveDispute', 'r1', {
      feeId: 'f0',
      outcome: 'patronUpheld',
      remedy: 'waive',
      reason: 'OTHER',
    });
    const [resolved, waived] = acceptedEvents(decide(resolve, disputed, policy)) as [
      AccountEvent,
      AccountEvent,
    ];
    const before = deepFrozen(fold([resolved], disputed));
    const set = openWorkingSet(before);
    applyToCopies(set, waived);
    expect(rowNow(set, 'fee', 'f0')).toMatchObject({ waived: 600 });
    expect(rowNow(set, 'waiver', 'r1')).toMatchObject({ amount: 600 });
    expect(before.fees[0]?.waived).toBe(0);
  });

  it.each([
    [undefined],
    [{}],
    [{ type: 'FeeWaived' }],
    [{ type: 'PaymentReceived', data: { allocations: 7 } }],
  ])('leaves faults of a malformed event to the reducer: %j', (event) => {
    const set = openWorkingSet(account);
    expect(() => applyToCopies(set, event as never)).toThrow();
    expect(set.touched.eventCount).toBe(account.eventCount);
  });
});
