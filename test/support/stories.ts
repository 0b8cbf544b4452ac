import fc from 'fast-check';
import {
  type AccountEvent,
  type Command,
  type Decision,
  decide,
  definePolicy,
  emptyAccount,
  type FeePolicy,
  type FeePolicyInput,
  fold,
  formatAmount,
  type PatronAccount,
} from '../../src/index.js';

/**
 * Stories: random sequences of commands that mostly make sense for the account they meet.
 *
 * A story is a list of moves. A move says what is tried and holds a few numbers; which fee, credit or amount these mean
 * is worked out against the account as it then is. So a story stays meaningful while fast-check shrinks it.
 */
export type Move = {
  readonly kind: (typeof kinds)[number];
  readonly pick: number;
  readonly other: number;
  readonly amount: number;
  readonly flag: boolean;
};

const kinds = [
  'assess',
  'assessLost',
  'pay',
  'payAll',
  'payAllocated',
  'overpay',
  'waive',
  'waiveSome',
  'returnItem',
  'dispute',
  'resolve',
  'transfer',
  'transferCredit',
  'transferEligible',
  'settle',
  'recall',
  'goodwill',
  'imported',
  'cancelCredit',
  'applyCredit',
  'refund',
  'cancelFee',
  'reversePayment',
  'reverseWaiver',
  'reverseApplication',
  'reverseRefund',
] as const;

export const at = '2026-03-02T09:00:00Z';

/** Policies of every kind that changes a rule. */
export const policyInputs: readonly FeePolicyInput[] = [
  { currency: 'USD' },
  { currency: 'USD', overpayment: 'credit', unpaidOnReturn: 'all', transfers: { expectsSettlement: true } },
  { currency: 'JPY', overpayment: 'credit', paymentOrder: 'proportional', transfers: { expectsSettlement: true } },
  { currency: 'KWD', paymentOrder: 'evenly', unpaidOnReturn: 'all' },
];

const lostTypes = { LOST100: 100, LOST50: 50, LOST33: 33.3, LOST0: 0 } as const;

export const policies: readonly FeePolicy[] = policyInputs.map((input) => {
  const base = definePolicy(input);
  const lost = Object.entries(lostTypes).map(([type, refundPercent]) => [
    type,
    { label: type, lostItem: true, refundPercent },
  ]);
  return definePolicy({ ...base, feeTypes: { ...base.feeTypes, ...Object.fromEntries(lost) } });
});

export const move: fc.Arbitrary<Move> = fc.record({
  kind: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...kinds) },
    { weight: 1, arbitrary: fc.constantFrom('assess', 'assessLost', 'payAll', 'transfer') },
  ),
  pick: fc.nat(30),
  other: fc.nat(30),
  amount: fc.oneof({ weight: 3, arbitrary: fc.integer({ min: 1, max: 300 }) }, fc.integer({ min: 1, max: 99_999 })),
  flag: fc.boolean(),
});

export const moves = (maxLength = 30): fc.Arbitrary<readonly Move[]> => fc.array(move, { maxLength, size: 'max' });

export const anyPolicy: fc.Arbitrary<FeePolicy> = fc.constantFrom(...policies);

