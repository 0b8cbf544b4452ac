import { PatronFeesError } from '../errors.js';
import { faultText } from '../input/faults.js';
import type { BlockLimit } from './blockLimits.js';
import { checkPolicy } from './checkPolicy.js';
import type { FeeTypeRule } from './feeType.js';
import type { PaymentOrder } from './paymentOrder.js';

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
  /**
   * Limits by user group, above which a patron is blocked; under `'*'` those of all groups that are not listed. An empty
   * list says that a group has no limit.
   */
  readonly blockLimits: Readonly<Record<string, readonly BlockLimit[]>>;
  /**
   * Above which amount fines of a fee type do not grow, by type, as decimal strings: all that is owed of the type counts
   * (Koha's MaxFine). A type without an entry has no limit.
   */
  readonly accrualLimits: Readonly<Record<string, string>>;
};

/** A fee type as one writes it: only the label is needed. */
export type FeeTypeInput = {
  /** What a person sees, e.g. `"Overdue fine"`. */
  readonly label: string;
  /**
   * Whether staff at a desk may charge it by hand.
   *
   * @defaultValue `true`
   */
  readonly manual?: boolean;
  /**
   * Whether a fee of this type may be waived.
   *
   * @defaultValue `true`
   */
  readonly waiveable?: boolean;
  /**
   * Whether it is charged for a lost item: then a waiver shows as a credit, and the item can be returned.
   *
   * @defaultValue `false`
   */
  readonly lostItem?: boolean;
  /**
   * How much of a lost-item fee is given back when the item returns, in percent (0 to 100, decimals are fine). Only a
   * lost-item type may have more than 0.
   *
   * @defaultValue `0`
   */
  readonly refundPercent?: number;
  /**
   * Whether the type is retired: it is charged no more, while its old fees are paid, waived and undone as before.
   *
   * @defaultValue `false`
   */
  readonly retired?: boolean;
};

/** A limit as one writes it: only the amount is needed. */
export type BlockLimitInput = {
  /** The limit, a decimal string; `"0"` blocks whoever owes anything. */
  readonly amount: string;
  /**
   * Whether a patron who owes exactly the amount is blocked. Otherwise only more than the amount blocks.
   *
   * @defaultValue `false`
   */
  readonly limitItselfBlocks?: boolean;
  /**
   * Fee types of this policy that do not count.
   *
   * @defaultValue none: every type counts
   */
  readonly excludedFeeTypes?: readonly string[];
};

/** Transfer rules as one writes them. */
export type TransferRuleInput = {
  /**
   * Whether the external system reports payments back: then what was transferred is pending until it does.
   *
   * @defaultValue `false`
   */
  readonly expectsSettlement?: boolean;
  /**
   * What a fee must reach to be eligible.
   *
   * @defaultValue no minimum
   */
  readonly fees?: TransferMinimum;
  /**
   * What a credit must reach to be eligible.
   *
   * @defaultValue no minimum
   */
  readonly credits?: TransferMinimum;
};

/** A policy as one writes it: only the currency is needed. A table that is given replaces the default table. */
export type FeePolicyInput = {
  /** ISO 4217 code of the currency that fees are charged in. */
  readonly currency: string;
  /**
   * Fee types by code.
   *
   * @defaultValue Alma's: {@link almaFeeTypes}
   */
  readonly feeTypes?: Readonly<Record<string, FeeTypeInput>>;
  /**
   * Labels of payment methods by code.
   *
   * @defaultValue Alma's: {@link almaPaymentMethods}
   */
  readonly paymentMethods?: Readonly<Record<string, string>>;
  /**
   * Labels of waiving reasons by code; a waiver needs one of them.
   *
   * @defaultValue Alma's: {@link almaWaiveReasons}
   */
  readonly waiveReasons?: Readonly<Record<string, string>>;
  /**
   * Labels of reasons for a credit by hand, by code.
   *
   * @defaultValue `GOODWILL` and `OTHER`
   */
  readonly creditReasons?: Readonly<Record<string, string>>;
  /**
   * Labels of external billing systems by code.
   *
   * @defaultValue `BURSAR`
   */
  readonly destinations?: Readonly<Record<string, string>>;
  /**
   * What becomes of a payment above what is owed: refused, or kept as a refundable credit.
   *
   * @defaultValue `"refuse"`
   */
  readonly overpayment?: 'refuse' | 'credit';
  /**
   * In which order a payment without allocations is spread over fees.
   *
   * @defaultValue `"oldest-first"`
   */
  readonly paymentOrder?: PaymentOrder;
  /**
   * What a returned lost item does to the part still unpaid: `percent` treats it like the paid part, `all` forgives it
   * and takes the percentage of what was paid or transferred.
   *
   * @defaultValue `"percent"`
   */
  readonly unpaidOnReturn?: 'percent' | 'all';
  /**
   * How fees and credits go to an external billing system.
   *
   * @defaultValue no minimum, and no settlement expected
   */
  readonly transfers?: TransferRuleInput;
  /**
   * Limits by user group, above which a patron is blocked; under `'*'` those of all groups that are not listed. An empty
   * list says that a group has no limit.
   *
   * @defaultValue none
   */
  readonly blockLimits?: Readonly<Record<string, readonly BlockLimitInput[]>>;
  /**
   * Above which amount fines of a fee type do not grow, by type, as decimal strings: all that is owed of the type counts.
   *
   * @defaultValue none
   */
  readonly accrualLimits?: Readonly<Record<string, string>>;
};

/** Freezes a policy through and through. */
function freeze<Value>(value: Value): Value {
  if (!Object.isFrozen(value)) {
    Object.values(value as object).forEach(freeze);
    Object.freeze(value);
  }
  return value;
}

/** The policies this module has checked; any other object is checked when it is used. */
const defined = /* @__PURE__ */ new WeakSet<object>();

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
  const result = checkPolicy(input);
  if ('faults' in result) {
    const list = result.faults.map((fault) => faultText(fault, 'policy'));
    throw new PatronFeesError('INVALID_POLICY', list.join('; '), { faults: result.faults });
  }
  const policy = freeze(structuredClone(result.policy as FeePolicy));
  defined.add(policy);
  return policy;
}

/** Gives a policy as it is when it was defined here; anything else (parsed JSON, a copy) is defined first. */
export function definedPolicy(policy: FeePolicy): FeePolicy {
  return defined.has(policy) ? policy : definePolicy(policy);
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
