import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccountEvent } from '../../src/account/events/accountEvent.js';
import { fold, mutableCopy } from '../../src/account/fold.js';
import {
  applyDecided,
  applyToCopies,
  creditsNow,
  feesNow,
  foldShared,
  frozenAccount,
  openWorkingSet,
  rowNow,
  transactionsOfFee,
  type WorkingSet,
  writeBack,
} from '../../src/account/workingSet.js';
import { decide, emptyAccount, type PatronAccount } from '../../src/index.js';
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
import { assessed, errorOf, event, paid } from '../support/events.js';
import { LAW_TIMEOUT_MS, seeded, tried } from '../support/seeded.js';
import {
  anyNaming,
  anyPolicy,
  eventsOf,
  hostileNames,
  moves,
  namingNamed,
  runMoves,
} from '../support/stories.js';
import { history } from '../support/wholeHistory.js';

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

describe('writing a working set back into its account', () => {
  it('returns the same account as folding the events, wherever a story is cut in two', () => {
    fc.assert(
      fc.property(moves(20), anyPolicy, fc.nat(), (story, policy, number) => {
        const events = eventsOf(runMoves(story, policy));
        const cut = events.length === 0 ? 0 : number % events.length;
        const before = fold(events.slice(0, cut));
        const set = openWorkingSet(before);
        for (const event of events.slice(cut)) applyToCopies(set, event);
        const written = mutableCopy(before);
        writeBack(set, written);
        expect(written).toEqual(fold(events));
      }),
      tried(500),
    );
  });

  it('leaves the original account unchanged until then', () => {
    fc.assert(
      fc.property(moves(12), anyPolicy, (story, policy) => {
        const events = eventsOf(runMoves(story, policy));
        const half = events.slice(0, events.length / 2);
        const before = fold(half);
        const set = openWorkingSet(before);
        for (const event of events.slice(half.length)) applyToCopies(set, event);
        expect(before).toEqual(fold(half));
      }),
      tried(300),
    );
  });

  it('sets only the lists and figures that the events changed', () => {
    const before = fold(history);
    const set = openWorkingSet(before);
    applyToCopies(set, paid('p9', 'f2', '1.00'));
    const changed: PropertyKey[] = [];
    const draft = new Proxy(mutableCopy(before), {
      set: (account, field, value) => {
        changed.push(field);
        return Reflect.set(account, field, value);
      },
    });
    writeBack(set, draft);
    expect(changed).toEqual(['fees', 'payments', 'ids', 'eventCount', 'turnover']);
  });

  it('moves the entry of a command to the row that later gets its id', () => {
    const at = '2026-03-02T09:00:00Z';
    const money = { amount: '5.00', currency: 'USD' };
    const events = [
      { type: 'FeeAssessed', data: { feeId: 'f', feeType: 'OTHER', owner: 'MAIN', at, ...money } },
      { type: 'FeeDisputed', data: { disputeId: 'd', feeId: 'f', at } },
      {
        type: 'DisputeResolved',
        data: { disputeId: 'd', feeId: 'f', outcome: 'patronUpheld', at },
        metadata: { commandId: 'c', commandDigest: '0' },
      },
      {
        type: 'FeeWaived',
        data: { waiverId: 'c', feeId: 'f', at, ...money },
        metadata: { commandId: 'c', commandDigest: '0' },
      },
    ] as const;
    const before = fold(events.slice(0, 3), emptyAccount());
    const set = openWorkingSet(before);
    applyToCopies(set, events[3]);
    const written = mutableCopy(before);
    writeBack(set, written);
    expect(written.ids.at(-1)).toEqual({ id: 'c', kind: 'waiver', position: 0, digest: '0' });
  });
});

const frozen = (events: readonly AccountEvent[]) => frozenAccount(mutableCopy(fold(events)));

/** Every object reachable from a value, including itself. */
function partsOf(whole: unknown): object[] {
  if (typeof whole !== 'object' || whole === null) return [];
  return [whole, ...Object.values(whole).flatMap(partsOf)];
}

it('folds any part of a history as fold does, from any account before it, which stays as it was', () => {
  const cuts = fc.array(fc.nat(1_000), { maxLength: 4 });
  fc.assert(
    fc.property(moves(20), anyPolicy, anyNaming, cuts, (story, policy, naming, places) => {
      const events = structuredClone(eventsOf(runMoves(story, policy, namingNamed[naming])));
      const ends = [...places.map((place) => place % (events.length + 1)), events.length].sort(
        (a, b) => a - b,
      );
      let from = 0;
      let account = frozen([]);
      for (const end of ends) {
        const before = account;
        account = foldShared(before, events.slice(from, end), {});
        expect(before).toStrictEqual(fold(events.slice(0, from)));
        from = end;
      }
      expect(account).toStrictEqual(fold(events));
      expect(partsOf(account).filter((part) => !Object.isFrozen(part))).toEqual([]);
    }),
    seeded('shared folding'),
  );
});

it('folds a purge among other events, and every other type, one by one and together', () => {
  const events = structuredClone(history) as AccountEvent[];
  const data = { purgeId: 'u1', events: events.length, currency: 'USD', totals: [] };
  events.push(event('AccountPurged', data), assessed('later', '1.00'));
  expect(foldShared(frozen([]), events, {})).toStrictEqual(fold(events));
  const oneByOne = events.reduce((account, next) => foldShared(account, [next], {}), frozen([]));
  expect(oneByOne).toStrictEqual(fold(events));
});

it('shares what the events do not change', () => {
  const account = frozen(structuredClone(history) as AccountEvent[]);
  const [first] = account.fees;
  const open = account.fees.find(
    ({ original, paid: settled, cancelled, waived }) => original > settled + cancelled + waived,
  );
  const after = foldShared(account, [paid('p9', open?.feeId as string, '0.01')], {});
  const changed = after.fees.filter((fee, index) => fee !== account.fees[index]);
  expect(changed.map(({ feeId }) => feeId)).toEqual([open?.feeId]);
  expect(after.waivers).toBe(account.waivers);
  expect(first).toBe(account.fees[0]);
});

it('names the stream of an event that does not fold', () => {
  const error = errorOf(() => foldShared(frozen([]), [paid('p1', 'none', '1.00')], { stream: 'north/p1' }));
  expect(error).toMatchObject({ code: 'CORRUPT_HISTORY', details: { stream: 'north/p1', position: 1 } });
});
