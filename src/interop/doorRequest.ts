import { isPlainObject } from '../input/plainObject.js';

/** What a door answers: the HTTP status, and a text or JSON. */
export type DoorAnswer = {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

/** The parts of a request that its address and headers have. */
export type DoorRequest<Access> = DoorAddress & { readonly access: Access; readonly method: string };

/** What is a door's own: how it reads addresses and headers, what it answers, and its errors. */
type DoorParts<Access> = {
  readonly read: (request: Request, address: DoorAddress) => Access;
  readonly answer: (request: Request, requested: DoorRequest<Access>) => DoorAnswer | Promise<DoorAnswer>;
  readonly error: (status: number, message: string) => DoorAnswer;
};

/** Returns the handler of a door, which answers every request, whatever fails. */
export function door<Access>(
  basePath: string,
  onError: ((error: unknown) => void) | undefined,
  { read, answer, error }: DoorParts<Access>,
): (request: Request) => Promise<Response> {
  const answered = (request: Request) => {
    const address = readAddress(request, basePath);
    if ('status' in address) return error(address.status, address.message);
    return answer(request, { ...address, access: read(request, address), method: request.method });
  };
  return async (request) => {
    try {
      return response(await answered(request));
    } catch (failure) {
      onError?.(failure);
      return response(error(500, 'Something went wrong, check the logs.'));
    }
  };
}

function response({ status, body, headers }: DoorAnswer): Response {
  const isText = typeof body === 'string';
  const type = `${isText ? 'text/plain' : 'application/json'};charset=UTF-8`;
  const own = { 'content-type': type, 'cache-control': 'no-store', ...headers };
  return new Response(isText ? body : JSON.stringify(body), { status, headers: own });
}

/** The parts of a request's address. */
type DoorAddress = {
  /** The decoded parts of the path after the path of the API. */
  readonly path: readonly string[];
  readonly query: Readonly<Record<string, string>>;
};

/** Why an address is not read: the HTTP status, and a sentence. */
type UnreadAddress = { readonly status: 400 | 404 | 405 | 414; readonly message: string };

/** What a resource is called that does not exist. */
export const NO_RESOURCE = 'There is no such resource.';

/** Reads the address of a request to an API that has GET and POST. */
export function readAddress({ url, method }: Request, basePath: string): DoorAddress | UnreadAddress {
  if (url.length > URL_LENGTH_MAX) return { status: 414, message: 'The address is too long.' };
  const { pathname, searchParams } = new URL(url);
  const path = pathname.startsWith(`${basePath}/`) ? decoded(pathname.slice(basePath.length + 1)) : undefined;
  if (path === undefined) return { status: 404, message: NO_RESOURCE };
  if (method !== 'GET' && method !== 'POST')
    return { status: 405, message: 'Only GET and POST are allowed.' };
  const query = Object.fromEntries(searchParams);
  // Two values for one parameter: either could be meant.
  if (Object.keys(query).length < searchParams.size)
    return { status: 400, message: 'A parameter comes twice.' };
  return { path, query };
}

function decoded(path: string): readonly string[] | undefined {
  try {
    return path.split('/').map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

/** The longest address that is read. */
export const URL_LENGTH_MAX = 8_192;

/** The longest body that is read, in bytes. A fee has less than a thousand. */
const BODY_BYTES_MAX = 65_536;

/** Why a body is not read: the HTTP status, and a sentence. */
type UnreadBody = { readonly status: 400 | 413; readonly message: string };

/** Reads the body of a request as UTF-8, up to a limit. */
export async function readText(request: Request): Promise<string | UnreadBody> {
  if (request.body === null) return '';
  const decoder = new TextDecoder();
  const reader = request.body.getReader();
  let text = '';
  let length = 0;
  for (;;) {
    const piece = await reader.read().catch(() => undefined);
    if (piece === undefined) return { status: 400, message: 'The body ended early.' };
    const { done, value } = piece;
    if (done) return text + decoder.decode();
    length += value.length;
    if (length > BODY_BYTES_MAX) {
      await reader.cancel();
      return { status: 413, message: `The body is longer than ${BODY_BYTES_MAX} bytes.` };
    }
    text += decoder.decode(value, { stream: true });
  }
}

/** Reads the fields of the JSON object in a body, or says why not. */
export async function readFields(request: Request): Promise<ReadonlyMap<string, unknown> | UnreadBody> {
  const text = await readText(request);
  if (typeof text !== 'string') return text;
  const fields = jsonFields(text);
  return 'fault' in fields ? { status: 400, message: `The body has ${fields.fault}.` } : fields;
}

/** Reads the fields of a JSON object, or says what the text has instead. A field that comes twice could mean either. */
export function jsonFields(text: string): ReadonlyMap<string, unknown> | { readonly fault: string } {
  try {
    const body: unknown = JSON.parse(text);
    const twice = repeatedKey(text);
    if (twice !== undefined) return { fault: `the field ${twice.slice(0, 40)} twice` };
    if (isPlainObject(body)) return new Map(Object.entries(body));
  } catch {
    return { fault: 'no valid JSON' };
  }
  return { fault: 'no object' };
}

/** The tokens of valid JSON: a string, a sign, or anything else. */
const token = /"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s"{}[\]:,]+/g;

/**
 * Returns the first key that an object has twice, at any depth: `JSON.parse` would take the last one.
 *
 * @param json - valid JSON
 */
export function repeatedKey(json: string): string | undefined {
  // The keys of the open objects; undefined for lists.
  const open: (Set<string> | undefined)[] = [];
  let last = '';
  for (const [text] of json.matchAll(token)) {
    if (text === '{' || text === '[') open.push(text === '{' ? new Set() : undefined);
    else if (text === '}' || text === ']') open.pop();
    else if (text === ':') {
      const keys = open.at(-1) as Set<string>;
      const key = JSON.parse(last) as string;
      if (keys.has(key)) return key;
      keys.add(key);
    }
    last = text;
  }
  return undefined;
}
