import type { Command } from '../../account/commands/command.js';
import type { Rejection } from '../../account/rejections/rejection.js';
import { rejectionText } from '../../account/rejections/rejectionText.js';
import { executeLoaded } from '../../history/execute.js';
import { digitsOf } from '../../money/currency.js';
import { groupNames, memberOf } from '../../patron/patronGroup.js';
import { readAmount } from '../clientAmount.js';
import { type ClientPayment, payAsClient } from '../clientPayment.js';
import type { Admitted, DoorOptions, ServiceContext } from '../doorOptions.js';

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
type Operating = ServiceContext &
  Admitted<{ readonly patronId: string }> &
  Pick<DoorOptions<never, never>, 'overpayment'>;

/** Does an operation on one fee, or pays all fees; the accounts change in place. Returns an error if it is refused. */
export async function operate(
  name: string,
  parameters: OperationParameters,
  where: Operating,
): Promise<AlmaError | undefined> {
  const { group, store, policy, institution, how } = where;
  const own = where.patron.patronId;
  const fee = name === ALL_FEES ? undefined : name;
  const planned = plan(fee, parameters, where);
  if ('errorCode' in planned) return planned;
  if ('amount' in planned) {
    const paid = await payAsClient(where, where, planned);
    if (!('refused' in paid)) return undefined;
    if (paid.refused === 'nothing owed') return almaError('401666', 'Nothing is owed.');
    return paid.refused === 'no transaction' ? noTransaction(planned) : refusal(paid.refused);
  }
  const { patronId, id: feeId } = groupNames(group).find(name) ?? { patronId: own, id: name };
  const stream = { institution, patronId };
  const command = planned.make(feeId);
  const { decision } = await executeLoaded(store, policy, stream, memberOf(group, patronId), command, how);
  return decision.accepted ? undefined : refusal(decision.rejection);
}

function noTransaction({ transaction = '' }: ClientPayment): AlmaError {
  const found = transaction.slice(0, 40);
  const expected = "expected the payment provider's id";
  return almaError(
    '401666',
    `external_transaction_id: ${expected}; "${found}" is what programs write if they have none.`,
  );
}

function refusal(rejection: Rejection): AlmaError {
  return errorOfRejection(rejection, { isCreation: false });
}

/** Returns the payment of an operation, what makes its command for a fee, or what is wrong. */
function plan(
  fee: string | undefined,
  parameters: OperationParameters,
  { policy, newId, now, by }: Operating,
): ClientPayment | { readonly make: (feeId: string) => Command } | AlmaError {
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
      return { ...base, fee, amount, method, isRest: true, transaction: externalTransactionId };
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

/** Alma's errors of the fees API: code and message. */
const messages = {
  UNAUTHORIZED: 'API-key not defined or not configured to allow this API.',
  INVALID_REQUEST: 'The request is not valid.',
  '401861': 'User was not found.',
  '401651': 'Identifier not found.',
  '401665': 'Fine not found.',
  '401666': 'Parameter is not valid.',
  '402119': 'General error.',
  '4019991': 'User fine/fee type is required.',
  '4019992': 'User fine/fee type invalid entry.',
  '4019993': 'User item barcode invalid entry.',
  '4019994': 'User fine/fee original amount is required.',
  '4019996': 'User fine/fee owner is required.',
  '4019997': 'User fine/fee owner must be a library and not institution.',
} as const;

/** The code of an error. */
type AlmaErrorCode = keyof typeof messages;

/** An error of Alma's API. */
export type AlmaError = {
  /** The code. */
  readonly errorCode: AlmaErrorCode;
  /** One sentence or two: Alma's, and what is wrong. */
  readonly errorMessage: string;
  /** The HTTP status. */
  readonly status: number;
};

/** Returns an error. Alma answers every fault of a request with the status 400. */
export function almaError(errorCode: AlmaErrorCode, detail?: string, status = 400): AlmaError {
  const message = messages[errorCode];
  return { errorCode, errorMessage: detail === undefined ? message : `${message} ${detail}`, status };
}

/** The rejections of a new fee that are about its type. */
const aboutTheType: ReadonlySet<Rejection['type']> = /* @__PURE__ */ new Set([
  'FeeTypeUnknown',
  'FeeTypeRetired',
  'FeeTypeNotManual',
]);

/**
 * Returns the error for a refused command. Alma documents no code for a payment above the balance, or of a closed or
 * disputed fee: they are invalid parameters.
 *
 * @param isCreation - whether the command creates a fee
 */
export function errorOfRejection(rejection: Rejection, { isCreation }: { isCreation: boolean }): AlmaError {
  const { type } = rejection;
  if (type === 'FeeNotFound') return almaError('401665');
  if (isCreation && aboutTheType.has(type)) return almaError('4019992', rejectionText(rejection));
  return almaError('401666', rejectionText(rejection));
}
