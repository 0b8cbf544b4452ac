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
  const hex = sha1(namespace, name).slice(0, 32);
  const variant = ((Number.parseInt(hex.slice(16, 18), 16) & 0x3f) | 0x80).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(18, 20)}-${hex.slice(20)}`;
}

const encoder = new TextEncoder();

/** The steps of a block have four constants, 20 steps each. */
const CONSTANTS = [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6];

/**
 * Returns the SHA-1 digest of a UUID and a text, in hexadecimal. The Web's own digest would make every id a promise. Every
 * record has several ids, so this uses one array of words, and no lists.
 */
function sha1(uuid: string, text: string): string {
  const bytes = encoder.encode(text);
  const length = 16 + bytes.length;
  const view = new DataView(new ArrayBuffer(Math.ceil((length + 9) / 64) * 64));
  const digits = uuid.replaceAll('-', '');
  for (let n = 0; n < 4; n++) view.setUint32(n * 4, Number.parseInt(digits.slice(n * 8, n * 8 + 8), 16));
  new Uint8Array(view.buffer).set(bytes, 16);
  view.setUint8(length, 0x80);
  view.setUint32(view.byteLength - 4, length * 8);
  const state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0);
  for (let block = 0; block < view.byteLength; block += 64) mixBlock(state, view, block);
  return Array.from(state, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

const words = new Int32Array(80);

function mixBlock(state: Int32Array, view: DataView, start: number): void {
  for (let n = 0; n < 16; n++) words[n] = view.getInt32(start + n * 4);
  for (let n = 16; n < 80; n++)
    words[n] = rotated(at(words, n - 3) ^ at(words, n - 8) ^ at(words, n - 14) ^ at(words, n - 16), 1);
  let a = at(state, 0);
  let b = at(state, 1);
  let c = at(state, 2);
  let d = at(state, 3);
  let e = at(state, 4);
  for (let n = 0; n < 80; n++) {
    const round = Math.floor(n / 20);
    const mixed = rotated(a, 5) + chosen(round, b, c, d) + e + (CONSTANTS[round] as number) + at(words, n);
    e = d;
    d = c;
    c = rotated(b, 30);
    b = a;
    a = mixed | 0;
  }
  state[0] = at(state, 0) + a;
  state[1] = at(state, 1) + b;
  state[2] = at(state, 2) + c;
  state[3] = at(state, 3) + d;
  state[4] = at(state, 4) + e;
}

function rotated(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

function at(words: Int32Array, index: number): number {
  return words[index] as number;
}

/** Returns the function of a round. */
function chosen(round: number, b: number, c: number, d: number): number {
  if (round === 0) return (b & c) | (~b & d);
  return round === 2 ? (b & c) | (b & d) | (c & d) : b ^ c ^ d;
}
