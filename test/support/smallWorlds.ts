import {
  type Command,
  type CommandType,
  type Decision,
  decide,
  definePolicy,
  type FeePolicy,
  type FeePolicyInput,
  type PatronAccount,
} from '../../src/index.js';
import {
  type ExplorationOptions,
  type ExploredCommands,
  type SmallFee,
  smallCommands,
} from '../../src/testing/index.js';

/** Returns the policy of the explorations, in yen: an ordinary type, a fine, and lost items of which half comes back. */
export function smallPolicy(input: Partial<FeePolicyInput> = {}): FeePolicy {
  return definePolicy({
    currency: 'JPY',
    feeTypes: {
      OTHER: { label: 'Other' },
      FINE: { label: 'Fine' },
      LOST: { label: 'Lost item', lostItem: true, refundPercent: 50 },
    },
    transfers: { expectsSettlement: true },
    ...input,
  });
}

/** A small world under a policy, what decides its commands if `decide` alone does not, and where it ends if it is not visited as a whole. */
export type World = {
  readonly policy: FeePolicy;
  readonly commands: ExploredCommands;
  readonly decide?: NonNullable<ExplorationOptions['decide']>;
  readonly depth?: number;
};

/** Returns a world of fees with some types of commands beside those that charge them. */
export function worldOf(
  fees: readonly SmallFee[],
  types: readonly CommandType[],
  input: Partial<FeePolicyInput> = {},
): World {
  const charge = ['AssessFee', 'AccrueFine'] as const;
  return { policy: smallPolicy(input), commands: smallCommands({ fees, types: [...charge, ...types] }) };
}

const money = ['ReceivePayment', 'ReversePayment', 'WaiveFees', 'ReverseWaiver', 'CancelFee'] as const;
const disputes = ['DisputeFee', 'ResolveDispute'] as const;
const cash = ['RefundCredit', 'ReverseRefund', 'CancelCredit'] as const;
const uses = ['ApplyCredit', 'ReverseCreditApplication'] as const;
const there = ['TransferFees', 'SettleTransfer', 'ReverseSettlement', 'RecallTransfer'] as const;

/** Worlds that are small enough to be visited as a whole, but two: one has two of everything, one has no end. */
export const smallWorlds = {
  money: worldOf([['OTHER', 1]], [...money, ...disputes, ...cash, ...uses]),
  lost: worldOf([['LOST', 2]], [...money, 'ReturnLostItem', 'RefundCredit']),
  fine: worldOf([['FINE', 1, 'grows']], [...money, ...disputes, 'RefundCredit']),
  lostAll: worldOf([['LOST', 2]], [...money, 'ReturnLostItem', 'RefundCredit'], { unpaidOnReturn: 'all' }),
  goodwill: worldOf(
    [['OTHER', 2]],
    [...disputes, ...uses, 'IssueCredit', 'CancelCredit', 'CancelFee', 'ReceivePayment'],
  ),
  there: worldOf([['OTHER', 2]], [...there, 'WaiveFees', 'ReverseWaiver', 'CancelFee']),
  returnedThere: worldOf([['LOST', 2]], [...there, 'ReturnLostItem', 'WaiveFees', 'CancelCredit']),
  twoTransfers: {
    policy: smallPolicy(),
    commands: smallCommands({
      fees: [['OTHER', 2]],
      rows: 2,
      types: ['AssessFee', ...there, 'WaiveFees', 'ReverseWaiver', 'CancelFee'],
    }),
    depth: 6,
  },
  twoFees: worldOf(
    [
      ['OTHER', 1],
      ['LOST', 1],
    ],
    ['ReceivePayment', 'ReversePayment', 'ReturnLostItem', 'WaiveFees', 'ApplyCredit'],
  ),
  choices: choiceWorld(),
  transactions: transactionWorld(),
  permissions: permissionWorld(),
  plans: planWorld(),
  merges: mergeWorld(),
} satisfies Readonly<Record<string, World>>;

/** Rules that are a choice: which fee a payment is for, limits of fines, minimum amounts, card numbers. Has no end. */
function choiceWorld(): World {
  const charging = worldOf(
    [
      ['OTHER', 2],
      ['OTHER', 2],
    ],
    [],
    { accrualLimits: { FINE: '1' }, transfers: { expectsSettlement: true, fees: { minimumAmount: '3' } } },
  );
  return {
    ...charging,
    depth: 4,
    commands: (account, policy, id) => {
      const base = { id, at: '2026-03-02T09:00:00Z' };
      const payment = { ...base, type: 'ReceivePayment', method: 'CASH', amount: '2' } as const;
      return [
        ...charging.commands(account, policy, id),
        payment,
        { ...payment, overpayment: 'credit', externalTransactionId: 'ch_1' },
        {
          ...payment,
          overpayment: 'credit',
          reference: '4111 1111 1111 1111',
          by: { channel: 'desk', userId: 'u1' },
        },
        { ...base, type: 'TransferFees', eligible: { fees: {} } },
        { ...base, type: 'AccrueFine', feeId: 'fine', feeType: 'FINE', owner: 'MAIN', total: '2' },
      ];
    },
  };
}

