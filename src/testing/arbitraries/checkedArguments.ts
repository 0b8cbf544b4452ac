import { PatronFeesError } from '../../errors.js';
import { minorDigits } from '../../money/currency.js';
import { definedPolicy, type FeePolicy } from '../../policy/feePolicy.js';
import type { FastCheck } from '../fastCheck.js';

function invalid(what: string): PatronFeesError {
  return new PatronFeesError('INVALID_ARGUMENT', what);
}

/** Policies, each of them whole. */
export function checkedPolicies(policies: readonly FeePolicy[]): readonly FeePolicy[] {
  if (Array.isArray(policies) && policies.length > 0) return policies.map(definedPolicy);
  throw invalid('policies: expected a list of at least one policy');
}

/** A number of things, at least one. */
export function checkedCount(name: string, count: number): number {
  if (Number.isSafeInteger(count) && count > 0) return count;
  throw invalid(`${name}: expected a whole number above 0, found ${String(count)}`);
}

/** How many decimals a currency has. */
export function checkedDigits(currency: string): number {
  const digits = typeof currency === 'string' ? minorDigits(currency) : undefined;
  if (digits !== undefined) return digits;
  throw invalid(`currency: expected an ISO 4217 code, found ${String(currency)}`);
}

/** fast-check, or something that can do what it does here. */
export function checkedFastCheck(fc: FastCheck): FastCheck {
  if (typeof fc?.property === 'function' && typeof fc.oneof === 'function') return fc;
  throw invalid("fc: expected fast-check, as `import fc from 'fast-check'` gives it");
}
