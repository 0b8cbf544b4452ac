import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Command, decide, type FeePolicy, type PatronAccount } from '../../src/index.js';
import type { Decide } from '../../src/testing/arbitraries/runMoves.js';
import { mayDiffer, reasonToDiffer } from '../../src/testing/explore/mayDiffer.js';
import { costOf } from '../../src/testing/laws/costOf.js';
import { handedOutIsCharged, rowsOfJ, withoutRow } from '../support/oldRules.js';
import { afterCommand, pairCommand } from '../support/pairCommands.js';
import {
  accountBefore,
  type Before,
  everyPair,
  policyOf,
  type Scene,
  scenes,
} from '../support/pairScenes.js';
import { fixedCases, LAW_TIMEOUT_MS } from '../support/seeded.js';

type Example = Partial<Scene> & Pick<Scene, 'pair'> & { readonly costs: readonly [number, number] };

/** For each reason of the table, a pair that does cost differently, and both costs. The table of
 * docs/concepts/corner-cases.md has the same reasons. */
const examples: Readonly<Record<string, Example>> = {
  'a waiver without an amount forgives what is owed when it comes': {
    pair: [['waiveWhole'], ['pay', 4]],
    costs: [0, 4],
  },
  'a cancelled credit without an amount is all that is unused when it comes': {
    before: [
      ['goodwill', 10],
      ['useCredit', 9],
    ],
    pair: [['cancelUnused'], ['reverseUse']],
    costs: [1, 10],
  },
  'a cancellation without an amount cancels all that the fee costs when it comes; what comes later counts anew':
    { fee: 'fine', pair: [['cancelWhole'], ['report', 12]], costs: [2, 0] },
  'the last report of a fine counts': {
    fee: 'fine',
    pair: [
      ['report', 4],
      ['report', 3],
    ],
    costs: [3, 4],
  },
  'a limit of fines compares what is owed when the report comes; a later report goes on': {
    fee: 'fine',
    limited: true,
    pair: [
      ['pay', 4],
      ['report', 20],
    ],
    costs: [16, 12],
  },
  'a lower report takes back what is owed or paid of the fine then, the next one what is owed again': {
    fee: 'fine',
    before: [['waive', 5]],
    pair: [['report', 3], ['reverseWaiver']],
    costs: [5, 3],
  },
  'goodwill that was used on a fee is not given back by a fine that falls, nor by a return': {
    fee: 'fine',
    before: [['goodwill', 4]],
    pair: [['report', 2], ['useAllCredit']],
    costs: [-2, 0],
  },
  'a return gives its percentage less what was waived before; a later waiver forgives what the return left': {
    fee: 'lostHalf',
    pair: [['waive', 4], ['return']],
    costs: [5, 1],
  },
  'a return gives its percentage of what was not cancelled before; a later amount is of what the return left':
    { fee: 'lostHalf', pair: [['cancel', 4], ['return']], costs: [3, 1] },
  'with terms `all` the return forgives what is unpaid, and only a percentage of what is paid comes back': {
    fee: 'lostHalf',
    terms: 'all',
    pair: [['pay', 4], ['return']],
    costs: [2, 0],
  },
  'with terms `all` a payment reversed after the return first uses up the credit of a cancellation': {
    fee: 'lostHalf',
    terms: 'all',
    before: [
      ['pay', 9],
      ['cancel', 3],
    ],
    pair: [['reversePart', 5], ['return']],
    costs: [1, 2],
  },
  'after a return, what is owed again is forgiven at once, save what was waived or cancelled meanwhile': {
    fee: 'lostHalf',
    terms: 'all',
    before: [['pay', 6], ['transferWhole'], ['return']],
    pair: [
      ['reversePart', 3],
      ['cancel', 2],
    ],
    costs: [1, 2],
  },
  'with terms `all` a return counts what was given; a cancelled credit counts as long as it was there': {
    fee: 'lostHalf',
    terms: 'all',
    before: [['pay', 4], ['cancel', 7], ['return']],
    pair: [
      ['reversePart', 2],
      ['cancelCredit', 1, 1],
    ],
    costs: [2, 1],
  },
  'a report after a refund in cash takes back what is owed then; a later waiver or amount is of what is left':
    {
      fee: 'fine',
      before: [['pay', 10], ['cancel', 5], ['refundUnused'], ['reversePayment']],
      pair: [
        ['waive', 5],
        ['report', 0],
      ],
      costs: [0, -5],
    },
  'an ended fine takes back what is owed again above its total, but not what a cancelled credit kept': {
    fee: 'fine',
    before: [
      ['pay', 10],
      ['cancel', 5],
      ['reportEnd', 0],
    ],
    pair: [
      ['reversePart', 5],
      ['cancelCredit', 5, 1],
    ],
    costs: [5, 0],
  },
  'a whole cancellation undoes waivers and goodwill, unless they cover what was handed out in cash; later ones stay':
    {
      before: [['pay', 10], ['cancel', 5], ['refundUnused'], ['reversePayment']],
      pair: [['waive', 5], ['cancelWhole']],
      costs: [0, -5],
    },
  'with terms `all`, what is owed again after a return is forgiven at once, less what was paid or sent before':
    {
      fee: 'lostHalf',
      terms: 'all',
      before: [['pay', 6], ['return'], ['refund', 1], ['reversePart', 4]],
      pair: [['reversePayment'], ['transferWhole']],
      costs: [0, 1],
    },
  'with terms `all`, what is recalled after a return is covered by the credits there, or else owed and forgiven':
    {
      fee: 'lostHalf',
      terms: 'all',
      before: [['transferWhole'], ['cancel', 4], ['waiveWhole'], ['return']],
      pair: [['reverseWaiver'], ['recallPart', 2]],
      costs: [2, 3],
    },
  'with terms `all` a payment reversed after a return uses up the credit of a cancellation, unless it was refunded before':
    {
      fee: 'lostHalf',
      terms: 'all',
      before: [['pay', 10], ['cancel', 6], ['return']],
      pair: [['reversePart', 4], ['refundUnused']],
      costs: [1, 0],
    },
  'an ended fine takes back what is owed again above its total, less what was handed out in cash, unless that was sent before':
    {
      fee: 'fine',
      before: [
        ['pay', 10],
        ['cancel', 4],
        ['refundUnused'],
        ['reversePayment'],
        ['waive', 6],
        ['reportEnd', 4],
      ],
      pair: [['reverseWaiver'], ['transferWhole']],
      costs: [0, 4],
    },
};

