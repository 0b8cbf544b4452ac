import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Command, emptyAccount, type FeePolicy, type PatronAccount } from '../../src/index.js';
import {
  afterCommand,
  chargingOf,
  costOf,
  type PairCommand,
  type PairFee,
  type PairKind,
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

type Entry = {
  readonly reason: string;
  readonly one: readonly PairKind[];
  readonly other: readonly PairKind[];
  /** Where the cost may differ; everywhere if left out. */
  readonly only?: (scene: Scene, account: PatronAccount) => boolean;
  /** A pair that does cost differently, and both costs. */
  readonly example: Partial<Scene> & Pick<Scene, 'pair'> & { readonly costs: readonly [number, number] };
};

const any = pairKinds;
const reports = ['report', 'reportEnd', 'end'] as const;
const returnedLost = (_scene: Scene, { fees }: PatronAccount) => fees[0]?.returned === true;

/**
 * The pairs of commands whose order may change what the patron pays in the end. All others must cost the same. The table
 * of docs/concepts/corner-cases.md has the same reasons.
 */
const mayDiffer: readonly Entry[] = [
  {
    reason: 'a waiver without an amount forgives what is owed when it comes',
    one: ['waiveWhole', 'upheldWaived'],
    other: any,
    example: { pair: [['waiveWhole'], ['pay', 4]], costs: [0, 4] },
  },
  {
    reason: 'a cancelled credit without an amount is all that is unused when it comes',
    one: ['cancelUnused'],
    other: any,
    example: {
      before: [
        ['goodwill', 10],
        ['useCredit', 9],
      ],
      pair: [['cancelUnused'], ['reverseUse']],
      costs: [1, 10],
    },
  },
  {
    reason:
      'a cancellation without an amount cancels all that the fee costs when it comes; what comes later counts anew',
    one: ['cancelWhole', 'upheldCancelled'],
    other: [...reports, 'cancelCredit', 'reversePayment', 'reversePart'],
    example: { fee: 'fine', pair: [['cancelWhole'], ['report', 12]], costs: [2, 0] },
  },
  {
    reason: 'the last report of a fine counts',
    one: reports,
    other: reports,
    example: {
      fee: 'fine',
      pair: [
        ['report', 4],
        ['report', 3],
      ],
      costs: [3, 4],
    },
  },
  {
    reason: 'a limit of fines compares what is owed when the report comes; a later report goes on',
    one: reports,
    other: any,
    only: ({ limited }) => limited,
    example: {
      fee: 'fine',
      limited: true,
      pair: [
        ['pay', 4],
        ['report', 20],
      ],
      costs: [16, 12],
    },
  },
  {
    reason:
      'a lower report takes back what is owed or paid of the fine then, the next one what is owed again',
    one: reports,
    other: ['reverseWaiver', 'cancelCredit'],
    example: {
      fee: 'fine',
      before: [['waive', 5]],
      pair: [['report', 3], ['reverseWaiver']],
      costs: [5, 3],
    },
  },
  {
    reason: 'goodwill that was used on a fee is not given back by a fine that falls, nor by a return',
    one: [...reports, 'return'],
    other: ['useCredit', 'useAllCredit', 'reverseUse'],
    example: {
      fee: 'fine',
      before: [['goodwill', 4]],
      pair: [['report', 2], ['useAllCredit']],
      costs: [-2, 0],
    },
  },
  {
    reason:
      'a return gives its percentage less what was waived before; a later waiver forgives what the return left',
    one: ['return'],
    other: ['waive'],
    example: { fee: 'lostHalf', pair: [['waive', 4], ['return']], costs: [5, 1] },
  },
  {
    reason:
      'a return gives its percentage of what was not cancelled before; a later amount is of what the return left',
    one: ['return'],
    other: ['cancel'],
    example: { fee: 'lostHalf', pair: [['cancel', 4], ['return']], costs: [3, 1] },
  },
  {
    reason:
      'with terms `all` the return forgives what is unpaid, and only a percentage of what is paid comes back',
    one: ['return'],
    other: ['pay'],
    only: ({ terms }) => terms === 'all',
    example: { fee: 'lostHalf', terms: 'all', pair: [['pay', 4], ['return']], costs: [2, 0] },
  },
  {
    reason: 'with terms `all` a payment reversed after the return first uses up the credit of a cancellation',
    one: ['return'],
    other: ['reversePart', 'reversePayment'],
    only: ({ terms }) => terms === 'all',
    example: {
      fee: 'lostHalf',
      terms: 'all',
      before: [
        ['pay', 9],
        ['cancel', 3],
      ],
      pair: [['reversePart', 5], ['return']],
      costs: [1, 2],
    },
  },
  {
    reason:
      'after a return, what is owed again is forgiven at once, save what was waived or cancelled meanwhile',
    one: ['waive', 'cancel'],
    other: [
      'reverseWaiver',
      'reversePayment',
      'reversePart',
      'recall',
      'recallPart',
      'reverseUse',
      'cancelCredit',
    ],
    only: returnedLost,
    example: {
      fee: 'lostHalf',
      terms: 'all',
      before: [['pay', 6], ['transferWhole'], ['return']],
      pair: [
        ['reversePart', 3],
        ['cancel', 2],
      ],
      costs: [1, 2],
    },
  },
];

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

function entriesFor(scene: Scene, account: PatronAccount): readonly Entry[] {
  const [[a], [b]] = scene.pair;
  return mayDiffer.filter(
    ({ one, other, only }) =>
      ((one.includes(a) && other.includes(b)) || (one.includes(b) && other.includes(a))) &&
      (only === undefined || only(scene, account)),
  );
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
          if (entriesFor(scene, account).length > 0) return;
          const costs = costsOf(scene, account);
          expect(costs?.[0]).toBe(costs?.[1]);
        }),
        tried(20_000),
      );
    },
    LAW_TIMEOUT_MS,
  );

  it.each(mayDiffer)('may cost differently: $reason', ({ example }) => {
    const { costs, ...given } = example;
    const scene = { ...plain, ...given };
    const account = accountBefore(scene, policyOf(scene));
    expect(entriesFor(scene, account)).not.toEqual([]);
    expect(costsOf(scene, account)).toEqual(costs);
  });
});
