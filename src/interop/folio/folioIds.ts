import type { EventStore } from '../../history/eventStore.js';
import type { GroupRow } from '../../patron/patronGroup.js';

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
  return isUuid(own) ? own.toLowerCase() : uuidV5(JSON.stringify([kind, ...within, id]), namespace);
}

/** Returns the 16 bytes of a UUID. */
export function uuidBytes(uuid: string): Uint8Array {
  return Uint8Array.from(uuid.match(/[0-9a-f]{2}/gi) ?? [], (pair) => Number.parseInt(pair, 16));
}

const namespace = uuidBytes(NAMESPACE);

/** Returns the UUID of a name in a namespace: version 5 of RFC 9562. */
export function uuidV5(name: string, space: Uint8Array): string {
  const digest = sha1(space, name);
  const [b, c] = [
    hexOf((word(digest, 1) & 0xffff0fff) | 0x5000),
    hexOf((word(digest, 2) & 0x3fffffff) | (1 << 31)),
  ];
  const parts = [hexOf(word(digest, 0)), b.slice(0, 4), b.slice(4), c.slice(0, 4), c.slice(4)];
  return parts.join('-') + hexOf(word(digest, 3));
}

const encoder = new TextEncoder();

/**
 * Returns the SHA-1 digest of a UUID and a text, as five words. The Web's own digest would make every id a promise. Every
 * fee has several ids, so that this takes most of the time of a list: all its numbers are 32-bit integers.
 */
function sha1(uuid: Uint8Array, text: string): Int32Array {
  const bytes = new Uint8Array(uuid.length + 3 * text.length + 72);
  bytes.set(uuid);
  const length = uuid.length + encoder.encodeInto(text, bytes.subarray(uuid.length)).written;
  bytes[length] = 0x80;
  const end = (length + 72) & ~63;
  const state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0);
  for (let start = 0; start < end; start += 64) {
    for (let n = 0; n < 16; n++) words[n] = wordOf(bytes, start + 4 * n);
    if (start + 64 === end) words[15] = 8 * length;
    mixBlock(state);
  }
  return state;
}

const words = new Int32Array(80);

/** Mixes the 16 words of a block into the state. Each 20 steps have a function and a constant. */
function mixBlock(state: Int32Array): void {
  for (let n = 16; n < 80; n++)
    words[n] = rotated(
      word(words, n - 3) ^ word(words, n - 8) ^ word(words, n - 14) ^ word(words, n - 16),
      1,
    );
  let a = word(state, 0);
  let b = word(state, 1);
  let c = word(state, 2);
  let d = word(state, 3);
  let e = word(state, 4);
  for (let n = 0; n < 80; n++) {
    let mixed = (b ^ c ^ d) + (n < 40 ? 0x6ed9eba1 : -0x359d3e2a);
    if (n < 20) mixed = ((b & c) | (~b & d)) + 0x5a827999;
    else if (n >= 40 && n < 60) mixed = ((b & c) | (b & d) | (c & d)) - 0x70e44324;
    const next = (rotated(a, 5) + mixed + e + word(words, n)) | 0;
    e = d;
    d = c;
    c = rotated(b, 30);
    b = a;
    a = next;
  }
  state.set([
    word(state, 0) + a,
    word(state, 1) + b,
    word(state, 2) + c,
    word(state, 3) + d,
    word(state, 4) + e,
  ]);
}

function wordOf(bytes: Uint8Array, at: number): number {
  return (
    (byteOf(bytes, at) << 24) |
    (byteOf(bytes, at + 1) << 16) |
    (byteOf(bytes, at + 2) << 8) |
    byteOf(bytes, at + 3)
  );
}

function byteOf(bytes: Uint8Array, at: number): number {
  return bytes[at] as number;
}

function rotated(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

function word(list: Int32Array, index: number): number {
  return list[index] as number;
}

const pairs = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

function hexOf(value: number): string {
  return `${pairs[value >>> 24]}${pairs[(value >>> 16) & 255]}${pairs[(value >>> 8) & 255]}${pairs[value & 255]}`;
}

/** Finds what a UUID of FOLIO is here: clients name a fee without its patron. */
export type AccountIndex = {
  /** Returns the fee of an account of FOLIO. */
  readonly feeOf: (accountId: string) => Promise<GroupRow | undefined>;
  /** Returns the patron's id here of a user's id; undefined for one without an account. */
  readonly patronOf: (userId: string) => Promise<string | undefined>;
  /** Returns the ids of all patrons that were ever charged a fee. */
  readonly patrons: () => Promise<readonly string[]>;
  /** Adds a patron before there is any event. */
  readonly add: (patronId: string) => void;
};

/** Events that are read at once. */
const PAGE = 1_000;

/** Returns FOLIO's id of a patron. */
export function userIdOf(patronId: string): string {
  return folioId('user', patronId);
}

/** Returns FOLIO's id of a fee. */
export function accountIdOf({ patronId, id }: GroupRow): string {
  return folioId('account', id, patronId);
}

/**
 * Keeps the ids of all fees and patrons of an institution in memory, and reads new events of the store when it is asked
 * for one that it does not know.
 */
export function accountIndex(store: Pick<EventStore, 'readAll'>, institution: string): AccountIndex {
  const fees = new Map<string, GroupRow>();
  const known = new Set<string>();
  const patrons = new Map<string, string>();
  const add = (patronId: string) => {
    if (known.has(patronId)) return;
    known.add(patronId);
    patrons.set(userIdOf(patronId), patronId);
  };
  let cursor: string | undefined;
  let reading: Promise<void> | undefined;
  const read = async () => {
    for (;;) {
      const page = await store.readAll({
        limit: PAGE,
        onUnreadable: 'list',
        ...(cursor === undefined ? {} : { after: cursor }),
      });
      for (const { event, patronId, ...stream } of page.events) {
        if (stream.institution !== institution || event.type !== 'FeeAssessed') continue;
        const row = { patronId, id: event.data.feeId };
        const accountId = accountIdOf(row);
        if (!fees.has(accountId)) fees.set(accountId, row);
        add(patronId);
      }
      cursor = page.cursor;
      if (page.events.length + (page.unreadable?.length ?? 0) === 0) return;
    }
  };
  /** Reads what is new; one reading at a time, and each caller one that began after its call. */
  const catchUp = async () => {
    await reading?.catch(() => undefined);
    reading ??= read().finally(() => {
      reading = undefined;
    });
    await reading;
  };
  const find = async <Found>(ids: ReadonlyMap<string, Found>, id: string) => {
    const key = id.toLowerCase();
    if (!ids.has(key)) await catchUp();
    return ids.get(key);
  };
  return {
    feeOf: (accountId) => find(fees, accountId),
    patronOf: (userId) => find(patrons, userId),
    patrons: async () => {
      await catchUp();
      return [...new Set(patrons.values())];
    },
    add,
  };
}
