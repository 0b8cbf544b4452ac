import * as v from 'valibot';
import { isAccruing } from '../account/accrual.js';
import { owed } from '../account/fee.js';
import type { PatronAccount } from '../account/patronAccount.js';
import { PatronFeesError } from '../errors.js';
import { checkedArgument } from '../input/checkedArgument.js';
import { minorDigits } from '../money/currency.js';
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
};

/** One limit, with what the patron owes of it. */
export type LimitCheck = BlockLimit & {
  /** What is owed on fees that count for this limit, disputed ones included; a decimal string. */
  readonly owed: string;
  /** The part of `owed` that is disputed. */
  readonly owedDisputed: string;
  /** The part of `owed` on fines that still grow. */
  readonly owedAccruing: string;
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
 * A group that the policy does not list has the limits of `'*'`. The function throws if the policy has no `'*'` either,
 * because a misspelled group would never be blocked. `GUEST: []` or `'*': []` means no limit.
 *
 * @param account - a patron account
 * @param policy - the institution's policy, with its `blockLimits`
 * @param options - the patron's user group
 * @returns each limit with the figures, ready for JSON
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if the group is not a string, if the policy has no limits for
 * it or for `'*'` (`details`: the group, and the groups of the policy), or if account and policy have different
 * currencies; `INVALID_POLICY` if the policy is invalid
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
export function blocks(account: PatronAccount, policy: FeePolicy, options: BlocksOptions): Blocks {
  const known = definedPolicy(policy);
  const { blockLimits, currency } = known;
  const write = amountWriter(account, known);
  const { group } = checkedArgument(v.object({ group: v.string() }), options, 'options');
  if (viewCurrency(account, known) !== currency) {
    const figures = { account: account.currency, policy: currency };
    throw new PatronFeesError(
      'INVALID_ARGUMENT',
      'the account and the policy have different currencies',
      figures,
    );
  }
  const totals = owedByType(account);
  const limitsOf = groupOfLimits(blockLimits, group);
  const limits = (blockLimits[limitsOf] as readonly BlockLimit[]).map((limit): LimitCheck => {
    const counted = countedFor(limit, totals);
    const maximum = parseAmount(limit.amount, minorDigits(currency) as number);
    const broken = limit.limitItselfBlocks ? counted.owed >= maximum : counted.owed > maximum;
    return {
      amount: limit.amount,
      limitItselfBlocks: limit.limitItselfBlocks,
      excludedFeeTypes: [...limit.excludedFeeTypes],
      owed: write(counted.owed),
      owedDisputed: write(counted.disputed),
      owedAccruing: write(counted.accruing),
      broken,
    };
  });
  return { group, limitsOf, currency, blocked: limits.some(({ broken }) => broken), limits };
}

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

/** What is owed, and its parts on disputed fees and on growing fines, in minor units. */
type Owed = { owed: number; disputed: number; accruing: number };

/** Returns what is owed per fee type. */
function owedByType(account: PatronAccount): ReadonlyMap<string, Owed> {
  const totals = new Map<string, Owed>();
  for (const fee of account.fees) {
    const total = totals.get(fee.feeType) ?? { owed: 0, disputed: 0, accruing: 0 };
    total.owed += owed(fee);
    if (fee.disputed) total.disputed += owed(fee);
    if (isAccruing(fee)) total.accruing += owed(fee);
    totals.set(fee.feeType, total);
  }
  return totals;
}

/** Returns what is owed on the fee types that count for a limit. */
function countedFor(limit: BlockLimit, totals: ReadonlyMap<string, Owed>): Owed {
  const counted = { owed: 0, disputed: 0, accruing: 0 };
  for (const [feeType, total] of totals) {
    if (limit.excludedFeeTypes.includes(feeType)) continue;
    counted.owed += total.owed;
    counted.disputed += total.disputed;
    counted.accruing += total.accruing;
  }
  return counted;
}
