/** What a scenario shows about this library. */
export type Verdict = {
  /** It does what the scenario says, does not, differs on purpose, or was not asked. */
  readonly outcome: 'passed' | 'failed' | 'differs' | 'not asked';
  /** What is wrong, or why it differs or was not asked. */
  readonly reasons: readonly string[];
};

export const passed: Verdict = { outcome: 'passed', reasons: [] };

export function failed(reasons: readonly string[]): Verdict {
  return { outcome: 'failed', reasons };
}

export function differs(reasons: readonly string[]): Verdict {
  return { outcome: 'differs', reasons };
}
