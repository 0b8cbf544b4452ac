import fc from 'fast-check';
import { emptyAccount, type FeePolicy, type PatronAccount } from '../../src/index.js';
import {
  afterCommand,
  chargingOf,
  type PairCommand,
  type PairFee,
  type PairKind,
  pairCommand,
  pairFees,
  pairKinds,
  pairPolicies,
} from './pairCommands.js';

/** Two commands on a fee: what happened before, and the terms. */
export type Scene = {
  readonly fee: PairFee;
  readonly terms: 'percent' | 'all';
  readonly limited: boolean;
  readonly before: readonly PairCommand[];
  readonly pair: readonly [PairCommand, PairCommand];
};

/** Returns the policy of a scene. */
export function policyOf({ terms, limited }: Pick<Scene, 'terms' | 'limited'>): FeePolicy {
  return pairPolicies.find(
    ({ unpaidOnReturn, accrualLimits }) =>
      unpaidOnReturn === terms && Object.keys(accrualLimits).length > 0 === limited,
  ) as FeePolicy;
}

/** Returns the account before the two commands. A command that is refused changes nothing. */
export function accountBefore({ before, ...terms }: Omit<Scene, 'pair'>): PatronAccount {
  return before.reduce(
    (account, command, index) => afterBefore(command, index, account, policyOf(terms)) ?? account,
    charged(terms),
  );
}

function charged(terms: Pick<Scene, 'fee' | 'terms' | 'limited'>): PatronAccount {
  return afterCommand(chargingOf(terms.fee), emptyAccount(), policyOf(terms)) as PatronAccount;
}

function afterBefore(command: PairCommand, index: number, account: PatronAccount, policy: FeePolicy) {
  return afterCommand(pairCommand(command, `before-${index}`, account), account, policy);
}

/** Which of the commands that an account accepts: the kinds are tried one after the other, beginning at `first`. */
type Choice = {
  readonly kinds: readonly PairKind[];
  readonly first: number;
  readonly amount: number;
  readonly pick: number;
};

// Few amounts, so that two of them meet, or make up the fee of ten.
const amount = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(4, 2, 10, 6, 5, 10) },
  fc.integer({ min: 1, max: 12 }),
);
const pick = fc.nat(2);

const choiceOf = (kinds: fc.Arbitrary<readonly PairKind[]>): fc.Arbitrary<Choice> =>
  fc.record({
    kinds,
    first: fc.nat(pairKinds.length - 1),
    amount,
    pick,
  });

const any = choiceOf(fc.shuffledSubarray([...pairKinds], { minLength: pairKinds.length }));
const oneOf = (...kinds: readonly PairKind[]) => choiceOf(fc.constant(kinds));

/**
 * What money does in a circle, here and in the external system: it comes in, is given back, goes out, and comes back.
 * Each command needs the one before: of all kinds, those of a circle hardly ever come in this order.
 */
const circles = fc.oneof(
  fc.tuple(oneOf('pay'), oneOf('cancel', 'return'), oneOf('return', 'reportEnd', 'cancelUnused')),
  fc.tuple(
    oneOf('pay'),
    oneOf('cancel', 'cancelWhole', 'return', 'report'),
    oneOf('refundUnused', 'refund'),
    oneOf('reversePayment', 'reversePart'),
  ),
  fc.tuple(
    oneOf('transfer', 'transferWhole'),
    oneOf('settle', 'waive', 'cancel', 'return'),
    oneOf('settle', 'waiveWhole', 'return', 'recallPart'),
  ),
);

const before = fc.oneof(fc.array(any, { maxLength: 6, size: 'max' }), {
  weight: 3,
  arbitrary: fc.tuple(circles, fc.array(any, { maxLength: 2 })).map(([circle, last]) => [...circle, ...last]),
});

/** What happened before a pair of commands, and the amounts and the rows that the pair is about. */
export type Before = Omit<Scene, 'pair'> & {
  readonly about: readonly [amount: number, pick: number];
  readonly otherAbout: readonly [amount: number, pick: number];
};

const about = fc.tuple(amount, pick);

/**
 * Accounts before a pair of commands. Every command is accepted where it comes: at random, seven of eight are refused,
 * and the few that say something are lost among them.
 */
export const scenes: fc.Arbitrary<Before> = fc
  .record({
    fee: fc.constantFrom(...pairFees),
    terms: fc.constantFrom('percent' as const, 'all' as const),
    limited: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, fc.constant(true)),
    choices: before,
    about,
    otherAbout: about,
  })
  .map(({ choices, ...scene }) => {
    const policy = policyOf(scene);
    let account = charged(scene);
    const commands = choices.flatMap((choice, index) => {
      const command = accepted(choice, account, policy);
      account = (command && afterBefore(command, index, account, policy)) ?? account;
      return command === undefined ? [] : [command];
    });
    return { ...scene, before: commands };
  });

/** Returns the pairs of commands of every two kinds. */
export function everyPair({ about: one, otherAbout: other }: Before): readonly Scene['pair'][] {
  return pairKinds.flatMap((kind, index) =>
    pairKinds.slice(index).map(
      (otherKind) =>
        [
          [kind, ...one],
          [otherKind, ...other],
        ] as const,
    ),
  );
}

/** Returns the chosen command that an account accepts and that changes it. */
function accepted(
  { kinds, first, amount, pick }: Choice,
  account: PatronAccount,
  policy: FeePolicy,
): PairCommand | undefined {
  return kinds
    .map((_, index): PairCommand => [kinds[(first + index) % kinds.length] as PairKind, amount, pick])
    .find((command) => {
      const after = afterCommand(pairCommand(command, 'tried', account), account, policy);
      return after !== undefined && after.eventCount > account.eventCount;
    });
}
