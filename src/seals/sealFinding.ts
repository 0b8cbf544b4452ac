import * as v from 'valibot';
import { nameField, streamNameField, textField } from '../account/fieldSchemas.js';
import { isPatronFeesError } from '../errors.js';
import type { StreamId, StreamKey } from '../history/eventStore.js';
import { onlyFields } from '../input/plainObject.js';
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
 * - `EVENT_MISSING`: the stream ends before this event, which was sealed.
 * - `EVENT_ADDED`: an event was recorded before a cutoff and is not in its seal: by a slow clock, or by hand.
 * - `ACCOUNT_MISSING`: an account, or a stream of the office, that was sealed has no events.
 * - `ACCOUNT_ADDED`: an account or a stream had events before a cutoff and is not in its seal.
 * - `CORRUPT_HISTORY`: events are missing or do not fold, also after the last seal.
 * - `INVALID_EVENT`: an event cannot be read.
 * - `PURGE_UNKNOWN`: the purge of an account is not recorded in the office, or it removed something that was open or
 *   that no seal covers.
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
  /** The version of the stream that differs; null if it is not known, or the file that shows it is gone. */
  readonly version: number | null;
  /** The number of the seal that differs; null for what is after the last seal. */
  readonly seal: number | null;
  /**
   * What was found instead of what was sealed: the digest of the stream up to the last event of the seal, or up to an
   * added event; of `SEAL_CHANGED` the total of the file, of `JOURNAL_DIFFERS` the SHA-256 of the balances. Null where
   * nothing could be read.
   */
  readonly digest: string | null;
  /** The number of the seal whose form listed this finding as known, exactly as it is now; null if no form did. */
  readonly knownSince: number | null;
  /** The finding in one sentence. */
  readonly message: string;
};

/**
 * A difference that somebody has explained, so that the next month can be sealed: `{ ...finding, by, why }`. The file of
 * the seal lists it. A later change of the same event is another difference.
 */
export type KnownSealFinding = {
  /** What differs. */
  readonly code: SealFindingCode;
  /** The patron of the account; absent for a stream of the office. */
  readonly patronId?: string;
  /** The stream of the office; absent for an account. */
  readonly stream?: string;
  /** The version that differs, from the finding; null if the finding names no version. */
  readonly version: number | null;
  /** The number of the seal that differs, from the finding. */
  readonly seal: number | null;
  /** The digest that was seen, from the finding. */
  readonly digest: string | null;
  /** Who explained it. */
  readonly by: string;
  /** Why it differs. */
  readonly why: string;
};

/** The schema of {@link KnownSealFinding}. */
export const knownField = v.pipe(
  onlyFields({
    code: v.picklist(sealFindingCodes),
    patronId: v.exactOptional(nameField),
    stream: v.exactOptional(streamNameField),
    version: v.nullable(wholeNumber(1)),
    seal: v.nullable(wholeNumber(1)),
    digest: v.nullable(nameField),
    by: nameField,
    why: v.pipe(textField, v.nonEmpty('a text')),
    // What the finding says beside: not kept.
    institution: v.optional(nameField),
    knownSince: v.nullish(wholeNumber(1)),
    message: v.optional(textField),
  }),
  v.transform(({ institution: _, knownSince: _since, message: _message, ...known }) => known),
  v.check(
    ({ patronId, stream }) => (patronId === undefined) !== (stream === undefined),
    'either a patronId or a stream',
  ),
);

/** What tells findings apart. */
type FindingKey = Pick<KnownSealFinding, 'code' | 'patronId' | 'stream' | 'version'> &
  Partial<Pick<KnownSealFinding, 'seal' | 'digest'>>;

/**
 * Returns a text that is the same for a finding and for the entry that makes it known. Entries in the files of earlier
 * releases name neither seal nor digest.
 */
export function findingKey({ code, patronId, stream, version, seal, digest }: FindingKey): string {
  return JSON.stringify([code, patronId ?? null, stream ?? null, version, seal, digest]);
}

/** Returns the number of the seal that made a finding known; null if none did. */
export type KnownSince = (finding: Omit<SealFinding, 'knownSince' | 'message'>) => number | null;

/** Reads since when findings are known from what the files of the seals list, in their order. */
export function knownSinceOf(
  listed: readonly { readonly number: number; readonly known: readonly FindingKey[] }[],
): KnownSince {
  const seals = new Map<string, number[]>();
  for (const { number, known } of listed) {
    for (const entry of known)
      seals.set(findingKey(entry), [...(seals.get(findingKey(entry)) ?? []), number]);
  }
  return (finding) => {
    const { seal, digest, ...place } = finding;
    const [exact] = seals.get(findingKey(finding)) ?? [];
    // An entry that does not say what was seen explains nothing of the seals from its own on.
    const earlier = seals.get(findingKey(place))?.find((number) => seal === null || seal < number);
    return exact ?? earlier ?? null;
  };
}

/** A finding, before it is known whether somebody has explained it. */
export type Difference = Pick<SealFinding, 'code' | 'version' | 'seal'> &
  Partial<Pick<SealFinding, 'digest' | 'message' | 'knownSince'>>;

const sentences: Readonly<Record<SealFindingCode, string>> = {
  EVENT_CHANGED: 'is not the event that was sealed',
  EVENT_MISSING: 'was sealed and is missing, with all sealed after it',
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
  { code, version, seal, digest = null, message, knownSince = null }: Difference,
  since: KnownSince,
): SealFinding {
  const { institution } = stream;
  const id =
    'stream' in stream ? { institution, stream: stream.stream } : { institution, patronId: stream.patronId };
  const sentence = message ?? `event ${version ?? 'unknown'} ${sentences[code]}`;
  const finding = { ...id, code, version, seal, digest };
  return {
    ...finding,
    knownSince: since(finding) ?? knownSince,
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
