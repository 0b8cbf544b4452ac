import * as v from 'valibot';
import { checkedArgument } from '../input/checkedArgument.js';
import { wholeNumber } from '../input/wholeNumber.js';
import { type StreamId, type StreamKey, streamKey } from './eventStore.js';

/** The share of the accounts that one of several processes works on. */
export type Shard = {
  /** Which share, from 0 to `of` - 1. */
  readonly index: number;
  /** The number of shares: as many as there are processes. */
  readonly of: number;
};

const shardsField = wholeNumber(1);

/** The schema of {@link Shard}. */
export const shardField = v.optional(
  v.pipe(
    v.strictObject({ index: wholeNumber(0), of: shardsField }),
    v.check(({ index, of }) => index < of, 'an index below the number of shares'),
  ),
);

/**
 * Returns the share that an account belongs to: the same on every machine and in every release. To give each process
 * only its own loans or rows, divide them by this function.
 *
 * The share is a hash modulo the number of shares: the 32-bit FNV-1a of the UTF-8 bytes of institution, U+0000 and
 * patron, its bits mixed as by MurmurHash3.
 *
 * @param stream - the account
 * @param of - the number of shares, 1 or more
 * @returns the share, from 0 to `of` - 1
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if `of` is not a whole number above 0
 *
 * @example
 * ```ts
 * import { shardOf } from 'patron-fees/history';
 *
 * shardOf({ institution: 'north', patronId: 'dverma' }, 1); //=> 0
 * shardOf({ institution: 'north', patronId: 'dverma' }, 4); //=> 0
 * ```
 */
export function shardOf(stream: StreamKey, of: number): number {
  return hashOf(streamKey(stream)) % checkedArgument(shardsField, of, 'of');
}

/** Returns a function that says whether an account belongs to the shard; every account does if none is given. */
export function shardFilter(shard: Shard | undefined): (stream: StreamKey) => boolean {
  if (shard === undefined || shard.of === 1) return () => true;
  return (stream) => shardOf(stream, shard.of) === shard.index;
}

/** Yields the accounts of a shard. */
export async function* ofShard(
  accounts: AsyncIterable<StreamId> | Iterable<StreamId>,
  shard: Shard | undefined,
): AsyncGenerator<StreamId> {
  const isMine = shardFilter(shard);
  for await (const account of accounts) if (isMine(account)) yield account;
}

/** Returns whether a shard reports what belongs to no account, such as a row without a patron: exactly one must. */
export function reportsRowsWithoutAccount(shard: Shard | undefined): boolean {
  return shard === undefined || shard.index === 0;
}

const encoder = /* @__PURE__ */ new TextEncoder();

function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of encoder.encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