/** Pairs that cost the same; each was found by a scene, and is mended. */
const mended: Readonly<Record<string, Omit<Example, 'costs'> & { readonly cost: number }>> = {
  'a return with terms `all`, before and after a recall, when cancelled money was handed out and its payment bounced':
    {
      fee: 'lostAll',
      terms: 'all',
      before: [['pay', 10], ['cancel', 5], ['refundUnused'], ['reversePayment'], ['transferWhole']],
      pair: [['recallPart', 6], ['return']],
      cost: 0,
    },
  'the same of which half comes back': {
    fee: 'lostHalf',
    terms: 'all',
    before: [['pay', 10], ['cancel', 5], ['refundUnused'], ['reversePayment'], ['transferWhole']],
    pair: [['recallPart', 6], ['return']],
    cost: 2,
  },
};

/** Decides commands one after the other; undefined if one is refused. */
function play(
  commands: readonly (Command | undefined)[],
  account: PatronAccount,
  policy: FeePolicy,
  decided: Decide,
): PatronAccount | undefined {
  return commands.reduce<PatronAccount | undefined>(
    (now, command) => now && afterCommand(command, now, policy, decided),
    account,
  );
}

/** Returns the pairs of commands after a scene that cost differently in the two orders, and why they may. */
function differingIn(scene: Before, decided: Decide = decide) {
  const account = accountBefore(scene);
  return everyPair(scene).flatMap((pair) => {
    const costs = costsOf({ ...scene, pair }, account, decided);
    if (costs === undefined || costs[0] === costs[1]) return [];
    return [{ pair, costs, reason: reasonIn({ ...scene, pair }, account) }];
  });
}

