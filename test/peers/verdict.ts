/** The result of a scenario for this library. */
export type Verdict = {
  /** It agrees with the scenario, fails, differs on purpose, or was not asked. */
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

/** The result of a comparison with a scenario: the mismatches, and the reasons for intended differences. */
export type Held = { readonly mismatches: readonly string[]; readonly reasons: readonly string[] };

/** The expectations of a scenario. */
type Expectations<Expected> = {
  readonly then: Expected;
  /** The better result in the opinion of its author. */
  readonly betterThen?: Expected | undefined;
  readonly defect?: string | undefined;
};

/**
 * Judges a scenario of any suite. This library must not have FOLIO's defects, and must agree with `betterThen`.
 *
 * @param explain - the verdict if this library differs, which may be intended
 */
export function verdictOf<Expected>(
  { then, betterThen, defect }: Expectations<Expected>,
  hold: (expected: Expected) => Held,
  explain = ({ mismatches }: Held) => failed(mismatches),
): Verdict {
  const held = hold(then);
  const isSame = held.mismatches.length === 0;
  if (isSame && held.reasons.length === 0 && defect !== undefined)
    return failed([`the same defect is here: ${defect}`]);
  if (betterThen !== undefined) {
    const { mismatches } = hold(betterThen);
    if (mismatches.length > 0) return failed(mismatches);
    if (!isSame) return differs([`FOLIO: ${defect ?? 'does it worse'}`]);
  }
  if (!isSame) return explain(held);
  return held.reasons.length > 0 ? differs(held.reasons) : passed;
}
