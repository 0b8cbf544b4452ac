import * as v from 'valibot';
import { type Fault, PatronFeesError } from '../errors.js';
import { faultsOf, faultText, MISSING } from '../input/faults.js';
import { minorDigits } from '../money/currency.js';
import type { Notices } from './notices.js';
import type { OnlinePayments } from './onlinePayments.js';
import type { PaymentOrder } from './paymentOrder.js';
import type { Approvals, Duties, Permissions } from './permissions.js';
import type { FeePolicyInput } from './policyInput.js';
import type {
  Backdating,
  BlockLimit,
  FeeTypeRule,
  Retention,
  TransferRule,
  WaiveReason,
} from './policyRules.js';
import { policySchema } from './policySchema.js';

/** What an institution configures: plain JSON, complete and frozen. Created by {@link definePolicy}. */
export type FeePolicy = {
  /** ISO 4217 code of the currency that fees are charged in. */
  readonly currency: string;
  /** Fee types by code. */
  readonly feeTypes: Readonly<Record<string, FeeTypeRule>>;
  /** Labels of payment methods by code. */
  readonly paymentMethods: Readonly<Record<string, string>>;
  /** Waiving reasons by code; a waiver needs one of them. */
  readonly waiveReasons: Readonly<Record<string, WaiveReason>>;
  /** Labels of reasons for a credit that staff issue, by code. */
  readonly creditReasons: Readonly<Record<string, string>>;
  /** Labels of external billing systems by code. */
  readonly destinations: Readonly<Record<string, string>>;
  /** Whether a payment above what is owed is refused, or the excess becomes a refundable credit. */
  readonly overpayment: 'refuse' | 'credit';
  /** In which order a payment or a credit without allocations is spread over fees. */
  readonly paymentOrder: PaymentOrder;
  /**
   * How the unpaid part of a fee is treated if the lost item returns: `percent` treats it like the paid part; `all`
   * forgives it and applies the percentage to what was paid or transferred.
   */
  readonly unpaidOnReturn: 'percent' | 'all';
  /** How fees and credits go to an external billing system. */
  readonly transfers: TransferRule;
  /**
   * Limits on what a patron may owe before being blocked, by user group; `'*'` has the limits of all other groups. An
   * empty list means that the group has no limit.
   */
  readonly blockLimits: Readonly<Record<string, readonly BlockLimit[]>>;
  /**
   * The amount owed of a fee type at which its fines stop growing, by type, as decimal strings (Koha's MaxFine). A type
   * without an entry has no limit.
   */
  readonly accrualLimits: Readonly<Record<string, string>>;
  /** Which roles may give which command, and up to which amount; absent if everybody may do everything. */
  readonly permissions?: Permissions;
  /** Which commands need approval above which amount; absent if none does. */
  readonly approvals?: Approvals;
  /** Which types of commands one user may not give for the same thing; absent if one user may give all. */
  readonly duties?: Duties;
  /** How far back the time of a command may lie; absent for any time. */
  readonly backdating?: Backdating;
  /** The least ages at which jobs may purge accounts and erase texts; absent for those in the job's form. */
  readonly retention?: Retention;
  /** After how many days of 24 hours an unclaimed credit may be forfeited; absent if none may. */
  readonly forfeitAfterDays?: number;
  /** Whether texts may contain what looks like the number of a payment card. */
  readonly cardNumbers: 'refused' | 'allowed';
  /**
   * How patrons pay online; `false` if they pay nothing here; absent if only a program of your own takes such payments.
   */
  readonly onlinePayments?: OnlinePayments | false;
  /** Which notices patrons get; absent for none. */
  readonly notices?: Notices;
  /** The payment methods whose takings the closing of a till has to declare; absent for all. */
  readonly tillMethods?: readonly string[];
  /** Whether every payment at a desk has to have a numbered receipt; absent if not. */
  readonly receipts?: 'always';
  /** Labels of what entries of a bank's own are for, and why a person ends money, by code; absent for none. */
  readonly bankReasons?: Readonly<Record<string, string>>;
};

/** Freezes a value deeply. */
function freeze<Value>(value: Value): Value {
  if (!Object.isFrozen(value)) {
    Object.values(value as object).forEach(freeze);
    Object.freeze(value);
  }
  return value;
}

/** The policies that `definePolicy` returned; any other object is checked on use. */
const defined = /* @__PURE__ */ new WeakSet<object>();

/** A complete policy, or the faults of the input. */
type CheckedPolicy = { readonly policy: FeePolicy } | { readonly faults: readonly Fault[] };

/** Checks a policy. Never throws, even if reading the input does. */
function check(input: unknown): CheckedPolicy {
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
  return result.success ? { policy: result.output as FeePolicy } : { faults };
}

/**
 * Validates a policy, completes it with defaults and freezes it.
 *
 * The defaults are Alma's code tables ({@link almaFeeTypes}, {@link almaPaymentMethods}), payments and credits oldest
 * fee first, overpayments refused, no block limits. The input is not changed.
 *
 * @param input - the institution's choices; only the currency is required
 * @returns the complete policy
 * @throws {@link PatronFeesError} `INVALID_POLICY` with every fault and its path in `details.faults`
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 *
 * const policy = definePolicy({
 *   currency: 'USD',
 *   feeTypes: { OVERDUEFINE: { label: 'Overdue fine' } },
 *   overpayment: 'credit',
 * });
 * policy.feeTypes.OVERDUEFINE?.waiveable; //=> true
 * policy.paymentOrder; //=> 'oldest-first'
 * ```
 */
export function definePolicy(input: FeePolicyInput): FeePolicy {
  const result = check(input);
  if ('faults' in result) {
    const list = result.faults.map((fault) => faultText(fault, { whole: 'policy' }));
    throw new PatronFeesError('INVALID_POLICY', list.join('; '), { faults: result.faults });
  }
  const policy = freeze(structuredClone(result.policy as FeePolicy));
  defined.add(policy);
  return policy;
}

/** Returns a policy that `definePolicy` made, unchanged; passes any other (parsed JSON, a copy) to `definePolicy`. */
export function definedPolicy(policy: FeePolicy): FeePolicy {
  return defined.has(policy) ? policy : definePolicy(policy);
}

/**
 * Returns the rule of a fee type.
 *
 * @param policy - the institution's policy
 * @param feeType - any text
 * @returns the rule, or `undefined` if the policy has no such type
 *
 * @example
 * ```ts
 * import { definePolicy, feeTypeRule } from 'patron-fees';
 *
 * const policy = definePolicy({ currency: 'USD' });
 * feeTypeRule(policy, 'LOSTITEMREPLACEMENTFEE')?.refundPercent; //=> 100
 * feeTypeRule(policy, 'constructor'); //=> undefined
 * ```
 */
export function feeTypeRule(policy: FeePolicy, feeType: string): FeeTypeRule | undefined {
  return Object.hasOwn(policy.feeTypes, feeType) ? policy.feeTypes[feeType] : undefined;
}
