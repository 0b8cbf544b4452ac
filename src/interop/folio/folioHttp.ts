import type { DoorAnswer } from '../doorRequest.js';
import type { FolioAccess } from './folioOptions.js';

/** Returns an error as FOLIO has them: a text, apart from those of the status 422. */
export function folioError(status: number, message: string): DoorAnswer {
  return { status, body: message };
}

/** Returns the error for a body that has an invalid field. */
export function invalidField(name: string, message: string): DoorAnswer {
  return { status: 422, body: { errors: [{ message, parameters: [{ key: name, value: '' }] }] } };
}

/** Reads what the hooks get of a request. */
export function folioAccess(
  { method, headers }: Request,
  query: Readonly<Record<string, string>>,
): FolioAccess {
  const cookie = /(?:^|;\s*)folioAccessToken=([^;\s]*)/.exec(headers.get('cookie') ?? '')?.[1];
  return {
    tenant: headers.get('x-okapi-tenant') || undefined,
    token: headers.get('x-okapi-token') || cookie || undefined,
    apiKey: query.apikey || undefined,
    isWrite: method === 'POST',
    identifier: '',
    identifierType: 'id',
  };
}
