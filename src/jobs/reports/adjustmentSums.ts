import { permissionFor } from '../../account/permission.js';
import { formatAmount, parseAmount } from '../../money/money.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import type { ApprovableCommand, PermittedCommand } from '../../policy/permissions.js';
import type { Adjustment, AdjustmentKind } from './adjustments.js';

/** What adjustments of one kind come to. Amounts are decimal strings. */
export type AdjustmentSums = {
  /** What was done. */
  readonly kind: AdjustmentKind;
  /** The command that did it; null for `lowered`, which circulation computes. */
  readonly command: PermittedCommand | null;
  /** The number of commands. */
  readonly count: number;
  /** Their sum. */
  readonly amount: string;
  /** The largest one. */
  readonly largest: string;
  /** How many of them somebody else approved. */
  readonly approved: number;
  /** The highest amount of one command that the policy permits; null without a limit, or if it is not permitted. */
  readonly limit: string | null;
  /** Whether the policy permits it at all. */
  readonly permitted: boolean;
  /**
   * How many are above the limit or not permitted, because the policy or the roles were different when they were
   * recorded.
   */
  readonly aboveLimit: number;
  /** The amount above which the policy requires an approval; null if it requires none. */
  readonly approvalAbove: string | null;
};

/** The sums of a row, in minor units, and the rules that they are compared with. */
export type Sums = {
  readonly head: readonly [string | null, ...(string | null)[]];
  readonly roles: readonly string[];
  readonly rules: Pick<AdjustmentSums, 'kind' | 'command' | 'limit' | 'permitted' | 'approvalAbove'>;
  /** The highest amount that is permitted. */
  readonly limitMinor: number;
  count: number;
  sum: bigint;
  largest: number;
  approved: number;
  above: number;
};

export function newSums(
  head: Sums['head'],
  kind: AdjustmentKind,
  command: PermittedCommand | null,
  roles: readonly string[],
  policy: FeePolicy,
  digits: number,
): Sums {
  const free = { permitted: true, limit: null };
  const { permitted, limit } = command === null ? free : permissionFor(policy, command, roles);
  const approvalAbove = policy.approvals?.[command as ApprovableCommand]?.above ?? null;
  const highest = limit === null ? Number.POSITIVE_INFINITY : parseAmount(limit, digits);
  const rules = { kind, command, limit, permitted, approvalAbove };
  const limitMinor = permitted ? highest : 0;
  return { head, roles, rules, limitMinor, count: 0, sum: 0n, largest: 0, approved: 0, above: 0 };
}

export function addTo(sums: Sums, { amount, isApproved }: Adjustment): void {
  sums.count += 1;
  sums.sum += BigInt(amount);
  sums.largest = Math.max(sums.largest, amount);
  sums.approved += Number(isApproved);
  sums.above += Number(amount > sums.limitMinor);
}

export function figuresOf(
  { rules, count, sum, largest, approved, above }: Sums,
  digits: number,
): AdjustmentSums {
  const amount = formatAmount(sum, digits);
  return { ...rules, count, amount, largest: formatAmount(largest, digits), approved, aboveLimit: above };
}

export function sorted(rows: ReadonlyMap<string, Sums>): readonly Sums[] {
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sums]) => sums);
}