/** Returns how many pairs after a scene cost differently and have no reason in the table. */
function unexplainedIn(scene: Before, decided: Decide = decide): number {
  return differingIn(scene, decided).filter(({ reason }) => reason === undefined).length;
}

/** Returns the costs in both orders; undefined if a command is refused in one of them. */
function costsOf(
  scene: Scene,
  account: PatronAccount,
  decided: Decide = decide,
): readonly [number, number] | undefined {
  const policy = policyOf(scene);
  // Both commands are about the account before: neither knows of the other.
  const [first, second] = scene.pair.map((command, index) => pairCommand(command, `pair-${index}`, account));
  const [forth, back] = [
    play([first, second], account, policy, decided),
    play([second, first], account, policy, decided),
  ];
  return forth === undefined || back === undefined ? undefined : [costOf(forth), costOf(back)];
}

function reasonIn(scene: Scene, account: PatronAccount): string | undefined {
  const [first, second] = scene.pair.map((command, index) => pairCommand(command, `pair-${index}`, account));
  if (first === undefined || second === undefined) return 'a command that there is nothing to';
  return reasonToDiffer([first, second], account, policyOf(scene));
}

const plain: Omit<Scene, 'pair'> = { fee: 'once', terms: 'percent', limited: false, before: [] };
describe('two commands in both orders', () => {
  it(
    'cost the same, except those in the table',
    () => {
      // The same scenes in every run: a pair that nobody thought of is rare, and must not fail by chance.
      const sample = fc.sample(scenes, fixedCases(process.env.FC_RUNS === 'all' ? 5_000 : 100));
      const differing = sample.flatMap((scene, number) =>
        differingIn(scene)
          .filter(({ reason }) => reason === undefined)
          .map(({ pair, costs }) => ({ number, ...scene, pair, costs })),
      );
      expect(differing).toEqual([]);
    },
    LAW_TIMEOUT_MS,
  );

  it(
    'find the earlier rule A, by which money that was handed out counted as a charge',
    () => {
      const isFound = fc
        .sample(scenes, fixedCases(100))
        .some((scene) => unexplainedIn(scene, handedOutIsCharged) > unexplainedIn(scene));
      expect(isFound).toBe(true);
    },
    LAW_TIMEOUT_MS,
  );

  it(
    'find each row of J that is removed from the table',
    async () => {
      const missing = new Set(
        mayDiffer.filter(({ reason }) => Object.values<string>(rowsOfJ).includes(reason)),
      );
      expect(missing.size).toBe(5);
      for (const scene of fc.sample(scenes, fixedCases(3_000))) {
        const account = accountBefore(scene);
        for (const row of [...missing]) {
          if (row.only?.(account, policyOf(scene)) === false) continue;
          const found = await withoutRow(row.reason, () => unexplainedIn(scene));
          // Only what the row alone explained shows that it is gone.
          if (found > 0 && found > unexplainedIn(scene)) missing.delete(row);
        }
      }
      expect([...missing].map(({ reason }) => reason)).toEqual([]);
    },
    LAW_TIMEOUT_MS,
  );

  it.each(mayDiffer)('may cost differently: $reason', ({ reason }) => {
    const { costs, ...given } = examples[reason] as Example;
    const scene = { ...plain, ...given };
    const account = accountBefore(scene);
    expect(reasonIn(scene, account)).toBe(reason);
    expect(costsOf(scene, account)).toEqual(costs);
  });

  it.each(Object.entries(mended))('cost the same: %s', (_, { cost, ...given }) => {
    const scene = { ...plain, ...given };
    expect(costsOf(scene, accountBefore(scene))).toEqual([cost, cost]);
  });
});
