import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Plain, renamed, scaled, turnedAround, withOneThingWrong } from './changedScenarios.js';
import { centsOf } from './folioAmount.js';
import { playFile, reportText } from './runFiles.js';
import { playedSuites } from './scenario.js';
import { outcomeOf } from './written.js';

const text = readFileSync(new URL('folio.json', import.meta.url), 'utf8');
const scenarios = (JSON.parse(text) as readonly Plain[]).filter(
  (scenario) => outcomeOf(scenario).outcome !== 'not asked',
);

/** The scenarios that fail after a change, with their reasons. */
function failing(changed: readonly Plain[]) {
  return changed.flatMap((scenario) => {
    const { outcome, reasons } = outcomeOf(scenario);
    return outcome === 'failed' ? [`${scenario.id}: ${reasons.join('; ')}`] : [];
  });
}

describe("the facts of FOLIO's tests and source", () => {
  const result = playFile('folio.json', text);

  it('hold here, or differ for the reason of a rule', () => {
    expect(result.malformed).toEqual([]);
    expect(result.judged.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
  });

  it.each([
    'open-hours-closed-all',
    'open-hours-middle-closed',
    'cash-drawer-totals',
    'financial-transactions-totals',
  ])('hold as they are: %s', (id) => {
    expect(result.judged.find((each) => each.id === id)).toMatchObject({ outcome: 'passed', reasons: [] });
  });

  it('cover every suite for which this library has a rule', () => {
    const asked = new Set(
      result.judged.filter(({ outcome }) => outcome !== 'not asked').map(({ suite }) => suite),
    );
    expect([...asked].sort()).toEqual([...playedSuites].sort());
  });

  it('hold mostly without a difference', () => {
    const count = (outcome: string) => result.judged.filter((each) => each.outcome === outcome).length;
    expect([count('passed'), count('differs'), count('not asked')]).toEqual([129, 29, 27]);
  });

  it('are counted in the documentation', () => {
    const page = readFileSync(new URL('../../docs/concepts/other-systems.md', import.meta.url), 'utf8');
    expect(page).toContain(
      `Of ${result.judged.length} facts 129 hold as they are and 29 differ. The other 27 are about`,
    );
  });

  it('are reported with the count last', () => {
    const lines = reportText([result]).split('\n');
    expect(lines.slice(-3)).toEqual(['29 differ on purpose, 27 not asked', '129 passed, 0 failed', '']);
    expect(lines).toContain('      d-refund-reopens-cancelled-account');
  });
});

describe('a scenario with a wrong expectation', () => {
  const wrong = scenarios.flatMap((scenario) => withOneThingWrong(scenario));

  it('fails with any one wrong expectation', () => {
    expect(wrong.length).toBeGreaterThan(500);
    const unnoticed = wrong.filter(({ scenario }) => outcomeOf(scenario).outcome !== 'failed');
    expect(unnoticed.map(({ what, scenario }) => `${scenario.id}: ${what}`)).toEqual([]);
  });

  it('reports the expected and the actual value', () => {
    const [scenario] = scenarios.filter(({ id }) => id === 'single-pay-partial');
    const changed = withOneThingWrong(scenario as Plain).find(
      ({ what }) => what === 'then.accounts.0.remaining',
    );
    expect(outcomeOf(changed?.scenario as Plain).reasons[0]).toBe(
      'FOLIO\'s rules say otherwise: accounts.a.remaining: expected "2.00", found "1.00"',
    );
  });
});

describe('a scenario with changed content', () => {
  /** FOLIO splits in cents, so spare cents, failures of a split, and rounding do not scale. */
  const inCents = (scenario: Plain) => {
    const all = JSON.stringify(scenario);
    return /SPLIT_FAILED|\d\.\d{3}/.test(all) || hasSpareCent(scenario);
  };
  const hasSpareCent = ({ then }: Plain) => {
    const shares = ((then as { sharesMultiset?: string[] }).sharesMultiset ?? []).map(centsOf);
    return shares.some((share) => shares.includes(share + 1));
  };

  it.each([3, 7, 250])('gives the same result with %i times the amounts', (factor) => {
    const changed = scenarios
      .filter((scenario) => !inCents(scenario))
      .map((scenario) => scaled(scenario, factor));
    expect(changed.length).toBeGreaterThan(80);
    expect(failing(changed)).toEqual([]);
  });

  const nameable = scenarios.filter(({ suite }) => suite !== 'lost-refund');

  it.each([
    ['longer', (name: string) => `${name} of 2026`],
    [
      'hostile',
      (name: string) => (name === 'a' ? '__proto__' : name === 'b' ? 'constructor' : `${name}\u{1f4da}#1`),
    ],
    ['numeric', (name: string) => [...name].map((letter) => letter.charCodeAt(0)).join('')],
  ])('gives the same result with %s names', (_, nameOf) => {
    expect(failing(nameable.map((scenario) => renamed(scenario, nameOf)))).toEqual([]);
  });

  it('gives the same result in another order', () => {
    expect(failing(scenarios.map(turnedAround))).toEqual([]);
  });
});
