import type { RecordedActor } from '../../account/circumstances.js';
import type { Command } from '../../account/commands/command.js';
import { owed } from '../../account/fee.js';
import { balancesInMinorUnits, findFee, type PatronAccount } from '../../account/patronAccount.js';
import type { Rejection } from '../../account/rejections/rejection.js';
import { isPatronFeesError } from '../../errors.js';
import { type Executed, executeLoaded } from '../../history/execute.js';
import { minorDigits } from '../../money/currency.js';
import { formatAmount } from '../../money/money.js';
import { isNoTransactionId } from '../noTransactionId.js';
import {
  type GroupPayment,
  groupOf,
  isForbiddenUse,
  isOverGroup,
  payGroup,
  rowOfPayment,
  type ServiceGroup,
  useOfCredits,
} from '../serviceGroup.js';
import type { ServiceContext } from '../serviceOptions.js';
import { type AlmaError, almaError, errorOfRejection } from './almaErrors.js';
import { readAmount } from './feeBody.js';

/** The parameters of an operation, from the query; absent ones are undefined. */
export type OperationParameters = {
  /** What to do: `pay`, `waive`, `dispute` or `restore`. */
  readonly op: string | undefined;
  /** The amount; `ALL` or nothing for all that is open. */
  readonly amount: string | undefined;
  /** The payment method's code. */
  readonly method: string | undefined;
  /** The waiving reason's code. */
  readonly reason: string | undefined;
  /** A comment that the patron may see. */
  readonly comment: string | undefined;
  /** The payment provider's transaction id. */
  readonly externalTransactionId: string | undefined;
};

/** The name for all fees of a patron. */
export const ALL_FEES = 'all';

/** The amount for all that is open. */
const WHOLE = 'ALL';

/** Where an operation is done, and by whom. */
export type Operating = ServiceContext & {
  /** The patron's accounts. */
  readonly group: ServiceGroup;
  /** The account of the patron that the request names. */
  readonly patronId: string;
  /** Who acts. */
  readonly by: RecordedActor;
  /** Whether a payment above what is owed is refused or becomes a credit; the policy's rule if undefined. */
  readonly overpayment: 'refuse' | 'credit' | undefined;
};

/** Commands; what makes them for the account as it is, if an amount depends on that; or a payment of all fees. */
type Planned =
  | Command
  | { readonly make: (account: PatronAccount) => readonly Command[] | AlmaError }
  | { readonly payment: GroupPayment };

/** Does an operation on one fee, or pays all fees. Returns the accounts after it. */
export async function operate(
  name: string,
  parameters: OperationParameters,
  where: Operating,
): Promise<ServiceGroup | AlmaError> {
  const { group, patronId: own } = where;
  const base = { id: where.newId(), at: where.now(), by: where.by };
  const { method = '', externalTransactionId } = parameters;
  const named = { ...base, method, ...(externalTransactionId !== undefined && { externalTransactionId }) };
  const { id: feeId, patronId } = rowOfPayment(group, name, named) ?? { id: name, patronId: own };
  const planned = plan(name === ALL_FEES ? undefined : feeId, parameters, base, where);
  if ('errorCode' in planned) return planned;
  if ('payment' in planned) return payAll(planned.payment, where);
  const executed =
    'make' in planned
      ? await executeFor(planned.make, patronId, where)
      : await executeNow(planned, patronId, where);
  return after(executed, patronId, where);
}

/** Pays all fees of one account or, divided over its accounts, of a group. */
async function payAll(payment: GroupPayment, where: Operating): Promise<ServiceGroup | AlmaError> {
  const { group, patronId } = where;
  if (isOverGroup(group, payment)) {
    const why = await payGroup(where, group, payment);
    if (why === 'nothing owed') return nothingOwed();
    return why === undefined ? groupOf(where, patronId) : refusal(why);
  }
  const { amount: given, ...fields } = payment;
  const part = isRest(payment, accountIn(where, patronId).account) ? { part: 'rest' as const } : {};
  const command = (amount: string): Command => ({ ...fields, ...part, type: 'ReceivePayment', amount });
  if (given !== undefined) return after(await executeNow(command(given), patronId, where), patronId, where);
  const make = (account: PatronAccount, usesCredits: boolean) => {
    const recorded = recordedAmount(undefined, payment, account);
    const amount = recorded ?? balancesInMinorUnits(account).active;
    if (amount <= 0) return nothingOwed();
    const isNew = recorded === undefined && usesCredits;
    const credits = isNew ? useOfCredits(account, payment, where.newId) : [];
    return [...credits, command(formatAmount(amount, account.minorDigits))];
  };
  const executed = await executeFor((account) => make(account, true), patronId, where);
  // Whoever may not use credits can still pay what their sum leaves.
  if ('errorCode' in executed || !isForbiddenUse(executed.decision)) return after(executed, patronId, where);
  return after(await executeFor((account) => make(account, false), patronId, where), patronId, where);
}

/**
 * Whether a payment of all fees is the rest of its transaction: parts of it that named fees are recorded, and its total is
 * not known.
 */
function isRest({ method, externalTransactionId }: GroupPayment, { payments }: PatronAccount): boolean {
  const parts = payments.filter(
    (part) =>
      externalTransactionId !== undefined &&
      part.externalTransactionId === externalTransactionId &&
      part.method === method,
  );
  const isTotalKnown = parts.some(({ externalTransactionTotal }) => externalTransactionTotal !== null);
  return !isTotalKnown && parts.some(({ feesNamed }) => feesNamed.length > 0);
}

