import type { Command, CommandOf, CommandType } from '../../account/commands/command.js';
import { unused } from '../../account/credit.js';
import type { PatronAccount } from '../../account/patronAccount.js';
import { reversedOf, settlementReversedOf, unreversedParts } from '../../account/records.js';
import { digitsOf } from '../../money/currency.js';
import { formatAmount } from '../../money/money.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import { checkedCount, checkedOptions } from '../checkedArguments.js';

/**
 * Returns the commands to try on an account. Must depend on nothing but its arguments, and be the same for accounts
 * with one {@link canonicalForm}, but for ids.
 *
 * @param account - the account
 * @param policy - the policy
 * @param id - the id for each of the commands; no event of the account has it
 */
export type ExploredCommands = (account: PatronAccount, policy: FeePolicy, id: string) => readonly Command[];

/** A fee of a small world: its type, its amount in minor units, and `grows` for a fine that is reported. */
export type SmallFee = readonly [feeType: string, amount: number, grows?: 'grows'];

/** A small world: the fees, payments and other things that its commands may use. */
export type SmallWorld = {
  /** The fees, in the order in which they are charged. */
  readonly fees: readonly SmallFee[];
  /** How many payments, waivers, credits by hand, and the like there are at once, of each kind; 1 if left out. */
  readonly rows?: number;
  /**
   * The types of commands.
   *
   * @defaultValue all that change fees and credits
   */
  readonly types?: readonly CommandType[];
};

/** When everything happens. */
const at = '2026-03-02T09:00:00Z';

/** Ten days earlier, for old news of a growing fine. */
const earlier = '2026-02-20T09:00:00Z';

/**
 * Returns all commands that a small world has in each of its states: with each amount from the smallest to the fee's,
 * and without an amount if that differs. Nothing is random. A world is small because its fees are small and its rows
 * are few.
 *
 * @param world - the fees, and how many rows there are
 * @returns the commands, for {@link exploreEvery}
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for a world without fees, or without rows
 *
 * @example
 * ```ts
 * import { definePolicy, emptyAccount } from 'patron-fees';
 * import { smallCommands } from 'patron-fees/testing';
 *
 * const commands = smallCommands({ fees: [['OTHER', 2]] });
 * commands(emptyAccount(), definePolicy({ currency: 'USD' }), 'c1').map(({ type }) => type);
 * //=> ['AssessFee', 'IssueCredit', 'IssueCredit']
 * ```
 */
export function smallCommands(world: SmallWorld): ExploredCommands {
  const { fees, rows = 1, types } = checkedOptions(world);
  checkedCount('fees.length', fees?.length);
  checkedCount('rows', rows);
  for (const [index, fee] of fees.entries()) checkedCount(`fees[${index}][1]`, fee[1]);
  const only = types === undefined ? undefined : new Set(types);
  return (account, policy, id) => {
    const commands = commandsIn({ fees, rows }, account, policy, id);
    return only === undefined ? commands : commands.filter(({ type }) => only.has(type));
  };
}

