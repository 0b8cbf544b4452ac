import { readFile } from 'node:fs/promises';
import { definePolicy, type FeePolicy, type FeePolicyInput, isPatronFeesError } from 'patron-fees';
import { CliError, fileError } from './terminal.js';

/** The options of every command that needs a policy. */
export type PolicyOptions = { readonly policy?: string; readonly currency?: string };

/**
 * Reads the policy of a file: JSON, as `definePolicy` takes it; or the default policy.
 *
 * @throws {@link CliError} with every fault of the policy, or if `currency` is another one than that of the file
 */
export async function readPolicy({ policy: file, currency }: PolicyOptions): Promise<FeePolicy> {
  if (file === undefined) return defined('--currency', { currency: currency ?? 'USD' });
  const policy = defined(file, (await readJson(file)) as FeePolicyInput);
  if (currency !== undefined && currency !== policy.currency)
    throw new CliError(`--currency ${currency}: the policy ${file} has ${policy.currency}.`);
  return policy;
}

/** Reads a file of JSON. */
export async function readJson(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((error) => {
    throw fileError(file, error);
  });
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    throw new CliError(`${file}: expected JSON: ${(error as Error).message}`);
  }
}

function defined(name: string, input: FeePolicyInput): FeePolicy {
  try {
    return definePolicy(input);
  } catch (error) {
    if (!isPatronFeesError(error)) throw error;
    throw new CliError(`${name}: ${error.message.replace(/^INVALID_POLICY: /, '')}`);
  }
}

/** Views want a policy in the account's currency. */
export function policyFor(policy: FeePolicy, currency: string | null): FeePolicy {
  return currency === null || currency === policy.currency ? policy : { ...policy, currency };
}
