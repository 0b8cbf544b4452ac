import * as v from 'valibot';
import { type Fault, PatronFeesError } from '../errors.js';
import { faultsOf } from '../faults.js';
import { amountSchema } from '../money/amountSchema.js';
import { minorDigits } from '../money/currency.js';
import type { BlockLimit } from './blockLimits.js';
import { almaFeeTypes, almaPaymentMethods, almaWaiveReasons } from './codeTables.js';
import { type PaymentOrder, paymentOrders } from './paymentOrder.js';

/** What an institution decided about one fee type. */
export type FeeTypeRule = {
  /** What a person sees, e.g. `"Overdue fine"`. */
  readonly label: string;
  /** Whether staff at a desk may charge it by hand. */
  readonly manual: boolean;
  /** Whether a fee of this type may be waived. */
  readonly waiveable: boolean;
  /** Whether it is charged for a lost item: then a waiver shows as a credit, and the item can be returned. */
  readonly lostItem: boolean;
  /** How much of a lost-item fee is given back when the item returns, in percent (0 to 100, decimals are fine). */
  readonly refundPercent: number;
  /** A retired type is charged no more; its old fees are paid, waived and undone as before. */
  readonly retired?: boolean;
};

/** What a fee or a credit must reach before "transfer all that is eligible" takes it. */
export type TransferMinimum = {
  /** The least amount still open, a decimal string; none if left out. */
  readonly minimumAmount?: string;
  /** The least age in days of 24 hours, from the assessment or issue to the command's `at`; 0 if left out. */
  readonly minimumAgeDays?: number;
};

/** How fees and credits go to an external billing system. */
export type TransferRule = {
  /** Whether the external system reports payments back: then what was transferred is pending until it does. */
  readonly expectsSettlement: boolean;
  /** The minimum for fees. */
  readonly fees: TransferMinimum;
  /** The minimum for credits. */
  readonly credits: TransferMinimum;
};

/** What an institution configures: plain JSON, frozen, complete. Made by {@link definePolicy}. */
export type FeePolicy = {
  /** ISO 4217 code of the currency that fees are charged in. */
  readonly currency: string;
  /** Fee types by code. */
  readonly feeTypes: Readonly<Record<string, FeeTypeRule>>;
  /** Labels of payment methods by code. */
  readonly paymentMethods: Readonly<Record<string, string>>;
  /** Labels of waiving reasons by code; a waiver needs one of them. */
  readonly waiveReasons: Readonly<Record<string, string>>;
  /** Labels of reasons for a credit by hand, by code. */
  readonly creditReasons: Readonly<Record<string, string>>;
  /** Labels of external billing systems by code. */
  readonly destinations: Readonly<Record<string, string>>;
  /** What becomes of a payment above what is owed: refused, or kept as a refundable credit. */
  readonly overpayment: 'refuse' | 'credit';
  /** In which order a payment without allocations is spread over fees. */
  readonly paymentOrder: PaymentOrder;
  /**
   * What a returned lost item does to the part still unpaid: `percent` treats it like the paid part, `all` forgives it
   * and takes the percentage of what was paid or transferred.
   */
  readonly unpaidOnReturn: 'percent' | 'all';
  /** How fees and credits go to an external billing system. */
  readonly transfers: TransferRule;
  /** Limits by user group, above which a patron is blocked. */
  readonly blockLimits: Readonly<Record<string, readonly BlockLimit[]>>;
};

/** A fee type as one writes it: all but the label has a default (manual, waiveable, no lost item, 0 percent). */
export type FeeTypeInput = Pick<FeeTypeRule, 'label'> & Partial<FeeTypeRule>;

/** A limit as one writes it: all but the amount has a default (no excluded types; only more than the amount blocks). */
export type BlockLimitInput = Pick<BlockLimit, 'amount'> & Partial<BlockLimit>;

/** A policy as one writes it: all but the currency has a default. A table that is given replaces the default table. */
export type FeePolicyInput = Pick<FeePolicy, 'currency'> &
  Partial<Omit<FeePolicy, 'feeTypes' | 'transfers' | 'blockLimits'>> & {
    /** Fee types by code; Alma's if left out. */
    readonly feeTypes?: Readonly<Record<string, FeeTypeInput>>;
    /** Transfer rules; no minimum and no settlement expected if left out. */
    readonly transfers?: Partial<TransferRule>;
    /** Limits by user group; none if left out. */
    readonly blockLimits?: Readonly<Record<string, readonly BlockLimitInput[]>>;
  };

const CODE_LENGTH_MAX = 200;

/** Keys that a plain object cannot hold as ordinary fields in every tool that handles JSON. */
const unusableCodes = ['__proto__', 'constructor', 'prototype'];

const code = v.pipe(
  v.string(),
  v.check(
    (text) => text.length > 0 && text.length <= CODE_LENGTH_MAX && !text.includes('\u0000'),
    `a code of 1 to ${CODE_LENGTH_MAX} characters without U+0000`,
  ),
);
const label = v.pipe(v.string(), v.nonEmpty('a label'));
const labels = table(label);

/** A table by code: a record without the codes that plain objects cannot hold. */
function table<Schema extends v.GenericSchema>(entry: Schema) {
  return v.pipe(
    v.custom<Record<string, unknown>>(
      (input) =>
        typeof input === 'object' &&
        input !== null &&
        !unusableCodes.some((name) => Object.hasOwn(input, name)),
      `a table by code (${unusableCodes.join(', ')} cannot be codes)`,
    ),
    v.record(code, entry),
  );
}

