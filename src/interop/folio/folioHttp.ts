import { readAddress } from '../doorRequest.js';
import type { FolioAccess } from './folioOptions.js';

/** What a handler answers: the HTTP status, and JSON or a text. */
export type FolioAnswer = {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

/** The parts of a request that its address and headers have. */
export type FolioRequest = {
  readonly access: FolioAccess;
  readonly method: string;
  readonly path: readonly string[];
  readonly query: Readonly<Record<string, string>>;
};

/** Returns an error as FOLIO has them: a text, apart from those of the status 422. */
export function folioError(status: number, message: string): FolioAnswer {
  return { status, body: message };
}

/** Returns the error for a body that has an invalid field. */
export function invalidField(name: string, message: string): FolioAnswer {
  return { status: 422, body: { errors: [{ message, parameters: [{ key: name, value: '' }] }] } };
}

/** Reads the address and headers of a request. */
export function folioRequest(request: Request, basePath: string): FolioRequest | FolioAnswer {
  const address = readAddress(request, basePath);
  if ('status' in address) return folioError(address.status, address.message);
  const { method, headers } = request;
  const cookie = /(?:^|;\s*)folioAccessToken=([^;\s]*)/.exec(headers.get('cookie') ?? '')?.[1];
  const access: FolioAccess = {
    tenant: headers.get('x-okapi-tenant') || undefined,
    token: headers.get('x-okapi-token') || cookie || undefined,
    apiKey: address.query.apikey || undefined,
    isWrite: method === 'POST',
    identifier: '',
    identifierType: 'id',
  };
  return { ...address, access, method };
}

/** Returns the response. */
export function folioResponse({ status, body, headers }: FolioAnswer): Response {
  const isText = typeof body === 'string';
  const type = isText ? 'text/plain;charset=UTF-8' : 'application/json;charset=UTF-8';
  const own = { 'content-type': type, 'cache-control': 'no-store', ...headers };
  return new Response(isText ? body : JSON.stringify(body), { status, headers: own });
}
