import assert from 'node:assert/strict';
import { fieldWithCardNumber } from '../../account/circumstanceRules.js';
import type { Command, CommandType } from '../../account/commands/command.js';
import type { AccountEvent } from '../../account/events/accountEvent.js';
import { owed } from '../../account/fee.js';
import { findFee, type PatronAccount } from '../../account/patronAccount.js';
import { permissionFor } from '../../account/permission.js';
import { reversedOf } from '../../account/records.js';
import { payable } from '../../account/shares.js';
import { digitsOf } from '../../money/currency.js';
import { parseLooseAmount } from '../../money/money.js';
import { type FeePolicy, feeTypeRule } from '../../policy/feePolicy.js';
import { spread } from '../../policy/paymentOrder.js';
import type { Step } from '../arbitraries/story.js';

type EventType = AccountEvent['type'];

/** The events that move the amount of a command. */
const moved: { readonly [Type in CommandType]?: readonly EventType[] } = {
  AssessFee: ['FeeAssessed'],
  ReceivePayment: ['PaymentReceived'],
  WaiveFees: ['FeeWaived', 'LostItemCreditIssued', 'CreditIssued'],
  TransferFees: ['FeeTransferred', 'CreditTransferred'],
  RecallTransfer: ['TransferRecalled'],
  CancelFee: ['FeeCancelled', 'CreditIssued'],
  ReversePayment: ['PaymentReversed'],
  IssueCredit: ['CreditIssued'],
  RefundCredit: ['CreditRefunded'],
  CancelCredit: ['CreditCancelled'],
};

/** The fields of a command that say an amount, and what of it was recorded before. */
type Asked = {
  readonly amount?: string;
  readonly fees?: readonly { readonly amount?: string }[];
  readonly credits?: readonly { readonly amount?: string }[];
  readonly externalTransactionId?: string;
};

/** Fails if a command names its amounts, and its events move another amount. What closing rules add is not counted. */
export function movesWhatIsAsked({ command, decision, policy }: Step): void {
  const types = moved[command.type];
  if (!decision.accepted || decision.events.length === 0 || types === undefined) return;
  const { amount, fees = [], credits = [], externalTransactionId } = command as Asked;
  const asked = amount === undefined ? [...fees, ...credits].map((part) => part.amount) : [amount];
  // Of a provider's transaction a part may be recorded already.
  if (asked.length === 0 || asked.includes(undefined) || externalTransactionId !== undefined) return;
  const minor = (text: string | undefined) => parseLooseAmount(text as string, digitsOf(policy.currency));
  const sum = (texts: readonly (string | undefined)[]) =>
    texts.reduce((total, text) => total + Math.max(0, minor(text)), 0);
  const own = decision.events.filter(
    ({ type, data }) =>
      types.includes(type) && !('accrual' in data) && !('cause' in data && data.cause === 'returned'),
  );
  const found = sum(own.map(({ data }) => (data as Asked).amount));
  assert.equal(found, sum(asked), `${command.type} moves ${found}`);
}

/** Fails if an accepted command does what the policy does not say. */
export function keepsPolicy(step: Step): void {
  const { command, before, decision, after, policy } = step;
  if (!decision.accepted || decision.events.length === 0) return;
  assert.ok(isPermitted(command, policy), `${command.type} is not permitted`);
  for (const event of decision.events) eventKeepsPolicy(event, step);
  if (command.type === 'WaiveFees')
    for (const { type, data } of decision.events)
      assert.ok(type !== 'CreditIssued' || data.purpose !== 'refundable', 'a waiver becomes cash');
  if (command.type !== 'AccrueFine') return;
  const fine = findFee(after, command.feeId);
  assert.ok(!command.ends || fine?.accrual?.endedAt !== null, `${command.feeId} goes on growing`);
  const minor = (text: string) => parseLooseAmount(text, digitsOf(policy.currency));
  const limit = policy.accrualLimits[command.feeType];
  const owedIn = ({ fees }: PatronAccount) =>
    fees.reduce((sum, fee) => sum + (fee.feeType === command.feeType ? owed(fee) : 0), 0);
  if (limit !== undefined)
    assert.ok(owedIn(after) <= Math.max(owedIn(before), minor(limit)), 'the fine is above its limit');
}

