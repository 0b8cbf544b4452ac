import { PatronFeesError } from '../errors.js';
import { faultText, MISSING } from '../input/faults.js';
import { minorDigits } from '../money/currency.js';
import { definedPolicy, type FeePolicy } from '../policy/feePolicy.js';
import type { FastCheck } from './fastCheck.js';

function invalid(what: string): PatronFeesError {
  return new PatronFeesError('INVALID_ARGUMENT', what);
}

/** Checks a list of policies. Throws if one is invalid. */
export function checkedPolicies(policies: readonly FeePolicy[]): readonly FeePolicy[] {
  if (Array.isArray(policies) && policies.length > 0) return policies.map(definedPolicy);
  throw mismatch('policies', 'a list of at least one policy', policies);
}

/** Checks a count, which must be at least 1 unless `least` says otherwise. */
export function checkedCount(name: string, count: number, least = 1): number {
  if (Number.isSafeInteger(count) && count >= least) return count;
  throw mismatch(name, `a whole number of at least ${least}`, count);
}

/** Checks a random seed. Throws unless it is a 32-bit integer, because fast-check would silently truncate it. */
export function checkedSeed(seed: number | undefined): number | undefined {
  if (seed === undefined || (seed | 0) === seed) return seed;
  throw mismatch('seed', 'a 32-bit integer', seed);
}

/** Checks options, which default to an empty object. */
export function checkedOptions<Options extends object>(options: Options): Options {
  if (typeof options === 'object' && options !== null) return options;
  throw mismatch('options', 'an object', options);
}

/** Checks a function. */
export function checkedFunction<Given>(name: string, given: Given): Given {
  if (typeof given === 'function') return given;
  throw mismatch(name, 'a function', given);
}

/** Returns the error for an argument that is missing or not as expected. */
function mismatch(path: string, expected: string, given: unknown): PatronFeesError {
  return invalid(faultText({ path, expected, found: given === undefined ? MISSING : found(given) }));
}

/** Returns a number unchanged, and a description of any other value. */
function found(given: unknown): string {
  if (typeof given === 'string') return JSON.stringify(given);
  return typeof given === 'number' || given === null ? String(given) : typeof given;
}

/** Returns the number of decimals of a currency. */
export function checkedDigits(currency: string): number {
  const digits = typeof currency === 'string' ? minorDigits(currency) : undefined;
  if (digits !== undefined) return digits;
  throw mismatch('currency', 'an ISO 4217 code', currency);
}

/** Checks that the argument is fast-check, or offers the same functions. */
export function checkedFastCheck(fc: FastCheck): FastCheck {
  if (typeof fc?.property === 'function' && typeof fc.oneof === 'function') return fc;
  throw invalid("fc: expected fast-check, as `import fc from 'fast-check'` gives it");
}
