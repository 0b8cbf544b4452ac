import { expect, it } from 'vitest';
import { fileOf, runInMemory, storedLines, threeEvents } from '../../support/commandLine.js';

it('counts the events and accounts of several files', async () => {
  const bare = fileOf(threeEvents().map((event) => JSON.stringify(event)));
  const stored = fileOf(storedLines(['u17', 'u18']));
  const { exitCode, output } = await runInMemory(['validate', bare, stored]);
  expect([exitCode, output]).toEqual([0, '9 readable events of 3 accounts, 0 faults\n']);
});

it('names file, line and column of each fault, and shows no text of a patron', async () => {
  const [first = '', ...others] = storedLines(['u17']);
  const twice = first.replace('"version":1', '"version":4');
  const file = fileOf([first, ...others, '{"a":1,}', twice, first.replace('"12.50"', '12.5')]);
  const { exitCode, output } = await runInMemory(['validate', file]);
  expect(exitCode).toBe(1);
  const places = output.split('\n').map((line) => line.replace(/^(\S*?:\d+:\d+): .*/, '$1'));
  const column = first.indexOf('"12.50"') + 1;
  expect(places).toEqual([
    `${file}:4:8`,
    `${file}:6:${column}`,
    `${file}:5:1`,
    '4 readable events of 1 accounts, 3 faults',
    '',
  ]);
  expect(output).not.toContain('Emma');
});

it('writes faults and totals as JSON lines', async () => {
  const { output } = await runInMemory(['validate', '-', '--json'], { input: '{"a":1,}\n' });
  expect(
    output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual([
    {
      source: 'standard input',
      line: 1,
      column: 8,
      patronId: null,
      version: null,
      code: 'NOT_JSON',
      message: 'expected JSON: property name expected',
    },
    { totals: { events: 0, accounts: 0, officeStreams: 0, faults: 1 } },
  ]);
});
