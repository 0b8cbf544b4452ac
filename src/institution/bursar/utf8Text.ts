import { createReadStream } from 'node:fs';

/** Yielded for bytes that are not valid UTF-8. */
export const NOT_UTF8 = Symbol('not UTF-8');

/**
 * Yields the text of a file piece by piece, without a byte order mark. Ends with {@link NOT_UTF8} if the file is not
 * valid UTF-8.
 */
export async function* utf8Text(file: string): AsyncGenerator<string | typeof NOT_UTF8> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decoded = (bytes?: Uint8Array): string | typeof NOT_UTF8 => {
    try {
      return decoder.decode(bytes, { stream: bytes !== undefined });
    } catch {
      return NOT_UTF8;
    }
  };
  for await (const bytes of createReadStream(file)) {
    const text = decoded(bytes as Uint8Array);
    if (text !== '') yield text;
    if (text === NOT_UTF8) return;
  }
  const rest = decoded();
  if (rest !== '') yield rest;
}