/** Executes a command on the account as it was read for this request. */
function executeNow(command: Command, patronId: string, where: Operating): Promise<Executed> {
  const { store, policy, institution, how } = where;
  return executeLoaded(store, policy, { institution, patronId }, accountIn(where, patronId), command, how);
}

function accountIn({ group }: Operating, patronId: string): ServiceGroup[number] {
  return group.find((one) => one.patronId === patronId) as ServiceGroup[number];
}

/** Returns the accounts after a command in one of them, or why it was refused. */
function after(
  executed: Executed | AlmaError,
  patronId: string,
  { group }: Operating,
): ServiceGroup | AlmaError {
  if ('errorCode' in executed) return executed;
  if (!executed.decision.accepted) return refusal(executed.decision.rejection);
  return group.map((one) =>
    one.patronId === patronId ? { ...one, ...executed } : one,
  ) as unknown as ServiceGroup;
}

function refusal(rejection: Rejection): AlmaError {
  return errorOfRejection(rejection, { isCreation: false });
}

function nothingOwed(): AlmaError {
  return almaError('401666', 'Nothing is owed.');
}

type Base = { readonly id: string; readonly at: string; readonly by: RecordedActor };

/** Returns the command of an operation on a fee, or of a payment of all fees. */
function plan(
  feeId: string | undefined,
  parameters: OperationParameters,
  { id, at, by }: Base,
  { policy, overpayment }: Operating,
): Planned | AlmaError {
  const { op, reason, comment, method, externalTransactionId } = parameters;
  const base = { id, at, by, ...(comment === undefined ? {} : { comment }) };
  const digits = minorDigits(policy.currency) as number;
  // Other operations have no amount, but some clients send one.
  const sent = op === 'pay' || op === 'waive' ? parameters.amount : undefined;
  const isWhole = sent === undefined || sent === WHOLE;
  const amount = isWhole ? undefined : readAmount(sent, digits);
  if (!isWhole && amount === undefined) return almaError('401666', `amount: ${sent.slice(0, 40)}`);
  if (feeId === undefined && op !== 'pay') return almaError('401666', 'op: expected pay for all fees.');
  if (feeId === undefined && sent === undefined) return almaError('401666', 'amount: missing.');
  if (feeId === undefined || op === 'pay') {
    if (method === undefined) return almaError('401666', 'method: missing.');
    if (externalTransactionId !== undefined && isNoTransactionId(externalTransactionId)) {
      const found = externalTransactionId.slice(0, 40);
      return almaError(
        '401666',
        `external_transaction_id: expected the payment provider's id; "${found}" is what programs write if they have none.`,
      );
    }
    const payment = {
      ...base,
      amount,
      method,
      ...(externalTransactionId === undefined ? {} : { externalTransactionId }),
      ...(overpayment === undefined ? {} : { overpayment }),
    };
    return feeId === undefined ? { payment } : paymentOf(feeId, payment);
  }
  switch (op) {
    case 'waive': {
      const fees = [amount === undefined ? { feeId } : { feeId, amount }];
      return { ...base, type: 'WaiveFees', fees, reason: reason ?? '' };
    }
    case 'dispute':
      return { ...base, type: 'DisputeFee', feeId };
    case 'restore':
      return { ...base, type: 'ResolveDispute', feeId, outcome: 'feeStands' };
    default:
      return almaError('401666', 'op: expected pay, waive, dispute or restore.');
  }
}

/** Returns a payment of one fee: of the amount, or of all that is owed. */
function paymentOf(feeId: string, { amount: given, ...payment }: GroupPayment): Planned {
  const command = (amount: string): Command => ({
    ...payment,
    type: 'ReceivePayment',
    amount,
    feeIds: [feeId],
  });
  if (given !== undefined) return command(given);
  return {
    make: (account) => {
      const fee = findFee(account, feeId);
      if (fee === undefined) return almaError('401665');
      const amount = recordedAmount(feeId, payment, account) ?? owed(fee);
      return amount > 0 ? [command(formatAmount(amount, account.minorDigits))] : nothingOwed();
    },
  };
}

/**
 * Returns the amount of a payment that was recorded before, in minor units, so that it is recognised although less is
 * owed now.
 */
function recordedAmount(
  feeId: string | undefined,
  { method, externalTransactionId }: Pick<GroupPayment, 'method' | 'externalTransactionId'>,
  account: PatronAccount,
): number | undefined {
  const named = feeId === undefined ? [] : [feeId];
  return account.payments.find(
    (payment) =>
      externalTransactionId !== undefined &&
      payment.externalTransactionId === externalTransactionId &&
      payment.method === method &&
      payment.feesNamed.length === named.length &&
      payment.feesNamed.every((id) => named.includes(id)),
  )?.amount;
}

/** The number of times that an amount is computed again because others changed the account. */
const ATTEMPTS = 20;

/** Executes commands that are made for the account as it is. */
async function executeFor(
  make: (account: PatronAccount) => readonly Command[] | AlmaError,
  patronId: string,
  where: Operating,
): Promise<Executed | AlmaError> {
  const { store, policy, institution, how } = where;
  const stream = { institution, patronId };
  const loaded = accountIn(where, patronId);
  for (let attempt = 1; ; attempt++) {
    const commands = make(loaded.account);
    if ('errorCode' in commands) return commands;
    const expectedVersion = loaded.account.eventCount;
    try {
      return await executeLoaded(store, policy, stream, loaded, commands, { ...how, expectedVersion });
    } catch (error) {
      // The account has the events of the other writer now.
      const isCurrent = loaded.account.eventCount > expectedVersion;
      if (attempt === ATTEMPTS || !isCurrent || !isPatronFeesError(error, 'VERSION_CONFLICT')) throw error;
    }
  }
}
