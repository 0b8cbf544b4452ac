import { readAddress } from '../doorRequest.js';
import type { KohaAccess, KohaCredentials } from './kohaOptions.js';

/** What a handler answers: the HTTP status, and the JSON of the body. */
export type KohaAnswer = {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

/** The parts of a request that its address and headers have. */
export type KohaRequest = {
  readonly access: KohaAccess;
  readonly method: string;
  /** The decoded parts of the path after the path of the API. */
  readonly path: readonly string[];
  readonly query: Readonly<Record<string, string>>;
};

/** Returns an error as Koha's clients read it: older ones `error`, newer ones `errors`. */
export function kohaError(status: number, error: string, path = '/'): KohaAnswer {
  return { status, body: { error, errors: [{ message: error, path }] } };
}

/** Reads the address and headers of a request. */
export function kohaRequest(request: Request, basePath: string): KohaRequest | KohaAnswer {
  const address = readAddress(request, basePath);
  if ('status' in address) return kohaError(address.status, address.message);
  const { path, query } = address;
  const { method, headers } = request;
  const access = {
    credentials: credentialsOf(headers.get('authorization') ?? ''),
    isWrite: method === 'POST',
    patronId: path[0] === 'patrons' ? (path[1] ?? '') : '',
    library: headers.get('x-koha-library') || undefined,
  };
  return { access, method, path, query };
}

/** Reads the header `Authorization`: Bearer with a token, or Basic with a user and a password. */
export function credentialsOf(header: string): KohaCredentials | undefined {
  const [scheme = '', value = ''] = header.split(' ', 2);
  if (value === '') return undefined;
  if (scheme.toLowerCase() === 'bearer') return { token: value };
  if (scheme.toLowerCase() !== 'basic') return undefined;
  try {
    const bytes = Uint8Array.from(atob(value), (character) => character.charCodeAt(0));
    const [user = '', ...rest] = new TextDecoder().decode(bytes).split(':');
    return rest.length === 0 ? undefined : { user, password: rest.join(':') };
  } catch {
    return undefined;
  }
}

/** Returns the response. */
export function kohaResponse({ status, body, headers }: KohaAnswer): Response {
  const own = { 'content-type': 'application/json;charset=UTF-8', 'cache-control': 'no-store', ...headers };
  return new Response(JSON.stringify(body), { status, headers: own });
}
