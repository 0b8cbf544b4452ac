import * as v from 'valibot';
import { formatAmount, minorUnits } from '../money/money.js';

/** The maximum number of findings in a report: with a wrong policy, every account is one. */
const KEPT_MAX = 1_000;

/** The findings of a job, counted. */
export type FindingsReport<Finding> = {
  /** The number of findings. */
  readonly count: number;
  /** The number of findings for each code. */
  readonly byCode: Readonly<Record<string, number>>;
  /** The first 1,000 findings; `onFinding` is called with all. */
  readonly first: readonly Finding[];
};

/** The callback for findings. */
export type FindingOptions<Finding> = {
  /** Called with every finding, in order, and awaited; the findings are only in the report if left out. */
  readonly onFinding?: (finding: Finding) => void | Promise<void>;
};

/** The schema of the option `onFinding`. */
export const onFindingField = v.optional(v.function('a function'));

/** Counts findings, and keeps the first ones. */
export function findingTally<Finding extends { readonly code: string }>() {
  const byCode: Record<string, number> = {};
  const first: Finding[] = [];
  let count = 0;
  return {
    add(finding: Finding): void {
      count += 1;
      byCode[finding.code] = (byCode[finding.code] ?? 0) + 1;
      if (first.length < KEPT_MAX) first.push(finding);
    },
    result: (): FindingsReport<Finding> => ({ count, byCode: { ...byCode }, first: first.slice() }),
  };
}

/** A number of amounts, and their sum. */
export type CountedAmount = {
  /** The number of amounts. */
  readonly count: number;
  /** Their sum, a decimal string. */
  readonly amount: string;
};

/** Sums canonical amounts exactly, for any number of amounts. */
export function amountTally(digits: number) {
  let count = 0;
  let sum = 0n;
  return {
    add(amount: string): void {
      count += 1;
      sum += minorUnits(amount);
    },
    sum: () => sum,
    result: (): CountedAmount => ({ count, amount: formatAmount(sum, digits) }),
  };
}
