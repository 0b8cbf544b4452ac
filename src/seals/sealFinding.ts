import * as v from 'valibot';
import { nameField, streamNameField, textField } from '../account/fieldSchemas.js';
import { isPatronFeesError } from '../errors.js';
import type { StreamId, StreamKey } from '../history/eventStore.js';
import { plainObject } from '../input/plainObject.js';
import { wholeNumber } from '../input/wholeNumber.js';
import { unreadable } from '../job/accountFinding.js';

/** What books can differ in from their seals. */
const sealFindingCodes = [
  'EVENT_CHANGED',
  'EVENT_MISSING',
  'EVENT_ADDED',
  'ACCOUNT_MISSING',
  'ACCOUNT_ADDED',
  'CORRUPT_HISTORY',
  'INVALID_EVENT',
  'PURGE_UNKNOWN',
  'SEAL_CHANGED',
  'JOURNAL_DIFFERS',
] as const satisfies readonly SealFindingCode[];

/**
 * What differs.
 *
 * - `EVENT_CHANGED`: an event is not the one that was sealed.
 * - `EVENT_MISSING`: the stream ends before the last event that was sealed.
 * - `EVENT_ADDED`: an event was recorded before a cutoff and is not in its seal: by a slow clock, or by hand.
 * - `ACCOUNT_MISSING`: an account, or a stream of the office, that was sealed has no events.
 * - `ACCOUNT_ADDED`: an account or a stream had events before a cutoff and is not in its seal.
 * - `CORRUPT_HISTORY`: events are missing or do not fold, also after the last seal.
 * - `INVALID_EVENT`: an event cannot be read.
 * - `PURGE_UNKNOWN`: the purge of an account is not in the office, removed what was open, or what no seal covers.
 * - `SEAL_CHANGED`: the file of a seal or its event was changed or is missing.
 * - `JOURNAL_DIFFERS`: the sums of the journal are not those of the seal. Alone, it comes from the totals of a purge,
 *   or from a release that posts in another way.
 */
export type SealFindingCode =
  | 'EVENT_CHANGED'
  | 'EVENT_MISSING'
  | 'EVENT_ADDED'
  | 'ACCOUNT_MISSING'
  | 'ACCOUNT_ADDED'
  | 'CORRUPT_HISTORY'
  | 'INVALID_EVENT'
  | 'PURGE_UNKNOWN'
  | 'SEAL_CHANGED'
  | 'JOURNAL_DIFFERS';

/** A difference between the books and a seal. */
export type SealFinding = {
  /** The institution. */
  readonly institution: string;
  /** The patron of the account; absent for a stream of the office. */
  readonly patronId?: string;
  /** The stream of the office; absent for an account. */
  readonly stream?: string;
  /** What differs. */
  readonly code: SealFindingCode;
  /** The first version of the stream that differs; null if it is not known. */
  readonly version: number | null;
  /** The number of the first seal that differs; null for what is after the last seal. */
  readonly seal: number | null;
  /** The number of the seal whose form listed it as known; null if none did. */
  readonly knownSince: number | null;
  /** The finding in one sentence. */
  readonly message: string;
};

/** A difference that somebody has explained, so that the next month can be sealed. The file of the seal lists it. */
export type KnownSealFinding = {
  /** What differs. */
  readonly code: SealFindingCode;
  /** The patron of the account; absent for a stream of the office. */
  readonly patronId?: string;
  /** The stream of the office; absent for an account. */
  readonly stream?: string;
  /** The first version that differs, as the finding says; null if that has none. */
  readonly version: number | null;
  /** Who explained it. */
  readonly by: string;
  /** Why it differs. */
  readonly why: string;
};

/** The schema of {@link KnownSealFinding}. */
export const knownField = v.pipe(
  plainObject,
  v.strictObject({
    code: v.picklist(sealFindingCodes),
    patronId: v.exactOptional(nameField),
    stream: v.exactOptional(streamNameField),
    version: v.nullable(wholeNumber(1)),
    by: nameField,
    why: v.pipe(textField, v.nonEmpty('a text')),
  }),
  v.check(
    ({ patronId, stream }) => (patronId === undefined) !== (stream === undefined),
    'either a patronId or a stream',
  ),
);

/** Returns a text that is the same for a finding and for the entry that makes it known. */
export function findingKey({
  code,
  patronId,
  stream,
  version,
}: Pick<KnownSealFinding, 'code' | 'patronId' | 'stream' | 'version'>): string {
  return JSON.stringify([code, patronId ?? null, stream ?? null, version]);
}

/** A finding, before it is known whether somebody has explained it. */
export type Difference = Pick<SealFinding, 'code' | 'version' | 'seal'> & { readonly message?: string };

const sentences: Readonly<Record<SealFindingCode, string>> = {
  EVENT_CHANGED: 'is not the event that was sealed',
  EVENT_MISSING: 'differs, and later events that were sealed are missing',
  EVENT_ADDED: 'was recorded before the cutoff, and is not in the seal',
  ACCOUNT_MISSING: 'was sealed, and the stream has no events',
  ACCOUNT_ADDED: 'was recorded before the cutoff, and its stream is not in the seal',
  CORRUPT_HISTORY: 'cannot be folded',
  INVALID_EVENT: 'cannot be read',
  PURGE_UNKNOWN: 'is a purge that runPurge did not record, or that no seal allows',
  SEAL_CHANGED: 'is not the seal that was made',
  JOURNAL_DIFFERS: 'has other sums than the journal',
};

/** Returns the finding of a stream. */
export function sealFinding(
  stream: StreamKey,
  { code, version, seal, message }: Difference,
  knownSince: ReadonlyMap<string, number>,
): SealFinding {
  const { institution } = stream;
  const id =
    'stream' in stream ? { institution, stream: stream.stream } : { institution, patronId: stream.patronId };
  const sentence = message ?? `event ${version ?? 'unknown'} ${sentences[code]}`;
  const known = knownSince.get(findingKey({ ...id, code, version })) ?? null;
  return {
    ...id,
    code,
    version,
    seal,
    knownSince: known,
    message: seal === null ? sentence : `seal ${seal}: ${sentence}`,
  };
}

/** Returns the difference of a stream that cannot be read or folded. Rethrows every other error. */
export function unreadableDifference(stream: StreamKey, error: unknown): Difference {
  const { code, message } = unreadable(stream as StreamId, error);
  const { position, expected, version } = isPatronFeesError(error) ? error.details : {};
  const place = [version, position, expected].find((one) => Number.isSafeInteger(one)) as number | undefined;
  return { code: code as SealFindingCode, version: place ?? null, seal: null, message };
}
