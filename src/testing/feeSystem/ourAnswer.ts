import type { Command } from '../../account/commands/command.js';
import { unused } from '../../account/credit.js';
import { decide } from '../../account/decide.js';
import type { Decision } from '../../account/decision.js';
import { fold } from '../../account/fold.js';
import type { PatronAccount } from '../../account/patronAccount.js';
import { minorDigits } from '../../money/currency.js';
import { formatAmount, parseLooseAmount } from '../../money/money.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import { refusalLine } from '../scenario/eventTable.js';
import type { FeeSystemAnswer } from './feeSystem.js';
import type { NamedRequest, RefundRequest } from './requests.js';

/** The answer of our account to a request, and the account afterwards. */
export type OurAnswer = { readonly answer: FeeSystemAnswer; readonly account: PatronAccount };

/** Sends a request to our account. */
export function ourAnswer(account: PatronAccount, asked: NamedRequest, policy: FeePolicy): OurAnswer {
  const decision = decide(ourCommands(asked, account, policy), account, policy);
  return { answer: answerOf(decision), account: fold(decision.events, account) };
}

/** Converts a decision to an answer. The position of a refused command in a list is left out. */
export function answerOf(decision: Decision): FeeSystemAnswer {
  if (decision.accepted) return { accepted: true };
  const { rejection } = decision;
  return { accepted: false, reason: refusalLine({ accepted: false, events: [], rejection }) };
}

/** The time of every command: no rule compared here depends on it. */
const at = '2026-03-02T09:00:00Z';

/** Converts a request to commands, which are decided as one. */
export function ourCommands(
  { name, request }: NamedRequest,
  account: PatronAccount,
  policy: FeePolicy,
): Command | readonly Command[] {
  const { id } = request;
  switch (name) {
    case 'assess':
      return { type: 'AssessFee', id, feeType: request.feeType, amount: request.amount, owner: 'MAIN', at };
    case 'pay':
      return {
        type: 'ReceivePayment',
        id,
        amount: request.amount,
        feeIds: request.feeIds,
        method: first(policy.paymentMethods),
        at,
      };
    case 'waive':
      return {
        type: 'WaiveFees',
        id,
        fees: [{ feeId: request.feeId, amount: request.amount }],
        reason: first(policy.waiveReasons),
        at,
      };
    case 'dispute':
      return { type: 'DisputeFee', id, feeId: request.feeId, at };
    case 'restore':
      return { type: 'ResolveDispute', id, feeId: request.feeId, outcome: 'feeStands', at };
    case 'transfer':
      return { type: 'TransferFees', id, fees: [{ feeId: request.feeId, amount: request.amount }], at };
    case 'returnLostItem':
      return { type: 'ReturnLostItem', id, feeIds: [request.feeId], at };
    case 'cancel':
      return { type: 'CancelFee', id, feeId: request.feeId, amount: request.amount, at };
    case 'refund':
      return refunds(request, account, policy);
    case 'reversePayment':
      return { type: 'ReversePayment', id, paymentId: request.paymentId, at };
  }
}

/** Refunds the refundable credits, oldest first. An amount above their sum is requested from the last one, which refuses it. */
function refunds(
  { id, amount }: RefundRequest,
  account: PatronAccount,
  policy: FeePolicy,
): readonly Command[] {
  const digits = minorDigits(policy.currency) as number;
  const credits = account.credits.filter((credit) => credit.purpose === 'refundable' && unused(credit) > 0);
  const commands: Command[] = [];
  let rest = parseLooseAmount(amount, digits);
  for (const [index, credit] of credits.entries()) {
    const part = index === credits.length - 1 ? rest : Math.min(rest, unused(credit));
    if (part === 0) break;
    rest -= part;
    commands.push({
      type: 'RefundCredit',
      id: index === 0 ? id : `${id}/${index + 1}`,
      creditId: credit.creditId,
      amount: formatAmount(part, digits),
      method: first(policy.paymentMethods),
      at,
    });
  }
  const none = {
    type: 'RefundCredit',
    id,
    creditId: 'none',
    method: first(policy.paymentMethods),
    at,
  } as const;
  return commands.length > 0 ? commands : [none];
}

/** Returns the first code of a table; any code would do. */
function first(table: Readonly<Record<string, string>>): string {
  return Object.keys(table)[0] ?? '';
}
