import { URL_LENGTH_MAX } from '../requestBody.js';
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
  if (request.url.length > URL_LENGTH_MAX) return kohaError(414, 'The address is too long.');
  const { pathname, searchParams } = new URL(request.url);
  const path = pathname.startsWith(`${basePath}/`) ? decoded(pathname.slice(basePath.length + 1)) : undefined;
  if (path === undefined) return kohaError(404, 'There is no such resource.');
  const { method, headers } = request;
  const isGet = method === 'GET';
  if (!isGet && method !== 'POST') return kohaError(405, 'Only GET and POST are allowed.');
  const query = Object.fromEntries(searchParams);
  if (Object.keys(query).length < searchParams.size) return kohaError(400, 'A parameter comes twice.');
  const access = {
    credentials: credentialsOf(headers.get('authorization') ?? ''),
    isWrite: !isGet,
    patronId: path[0] === 'patrons' ? (path[1] ?? '') : '',
    library: headers.get('x-koha-library') || undefined,
  };
  return { access, method, path, query };
}

function decoded(path: string): readonly string[] | undefined {
  try {
    return path.split('/').map(decodeURIComponent);
  } catch {
    return undefined;
  }
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
