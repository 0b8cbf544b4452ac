/**
 * Returns what two spellings of one user have in common: compares without case, outer blanks and Unicode form (`Ana`,
 * `ana ` and full-width letters are one user). Nobody and a blank text have the key `''`.
 */
export function userKey(userId: string | undefined): string {
  if (userId === undefined) return '';
  // Capital letters last: some small letters have the same capitals (ß and ss, σ and ς).
  return userId.normalize('NFKC').toLowerCase().toUpperCase().normalize('NFKC').trim();
}

/** Returns whether two users are both named, and not one user. */
export function areTwoUsers(one: string | undefined, other: string | undefined): boolean {
  const keys = [userKey(one), userKey(other)];
  return !keys.includes('') && keys[0] !== keys[1];
}
