import { xmlText } from '../../bursar/bursarAlmaXml.js';
import { URL_LENGTH_MAX } from '../doorRequest.js';
import type { AlmaCode, AlmaFee, AlmaFees, AlmaTransaction } from './almaFees.js';
import { type AlmaError, almaError, type OperationParameters } from './almaOperations.js';

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

const DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';

/** Writes a list of fees. The totals are attributes: clients take every child for a fee. */
export function feesXml({ fee, total_record_count, total_sum, currency, link }: AlmaFees): string {
  const attributes = [
    attribute('total_record_count', String(total_record_count)),
    attribute('total_sum', String(total_sum)),
    currency === undefined ? '' : attribute('currency', currency),
    link === undefined ? '' : attribute('link', link),
  ];
  return `${DECLARATION}<fees${attributes.join('')}>${fee.map(feeElement).join('')}</fees>`;
}

/** Writes one fee. */
export function feeXml(fee: AlmaFee): string {
  return DECLARATION + feeElement(fee);
}

/** Writes an error. */
export function errorXml({ errorCode, errorMessage }: AlmaError, trackingId: string): string {
  const error = element('error', fieldsOf({ errorCode, errorMessage, trackingId }));
  const content = `<errorsExist>true</errorsExist>${element('errorList', error)}`;
  return `${DECLARATION}<web_service_result xmlns="http://com/exlibris/urm/general/xmlbeans">${content}</web_service_result>`;
}

function feeElement({ transaction = [], link, ...fee }: AlmaFee): string {
  const transactions = transaction.map((one: AlmaTransaction) => element('transaction', fieldsOf(one)));
  const list = transactions.length > 0 ? element('transactions', transactions.join('')) : '';
  const start = link === undefined ? '<fee>' : `<fee${attribute('link', link)}>`;
  return `${start}${fieldsOf(fee)}${list}</fee>`;
}

/** Writes fields as elements; the description of a code is an attribute. */
function fieldsOf(fields: Readonly<Record<string, string | number | AlmaCode | undefined>>): string {
  return Object.entries(fields)
    .map(([name, value]) => {
      if (value === undefined) return '';
      if (typeof value !== 'object') return element(name, xmlText(String(value)));
      const description = value.desc === undefined ? '' : attribute('desc', value.desc);
      return `<${name}${description}>${xmlText(value.value)}</${name}>`;
    })
    .join('');
}

function element(name: string, content: string): string {
  return `<${name}>${content}</${name}>`;
}

const inAttributes: Readonly<Record<string, string>> = { '"': '&quot;', '\n': '&#10;', '\t': '&#9;' };

function attribute(name: string, value: string): string {
  return ` ${name}="${xmlText(value).replace(/["\n\t]/g, (character) => inAttributes[character] as string)}"`;
}

/** The maximum depth of nested elements. A fee needs four. */
const DEPTH_MAX = 16;

const PIECE_LENGTH = 1_024;

/**
 * Reads the text of each element of a fee. Nested elements are left out. Refuses document type declarations, and with
 * them all attacks that use them.
 *
 * @returns the texts by name, or what is wrong
 */
export async function readFeeXml(
  text: string,
): Promise<ReadonlyMap<string, string> | { readonly fault: string }> {
  const { SaxesParser } = await import('saxes');
  const parser = new SaxesParser();
  const fields = new Map<string, string>();
  const open: string[] = [];
  let fault: string | undefined;
  const refuse = (reason: string) => {
    fault ??= reason;
  };
  const add = (content: string) => {
    const name = open[1];
    if (open.length === 2 && name !== undefined) fields.set(name, (fields.get(name) ?? '') + content);
  };
  parser.on('error', ({ message }) => refuse(message));
  parser.on('doctype', () => refuse('a document type'));
  parser.on('opentag', ({ name }) => {
    if (open.length === 0 && name !== 'fee') refuse(`the element ${name.slice(0, 40)} instead of fee`);
    if (open.length === 1 && fields.has(name)) refuse(`the element ${name.slice(0, 40)} twice`);
    open.push(name);
    if (open.length > DEPTH_MAX) refuse('elements nested too deeply');
    add('');
  });
  parser.on('text', add);
  parser.on('cdata', add);
  parser.on('closetag', () => {
    open.pop();
  });
  // In small pieces: the parser continues after a fault, and is very slow on deep nesting.
  for (let at = 0; at < text.length && fault === undefined; at += PIECE_LENGTH) {
    parser.write(text.slice(at, at + PIECE_LENGTH));
  }
  if (fault === undefined) parser.close();
  return fault === undefined ? fields : { fault };
}