function eventKeepsPolicy({ type, data }: AccountEvent, { command, before, policy }: Step): void {
  const minor = (text: string) => parseLooseAmount(text, digitsOf(policy.currency));
  if (policy.cardNumbers === 'refused' && command.by?.channel === 'desk')
    assert.equal(fieldWithCardNumber(data), undefined, 'the number of a payment card is stored');
  if (type === 'FeeAssessed')
    assert.equal(data.lostItem ?? false, feeTypeRule(policy, data.feeType)?.lostItem, 'a lost item');
  if (type === 'LostItemReturned') {
    const { feeType } = findFee(before, data.feeId) ?? { feeType: '' };
    const { refundPercent } = feeTypeRule(policy, feeType) ?? { refundPercent: 0 };
    assert.deepEqual([data.refundPercent, data.unpaid], [refundPercent, policy.unpaidOnReturn], 'the return');
  }
  if (type === 'FeeTransferred' && command.type === 'TransferFees' && command.eligible !== undefined) {
    const minimum = command.eligible.fees?.minimumAmount ?? policy.transfers.fees.minimumAmount;
    const fee = findFee(before, data.feeId);
    assert.ok(!minimum || (fee && owed(fee) >= minor(minimum)), `${data.feeId} is below the minimum`);
  }
  if (type !== 'PaymentReceived' || command.type !== 'ReceivePayment') return;
  for (const { feeId } of data.allocations)
    assert.ok(!findFee(before, feeId)?.disputed, `${feeId} is paid although it is disputed`);
  const isAsked = (command.overpayment ?? policy.overpayment) === 'credit';
  assert.ok(isAsked || data.overpayment === undefined, 'more is taken than is owed');
  if ((command.allocations ?? command.feeIds ?? command.order ?? command.externalTransactionId) !== undefined)
    return;
  const limits = before.fees.map(payable);
  const most = limits.reduce((sum, limit) => sum + limit, 0);
  const shares = spread(Math.min(minor(data.amount), most), limits, policy.paymentOrder);
  const expected = before.fees.flatMap(({ feeId }, index) => {
    const share = shares[index] as number;
    return share > 0 ? [[feeId, share]] : [];
  });
  assert.deepEqual(
    data.allocations.map(({ feeId, amount }) => [feeId, minor(amount)]),
    expected,
    'the payment is spread otherwise',
  );
}

/** Whether the policy permits a command to its actor. Patrons may pay and dispute; programs may charge. */
function isPermitted(command: Command, policy: FeePolicy): boolean {
  const { type, by } = command;
  const isPatron = by?.channel === 'online' || by?.channel === 'selfCheck';
  if (type === 'AssessFee' || (isPatron && (type === 'ReceivePayment' || type === 'DisputeFee'))) return true;
  const permission = type === 'IssueCredit' && command.cause === 'imported' ? 'ImportCredit' : type;
  return permissionFor(policy, permission, isPatron ? [] : (by?.roles ?? [])).permitted;
}

/** Fails if a provider's transaction is recorded twice: the same fees, or more than its total. */
export function recordsOnce({ payments }: PatronAccount): void {
  const sums = new Map<string, number>();
  for (const payment of payments) {
    const { method, externalTransactionId, externalTransactionTotal, feesNamed, amount } = payment;
    if (externalTransactionId === null || reversedOf(payment) > 0) continue;
    const fees = externalTransactionTotal === null ? [...feesNamed].sort() : 'all';
    const key = JSON.stringify([method, externalTransactionId, fees]);
    const sum = (sums.get(key) ?? 0) + amount;
    const most = externalTransactionTotal ?? amount;
    assert.ok(sum <= most, `${externalTransactionId} is recorded twice`);
    sums.set(key, sum);
  }
}
