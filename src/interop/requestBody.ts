import { isPlainObject } from '../input/plainObject.js';
import { repeatedKey } from './repeatedKey.js';

/** The longest address that is read. */
export const URL_LENGTH_MAX = 8_192;

/** The longest body that is read, in bytes. A fee has less than a thousand. */
const BODY_BYTES_MAX = 65_536;

/** Why a body is not read: the HTTP status, and a sentence. */
export type UnreadBody = { readonly status: 400 | 413; readonly message: string };

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
