import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fileOf, runInMemory } from '../support/commandLine.js';
import { temporaryFolder } from '../support/temporaryFolder.js';

const header = 'patronId;id;amount;remaining;feeType;owner;at';
const row = (patron: string, amount: string, remaining: string, at: string) =>
  `${patron};F-1;${amount};${remaining};OTHER;MAIN;${at}`;
const german = [row('u17', '1.250,00', '12,50', '02.03.2026'), row('u18', '3,10', '', '2.12.2025 10:15')];

const office = () => `sqlite:${join(temporaryFolder(), 'office.db')}`;

/** Imports rows. */
function run(rows: readonly string[], ...options: string[]) {
  const file = fileOf([header, ...rows], 'fees.csv');
  const command = ['import', 'balances', file, '--institution', 'north', '--delimiter', ';', ...options];
  return runInMemory(command).then((result) => ({ ...result, file }));
}

it('names the options for forms of dates and amounts once, before anything is recorded', async () => {
  const into = `sqlite:${join(temporaryFolder(), 'fees.db')}`;
  const stores = ['--into', into, '--office', office()];
  const { exitCode, output, errors, file } = await run(german, ...stores);
  expect([exitCode, output]).toEqual([2, '']);
  expect(errors).toBe(
    `patron-fees: the column amount of ${file} has amounts like 1.250,00: say --decimal ","; ` +
      `the column at of ${file} has dates like 02.03.2026: say --dates DD.MM.YYYY\n`,
  );
  expect((await runInMemory(['replay', into])).output).toBe('');
  // Nor was the file recorded as imported.
  const right = ['--decimal', ',', '--dates', 'DD.MM.YYYY', '--job', 'other'];
  expect((await run(german, ...stores, ...right)).exitCode).toBe(0);
});

it('reads other forms of dates and amounts with exact totals, on the right day', async () => {
  const into = `sqlite:${join(temporaryFolder(), 'fees.db')}`;
  const options = [
    '--decimal',
    ',',
    '--dates',
    'DD.MM.YYYY',
    '--time-zone',
    'Europe/Berlin',
    '--into',
    into,
    '--office',
    office(),
  ];
  const { exitCode, output } = await run(german, ...options, '--json');
  expect(exitCode).toBe(0);
  const { totals } = JSON.parse(output);
  const figures = { charged: '1253.10', owed: '15.60', owedByRows: '15.60', difference: '0.00', findings: 0 };
  expect(totals).toMatchObject(figures);
  const exported = (await runInMemory(['export', into])).output;
  expect([...exported.matchAll(/"type":"FeeAssessed".*?"at":"(.*?)"/g)].map(([, at]) => at)).toEqual([
    '2026-03-01T23:00:00.000Z',
    '2025-12-02T09:15:00.000Z',
  ]);
});

it('refuses every other form with file, line and column, and counts what the row owes', async () => {
  const rows = [
    row('u17', '12,50', '', '02.03.2026'),
    row('u18', '12.50', '', '02.03.2026'),
    row('u19', '2,00', '', '02/03/2026'),
    row('u20', '3,00', '', '2026-03-02'),
  ];
  const { exitCode, output, errors, file } = await run(rows, '--decimal', ',', '--dates', 'DD.MM.YYYY');
  expect([exitCode, errors]).toEqual([1, '']);
  const amount = 'expected an amount of at most 12 digits with "," before its decimals, found 12.50';
  const time = 'expected a date and time, as DD.MM.YYYY or ISO 8601, found 02/03/2026';
  expect(output).toContain(
    `${file}:3: u18: rows F-1: amount: ${amount}\n${file}:4: u19: rows F-1: at: ${time}`,
  );
  expect(output).toMatch(/owed +15\.50\nowedByRows +17\.50\ndifference +-2\.00\n/);
});

it.each([
  ['02.03.2026', 'dates like 02.03.2026: say --dates DD.MM.YYYY'],
  ['2.3.2026 10:15', 'dates like 2.3.2026 10:15: say --dates DD.MM.YYYY'],
  ['02/03/2026', 'dates like 02/03/2026: say --dates DD/MM/YYYY or --dates MM/DD/YYYY'],
  ['3-2-2026', 'dates like 3-2-2026: say --dates DD-MM-YYYY or --dates MM-DD-YYYY'],
  ['2026/03/02', 'dates like 2026/03/02: say --dates YYYY/MM/DD'],
])('never guesses the date %s', async (at, sentence) => {
  const { errors } = await run([row('u17', '5', '', at)]);
  expect(errors.trimEnd().endsWith(` has ${sentence}`)).toBe(true);
});

it.each([
  ['12,50', '--decimal ","'],
  ['1.250,00', '--decimal ","'],
  ['1 250,00', '--decimal ","'],
  ["1'250.00", '--decimal "."'],
  ['1,250.00', '--decimal "."'],
  ['1,250,000', '--decimal "."'],
  ['1,250', '--decimal "," or --decimal "."'],
])('never guesses the amount %s', async (amount, options) => {
  const { errors } = await run([row('u17', amount, '', '2026-03-02')]);
  expect(errors.trimEnd().endsWith(` has amounts like ${amount}: say ${options}`)).toBe(true);
});

it('prints the rows separately if only later accounts have other forms, and the options after the totals', async () => {
  const rows = [
    row('u17', '5', '', '2026-03-02'),
    row('u18', '2,50', '', '2026-03-02'),
    row('u19', '1,50', '', ''),
  ];
  const { exitCode, output, errors, file } = await run(rows);
  expect(exitCode).toBe(1);
  expect(output).toContain(`${file}:3: u18: rows F-1: amount: expected an amount`);
  expect(output).toMatch(/owed +5\.00/);
  expect(errors).toBe(`patron-fees: the column amount of ${file} has amounts like 2,50: say --decimal ","\n`);
});

it('reports values that no option can read as findings', async () => {
  const rows = [row('u17', 'free', '', '2026-02-30'), row('u18', '12,50,1', '', '02.03.26')];
  const { exitCode, output, errors } = await run(rows);
  expect([exitCode, errors]).toEqual([1, '']);
  expect(output.match(/: expected an? (amount|date)/g)).toHaveLength(4);
});

it('the options do not exist for Alma, and accept only known values', async () => {
  const alma = ['import', 'alma', fileOf(['{}']), '--institution', 'north', '--decimal', ','];
  expect((await runInMemory(alma)).errors).toContain('--decimal is only for koha, folio');
  expect((await run(german, '--decimal', 'x')).errors).toContain('decimalMark: expected a point or a comma');
  expect((await run(german, '--dates', 'DD.MM.YY')).errors).toContain('dayOrder: expected one of');
});
