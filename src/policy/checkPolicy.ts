import * as v from 'valibot';
import type { Fault } from '../errors.js';
import { faultsOf, MISSING } from '../input/faults.js';
import { minorDigits } from '../money/currency.js';
import { policySchema } from './policySchema.js';

/** A policy with its defaults. */
type CompletePolicy = v.InferOutput<ReturnType<typeof policySchema>>;

/** A complete policy, or everything that is wrong with what was given as one. */
export type CheckedPolicy = { readonly policy: CompletePolicy } | { readonly faults: readonly Fault[] };

/** Checks what was given as a policy. Never throws, whatever the input does when it is read. */
export function checkPolicy(input: unknown): CheckedPolicy {
  try {
    return checkReadable(input);
  } catch {
    const found = 'something that throws when it is read';
    return { faults: [{ path: '', expected: 'a policy that can be read', found }] };
  }
}

function checkReadable(input: unknown): CheckedPolicy {
  const currency = (input as { currency?: unknown } | null | undefined)?.currency;
  const digits = minorDigits(currency as string);
  const schema = policySchema(digits ?? 2);
  const result = v.safeParse(schema, input);
  const faults = faultsOf(result.issues ?? [], schema);
  if (digits === undefined) {
    const known = typeof currency === 'string' ? JSON.stringify(currency.slice(0, 20)) : typeof currency;
    const found = currency === undefined ? MISSING : known;
    const others = faults.filter(({ path }) => path !== 'currency');
    return { faults: [{ path: 'currency', expected: 'an ISO 4217 code', found }, ...others] };
  }
  return result.success ? { policy: result.output } : { faults };
}
