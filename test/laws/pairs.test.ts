import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Command, emptyAccount, type FeePolicy, type PatronAccount } from '../../src/index.js';
import { mayDiffer, reasonToDiffer } from '../../src/testing/explore/mayDiffer.js';
import { costOf } from '../../src/testing/laws/costOf.js';
import {
  afterCommand,
  chargingOf,
  type PairCommand,
  type PairFee,
  pairCommand,
  pairFees,
  pairKinds,
  pairPolicies,
} from '../support/pairCommands.js';
import { LAW_TIMEOUT_MS, tried } from '../support/seeded.js';

/** Two commands on a fee: what happened before, and the terms. */
type Scene = {
  readonly fee: PairFee;
  readonly terms: 'percent' | 'all';
  readonly limited: boolean;
  readonly before: readonly PairCommand[];
  readonly pair: readonly [PairCommand, PairCommand];
};

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
  'a whole cancellation undoes waivers, so that what was handed out in cash is owed again; a later waiver stays':
    {
      before: [['pay', 10], ['cancel', 5], ['refundUnused'], ['reversePayment']],
      pair: [['waive', 5], ['cancelWhole']],
      costs: [0, -5],
    },
};

/** Decides commands one after the other; undefined if one is refused. */
function play(
  commands: readonly (Command | undefined)[],
  account: PatronAccount,
  policy: FeePolicy,
): PatronAccount | undefined {
  return commands.reduce<PatronAccount | undefined>(
    (now, command) => now && afterCommand(command, now, policy),
    account,
  );
}

const policyOf = ({ terms, limited }: Scene) =>
  pairPolicies.find(
    ({ unpaidOnReturn, accrualLimits }) =>
      unpaidOnReturn === terms && Object.keys(accrualLimits).length > 0 === limited,
  ) as FeePolicy;

function accountBefore({ fee, before }: Scene, policy: FeePolicy): PatronAccount {
  const charged = afterCommand(chargingOf(fee), emptyAccount(), policy) as PatronAccount;
  return before.reduce(
    (account, command, index) =>
      afterCommand(pairCommand(command, `before-${index}`, account), account, policy) ?? account,
    charged,
  );
}

/** Returns the costs in both orders; undefined if a command is refused in one of them. */
function costsOf(scene: Scene, account: PatronAccount): readonly [number, number] | undefined {
  const policy = policyOf(scene);
  // Both commands are about the account before: neither knows of the other.
  const [first, second] = scene.pair.map((command, index) => pairCommand(command, `pair-${index}`, account));
  const [forth, back] = [play([first, second], account, policy), play([second, first], account, policy)];
  return forth === undefined || back === undefined ? undefined : [costOf(forth), costOf(back)];
}

function reasonIn(scene: Scene, account: PatronAccount): string | undefined {
  const [first, second] = scene.pair.map((command, index) => pairCommand(command, `pair-${index}`, account));
  if (first === undefined || second === undefined) return 'a command that there is nothing to';
  return reasonToDiffer([first, second], account, policyOf(scene));
}

const plain: Omit<Scene, 'pair'> = { fee: 'once', terms: 'percent', limited: false, before: [] };
const often = [
  'pay',
  'waive',
  'transfer',
  'transferWhole',
  'return',
  'goodwill',
  'useCredit',
  'dispute',
  'cancel',
  'report',
] as const;
const command = fc.tuple(
  fc.oneof(fc.constantFrom(...pairKinds), fc.constantFrom(...often)),
  fc.integer({ min: 1, max: 12 }),
  fc.nat(5),
);
const scenes: fc.Arbitrary<Scene> = fc.record({
  fee: fc.constantFrom(...pairFees),
  terms: fc.constantFrom('percent', 'all'),
  limited: fc.boolean(),
  before: fc.array(command, { maxLength: 6 }),
  pair: fc.tuple(command, command),
});

describe('two commands in both orders', () => {
  it(
    'cost the same, except those in the table',
    () => {
      fc.assert(
        fc.property(scenes, (scene) => {
          const account = accountBefore(scene, policyOf(scene));
          if (reasonIn(scene, account) !== undefined) return;
          const costs = costsOf(scene, account);
          expect(costs?.[0]).toBe(costs?.[1]);
        }),
        tried(20_000),
      );
    },
    LAW_TIMEOUT_MS,
  );

  it.each(mayDiffer)('may cost differently: $reason', ({ reason }) => {
    const { costs, ...given } = examples[reason] as Example;
    const scene = { ...plain, ...given };
    const account = accountBefore(scene, policyOf(scene));
    expect(reasonIn(scene, account)).toBe(reason);
    expect(costsOf(scene, account)).toEqual(costs);
  });
});
