import { describe, expect, it } from 'vitest';
import { type AccountEvent, type Command, findCredit, formatAmount } from '../../src/index.js';
import { postingsOf } from '../../src/jobs/reports/index.js';
import type { Decide } from '../../src/testing/arbitraries/runMoves.js';
import { type ExplorationOptions, exploreEvery } from '../../src/testing/index.js';
import { handedOutIsCharged, rowsOfJ, withoutRow } from '../support/oldRules.js';
import { LAW_TIMEOUT_MS } from '../support/seeded.js';
import { smallWorlds, type World, worldOf } from '../support/smallWorlds.js';
import { deciding } from '../testing/laws/mutants.js';

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

describe('a rule of an earlier version is found by a story of at most seven commands', () => {
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

const there = worldOf([['OTHER', 2]], ['TransferFees', 'SettleTransfer', 'WaiveFees']);
/** Waivers name no amount. */
const waivedThere: World = {
  ...there,
  commands: (...asked) =>
    there
      .commands(...asked)
      .map((command) =>
        command.type === 'WaiveFees'
          ? { ...command, fees: command.fees.map(({ feeId }) => ({ feeId })) }
          : command,
      ),
};

describe('a row removed from the table of pairs is found by a story of at most seven commands', () => {
  it.each([
    [rowsOfJ.returned, cancelledAndReturned],
    [rowsOfJ.reported, fine],
    [rowsOfJ.ended, fine],
    [rowsOfJ.cancelled, fine],
    [rowsOfJ.waived, waivedThere],
  ])(
    '%s',
    async (row, world) => {
      const { faults } = await withoutRow(row, () => exploreEvery({ ...world, depth: 6, pairDepth: 6 }));
      expect(faults.map(({ law }) => law)).not.toEqual([]);
      for (const { law, commands } of faults) {
        expect(law).toMatch(/^pairs/);
        expect(commands.length).toBeLessThanOrEqual(7);
      }
    },
    LAW_TIMEOUT_MS,
  );
});
