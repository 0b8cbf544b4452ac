import { describe, expect, it } from 'vitest';
import {
  type AccountEvent,
  type Command,
  findCredit,
  findFee,
  formatAmount,
  moneyIn,
  owed,
  refundableMoney,
  transferredAndNotReversed,
} from '../../src/index.js';
import { postingsOf } from '../../src/jobs/reports/index.js';
import type { Decide } from '../../src/testing/arbitraries/runMoves.js';
import { type ExplorationOptions, exploreEvery, type MayDiffer, mayDiffer } from '../../src/testing/index.js';
import { LAW_TIMEOUT_MS } from '../support/seeded.js';
import { smallWorlds, type World, worldOf } from '../support/smallWorlds.js';
import { deciding } from '../testing/laws/mutants.js';

/** What was handed out counted as a charge: it could be cancelled. */
const handedOutIsCharged: Decide = deciding('CancelFee', (decision, command, account) => {
  const { feeId, id, amount: asked, at } = command as Extract<Command, { type: 'CancelFee' }>;
  const fee = findFee(account, feeId);
  if (fee === undefined || asked !== undefined || fee.waived > 0 || fee.givenBack <= moneyIn(fee))
    return decision;
  const money = (minor: number) => formatAmount(minor, account.minorDigits);
  const data = { feeId, currency: 'JPY', at };
  const cancelled = { ...data, cancellationId: id, amount: money(owed(fee)) };
  const open = refundableMoney(fee) + transferredAndNotReversed(fee);
  if (owed(fee) === 0 || open > 0) return decision;
  return { accepted: true, events: [{ type: 'FeeCancelled', data: cancelled } as AccountEvent] };
});

/** The undoing of a use that a closing rule does again at once was accepted. */
const appliesAgain: Decide = deciding('ReverseCreditApplication', (decision, command, account) => {
  if (decision.accepted || decision.rejection.type !== 'AppliedAgain') return decision;
  const { id, applicationId, at } = command as Extract<Command, { type: 'ReverseCreditApplication' }>;
  const use = account.applications.find((row) => row.applicationId === applicationId);
  const credit = findCredit(account, use?.creditId ?? '');
  if (use === undefined || credit === undefined) return decision;
  const allocations = use.allocations.map(({ feeId, amount }) => ({
    feeId,
    amount: formatAmount(amount, account.minorDigits),
  }));
  const data = { creditId: credit.creditId, allocations, currency: 'JPY', at };
  const events: readonly AccountEvent[] = [
    { type: 'CreditApplicationReversed', data: { reversalId: id, applicationId, ...data } },
    { type: 'CreditApplied', data: { applicationId: `${id}#1`, ...data } },
  ];
  return { accepted: true, events };
});

/** An event that moves nothing was posted, with amounts of zero. */
const postsZero: ExplorationOptions['postingsOf'] = (event, account) => {
  const posted = postingsOf(event, account);
  return event.type === 'FeeCancelled' && posted.length === 0
    ? [{ amountMinor: 0 }, { amountMinor: 0 }]
    : posted;
};

const [cancelling, cancellingTwo] = [1, 2].map((amount) =>
  worldOf(
    [['OTHER', amount]],
    ['ReceivePayment', 'ReversePayment', 'CancelFee', 'RefundCredit', 'ReverseRefund'],
  ),
) as [World, World];

describe('an old rule is found, in seven commands at most', () => {
  it.each<readonly [string, World, Partial<ExplorationOptions>, RegExp]>([
    ['what was handed out is a charge', cancelling, { decide: handedOutIsCharged }, /^cancelled/],
    [
      'what was handed out is a charge, by two commands in both orders',
      cancellingTwo,
      { decide: handedOutIsCharged },
      /^pairs: CancelFee, ReceivePayment/,
    ],
    [
      'an undoing that undoes nothing',
      smallWorlds.money,
      { decide: appliesAgain },
      /^an effect: ReverseCredit/,
    ],
    ['zero is posted', cancelling, { postingsOf: postsZero }, /^postings: CancelFee/],
  ])(
    '%s',
    async (_, world, old, law) => {
      const { faults } = await exploreEvery({ ...world, ...old, depth: 7, pairDepth: 6 });
      const found = faults.filter((fault) => law.test(fault.law));
      expect(found).not.toEqual([]);
      expect(Math.min(...found.map(({ commands }) => commands.length))).toBeLessThanOrEqual(7);
      expect((await exploreEvery({ ...world, depth: 7, pairDepth: 6 })).faults).toEqual([]);
    },
    LAW_TIMEOUT_MS,
  );
});

const fine = worldOf(
  [['FINE', 2, 'grows']],
  ['ReceivePayment', 'RefundCredit', 'WaiveFees', 'CancelFee', 'CancelCredit', 'ReversePayment'],
);
const cancelledAndReturned = worldOf(
  [['LOST', 3]],
  ['ReceivePayment', 'ReturnLostItem', 'CancelCredit', 'CancelFee', 'ReversePayment'],
  { unpaidOnReturn: 'all' },
);

describe('a row that is taken out of the table of pairs is found, in seven commands at most', () => {
  it.each([
    ['with terms `all` a return counts what was given', cancelledAndReturned],
    ['a report after a refund in cash', fine],
    ['an ended fine takes back', fine],
    ['a whole cancellation undoes waivers', fine],
  ])(
    '%s',
    async (start, world) => {
      const table = mayDiffer as MayDiffer[];
      const index = table.findIndex(({ reason }) => reason.startsWith(start));
      const [row] = table.splice(index, 1) as [MayDiffer];
      try {
        const { faults } = await exploreEvery({ ...world, depth: 6, pairDepth: 6 });
        expect(faults.map(({ law }) => law)).not.toEqual([]);
        for (const { law, commands } of faults) {
          expect(law).toMatch(/^pairs/);
          expect(commands.length).toBeLessThanOrEqual(7);
        }
      } finally {
        table.splice(index, 0, row);
      }
    },
    LAW_TIMEOUT_MS,
  );
});
