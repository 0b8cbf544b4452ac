import { isPatronFeesError } from '../errors.js';
import type { NamedStream, StreamId, StreamKey } from '../history/eventStore.js';
import { RETRY } from '../history/retry.js';

/** An account that a job could not process. The job continues with the others. */
export type AccountFinding = StreamId & {
  /**
   * The reason.
   *
   * - `CORRUPT_HISTORY`: its events do not fold.
   * - `INVALID_EVENT`: one of its events is invalid.
   * - `OTHER_CURRENCY`: its currency differs from the policy's.
   * - `ACCOUNT_BUSY`: every append conflicted with another writer's; run the job again.
   */
  readonly code: 'CORRUPT_HISTORY' | 'INVALID_EVENT' | 'OTHER_CURRENCY' | 'ACCOUNT_BUSY';
  /** The finding in one sentence. */
  readonly message: string;
};

/** A stream of the office that a job could not read: a till, or the remittances of an external system. */
export type OfficeFinding = NamedStream & {
  /**
   * The reason.
   *
   * - `CORRUPT_HISTORY`: its events do not fold.
   * - `INVALID_EVENT`: one of its events is invalid.
   * - `OTHER_CURRENCY`: the currency of a till differs from the policy's.
   */
  readonly code: 'CORRUPT_HISTORY' | 'INVALID_EVENT' | 'OTHER_CURRENCY';
  /** The finding in one sentence. */
  readonly message: string;
};

/** A finding of a job that reads the store of the office too. */
export type StreamFinding = AccountFinding | OfficeFinding;

/** Why a job leaves out an account: its events cannot be read or folded. A person should check them. */
export type AccountUnreadable = {
  /** The type of the reason. */
  readonly type: 'AccountUnreadable';
  /** The error's code. */
  readonly code: 'CORRUPT_HISTORY' | 'INVALID_EVENT';
  /** The error's message. */
  readonly message: string;
};

/** Why a job leaves out an account: every append conflicted with another writer's. Run the job again. */
export type AccountBusy = {
  /** The type of the reason. */
  readonly type: 'AccountBusy';
  /** The number of attempts. */
  readonly attempts: number;
};

/** Returns the finding for an account to which other writers appended first at every attempt. */
export function busy({ institution, patronId }: StreamId): AccountFinding {
  const message = `other writers were first at each of ${RETRY.attempts} attempts: run the job again`;
  return { institution, patronId, code: 'ACCOUNT_BUSY', message };
}

type Unreadable = Pick<AccountUnreadable, 'code'>;

/** Returns the finding for a stream whose events cannot be read or folded. Rethrows every other error. */
export function unreadable(stream: StreamId, error: unknown): AccountFinding & Unreadable;
export function unreadable(stream: NamedStream, error: unknown): OfficeFinding & Unreadable;
export function unreadable(stream: StreamKey, error: unknown): StreamFinding;
export function unreadable(stream: StreamKey, error: unknown): StreamFinding {
  if (!isPatronFeesError(error) || (error.code !== 'CORRUPT_HISTORY' && error.code !== 'INVALID_EVENT'))
    throw error;
  const { institution } = stream;
  const found = { code: error.code, message: error.message };
  return 'stream' in stream
    ? { institution, stream: stream.stream, ...found }
    : { institution, patronId: stream.patronId, ...found };
}

/**
 * Returns the finding for an account whose currency differs from the policy's; null if it matches, or if the account
 * has no currency yet.
 */
export function otherCurrency(
  { institution, patronId }: StreamId,
  found: string | null,
  expected: string,
): AccountFinding | null {
  if (found === null || found === expected) return null;
  const message = `the account is in ${found}, the policy in ${expected}`;
  return { institution, patronId, code: 'OTHER_CURRENCY', message };
}
