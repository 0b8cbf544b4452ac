import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AccountEvent, creditStatus, decide, definePolicy, feeStatus, fold } from '../../src/index.js';
import { arbitraries } from '../../src/testing/arbitraries/arbitraries.js';
import { givenFaults } from '../../src/testing/arbitraries/corruptHistories.js';
import { typesOfUnion } from '../support/compiler.js';
import { fixedCases, LAW_TIMEOUT_MS } from '../support/seeded.js';
import { anyPolicy, moves, runMoves } from '../support/stories.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Counts names. */
function tally(): { readonly counts: Map<string, number>; add(name: string): void } {
  const counts = new Map<string, number>();
  return { counts, add: (name) => counts.set(name, (counts.get(name) ?? 0) + 1) };
}

/** Returns the names that occurred less often than required. */
function rarerThan(least: number, names: readonly string[], counts: ReadonlyMap<string, number>): string[] {
  return names.filter((name) => (counts.get(name) ?? 0) < least);
}

describe('the stories used by the laws', () => {
  it(
    'have every event, rejection, status, cause and purpose, often enough to matter',
    () => {
      const [events, rejections, statuses, credits] = [tally(), tally(), tally(), tally()];
      fc.assert(
        fc.property(moves(60), anyPolicy, (story, policy) => {
          for (const { decision, after } of runMoves(story, policy)) {
            for (const { type } of decision.events) events.add(type);
            if (!decision.accepted) rejections.add(decision.rejection.type);
            for (const fee of after.fees.slice(-3)) statuses.add(`fee ${feeStatus(fee)}`);
            for (const credit of after.credits.slice(-3)) {
              statuses.add(`credit ${creditStatus(after, credit)}`);
              credits.add(`${credit.cause} ${credit.purpose}`);
            }
          }
        }),
        fixedCases(400),
      );
      const refusals = typesOfUnion(root, 'src/account/rejections/rejection.ts', 'Rejection');
      // No story is long enough to fill an account: see below.
      // Merges are between two accounts (test/laws/merges.test.ts).
      // What depends on the time and the texts of a command, and on a second person, is in the tests of these rules.
      const ofCircumstances = [
        'TooFarBack',
        'InTheFuture',
        'LooksLikeCardNumber',
        'CommentRequired',
        'OnlinePaymentsOff',
        'ApprovalRequired',
        'SameUser',
      ];
      const outside = ['AccountTotalTooLarge', 'AccountMerged', ...ofCircumstances];
      const within = refusals.filter((type) => !outside.includes(type));
      expect(within.length).toBeGreaterThan(40);
      expect(rarerThan(1, within, rejections.counts)).toEqual([]);
      expect(rarerThan(10, ['NotPermitted'], rejections.counts)).toEqual([]);
      const eventTypes = typesOfUnion(root, 'src/account/events/accountEvent.ts', 'AccountEvent');
      // No command causes a purge (test/jobs/retention/runPurge.test.ts).
      const ofTwo = ['AccountMerged', 'AccountJoined', 'AccountSeparated', 'AccountPurged'];
      const ofOne = eventTypes.filter((type) => !ofTwo.includes(type));
      expect(ofOne).toHaveLength(eventTypes.length - ofTwo.length);
      expect(rarerThan(10, ofOne, events.counts)).toEqual([]);
      const eachStatus = ['active', 'disputed', 'transferred', 'closed'].flatMap((status) => [
        `fee ${status}`,
        `credit ${status}`,
      ]);
      expect(rarerThan(10, eachStatus, statuses.counts)).toEqual([]);
      const kinds = [
        'waived setOff',
        'waived external',
        'returned setOff',
        'returned external',
        'returned refundable',
        'cancelled refundable',
        'cancelled external',
        'overpayment refundable',
        'settlement refundable',
        'imported refundable',
        'imported goodwill',
        'manual goodwill',
      ];
      expect(rarerThan(10, kinds, credits.counts)).toEqual([]);
      expect([...credits.counts.keys()].filter((kind) => !kinds.includes(kind))).toEqual([]);
    },
    LAW_TIMEOUT_MS,
  );

  it(
    'contain refusals between accepted commands, and policies of other times and places',
    () => {
      const counts = tally();
      fc.assert(
        fc.property(arbitraries(fc).stories(), ({ steps, policy }) => {
          for (const { command, decision, policy: inForce } of steps) {
            counts.add(decision.accepted ? 'accepted' : 'refused');
            if (decision.accepted) counts.add(`accepted ${command.type}`);
            if (inForce !== policy) counts.add('other policy');
          }
        }),
        fixedCases(400),
      );
      const commands = typesOfUnion(root, 'src/account/commands/command.ts', 'Command');
      const accepted = commands.map((type) => `accepted ${type}`);
      expect(rarerThan(4, [...accepted, 'other policy'], counts.counts)).toEqual([]);
      const [yes, no] = ['accepted', 'refused'].map((name) => counts.counts.get(name) ?? 0);
      expect(yes).toBeGreaterThan(1.5 * (no as number));
      expect(no).toBeGreaterThan(400);
    },
    LAW_TIMEOUT_MS,
  );

  it(
    'become corrupt with every fault, at the beginning, in the middle and at the end',
    () => {
      const [faults, places] = [tally(), tally()];
      fc.assert(
        fc.property(arbitraries(fc).corruptHistories(), ({ events, fault, position }) => {
          faults.add(fault);
          const end = position === events.length ? 'end' : 'middle';
          places.add(position === 1 ? 'beginning' : end);
        }),
        fixedCases(400),
      );
      expect(rarerThan(3, givenFaults, faults.counts)).toEqual([]);
      expect(rarerThan(10, ['beginning', 'middle', 'end'], places.counts)).toEqual([]);
    },
    LAW_TIMEOUT_MS,
  );

  it('exclude only an account that reaches the largest safe integer', () => {
    const at = '2026-03-02T09:00:00Z';
    const most = { feeType: 'OTHER', amount: '9999999999.99', currency: 'USD', owner: 'MAIN', at };
    const fees = (count: number): AccountEvent[] =>
      Array.from({ length: count }, (_, index) => ({
        type: 'FeeAssessed',
        data: { ...most, feeId: `f${index}` },
      }));
    const account = fold(fees(9_007));
    const policy = definePolicy({ currency: 'USD' });
    const command = { type: 'AssessFee', id: 'one more', at, feeType: 'OTHER', owner: 'MAIN' } as const;
    expect(decide({ ...command, amount: most.amount }, account, policy)).toMatchObject({
      accepted: false,
      rejection: { type: 'AccountTotalTooLarge', amount: most.amount },
    });
    expect(decide({ ...command, amount: '1' }, account, policy).accepted).toBe(true);
    expect(() => fold(fees(9_008))).toThrow('TurnoverAboveSafeIntegers');
  });
});
