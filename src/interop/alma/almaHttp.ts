import { URL_LENGTH_MAX } from '../requestBody.js';
import { type AlmaError, almaError } from './almaErrors.js';
import type { AlmaFee, AlmaFees } from './almaFees.js';
import type { OperationParameters } from './almaOperations.js';
import { errorXml, feesXml, feeXml } from './almaXml.js';

/** A request, for the hooks that decide who may do what. */
export type AlmaAccess = {
  /** The API key, of the header `Authorization: apikey KEY` or the parameter `apikey`; `undefined` without one. */
  readonly apiKey: string | undefined;
  /** Whether the request changes anything. */
  readonly isWrite: boolean;
  /** The user's identifier, of the path. */
  readonly userId: string;
  /** The kind of that identifier (`user_id_type`); `all_unique` if the client sends none. */
  readonly userIdType: string;
};

/** The formats of bodies. */
type Format = 'json' | 'xml';

/** The parts of a request that its address has. */
export type Requested = { readonly format: Format } & (
  | AlmaError
  | {
      readonly access: AlmaAccess;
      /** Whether it is about the list of fees, not one fee. */
      readonly isList: boolean;
      /** The fee, or `all`; empty for the list. */
      readonly feeId: string;
      /** The address of the API in this request, without `/users`. */
      readonly baseUrl: string;
      readonly parameters: OperationParameters & { readonly status: string | undefined };
    }
);

const QUERY = {
  op: 'op',
  amount: 'amount',
  method: 'method',
  reason: 'reason',
  comment: 'comment',
  externalTransactionId: 'external_transaction_id',
  status: 'status',
} as const;

/** Reads the address and headers of a request. */
export function requestOf(request: Request, basePath: string): Requested {
  const accept = request.headers.get('accept') ?? '';
  if (request.url.length > URL_LENGTH_MAX) {
    return { format: formatOf(accept), ...almaError('INVALID_REQUEST', 'The address is too long.', 414) };
  }
  const { origin, pathname, searchParams } = new URL(request.url);
  const format = formatOf(searchParams.get('format') ?? accept);
  const place = placeOf(pathname, basePath);
  if (place === undefined)
    return { format, ...almaError('INVALID_REQUEST', 'There is no such resource.', 404) };
  const isWrite = request.method === 'POST';
  if (!isWrite && request.method !== 'GET') {
    return { format, ...almaError('INVALID_REQUEST', 'Only GET and POST are allowed.', 405) };
  }
  // Two values for one parameter: either could be meant.
  const repeated = Object.values(QUERY).find((name) => searchParams.getAll(name).length > 1);
  if (repeated !== undefined) return { format, ...almaError('401666', `${repeated}: expected once.`) };
  const parameters = Object.fromEntries(
    Object.entries(QUERY).map(([name, parameter]) => [name, searchParams.get(parameter) || undefined]),
  ) as Record<keyof typeof QUERY, string | undefined>;
  // Blanks identify no payment: the next one with blanks would count as the same.
  if (parameters.externalTransactionId?.trim() === '') parameters.externalTransactionId = undefined;
  const access = {
    apiKey: apiKeyOf(request) ?? searchParams.get('apikey') ?? undefined,
    isWrite,
    userId: place.userId,
    userIdType: searchParams.get('user_id_type') || 'all_unique',
  };
  const { feeId } = place;
  const baseUrl = origin + basePath;
  return { format, access, isList: feeId === undefined, feeId: feeId ?? '', baseUrl, parameters };
}

/** Returns the format that a list of media types prefers, by their quality (`q`) and then their order; XML if none. */
function formatOf(wanted: string): Format {
  const types = wanted.toLowerCase().split(',');
  const qualityOf = (type: string) => Number(/;\s*q=([\d.]+)/.exec(type)?.[1] ?? 1);
  const known = types.filter((type) => /json|xml/.test(type) && qualityOf(type) > 0);
  const [first = ''] = known.sort((a, b) => qualityOf(b) - qualityOf(a));
  return first.includes('json') ? 'json' : 'xml';
}

/**
 * Reads `{basePath}/users/{user_id}/fees/{fee_id}`. The id of a fee may have slashes, as those of imports: clients that
 * know only Alma's digits do not encode it.
 */
function placeOf(pathname: string, basePath: string) {
  const start = `${basePath}/users/`;
  if (!pathname.startsWith(start)) return undefined;
  const [userId, fees, ...rest] = pathname.slice(start.length).split('/');
  const feeId = rest.join('/');
  if (!userId || fees !== 'fees') return undefined;
  try {
    return { userId: decodeURIComponent(userId), feeId: feeId ? decodeURIComponent(feeId) : undefined };
  } catch {
    return undefined;
  }
}

/** Reads the API key of the header `Authorization: apikey KEY`. */
function apiKeyOf(request: Request): string | undefined {
  const [scheme = '', key] = (request.headers.get('authorization') ?? '').split(' ', 2);
  return scheme.toLowerCase() === 'apikey' ? key : undefined;
}

/** The content of a response: an error, one fee, or a list. */
export type AlmaAnswer = AlmaError | { readonly fee: AlmaFee } | { readonly fees: AlmaFees };

/** Returns the response. */
export function almaResponse(answer: AlmaAnswer, format: Format, newTrackingId: () => string): Response {
  const status = 'errorCode' in answer ? answer.status : 200;
  const headers = { 'content-type': `application/${format};charset=UTF-8`, 'cache-control': 'no-store' };
  const body = format === 'json' ? jsonOf(answer, newTrackingId) : xmlOf(answer, newTrackingId);
  return new Response(body, { status, headers });
}

function xmlOf(answer: AlmaAnswer, newTrackingId: () => string): string {
  if ('errorCode' in answer) return errorXml(answer, newTrackingId());
  return 'fee' in answer ? feeXml(answer.fee) : feesXml(answer.fees);
}

function jsonOf(answer: AlmaAnswer, newTrackingId: () => string): string {
  if ('errorCode' in answer) {
    const { errorCode, errorMessage } = answer;
    const error = [{ errorCode, errorMessage, trackingId: newTrackingId() }];
    return JSON.stringify({ errorsExist: true, errorList: { error }, result: null });
  }
  if ('fee' in answer) return JSON.stringify(answer.fee);
  const { fee, ...totals } = answer.fees;
  // Alma leaves out empty lists.
  return JSON.stringify(fee.length === 0 ? totals : { fee, ...totals });
}
