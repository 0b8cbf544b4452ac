/** The namespace of the ids that are computed here, itself a UUID. Ids that clients keep depend on it: it never changes. */
const NAMESPACE = 'b8a2f5c4-3f0e-5d7c-9a41-6d2e0c7f18b3';

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Returns whether a text is a UUID. */
export function isUuid(text: string): boolean {
  return uuidPattern.test(text);
}

/**
 * Returns FOLIO's id of something here: the id itself if it is a UUID, the UUID of a row that was imported from FOLIO
 * (`folio/UUID`), else a UUID (version 5) of the names.
 *
 * @param kind - what it is, such as `account`
 * @param id - its id here
 * @param within - the ids of what contains it
 */
export function folioId(kind: string, id: string, ...within: readonly string[]): string {
  const own = id.startsWith('folio/') ? id.slice('folio/'.length) : id;
  return isUuid(own) ? own.toLowerCase() : uuidV5(JSON.stringify([kind, ...within, id]), NAMESPACE);
}

/** Returns the UUID of a name in a namespace: version 5 of RFC 9562. */
export function uuidV5(name: string, namespace: string): string {
  const space = namespace.replaceAll('-', '').match(/../g) ?? [];
  const bytes = [...space.map((pair) => Number.parseInt(pair, 16)), ...new TextEncoder().encode(name)];
  const hex = sha1(bytes).slice(0, 32);
  const variant = ((Number.parseInt(hex.slice(16, 18), 16) & 0x3f) | 0x80).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(18, 20)}-${hex.slice(20)}`;
}

const rotated = (word: number, bits: number) => (word << bits) | (word >>> (32 - bits));

/** Returns the SHA-1 digest of bytes, in hexadecimal. The Web's own digest would make every id a promise. */
function sha1(bytes: readonly number[]): string {
  const length = bytes.length * 8;
  const padded = [...bytes, 0x80, ...Array<number>((119 - (bytes.length % 64)) % 64).fill(0)];
  const view = new DataView(new ArrayBuffer(padded.length + 8));
  for (const [index, byte] of padded.entries()) view.setUint8(index, byte);
  view.setUint32(padded.length + 4, length);
  const state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
  const words = new Int32Array(80);
  for (let block = 0; block < view.byteLength; block += 64) {
    for (let n = 0; n < 16; n++) words[n] = view.getInt32(block + n * 4);
    for (let n = 16; n < 80; n++) {
      const mixed = at(words, n - 3) ^ at(words, n - 8) ^ at(words, n - 14) ^ at(words, n - 16);
      words[n] = rotated(mixed, 1);
    }
    let [a = 0, b = 0, c = 0, d = 0, e = 0] = state;
    for (const [n, word] of words.entries()) {
      const [f, constant] = roundOf(n, b, c, d);
      [a, b, c, d, e] = [(rotated(a, 5) + f + e + constant + word) | 0, a, rotated(b, 30), c, d];
    }
    for (const [n, value] of [a, b, c, d, e].entries()) state[n] = ((state[n] as number) + value) | 0;
  }
  return state.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

function at(words: Int32Array, index: number): number {
  return words[index] as number;
}

/** Returns the function and the constant of a step. */
function roundOf(step: number, b: number, c: number, d: number): readonly [number, number] {
  if (step < 20) return [(b & c) | (~b & d), 0x5a827999];
  if (step < 40) return [b ^ c ^ d, 0x6ed9eba1];
  if (step < 60) return [(b & c) | (b & d) | (c & d), 0x8f1bbcdc];
  return [b ^ c ^ d, 0xca62c1d6];
}
