import type { Rejection } from '../../account/rejections/rejection.js';
import { rejectionText } from '../../account/rejections/rejectionText.js';

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
export type AlmaErrorCode = keyof typeof messages;

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