function commandsIn(
  { fees, rows }: Required<Omit<SmallWorld, 'types'>>,
  account: PatronAccount,
  policy: FeePolicy,
  id: string,
): readonly Command[] {
  const commands: Command[] = [];
  const ask = <Type extends CommandType>(type: Type, fields: Omit<CommandOf<Type>, 'type' | 'id' | 'at'>) => {
    commands.push({ type, id, at, ...fields } as unknown as Command);
  };
  const most = Math.max(...fees.map((fee) => fee[1]));
  const [zero = '', ...money] = Array.from({ length: most + 1 }, (_, minor) =>
    formatAmount(minor, digitsOf(policy.currency)),
  );
  const amounts = (limit: number) => money.slice(0, Math.max(0, limit));
  const isRoom = (taken: number) => taken < rows;
  const [method = ''] = Object.keys(policy.paymentMethods);
  const [reason = ''] = Object.keys(policy.waiveReasons);
  const charged = account.fees.filter(({ shortfallCreditId }) => shortfallCreditId === null);
  const shortfalls = account.fees.length - charged.length;
  const [next] = fees.slice(charged.length);
  const owner = 'MAIN';
  const shortfallFee = isRoom(shortfalls) && {
    shortfallFee: { feeId: `${id}-shortfall`, feeType: (fees[0] as SmallFee)[0], owner },
  };

  if (next?.[2] === undefined && next !== undefined) {
    const amount = formatAmount(next[1], digitsOf(policy.currency));
    ask('AssessFee', { feeType: next[0], amount, owner, automatic: true });
  }
  const fine = (feeId: string, feeType: string, limit: number) => {
    for (const total of [zero, ...amounts(limit)]) {
      ask('AccrueFine', { feeId, feeType, owner, total });
      ask('AccrueFine', { feeId, feeType, owner, total, ends: 'returned' });
    }
    ask('AccrueFine', { feeId, feeType, owner, ends: 'lost' });
    ask('AccrueFine', { feeId, feeType, owner, total: amounts(1)[0] as string });
    Object.assign(commands.at(-1) as object, { at: earlier });
  };
  if (next?.[2] !== undefined) fine(`fine-${charged.length}`, next[0], next[1]);

  const living = account.payments.filter((payment) => reversedOf(payment) < payment.amount);
  const waivers = account.waivers.filter(({ reversed }) => !reversed);
  const waiverCredits = account.credits.filter(
    ({ cause, cancelled, amount }) => cause === 'waived' && cancelled < amount,
  );
  const sent = account.transfers.filter(({ amount, recalled }) => recalled < amount);
  for (const [index, fee] of account.fees.entries()) {
    const { feeId, feeType } = fee;
    const limit = fees[index]?.[1] ?? most;
    for (const amount of amounts(limit)) {
      if (isRoom(living.length))
        ask('ReceivePayment', { method, amount, allocations: [{ feeId, amount }], overpayment: 'credit' });
      if (isRoom(waivers.length + waiverCredits.length))
        ask('WaiveFees', { fees: [{ feeId, amount }], reason });
      if (isRoom(sent.length)) ask('TransferFees', { fees: [{ feeId, amount }] });
      ask('CancelFee', { feeId, amount });
    }
    ask('CancelFee', { feeId });
    if (fee.lostItem) ask('ReturnLostItem', { feeIds: [feeId] });
    if (!fee.disputed) ask('DisputeFee', { feeId });
    else {
      ask('ResolveDispute', { feeId, outcome: 'feeStands' });
      ask('ResolveDispute', { feeId, outcome: 'patronUpheld', remedy: 'cancel' });
      ask('ResolveDispute', { feeId, outcome: 'patronUpheld', remedy: 'waive', reason });
    }
    // Each report of another total is an increase: without a limit, the original amount would grow for ever.
    if (fee.accrual !== null && fee.original < limit + rows) fine(feeId, feeType, limit);
  }
  for (const { paymentId, amount } of account.payments) {
    for (const part of amounts(amount - 1))
      ask('ReversePayment', { paymentId, amount: part, ...shortfallFee });
    ask('ReversePayment', { paymentId, ...shortfallFee });
  }
  for (const { waiverId } of account.waivers) ask('ReverseWaiver', { waiverId });
  for (const { creditId } of waiverCredits) ask('ReverseWaiver', { waiverId: creditId });
  const settled = account.settlements.filter(
    (one) => settlementReversedOf(one) < one.amount + (one.surplus?.amount ?? 0),
  );
  for (const { transferId, amount } of account.transfers) {
    for (const part of amounts(amount - 1)) ask('RecallTransfer', { transferId, amount: part });
    ask('RecallTransfer', { transferId });
    for (const part of amounts(most))
      if (isRoom(settled.length)) ask('SettleTransfer', { transferId, amount: part });
  }
  for (const { settlementId, amount } of account.settlements) {
    for (const part of amounts(amount - 1))
      ask('ReverseSettlement', { settlementId, amount: part, ...shortfallFee });
    ask('ReverseSettlement', { settlementId, ...shortfallFee });
  }
  const byHand = account.credits.filter(
    ({ cause, cancelled, amount }) => (cause === 'manual' || cause === 'imported') && cancelled < amount,
  );
  const [creditReason = ''] = Object.keys(policy.creditReasons);
  if (isRoom(byHand.length))
    for (const amount of amounts(most)) ask('IssueCredit', { amount, cause: 'manual', reason: creditReason });
  const uses = account.applications.filter((one) => unreversedParts(one).length > 0);
  const refunded = account.refunds.filter(({ reversed }) => !reversed);
  for (const credit of account.credits) {
    const { creditId } = credit;
    for (const amount of amounts(unused(credit))) {
      if (isRoom(uses.length))
        for (const { feeId } of account.fees)
          ask('ApplyCredit', { creditId, allocations: [{ feeId, amount }] });
      if (isRoom(refunded.length)) ask('RefundCredit', { creditId, amount, method });
      if (isRoom(sent.length)) ask('TransferFees', { credits: [{ creditId, amount }] });
      ask('CancelCredit', { creditId, amount });
    }
  }
  for (const { applicationId } of account.applications) ask('ReverseCreditApplication', { applicationId });
  for (const { refundId } of account.refunds) ask('ReverseRefund', { refundId });
  return commands;
}
