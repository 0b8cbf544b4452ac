import * as v from 'valibot';
import { formatAmount, parseAmount } from '../money/money.js';

/** How many findings a report keeps: with a wrong policy every account is one. */
const KEPT_MAX = 1_000;

/** What a job could not do, counted. */
export type FindingsReport<Finding> = {
  /** How many findings there were. */
  readonly count: number;
  /** How many of each code. */
  readonly byCode: Readonly<Record<string, number>>;
  /** The first 1,000 of them; `onFinding` gets all. */
  readonly first: readonly Finding[];
};

/** Who hears of findings. */
export type FindingOptions<Finding> = {
  /** Called with every finding, in order, and waited for; the report alone has the findings if left out. */
  readonly onFinding?: (finding: Finding) => void | Promise<void>;
};

/** The schema of the option `onFinding`. */
export const onFindingField = v.optional(v.function('a function'));

/** Counts findings, and keeps the first of them. */
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

/** How many amounts there were, and their sum. */
export type CountedAmount = {
  /** How many. */
  readonly count: number;
  /** Their sum, a decimal string. */
  readonly amount: string;
};

/** Sums amounts exactly, however many there are. */
export function amountTally(digits: number) {
  let count = 0;
  let sum = 0n;
  return {
    add(amount: string): void {
      count += 1;
      sum += BigInt(parseAmount(amount, digits));
    },
    sum: () => sum,
    result: (): CountedAmount => ({ count, amount: formatAmount(sum, digits) }),
  };
}
