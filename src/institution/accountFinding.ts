import { isPatronFeesError } from '../errors.js';
import type { StreamId } from '../history/eventStore.js';

/** An account that a job could not take in. The job goes on with the others. */
export type AccountFinding = StreamId & {
  /**
   * What is wrong with it.
   *
   * - `CORRUPT_HISTORY`: its events do not fold.
   * - `INVALID_EVENT`: what is stored of it is no event of this library.
   * - `OTHER_CURRENCY`: its currency is not the policy's.
   */
  readonly code: 'CORRUPT_HISTORY' | 'INVALID_EVENT' | 'OTHER_CURRENCY';
  /** One sentence for a person. */
  readonly message: string;
};

/** What a job finds where an account's events cannot be read or folded. Throws on whatever else went wrong. */
export function unreadable({ institution, patronId }: StreamId, error: unknown): AccountFinding {
  if (isPatronFeesError(error) && (error.code === 'CORRUPT_HISTORY' || error.code === 'INVALID_EVENT')) {
    return { institution, patronId, code: error.code, message: error.message };
  }
  throw error;
}

/** What a job finds where an account is in another currency than the policy; nothing where it has none yet. */
export function otherCurrency(
  { institution, patronId }: StreamId,
  found: string | null,
  expected: string,
): AccountFinding | null {
  if (found === null || found === expected) return null;
  const message = `the account is in ${found}, the policy in ${expected}`;
  return { institution, patronId, code: 'OTHER_CURRENCY', message };
}
