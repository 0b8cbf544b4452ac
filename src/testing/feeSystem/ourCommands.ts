import type { Command } from '../../account/commands.js';
import { unused } from '../../account/credit.js';
import type { PatronAccount } from '../../account/patronAccount.js';
import { minorDigits } from '../../money/currency.js';
import { formatAmount, parseLooseAmount } from '../../money/money.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import type { NamedRequest, RefundRequest } from './requests.js';

/** When all of it happens: no rule that is compared here depends on it. */
const at = '2026-03-02T09:00:00Z';

/** The commands, decided as one, that a request means to our account. */
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

/** Pays out the refundable credits, oldest first; what they cannot pay is asked of the last one, which refuses it. */
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

/** The first code of a table; any code would do. */
function first(table: Readonly<Record<string, string>>): string {
  return Object.keys(table)[0] ?? '';
}
