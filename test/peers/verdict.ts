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

/** What came of holding this library to what a scenario expects: where it is otherwise, and what is otherwise and meant. */
export type Held = { readonly mismatches: readonly string[]; readonly reasons: readonly string[] };

/** What a scenario says of FOLIO. */
type Expectations<Expected> = {
  readonly then: Expected;
  /** What its author holds to be better, and what for. */
  readonly betterThen?: Expected | undefined;
  readonly defect?: string | undefined;
};

/**
 * Judges a scenario of any suite. A defect of FOLIO's must not be found here, and what is called better must be.
 *
 * @param explain - what to say where this library does otherwise, if that may be meant
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
