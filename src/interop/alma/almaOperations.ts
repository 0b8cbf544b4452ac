import type { RecordedActor } from '../../account/circumstances.js';
import type { Command } from '../../account/commands/command.js';
import type { Rejection } from '../../account/rejections/rejection.js';
import { executeLoaded } from '../../history/execute.js';
import { digitsOf } from '../../money/currency.js';
import { groupNames, memberOf, type PatronGroup } from '../../patron/patronGroup.js';
import { type PatronPayment, payPatron } from '../../patron/payPatron.js';
import { readAmount } from '../clientAmount.js';
import { isNoTransactionId } from '../noTransactionId.js';
import type { ServiceContext } from '../serviceOptions.js';
import { type AlmaError, almaError, errorOfRejection } from './almaErrors.js';

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
  readonly group: PatronGroup;
  /** The account of the patron that the request names. */
  readonly patronId: string;
  /** Who acts. */
  readonly by: RecordedActor;
  /** Whether a payment above what is owed is refused or becomes a credit; the policy's rule if undefined. */
  readonly overpayment: 'refuse' | 'credit' | undefined;
};

/** Does an operation on one fee, or pays all fees; the accounts change in place. Returns an error if it is refused. */
export async function operate(
  name: string,
  parameters: OperationParameters,
  where: Operating,
): Promise<AlmaError | undefined> {
  const { group, store, policy, institution, how, patronId: own } = where;
  const fee = name === ALL_FEES ? undefined : name;
  const planned = plan(fee, parameters, where);
  if ('errorCode' in planned) return planned;
  if ('amount' in planned) {
    const why = await payPatron(where, group, own, planned);
    return why === 'nothing owed' ? almaError('401666', 'Nothing is owed.') : why && refusal(why);
  }
  const { patronId, id: feeId } = groupNames(group).find(name) ?? { patronId: own, id: name };
  const stream = { institution, patronId };
  const command = planned.make(feeId);
  const { decision } = await executeLoaded(store, policy, stream, memberOf(group, patronId), command, how);
  return decision.accepted ? undefined : refusal(decision.rejection);
}

function refusal(rejection: Rejection): AlmaError {
  return errorOfRejection(rejection, { isCreation: false });
}

/** Returns the payment of an operation, what makes its command for a fee, or what is wrong. */
function plan(
  fee: string | undefined,
  parameters: OperationParameters,
  { policy, overpayment, newId, now, by }: Operating,
): PatronPayment | { readonly make: (feeId: string) => Command } | AlmaError {
  const { op, reason, comment, method, externalTransactionId } = parameters;
  const base = { id: newId(), at: now(), by, ...(comment === undefined ? {} : { comment }) };
  const digits = digitsOf(policy.currency);
  // Other operations have no amount, but some clients send one.
  const sent = op === 'pay' || op === 'waive' ? parameters.amount : undefined;
  const isWhole = sent === undefined || sent === WHOLE;
  const amount = isWhole ? undefined : readAmount(sent, digits);
  if (!isWhole && amount === undefined) return almaError('401666', `amount: ${sent.slice(0, 40)}`);
  if (fee === undefined && op !== 'pay') return almaError('401666', 'op: expected pay for all fees.');
  if (fee === undefined && sent === undefined) return almaError('401666', 'amount: missing.');
  switch (op) {
    case 'pay': {
      if (method === undefined) return almaError('401666', 'method: missing.');
      if (externalTransactionId !== undefined && isNoTransactionId(externalTransactionId)) {
        const found = externalTransactionId.slice(0, 40);
        return almaError(
          '401666',
          `external_transaction_id: expected the payment provider's id; "${found}" is what programs write if they have none.`,
        );
      }
      return {
        ...base,
        fee,
        amount,
        method,
        isRest: true,
        ...(externalTransactionId === undefined ? {} : { externalTransactionId }),
        ...(overpayment === undefined ? {} : { overpayment }),
      };
    }
    case 'waive':
      return {
        make: (feeId) => {
          const fees = [amount === undefined ? { feeId } : { feeId, amount }];
          return { ...base, type: 'WaiveFees', fees, reason: reason ?? '' };
        },
      };
    case 'dispute':
      return { make: (feeId) => ({ ...base, type: 'DisputeFee', feeId }) };
    case 'restore':
      return { make: (feeId) => ({ ...base, type: 'ResolveDispute', feeId, outcome: 'feeStands' }) };
    default:
      return almaError('401666', 'op: expected pay, waive, dispute or restore.');
  }
}
