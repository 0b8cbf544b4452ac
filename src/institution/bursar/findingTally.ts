/** How many findings a report shows itself. */
const SHOWN_MAX = 100;

/** What a job found, counted. All findings go to the job's `onFinding`, one after the other. */
export type FindingsReport<Finding> = {
  /** How many there were. */
  readonly count: number;
  /** How many of each code. */
  readonly byCode: Readonly<Record<string, number>>;
  /** The first 100 of them. */
  readonly first: readonly Finding[];
};

/** Counts findings, passes them on, and keeps the first of them. */
export function findingTally<Finding extends { readonly code: string }>(
  onFinding: ((finding: Finding) => void | Promise<void>) | undefined,
) {
  const byCode: Record<string, number> = {};
  const first: Finding[] = [];
  let count = 0;
  return {
    async take(findings: readonly Finding[]): Promise<void> {
      for (const finding of findings) {
        count += 1;
        byCode[finding.code] = (byCode[finding.code] ?? 0) + 1;
        if (first.length < SHOWN_MAX) first.push(finding);
        await onFinding?.(finding);
      }
    },
    report: (): FindingsReport<Finding> => ({ count, byCode, first }),
  };
}
