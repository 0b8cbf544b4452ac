import { createReadStream } from 'node:fs';
import { NotUtf8, type TextSource, textPieces } from './csvRows.js';

/** The encodings that a declaration may name beside UTF-8. */
const SINGLE_BYTE = /^(?:iso-8859-1|iso-8859-15|latin1|windows-1252|us-ascii)$/i;
const SIXTEEN_BIT = /^utf-16(?:le|be)?$/i;

/** The number of bytes in which a declaration ends. */
const DECLARATION_BYTES = 256;

/** Returns whether an XML file with this encoding can be read. */
export function isReadableEncoding(encoding: string): boolean {
  return /^utf-?8$/i.test(encoding) || SINGLE_BYTE.test(encoding) || SIXTEEN_BIT.test(encoding);
}

/**
 * Reads an XML file as text, in the encoding that it declares: UTF-8, UTF-16 (by its first bytes), ISO-8859-1 or -15,
 * Windows-1252. Pieces of text are passed on.
 */
export async function* declaredText(source: TextSource): AsyncGenerator<string> {
  const pieces = (typeof source === 'string' ? createReadStream(source) : source) as AsyncIterable<
    string | Uint8Array
  >;
  let begun: Uint8Array = new Uint8Array();
  const rest = iteratorOf(pieces);
  for (;;) {
    const { done, value } = await rest.next();
    if (!done && typeof value !== 'string') begun = Buffer.concat([begun, value]);
    if (!done && typeof value !== 'string' && begun.length < DECLARATION_BYTES) continue;
    const encoding = encodingOf(begun);
    const before = typeof value === 'string' ? [begun, value] : [begun];
    if (encoding === undefined) return yield* textPieces(joined(before, rest));
    const decoder = new TextDecoder(encoding, { fatal: true });
    for await (const piece of joined(before, rest)) yield decoded(decoder, piece);
    const end = decoded(decoder);
    if (end !== '') yield end;
    return;
  }
}

function decoded(decoder: InstanceType<typeof TextDecoder>, piece?: string | Uint8Array): string {
  if (typeof piece === 'string') return piece;
  try {
    return piece === undefined ? decoder.decode() : decoder.decode(piece, { stream: true });
  } catch {
    throw new NotUtf8(1);
  }
}

function iteratorOf(pieces: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>) {
  return Symbol.asyncIterator in pieces ? pieces[Symbol.asyncIterator]() : pieces[Symbol.iterator]();
}

/** Yields what was read, then the rest. */
async function* joined(
  before: readonly (string | Uint8Array)[],
  rest: AsyncIterator<string | Uint8Array> | Iterator<string | Uint8Array>,
): AsyncGenerator<string | Uint8Array> {
  try {
    yield* before;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

/** Returns the encoding of a file by its first bytes; undefined for UTF-8, and for one that cannot be read. */
function encodingOf(bytes: Uint8Array): string | undefined {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0x3c && second === 0)) return 'utf-16le';
  if ((first === 0xfe && second === 0xff) || (first === 0 && second === 0x3c)) return 'utf-16be';
  const head = Buffer.from(bytes.subarray(0, DECLARATION_BYTES)).toString('latin1');
  const encoding = /^<\?xml[^>]*\sencoding\s*=\s*["']([^"']*)["']/.exec(head)?.[1] ?? '';
  return SINGLE_BYTE.test(encoding) ? encoding : undefined;
}
