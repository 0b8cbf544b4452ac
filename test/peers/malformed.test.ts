import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Plain } from './changedScenarios.js';
import { readScenarios } from './readScenarios.js';
import { failures, playFile, reportText } from './runFiles.js';
import { expectation, outcomeOf } from './written.js';

const text = readFileSync(new URL('folio.json', import.meta.url), 'utf8');
const scenarios: readonly Plain[] = JSON.parse(text);

describe('a malformed file', () => {
  const whole = scenarios.find(({ id }) => id === 'single-pay-partial') as Plain;
  const change = (fields: object) => readScenarios(JSON.stringify([{ ...whole, ...fields }])).malformed;
  const given = { accounts: [{ ref: 'a', amount: 3.45, remaining: '3.45', status: 'Open' }] };

  it.each([
    ['invalid JSON', '[{', '(whole file)', 'is not JSON'],
    ['an object instead of a list', '{}', '(whole file)', 'expected a list of scenarios, found an object'],
    ['an empty list', '[]', '(whole file)', 'expected a list of scenarios, found an empty one'],
    ['null in the list', '[null]', 'number 1', 'the scenario: expected an object, found null'],
    ['a scenario without an id', '[{"suite":"check"}]', 'number 1', 'id: expected a value, found nothing'],
  ])('is reported with its fault: %s', (_, content, scenario, problem) => {
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
  ])('is reported with the scenario and the field: %s', (_, fields, problem) => {
    expect(change(fields)).toEqual([
      { scenario: expect.stringContaining('number 1'), problem: expect.stringMatching(problem) },
    ]);
  });

  it('does not hide its other scenarios, and is reported as failed with the file', () => {
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

  it('fails if it expects an unknown field', () => {
    const { outcome, reasons } = outcomeOf({ ...whole, [expectation]: { httpStatus: 201, weather: 'fine' } });
    expect(outcome).toBe('failed');
    expect(reasons[0]).toContain('weather');
  });

  it('may start with a byte order mark', () => {
    expect(readScenarios(`\uFEFF${JSON.stringify([whole])}`)).toMatchObject({ malformed: [] });
  });

  it('is read from the folder in which npm was called', () => {
    const folder = mkdtempSync(join(tmpdir(), 'peers-'));
    writeFileSync(join(folder, 'near.json'), JSON.stringify([whole]));
    const run = fileURLToPath(new URL('run.ts', import.meta.url));
    const env = { ...process.env, INIT_CWD: folder };
    const { stdout } = spawnSync(process.execPath, ['--import', 'tsx', run, 'near.json'], {
      encoding: 'utf8',
      env,
    });
    rmSync(folder, { recursive: true });
    expect(stdout).toContain('1 passed, 0 failed');
  });

  it('exits with 1 and prints the count', () => {
    const run = fileURLToPath(new URL('run.ts', import.meta.url));
    const folder = mkdtempSync(join(tmpdir(), 'peers-'));
    const files = ['good.json', 'bad.json'].map((name) => join(folder, name));
    writeFileSync(files[0] as string, JSON.stringify([whole]));
    writeFileSync(files[1] as string, JSON.stringify([{ ...whole, given: 7 }]));
    const played = [files.slice(0, 1), [...files, join(folder, 'none.json')]].map((named) => {
      const { status, stdout } = spawnSync(process.execPath, ['--import', 'tsx', run, ...named], {
        encoding: 'utf8',
      });
      return [status, stdout.trimEnd().split('\n').at(-1)];
    });
    rmSync(folder, { recursive: true });
    expect(played).toEqual([
      [0, '1 passed, 0 failed'],
      [1, '1 passed, 2 failed'],
    ]);
  });
});