/** Payments of one transaction of a provider, with and without its total, and a refund of the provider. */
function transactionWorld(): World {
  const world = worldOf([['OTHER', 2]], ['ReceivePayment', 'ReversePayment', 'CancelFee', 'RefundCredit']);
  const told = (command: Command): readonly Command[] => {
    if (command.type === 'ReceivePayment') {
      const parts = [{}, { externalTransactionTotal: '2' }, { part: 'rest' as const }];
      return parts.map((part) => ({ ...command, externalTransactionId: 'ch_1', ...part }));
    }
    if (command.type === 'RefundCredit') return [{ ...command, externalTransactionId: 're_1' }];
    return [command];
  };
  return { ...world, commands: (...asked) => world.commands(...asked).flatMap(told) };
}

/** What a clerk with a limit, a manager and the patron may do. */
function permissionWorld(): World {
  const types = [
    'ReceivePayment',
    'WaiveFees',
    'ReverseWaiver',
    'CancelFee',
    'DisputeFee',
    'RefundCredit',
  ] as const;
  const permissions = {
    AssessFee: { CLERK: {} },
    WaiveFees: { CLERK: { upTo: '1' }, MANAGER: {} },
    CancelFee: { MANAGER: {} },
  };
  const world = worldOf([['OTHER', 2]], types, { permissions });
  const actors = [
    { channel: 'desk' as const, userId: 'u1', roles: ['CLERK'] },
    { channel: 'desk' as const, userId: 'u2', roles: ['MANAGER'] },
    { channel: 'online' as const },
  ];
  return {
    ...world,
    commands: (...asked) =>
      world.commands(...asked).flatMap((command) => actors.map((by) => ({ ...command, by }))),
  };
}

/** Payment plans on a fee that is paid, waived and disputed meanwhile. */
function planWorld(): World {
  const world = worldOf(
    [['OTHER', 2]],
    ['ReceivePayment', 'ReversePayment', 'WaiveFees', ...disputes, 'TransferFees'],
  );
  return {
    ...world,
    commands: (account, policy, id) => {
      const base = { id, at: '2026-03-02T09:00:00Z' };
      const [fee] = account.fees;
      const plans = account.paymentPlans.filter(({ endedAt }) => endedAt === null);
      const agree: readonly Command[] =
        fee === undefined
          ? []
          : ['1', '2'].map((amount) => ({
              ...base,
              type: 'AgreePaymentPlan',
              feeIds: [fee.feeId],
              instalments: [{ dueOn: '2026-04-01', amount }],
            }));
      const end = plans.map(
        ({ planId }): Command => ({ ...base, type: 'EndPaymentPlan', planId, cause: 'cancelled' }),
      );
      return [...world.commands(account, policy, id), ...agree, ...end];
    },
  };
}

/** A merge with another account in either direction, and its separation: what `mergeAccounts` stores in this account. */
type MergeMove = {
  readonly type: 'MergeAccounts' | 'SeparateAccounts';
  readonly id: string;
  readonly at: string;
} & {
  readonly mergeId: string;
  readonly into?: string;
};

/** An account that is merged into another one, or that another one is merged into, and separated again. */
function mergeWorld(): World {
  const world = worldOf(
    [['OTHER', 2]],
    ['ReceivePayment', 'ReversePayment', 'WaiveFees', 'ReverseWaiver', 'CancelFee', 'RefundCredit'],
  );
  const decided = ({ type, id, at, mergeId, into }: MergeMove, account: PatronAccount): Decision => {
    const event = (name: string, data: object) => [{ type: name, data: { mergeId, at, ...data } }];
    const known = account.merges.find((one) => one.mergeId === mergeId);
    if (type === 'MergeAccounts' ? known !== undefined : known?.separatedAt !== null)
      return { accepted: true, events: [], repeats: { id, kind: 'command' } } as unknown as Decision;
    if (type === 'SeparateAccounts')
      return { accepted: true, events: event('AccountSeparated', {}) } as unknown as Decision;
    if (account.mergedInto !== null)
      return {
        accepted: false,
        events: [],
        rejection: { type: 'AccountMerged', kind: 'conflict', into: account.mergedInto },
      };
    const made =
      into === undefined ? event('AccountJoined', { from: 'twin' }) : event('AccountMerged', { into });
    return { accepted: true, events: made } as unknown as Decision;
  };
  return {
    ...world,
    decide: (command, account, ...rest) => {
      const move = command as unknown as MergeMove;
      return move.type === 'MergeAccounts' || move.type === 'SeparateAccounts'
        ? decided(move, account)
        : decide(command as Command, account, ...rest);
    },
    commands: (account, policy, id) => {
      const base = { id, at: '2026-03-02T09:00:00Z' };
      const open = account.merges.filter(({ separatedAt }) => separatedAt === null);
      const merging: readonly MergeMove[] =
        open.length === 0
          ? [
              { ...base, type: 'MergeAccounts', mergeId: id, into: 'twin' },
              { ...base, type: 'MergeAccounts', mergeId: id },
            ]
          : open.map(({ mergeId }) => ({ ...base, type: 'SeparateAccounts', mergeId }));
      return [...world.commands(account, policy, id), ...(merging as unknown as readonly Command[])];
    },
  };
}
