import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Plain, renamed, scaled, turnedAround, withOneThingWrong } from './changedScenarios.js';
import { centsOf, readFolioAmount } from './folioAmount.js';
import { readScenario, readScenarios } from './readScenarios.js';
import { failures, judge, playFile, reportText } from './runFiles.js';
import { otherSuites, playedSuites } from './scenario.js';
import { withinWindow } from './withinWindow.js';

/** The field of a scenario that a promise would take for its own. */
const expectation = 'then';

const text = readFileSync(new URL('folio.json', import.meta.url), 'utf8');
const scenarios = (JSON.parse(text) as readonly Plain[]).filter(
  ({ suite }) => !Object.hasOwn(otherSuites, suite),
);

/** What a scenario comes to; one that cannot be read has failed. */
function outcomeOf(scenario: Plain) {
  const read = readScenario(scenario);
  return typeof read === 'string' ? { outcome: 'failed', reasons: [read] } : judge(read);
}

/** The scenarios that fail after a change, with what they say. */
function failing(changed: readonly Plain[]) {
  return changed.flatMap((scenario) => {
    const { outcome, reasons } = outcomeOf(scenario);
    return outcome === 'failed' ? [`${scenario.id}: ${reasons.join('; ')}`] : [];
  });
}

describe("the facts of FOLIO's tests and source", () => {
  const result = playFile('folio.json', text);

  it('hold here, or differ for a reason that a rule gives', () => {
    expect(result.malformed).toEqual([]);
    expect(result.judged.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
  });

  it('are asked in every suite that there is a rule for', () => {
    const asked = new Set(
      result.judged.filter(({ outcome }) => outcome !== 'not asked').map(({ suite }) => suite),
    );
    expect([...asked].sort()).toEqual([...playedSuites].sort());
  });

  it('hold most of the time as they are', () => {
    const count = (outcome: string) => result.judged.filter((each) => each.outcome === outcome).length;
    expect([count('passed'), count('differs'), count('not asked')]).toEqual([80, 28, 65]);
  });

  it('are told with the count last', () => {
    const lines = reportText([result]).split('\n');
    expect(lines.slice(-3)).toEqual(['28 differ on purpose, 65 not asked', '80 passed, 0 failed', '']);
    expect(lines).toContain('      d-refund-reopens-cancelled-account');
  });
});

describe('a scenario that expects something else', () => {
  const wrong = scenarios.flatMap((scenario) => withOneThingWrong(scenario));

  it('fails, whatever it is that is wrong', () => {
    expect(wrong.length).toBeGreaterThan(500);
    const unnoticed = wrong.filter(({ scenario }) => outcomeOf(scenario).outcome !== 'failed');
    expect(unnoticed.map(({ what, scenario }) => `${scenario.id}: ${what}`)).toEqual([]);
  });

  it('says what was expected, and what was found', () => {
    const [scenario] = scenarios.filter(({ id }) => id === 'single-pay-partial');
    const changed = withOneThingWrong(scenario as Plain).find(
      ({ what }) => what === 'then.accounts.0.remaining',
    );
    expect(outcomeOf(changed?.scenario as Plain).reasons[0]).toBe(
      'accounts.a.remaining: expected "2.00", found "1.00"',
    );
  });
});

describe('a scenario of other content', () => {
  /** FOLIO's splitter works in cents, so what it leaves over or fails on does not scale, and neither does rounding. */
  const inCents = (scenario: Plain) => {
    const all = JSON.stringify(scenario);
    return /SPLIT_FAILED|\d\.\d{3}/.test(all) || hasSpareCent(scenario);
  };
  const hasSpareCent = ({ then }: Plain) => {
    const shares = ((then as { sharesMultiset?: string[] }).sharesMultiset ?? []).map(centsOf);
    return shares.some((share) => shares.includes(share + 1));
  };

  it.each([3, 7, 250])('is the same with %i times the amounts', (factor) => {
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
  ])('is the same with %s names', (_, nameOf) => {
    expect(failing(nameable.map((scenario) => renamed(scenario, nameOf)))).toEqual([]);
  });

  it('is the same in another order', () => {
    expect(failing(scenarios.map(turnedAround))).toEqual([]);
  });
});

describe('a file that is malformed', () => {
  const whole = scenarios.find(({ id }) => id === 'single-pay-partial') as Plain;
  const change = (fields: object) => readScenarios(JSON.stringify([{ ...whole, ...fields }])).malformed;
  const given = { accounts: [{ ref: 'a', amount: 3.45, remaining: '3.45', status: 'Open' }] };

  it.each([
    ['text that is no JSON', '[{', '(whole file)', 'is not JSON'],
    ['no list', '{}', '(whole file)', 'expected a list of scenarios, found an object'],
    ['an empty list', '[]', '(whole file)', 'expected a list of scenarios, found an empty one'],
    ['null in the list', '[null]', 'number 1', 'the scenario: expected an object, found null'],
    ['a scenario without an id', '[{"suite":"check"}]', 'number 1', 'id: expected a value, found nothing'],
  ])('is named with its fault: %s', (_, content, scenario, problem) => {
    const [found] = readScenarios(content).malformed;
    expect(found?.scenario).toBe(scenario);
    expect(found?.problem).toContain(problem);
  });

  it.each([
    ['suite', { suite: 'chekc' }, /^suite: expected one of .*check.*, found "chekc"$/],
    ['given', { given: undefined }, /^given: expected a value, found nothing$/],
    [
      'given.accounts[0].amount',
      { given },
      /^given\.accounts\[0\]\.amount: expected a decimal number as text, found 3\.45$/,
    ],
    [
      'when.op',
      { when: { op: 'steal', amount: '1', accounts: ['a'] } },
      /^when\.op: expected one of pay, .*, found "steal"$/,
    ],
    [
      'when.amount',
      { when: { op: 'pay', accounts: ['a'] } },
      /^when\.amount: expected an amount as text, found/,
    ],
    [
      'when.accounts',
      { when: { op: 'pay', amount: '1' } },
      /^when\.accounts: expected a value, found nothing$/,
    ],
    [
      'when.steps[0].op',
      { when: { steps: [{ accounts: ['a'] }] } },
      /^when\.steps\[0\]\.op: expected .*, found nothing$/,
    ],
    ['then', { [expectation]: 'fine' }, /^then: expected an object, found "fine"$/],
    [
      'then.accounts[0].remaining',
      { [expectation]: { accounts: [{ ref: 'a', remaining: 'all' }] } },
      /^then\.accounts\[0\]\.remaining: expected a decimal/,
    ],
  ])('is named with the scenario and the field: %s', (_, fields, problem) => {
    expect(change(fields)).toEqual([
      { scenario: expect.stringContaining('number 1'), problem: expect.stringMatching(problem) },
    ]);
  });

  it('does not hide its other scenarios, and is told as a failure with the file', () => {
    const result = playFile(
      'other.json',
      JSON.stringify([whole, { ...whole, id: 'b', given: 7 }, { ...whole }]),
    );
    expect(failures([result])).toBe(2);
    const report = reportText([result]);
    expect(report).toContain('other.json: scenario "b" (number 2): given: expected an object, found 7');
    expect(report).toContain('scenario "single-pay-partial" (number 3): id: used by an earlier scenario');
    expect(report.trimEnd().endsWith('1 passed, 2 failed')).toBe(true);
  });

  it('is not believed where it expects something that nobody understands', () => {
    const { outcome, reasons } = outcomeOf({ ...whole, [expectation]: { httpStatus: 201, weather: 'fine' } });
    expect(outcome).toBe('failed');
    expect(reasons[0]).toContain('weather');
  });
});

describe('what the other facts of FOLIO leave open', () => {
  const open = (ref: string, remaining: string, more: object = {}) => ({
    ref,
    amount: remaining,
    remaining,
    status: 'Open',
    ...more,
  });
  const bulk = { bulk: true, accounts: ['a', 'b'] };

  it('a cent that is left over may go to another fee there than here', () => {
    const rows = (a: string, b: string) => [
      { ref: 'a', remaining: a, status: 'Open', paymentStatus: 'Paid partially' },
      { ref: 'b', remaining: b, status: 'Open', paymentStatus: 'Paid partially' },
    ];
    const scenario = (accounts: object[]) => ({
      id: 'spare-cent',
      suite: 'bulk-action',
      given: { accounts: [open('a', '1.00'), open('b', '1.00')] },
      when: { op: 'pay', amount: '0.05', ...bulk },
      [expectation]: { httpStatus: 201, accounts },
    });
    expect(outcomeOf(scenario(rows('0.97', '0.98')))).toMatchObject({ outcome: 'passed' });
    expect(outcomeOf(scenario(rows('0.98', '0.97')))).toMatchObject({
      outcome: 'differs',
      reasons: [expect.stringContaining('chance in FOLIO')],
    });
    expect(outcomeOf(scenario(rows('0.98', '0.98')))).toMatchObject({ outcome: 'failed' });
  });

  it('a refund over a fee that was refunded before raises no fee above its amount', () => {
    const history = [
      { op: 'pay', amount: '10.00', accounts: ['a'] },
      { op: 'pay', amount: '10.00', accounts: ['b'] },
      { op: 'refund', amount: '10.00', accounts: ['a'] },
    ];
    const scenario = (betterThen?: object) => ({
      id: 'refund-above-the-amount',
      suite: 'derived',
      given: { accounts: [open('a', '10.00'), open('b', '10.00')], history },
      when: { op: 'refund', amount: '10.00', ...bulk },
      [expectation]: {
        httpStatus: 201,
        accounts: [
          { ref: 'a', remaining: '15.00' },
          { ref: 'b', remaining: '5.00' },
        ],
      },
      defect: 'a fee of 10.00 has 15.00 remaining',
      ...(betterThen === undefined ? {} : { betterThen }),
    });
    const better = {
      accounts: [
        { ref: 'a', remaining: '10.00' },
        { ref: 'b', remaining: '10.00' },
      ],
    };
    expect(outcomeOf(scenario())).toMatchObject({ outcome: 'differs' });
    expect(outcomeOf(scenario(better))).toMatchObject({ outcome: 'differs' });
    expect(outcomeOf(scenario({ accounts: [{ ref: 'a', remaining: '9.00' }] }))).toMatchObject({
      outcome: 'failed',
    });
  });

  it('a fee of which nothing remains is passed over where FOLIO fails', () => {
    const given = { accounts: [open('a', '0.00', { amount: '5.00' }), open('b', '5.00')] };
    const scenario = {
      id: 'open-with-nothing-remaining',
      suite: 'derived',
      given,
      when: { op: 'pay', amount: '1.00', ...bulk },
      [expectation]: { httpStatus: 500, error: 'NULL_SHARE' },
      defect: 'a fee without a share is dereferenced',
      betterThen: { httpStatus: 201, accounts: [{ ref: 'b', remaining: '4.00' }] },
    };
    expect(outcomeOf(scenario)).toMatchObject({ outcome: 'differs' });
  });

  it('a defect that is here too is a failure', () => {
    const scenario = {
      id: 'no-defect',
      suite: 'derived',
      given: { accounts: [open('a', '5.00')] },
      when: { op: 'pay', amount: '1.00', accounts: ['a'] },
      [expectation]: { httpStatus: 201, accounts: [{ ref: 'a', remaining: '4.00' }] },
      defect: 'takes money',
    };
    expect(outcomeOf(scenario)).toEqual({
      outcome: 'failed',
      reasons: ['the same defect is here: takes money'],
    });
  });

  it.each([
    ['2 minutes', '1 minute', false],
    ['1 minute', '1 minute', true],
    ['3 days 1 minute', '3 days', false],
    ['8 months', undefined, true],
    [undefined, '1 minute', true],
    ['1 week', '7 days', true],
  ])('%s after a loss is within %s: %s', (after, window, within) => {
    expect(withinWindow(after, window)).toBe(within);
  });

  it('an amount is rounded half even where FOLIO rounds', () => {
    const rounded = [
      '0.005',
      '0.0051',
      '0.015',
      '-0.005',
      '-0.015',
      '1e2',
      '0.025',
      '1.004987654321',
      '.5',
      '5.',
    ];
    expect(rounded.map((text) => readFolioAmount(text)?.cents)).toEqual([
      0, 1, 2, 0, -2, 10000, 2, 100, 50, 500,
    ]);
    expect(['', '.', ' 5', '1,50', 'eleven', '1e', '--1'].map(readFolioAmount)).toEqual(
      Array(7).fill(undefined),
    );
  });
});
