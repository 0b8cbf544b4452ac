import { URL_LENGTH_MAX } from './requestBody.js';

/** The parts of a request's address. */
export type DoorAddress = {
  /** The decoded parts of the path after the path of the API. */
  readonly path: readonly string[];
  readonly query: Readonly<Record<string, string>>;
};

/** Why an address is not read: the HTTP status, and a sentence. */
export type UnreadAddress = { readonly status: 400 | 404 | 405 | 414; readonly message: string };

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
