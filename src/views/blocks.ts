import * as v from 'valibot';
import { isAccruing } from '../account/accrual.js';
import { owed } from '../account/fee.js';
import { assertAccount, emptyAccount, type PatronAccount } from '../account/patronAccount.js';
import { behindPlan } from '../account/paymentPlan.js';
import { PatronFeesError } from '../errors.js';
import { checkedArgument } from '../input/checkedArgument.js';
import { dateField } from '../input/instant.js';
import { digitsOf } from '../money/currency.js';
import { parseAmount } from '../money/money.js';
import { definedPolicy, type FeePolicy } from '../policy/feePolicy.js';
import type { BlockLimit } from '../policy/policyRules.js';
import { amountWriter, viewCurrency } from './amountWriter.js';

/** The key of the limits for user groups that the policy does not list. */
const ALL_OTHER_GROUPS = '*';

/** Options of {@link blocks}. */
export type BlocksOptions = {
  /** The patron's user group. */
  readonly group: string;
  /**
   * The day, a local date of the library `YYYY-MM-DD`: instalments of payment plans until then are due. Required if a
   * limit of the group excuses payment plans.
   *
   * @defaultValue no day: no limit may excuse payment plans
   */
  readonly on?: string;
};

/** A limit, and what the patron owes on the fees that count for it. Amounts are decimal strings. */
export type LimitCheck = BlockLimit & {
  /** What is owed on fees that count for this limit, disputed ones included; a decimal string. */
  readonly owed: string;
  /** The part of `owed` that is disputed. */
  readonly owedDisputed: string;
  /** The part of `owed` on fines that still grow. */
  readonly owedAccruing: string;
  /** What is owed on fees of payment plans that the limit excuses, and is not part of `owed`. */
  readonly owedExcused: string;
  /** Whether the patron exceeds the limit, or reaches it if `limitItselfBlocks`. */
  readonly broken: boolean;
};

/** Whether a patron is blocked because of what is owed. */
export type Blocks = {
  /** The patron's user group. */
  readonly group: string;
  /** Whose limits were checked: those of the group, or those of `'*'` if the policy does not list the group. */
  readonly limitsOf: string;
  /** ISO 4217 code of all amounts. */
  readonly currency: string;
  /** Whether any limit is broken. */
  readonly blocked: boolean;
  /** The limits in the policy's order; empty if the policy lists the group without limits. */
  readonly limits: readonly LimitCheck[];
};

/**
 * Checks what a patron owes against the limits of a user group.
 *
 * Only what is owed counts: not amounts that a waiver has set off, and not amounts transferred to an external system.
 * Disputed fees count until the dispute is resolved, because a patron could otherwise lift a block by disputing;
 * `owedDisputed` lets staff decide. Unused credits are not deducted.
 *
 * Fees of a payment plan count too, unless the limit excuses plans and the patron is not behind on the day `on`.
 *
 * A group that the policy does not list has the limits of `'*'`. The function throws if the policy has no `'*'` either,
 * because a misspelt group would never be blocked. `GUEST: []` or `'*': []` means no limit.
 *
 * @param account - a patron account; of several, what their patrons owe together counts (a household)
 * @param policy - the institution's policy, with its `blockLimits`
 * @param options - the patron's user group, and the day
 * @returns each limit with the figures, ready for JSON
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if the group is not a string, if the
 * policy has no limits for it or for `'*'` (`details`: the group, and the groups of the policy), if `on` is missing or
 * not a date, or if account and policy have different currencies; `INVALID_POLICY` if the policy is invalid
 *
 * @example
 * ```ts
 * import { definePolicy, fold } from 'patron-fees';
 * import { blocks } from 'patron-fees/views';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const account = fold([
 *   { type: 'FeeAssessed', data: { feeId: 'f1', feeType: 'OTHER', amount: '25.00', currency: 'USD', owner: 'MAIN', at } },
 * ]);
 * const policy = definePolicy({
 *   currency: 'USD',
 *   blockLimits: { STUDENT: [{ amount: '25.00', limitItselfBlocks: true }], STAFF: [{ amount: '25.00' }] },
 * });
 * blocks(account, policy, { group: 'STUDENT' }).blocked; //=> true
 * blocks(account, policy, { group: 'STAFF' }).blocked; //=> false
 * ```
 */
