import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AccountEvent, decide, emptyAccount, fold } from '../../src/index.js';
import { minorUnits } from '../support/books.js';
import { PATIENCE, seeded } from '../support/seeded.js';
import { anyPolicy, historiesOf, type Move, moves, play, policies } from '../support/stories.js';

/** What was forgiven of each fee: waivers and the credits that stand for them, less what was undone. */
function forgiven(events: readonly AccountEvent[]): ReadonlyMap<string, bigint> {
  const byFee = new Map<string, bigint>();
  const feeOfCredit = new Map<string, string>();
  const add = (feeId: string, amount: bigint) => byFee.set(feeId, (byFee.get(feeId) ?? 0n) + amount);
  for (const event of events) {
    switch (event.type) {
      case 'FeeWaived':
        add(event.data.feeId, minorUnits(event.data.amount));
        break;
      case 'WaiverReversed':
        add(event.data.feeId, -minorUnits(event.data.amount));
        break;
      case 'LostItemCreditIssued':
      case 'CreditIssued': {
        const { creditId, feeId, amount, purpose } = event.data;
        if (feeId === undefined || (purpose !== 'setOff' && purpose !== 'external')) break;
        feeOfCredit.set(creditId, feeId);
        add(feeId, minorUnits(amount));
        break;
      }
      case 'CreditCancelled': {
        const feeId = feeOfCredit.get(event.data.creditId);
        if (feeId !== undefined) add(feeId, -minorUnits(event.data.amount));
        break;
      }
      default:
    }
  }
  return byFee;
}

/** Moves by which no money comes in. */
const moneyless: ReadonlySet<Move['kind']> = new Set([
  'assess',
  'assessLost',
  'waive',
  'waiveSome',
  'waiveTransferred',
  'returnItem',
  'dispute',
  'resolve',
  'transfer',
  'transferCredit',
  'transferEligible',
  'recall',
  'goodwill',
  'cancelCredit',
  'applyCredit',
  'refund',
  'cancelFee',
  'reverseWaiver',
  'reverseApplication',
]);

describe('law 2: waivers', () => {
  it(
    'never forgive more of a fee than its original amount, in any state',
    () => {
      fc.assert(
        fc.property(moves(20), anyPolicy, (story, policy) => {
          for (const { events, account } of historiesOf(play(story, policy))) {
            for (const [feeId, amount] of forgiven(events)) {
              const fee = account.fees.find((row) => row.feeId === feeId);
              expect(amount).toBeLessThanOrEqual(BigInt(fee?.original ?? 0));
              expect(amount).toBeGreaterThanOrEqual(0n);
            }
          }
        }),
        seeded('law 2'),
      );
    },
    PATIENCE,
  );

  it(
    'never become cash: where no money comes in, no credit is ever refundable',
    () => {
      const story = moves(40).map((all) => all.filter(({ kind }) => moneyless.has(kind)));
      fc.assert(
        fc.property(story, anyPolicy, (waiving, policy) => {
          const steps = play(
            waiving.map((move) => ({ ...move, sensible: false })),
            policy,
          );
          const credits = steps.at(-1)?.after.credits ?? [];
          expect(credits.filter(({ purpose }) => purpose === 'refundable')).toEqual([]);
        }),
        seeded('law 2, cash'),
      );
    },
    PATIENCE,
  );

  it('are bounded by what is owed, whatever was asked: a fee cannot be waived twice', () => {
    const [policy] = policies;
    const at = '2026-03-02T09:00:00Z';
    const waiver = (id: string) =>
      ({ type: 'WaiveFees', id, at, reason: 'OTHER', fees: [{ feeId: 'f1' }] }) as const;
    const fee = { type: 'AssessFee', id: 'f1', at, feeType: 'LOST100', amount: '10', owner: 'MAIN' } as const;
    if (policy === undefined) throw new Error('no policy');
    const decision = decide([fee, waiver('w1'), waiver('w2')], emptyAccount(), policy);
    expect(decision).toMatchObject({ commandIndex: 2, rejection: { type: 'NothingOwed', feeId: 'f1' } });
    expect(fold(decision.events).fees).toEqual([]);
  });
});