const feeTypeSchema = v.pipe(
  v.strictObject({
    label,
    manual: v.optional(v.boolean(), true),
    waiveable: v.optional(v.boolean(), true),
    lostItem: v.optional(v.boolean(), false),
    refundPercent: v.optional(
      v.pipe(
        v.number(),
        v.check((percent) => percent >= 0 && percent <= 100, 'a percentage from 0 to 100'),
      ),
      0,
    ),
    retired: v.exactOptional(v.boolean()),
  }),
  v.forward(
    v.check((rule) => rule.lostItem || rule.refundPercent === 0, '0, since the type is no lost item'),
    ['refundPercent'],
  ),
);

/** Makes the schema of a whole policy, for a currency with so many decimals. */
function policySchema(digits: number) {
  const amount = amountSchema(digits);
  const minimum = v.optional(
    v.strictObject({
      minimumAmount: v.exactOptional(amount),
      minimumAgeDays: v.exactOptional(v.pipe(v.number(), v.minValue(0, 'a number of days, 0 or more'))),
    }),
    {},
  );
  const limit = v.strictObject({
    amount,
    limitItselfBlocks: v.optional(v.boolean(), false),
    excludedFeeTypes: v.optional(v.array(code), []),
  });
  return v.pipe(
    v.strictObject({
      currency: v.string(),
      feeTypes: v.optional(table(feeTypeSchema), almaFeeTypes),
      paymentMethods: v.optional(labels, almaPaymentMethods),
      waiveReasons: v.optional(labels, almaWaiveReasons),
      creditReasons: v.optional(labels, { GOODWILL: 'Goodwill', OTHER: 'Other' }),
      destinations: v.optional(labels, { BURSAR: 'Bursar' }),
      overpayment: v.optional(v.picklist(['refuse', 'credit']), 'refuse'),
      paymentOrder: v.optional(v.picklist(paymentOrders), 'oldest-first'),
      unpaidOnReturn: v.optional(v.picklist(['percent', 'all']), 'percent'),
      transfers: v.optional(
        v.strictObject({
          expectsSettlement: v.optional(v.boolean(), false),
          fees: minimum,
          credits: minimum,
        }),
        {},
      ),
      blockLimits: v.optional(table(v.array(limit)), {}),
    }),
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed) return;
      const { feeTypes, blockLimits } = dataset.value;
      for (const [group, limits] of Object.entries(blockLimits)) {
        for (const [index, { excludedFeeTypes }] of limits.entries()) {
          const unknown = excludedFeeTypes.find((type) => !Object.hasOwn(feeTypes, type));
          if (unknown === undefined) continue;
          addIssue({
            message: 'fee types of this policy only',
            received: JSON.stringify(unknown),
            path: pathTo(dataset.value, 'blockLimits', group, index, 'excludedFeeTypes'),
          });
        }
      }
    }),
  );
}

/** A path into a policy, in the shape the schema library wants. */
function pathTo(
  input: Record<string, unknown>,
  ...keys: (string | number)[]
): [v.IssuePathItem, ...v.IssuePathItem[]] {
  const [first, ...rest] = keys.map(
    (key) => ({ type: 'unknown', origin: 'value', input, key, value: null }) as const,
  );
  return [first as v.IssuePathItem, ...rest];
}

/** Freezes a policy through and through. */
function freeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.values(value).forEach(freeze);
    Object.freeze(value);
  }
  return value;
}

/** The policies this module has checked; any other object is checked when it is used. */
const defined = /* @__PURE__ */ new WeakSet<object>();

/** Everything that is wrong with what was given as a policy, or the policy. */
function check(input: unknown): { readonly policy: FeePolicy } | { readonly faults: readonly Fault[] } {
  const currency = (input as { currency?: unknown } | null | undefined)?.currency;
  const digits = typeof currency === 'string' ? minorDigits(currency) : undefined;
  const result = v.safeParse(policySchema(digits ?? 2), input);
  const faults = faultsOf(result.issues ?? []);
  if (digits === undefined) {
    const found = typeof currency === 'string' ? JSON.stringify(currency.slice(0, 20)) : typeof currency;
    faults.unshift({ path: 'currency', expected: 'an ISO 4217 code', found });
  }
  return result.success && digits !== undefined ? { policy: result.output as FeePolicy } : { faults };
}

/**
 * Completes a policy with defaults, validates it and freezes it.
 *
 * The defaults are Alma's code tables ({@link almaFeeTypes}, {@link almaPaymentMethods}), payments oldest fee first,
 * overpayments refused, no block limits. The input is left as it was.
 *
 * @param input - the institution's choices; only the currency is needed
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
    const list = result.faults.map(
      (fault) => `${fault.path}: expected ${fault.expected}, found ${fault.found}`,
    );
    throw new PatronFeesError('INVALID_POLICY', list.join('; '), { faults: result.faults });
  }
  const policy = freeze(structuredClone(result.policy));
  defined.add(policy);
  return policy;
}

/** Gives a policy as it is when it was defined here; anything else (parsed JSON, a copy) is defined first. */
export function definedPolicy(policy: FeePolicy): FeePolicy {
  return typeof policy === 'object' && policy !== null && defined.has(policy) ? policy : definePolicy(policy);
}

/**
 * Looks up the rule of a fee type.
 *
 * @param policy - the institution's policy
 * @param feeType - a fee type code, of any spelling
 * @returns the rule, or `undefined` for a type the policy does not know
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