export function blocks(
  account: PatronAccount | readonly PatronAccount[],
  policy: FeePolicy,
  options: BlocksOptions,
): Blocks {
  const known = definedPolicy(policy);
  const { blockLimits, currency } = known;
  const accounts = [account].flat() as readonly PatronAccount[];
  const write = amountWriter(emptyAccount(), known);
  const { group, on } = checkedArgument(optionsSchema, options, 'options');
  for (const one of accounts) {
    assertAccount(one);
    if (viewCurrency(one, known) === currency) continue;
    const figures = { account: one.currency, policy: currency };
    const message = 'the account and the policy have different currencies';
    throw new PatronFeesError('INVALID_ARGUMENT', message, figures);
  }
  const limitsOf = groupOfLimits(blockLimits, group);
  const ofGroup = blockLimits[limitsOf] as readonly BlockLimit[];
  if (on === undefined && ofGroup.some(({ excusesPaymentPlans }) => excusesPaymentPlans)) {
    checkedArgument(dateField, on, 'options.on');
  }
  const limits = ofGroup.map((limit): LimitCheck => {
    const counted = countedFor(limit, accounts, on);
    const maximum = parseAmount(limit.amount, digitsOf(currency));
    const broken = limit.limitItselfBlocks ? counted.owed >= maximum : counted.owed > maximum;
    return {
      amount: limit.amount,
      limitItselfBlocks: limit.limitItselfBlocks,
      excludedFeeTypes: [...limit.excludedFeeTypes],
      excusesPaymentPlans: limit.excusesPaymentPlans,
      owed: write(counted.owed),
      owedDisputed: write(counted.disputed),
      owedAccruing: write(counted.accruing),
      owedExcused: write(counted.excused),
      broken,
    };
  });
  return { group, limitsOf, currency, blocked: limits.some(({ broken }) => broken), limits };
}

const optionsSchema = v.object({ group: v.string(), on: v.exactOptional(dateField) });

/** Returns the key of the limits that apply to a group: the group or `'*'`. */
function groupOfLimits(blockLimits: FeePolicy['blockLimits'], group: string): string {
  if (Object.hasOwn(blockLimits, group)) return group;
  if (Object.hasOwn(blockLimits, ALL_OTHER_GROUPS)) return ALL_OTHER_GROUPS;
  const groups = Object.keys(blockLimits);
  throw new PatronFeesError(
    'INVALID_ARGUMENT',
    `options.group: expected a group with blockLimits in the policy (${groups.join(', ') || 'none'}), or limits for '*', found ${JSON.stringify(group)}`,
    { group, groups },
  );
}

/**
 * What is owed and counts for a limit, its parts on disputed fees and growing fines, and what is excused, in minor
 * units.
 */
type Counted = { owed: number; disputed: number; accruing: number; excused: number };

/** Returns what is owed on the fees that count for a limit. */
function countedFor(limit: BlockLimit, accounts: readonly PatronAccount[], on: string | undefined): Counted {
  const counted = { owed: 0, disputed: 0, accruing: 0, excused: 0 };
  const all = accounts.flatMap((account) => {
    const excused = new Set(limit.excusesPaymentPlans && on !== undefined ? plansOnTime(account, on) : []);
    return account.fees.map((fee) => ({ fee, isExcused: excused.has(fee.planId) }));
  });
  for (const { fee, isExcused } of all) {
    if (limit.excludedFeeTypes.includes(fee.feeType)) continue;
    const open = owed(fee);
    if (isExcused) {
      counted.excused += open;
      continue;
    }
    counted.owed += open;
    if (fee.disputed) counted.disputed += open;
    if (isAccruing(fee)) counted.accruing += open;
  }
  return counted;
}

/**
 * Returns the ids of the payment plans that were not ended and with which the patron is not behind at the end of a day.
 */
function plansOnTime(account: PatronAccount, on: string): readonly (string | null)[] {
  return account.paymentPlans
    .filter((plan) => plan.endCause === null && behindPlan(account, plan, on) === 0)
    .map(({ planId }) => planId);
}
