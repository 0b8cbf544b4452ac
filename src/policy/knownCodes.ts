import { nearest } from '../input/nearest.js';

/** The codes that a policy has, where a command names one that it does not have. */
export type KnownCodes = {
  /** The code that was probably meant; null if none is similar. */
  readonly nearest: string | null;
  /** The codes of the policy in its order, the first 20. */
  readonly codes: readonly string[];
  /** The number of codes of the policy. */
  readonly count: number;
};

const CODES_MAX = 20;

/** Returns the codes of a policy's table, and the one that is nearest to an unknown code. */
export function knownCodes(unknown: string | undefined, codes: readonly string[]): KnownCodes {
  // A fee of an unchecked history may have anything as its type.
  const near = typeof unknown === 'string' ? nearest(unknown, codes) : undefined;
  return { nearest: near ?? null, codes: codes.slice(0, CODES_MAX), count: codes.length };
}

/** Returns the fee types that can be charged, and the one that is nearest to an unknown one. */
export function knownFeeTypes(
  unknown: string,
  feeTypes: Readonly<Record<string, { readonly retired?: boolean }>>,
): KnownCodes {
  const current = Object.keys(feeTypes).filter((code) => feeTypes[code]?.retired !== true);
  return knownCodes(unknown, current);
}

/**
 * Returns what follows a sentence about an unknown code, in English: the code that was probably meant, and all codes.
 */
export function englishCodes({ nearest: near, codes, count }: KnownCodes): string {
  const hint = near === null ? '' : ` Did you mean ${near}?`;
  const more = count > codes.length ? ` and ${count - codes.length} more` : '';
  return count === 0 ? ' The policy has none.' : `${hint} The policy has ${codes.join(', ')}${more}.`;
}