/** The command that a move means for an account. */
export function commandOf(move: Move, id: string, account: PatronAccount, policy: FeePolicy): Command {
  const digits = policy.currency === 'JPY' ? 0 : policy.currency === 'KWD' ? 3 : 2;
  const money = (minor: number) => formatAmount(Math.max(1, minor), digits);
  const amount = money(move.amount);
  const part = move.flag ? {} : { amount };
  const chosen = <Row>(rows: readonly Row[], number = move.pick): Row | undefined => rows[number % (rows.length || 1)];
  const feeId = chosen(account.fees)?.feeId ?? 'no such fee';
  const otherFeeId = chosen(account.fees, move.other)?.feeId ?? 'no such fee';
  const creditId = chosen(account.credits)?.creditId ?? 'no such credit';
  const transferId = chosen(account.transfers)?.transferId ?? 'no such transfer';
  const base = { id, at };
  const waivable = { id, at, reason: 'OTHER' };
  switch (move.kind) {
    case 'assess':
      return { ...base, type: 'AssessFee', feeType: 'OTHER', amount, owner: 'MAIN' };
    case 'assessLost': {
      const feeType = Object.keys(lostTypes)[move.pick % 4] as string;
      return { ...base, type: 'AssessFee', feeType, amount, owner: 'MAIN', loanId: `loan-${move.other % 3}` };
    }
    case 'pay':
      return { ...base, type: 'ReceivePayment', amount, method: 'CASH', feeIds: [feeId], overpayment: 'credit' };
    case 'payAll':
      return { ...base, type: 'ReceivePayment', amount, method: 'CASH', order: chosen(orders) as 'evenly' };
    case 'payAllocated': {
      const allocations = [...new Set([feeId, otherFeeId])].map((id) => ({ feeId: id, amount }));
      const total = money(move.amount * allocations.length + (move.flag ? 5 : 0));
      const overpayment = move.pick % 2 === 0 ? 'credit' : 'refuse';
      return { ...base, type: 'ReceivePayment', amount: total, method: 'CHECK', allocations, overpayment };
    }
    case 'overpay': {
      const external = move.flag ? { externalTransactionId: `x${move.other % 4}` } : {};
      return { ...base, type: 'ReceivePayment', amount, method: 'ONLINE', overpayment: 'credit', ...external };
    }
    case 'waive':
      return { ...waivable, type: 'WaiveFees', fees: [{ feeId }] };
    case 'waiveSome':
      return { ...waivable, type: 'WaiveFees', fees: [...new Set([feeId, otherFeeId])].map((id) => ({ feeId: id, ...part })) };
    case 'returnItem':
      return move.flag
        ? { ...base, type: 'ReturnLostItem', feeIds: [feeId] }
        : { ...base, type: 'ReturnLostItem', loanId: `loan-${move.other % 3}` };
    case 'dispute':
      return { ...base, type: 'DisputeFee', feeId };
    case 'resolve': {
      const outcome = (['feeStands', 'withdrawn', 'patronUpheld'] as const)[move.other % 3] as 'withdrawn';
      const remedy = move.flag ? 'waive' : 'cancel';
      const dispute = { ...waivable, type: 'ResolveDispute', feeId, outcome } as const;
      return (outcome as string) === 'patronUpheld' ? { ...dispute, remedy } : dispute;
    }
    case 'transfer':
      return { ...base, type: 'TransferFees', fees: [{ feeId, ...part }], expectsSettlement: move.other % 2 === 0 };
    case 'transferCredit':
      return { ...base, type: 'TransferFees', credits: [{ creditId, ...part }] };
    case 'transferEligible':
      return { ...base, type: 'TransferFees', eligible: { fees: {}, ...(move.flag ? { credits: {} } : {}) } };
    case 'settle':
      return { ...base, type: 'SettleTransfer', transferId, amount };
    case 'recall':
      return { ...base, type: 'RecallTransfer', transferId, ...part };
    case 'goodwill':
      return { ...base, type: 'IssueCredit', amount, cause: 'manual', reason: 'GOODWILL' };
    case 'imported':
      return { ...base, type: 'IssueCredit', amount, cause: 'imported', purpose: move.flag ? 'refundable' : 'goodwill' };
    case 'cancelCredit':
      return { ...base, type: 'CancelCredit', creditId, ...part };
    case 'applyCredit':
      return { ...base, type: 'ApplyCredit', creditId, ...part, ...(move.other % 2 === 0 ? { feeIds: [feeId] } : {}) };
    case 'refund':
      return { ...base, type: 'RefundCredit', creditId, method: 'CASH', ...part };
    case 'cancelFee':
      return { ...base, type: 'CancelFee', feeId, ...part };
    case 'reversePayment': {
      const paymentId = chosen(account.payments)?.paymentId ?? 'no such payment';
      const shortfallFee = { feeId: `${id}-shortfall`, feeType: 'OTHER', owner: 'MAIN' };
      return { ...base, type: 'ReversePayment', paymentId, ...part, ...(move.other % 2 === 0 ? { shortfallFee } : {}) };
    }
    case 'reverseWaiver': {
      const waivers = [
        ...account.waivers.map(({ waiverId }) => waiverId),
        ...account.credits.filter(({ cause }) => cause === 'waived').map((credit) => credit.creditId),
      ];
      return { ...base, type: 'ReverseWaiver', waiverId: chosen(waivers) ?? 'no such waiver' };
    }
    case 'reverseApplication': {
      const applicationId = chosen(account.applications)?.applicationId ?? 'no such application';
      return { ...base, type: 'ReverseCreditApplication', applicationId };
    }
    case 'reverseRefund':
      return { ...base, type: 'ReverseRefund', refundId: chosen(account.refunds)?.refundId ?? 'no such refund' };
  }
}

const orders = ['oldest-first', 'newest-first', 'largest-first', 'smallest-first', 'proportional', 'evenly'] as const;

/** One step of a story: what was asked of which account, and what came of it. */
export type Step = {
  readonly command: Command;
  readonly before: PatronAccount;
  readonly decision: Decision;
  readonly after: PatronAccount;
};

/** Plays a story and gives every step, refused ones included. */
export function play(story: readonly Move[], policy: FeePolicy): readonly Step[] {
  let account = emptyAccount();
  return story.map((move, index) => {
    const command = commandOf(move, `c${index}`, account, policy);
    const before = account;
    const decision = decide(command, before, policy);
    account = fold(decision.events, before);
    return { command, before, decision, after: account };
  });
}

/** All events of a story. */
export function eventsOf(steps: readonly Step[]): readonly AccountEvent[] {
  return steps.flatMap(({ decision }) => decision.events);
}
