import type { Actor } from '../../account/circumstances.js';
import type { Command } from '../../account/commands/command.js';
import { owed } from '../../account/fee.js';
import { balances, findFee, type PatronAccount } from '../../account/patronAccount.js';
import { isPatronFeesError } from '../../errors.js';
import { execute } from '../../history/execute.js';
import { loadAccount } from '../../history/loadAccount.js';
import { minorDigits } from '../../money/currency.js';
import { formatAmount } from '../../money/money.js';
import type { Doorway } from '../doorOptions.js';
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

/** The name that stands for all fees of a patron. */
export const ALL_FEES = 'all';

/** The amount that stands for all that is open. */
const WHOLE = 'ALL';

/** Where an operation is done, and by whom. */
export type Operating = Doorway & {
  /** The account. */
  readonly patronId: string;
  /** Who acts. */
  readonly by: Actor;
  /** Whether a payment above what is owed is refused or becomes a credit; the policy's rule if undefined. */
  readonly overpayment: 'refuse' | 'credit' | undefined;
};

/** A command; or what makes it for the account as it is, if its amount depends on that. */
type Planned = Command | { readonly make: (account: PatronAccount) => Command | AlmaError };

/** Does an operation on one fee, or pays all fees. Returns the account after it. */
export async function operate(
  feeId: string,
  parameters: OperationParameters,
  where: Operating,
): Promise<PatronAccount | AlmaError> {
  const planned = plan(feeId, parameters, where);
  if ('errorCode' in planned) return planned;
  if ('make' in planned) return executeMade(planned.make, where);
  const { store, policy, institution, patronId, how } = where;
  const { decision, account } = await execute(store, policy, { institution, patronId }, planned, how);
  return decision.accepted ? account : errorOfRejection(decision.rejection, { isCreation: false });
}

/** Returns the command of an operation. */
function plan(feeId: string, parameters: OperationParameters, where: Operating): Planned | AlmaError {
  const { op, reason, comment } = parameters;
  const base = {
    id: where.newId(),
    at: where.now(),
    by: where.by,
    ...(comment === undefined ? {} : { comment }),
  };
  const digits = minorDigits(where.policy.currency) as number;
  const isWhole = parameters.amount === undefined || parameters.amount === WHOLE;
  const amount = isWhole ? undefined : readAmount(parameters.amount, digits);
  if (!isWhole && amount === undefined)
    return almaError('401666', `amount: ${parameters.amount?.slice(0, 40)}`);
  if (feeId === ALL_FEES) {
    if (op !== 'pay') return almaError('401666', 'op: expected pay for all fees.');
    if (parameters.amount === undefined) return almaError('401666', 'amount: missing.');
    return paymentOf(undefined, amount, parameters, base, where);
  }
  switch (op) {
    case 'pay':
      return paymentOf(feeId, amount, parameters, base, where);
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

/** Returns a payment of one fee, or of all: of the amount, or of all that is owed. */
function paymentOf(
  feeId: string | undefined,
  given: string | undefined,
  { method, externalTransactionId }: OperationParameters,
  base: Pick<Command, 'id' | 'at' | 'by' | 'comment'>,
  { overpayment }: Operating,
): Planned | AlmaError {
  if (method === undefined) return almaError('401666', 'method: missing.');
  const payment = (amount: string): Command => ({
    ...base,
    type: 'ReceivePayment',
    amount,
    method,
    ...(feeId === undefined ? {} : { feeIds: [feeId] }),
    ...(externalTransactionId === undefined ? {} : { externalTransactionId }),
    ...(overpayment === undefined ? {} : { overpayment }),
  });
  if (given !== undefined) return payment(given);
  return {
    make: (account) => {
      if (feeId !== undefined && findFee(account, feeId) === undefined) return almaError('401665');
      const amount = wholeAmount(feeId, method, externalTransactionId, account);
      return amount === undefined ? almaError('401666', 'Nothing is owed.') : payment(amount);
    },
  };
}

/**
 * Returns the amount that pays all that is owed; for a payment that was recorded before, its amount, so that it is
 * recognized although nothing is owed any more.
 */
function wholeAmount(
  feeId: string | undefined,
  method: string,
  externalTransactionId: string | undefined,
  account: PatronAccount,
): string | undefined {
  const named = feeId === undefined ? [] : [feeId];
  const recorded = account.payments.find(
    (payment) =>
      externalTransactionId !== undefined &&
      payment.externalTransactionId === externalTransactionId &&
      payment.method === method &&
      payment.feesNamed.length === named.length &&
      payment.feesNamed.every((id) => named.includes(id)),
  );
  const fee = feeId === undefined ? undefined : findFee(account, feeId);
  const open = fee === undefined ? balances(account).payable : owed(fee);
  const minor = recorded?.amount ?? open;
  return minor > 0 ? formatAmount(minor, account.minorDigits) : undefined;
}

/** How often an amount that depends on the account is computed anew because somebody else changed the account. */
const ATTEMPTS = 20;

/** Executes a command that is made for the account as it is. */
async function executeMade(
  make: (account: PatronAccount) => Command | AlmaError,
  where: Operating,
): Promise<PatronAccount | AlmaError> {
  const { store, policy, institution, patronId, how } = where;
  const stream = { institution, patronId };
  for (let attempt = 1; ; attempt++) {
    const { account, version } = await loadAccount(store, stream, how);
    const command = make(account);
    if ('errorCode' in command) return command;
    try {
      const executed = await execute(store, policy, stream, command, { ...how, expectedVersion: version });
      const { decision } = executed;
      return decision.accepted
        ? executed.account
        : errorOfRejection(decision.rejection, { isCreation: false });
    } catch (error) {
      if (attempt === ATTEMPTS || !isPatronFeesError(error, 'VERSION_CONFLICT')) throw error;
    }
  }
}
