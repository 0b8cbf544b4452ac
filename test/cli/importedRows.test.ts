import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fileOf, runInMemory } from '../support/commandLine.js';
import { temporaryFolder } from '../support/temporaryFolder.js';

const institution = ['--institution', 'north'];
const totalsOf = (output: string) => JSON.parse(output.trim().split('\n').at(-1) ?? '').totals;

it('prints no totals of a file that it cannot read to its end', async () => {
  const header = 'patronId,id,amount,feeType,owner,at';
  const line = (id: string) => `u${id},F-${id},1.00,OTHER,MAIN,2026-03-02`;
  const broken = fileOf([header, line('1'), 'u2,"F-2,1.00,OTHER,MAIN,2026-03-02', line('3')], 'broken.csv');
  const trial = await runInMemory(['import', 'balances', broken, ...institution]);
  expect(trial.output).toBe(
    `${broken}:3: expected a CSV file, found a quote that is not closed; the rest was not read\n`,
  );
  expect([trial.exitCode, trial.errors]).toEqual([2, expect.stringContaining('; nothing was recorded.')]);
  const into = `sqlite:${join(temporaryFolder(), 'fees.db')}`;
  const stores = ['--into', into, '--office', `sqlite:${join(temporaryFolder(), 'office.db')}`];
  const recorded = await runInMemory(['import', 'balances', broken, ...institution, ...stores]);
  expect(recorded.errors).toContain('only the rows before were recorded');
  // The same command with the whole file continues.
  const whole = fileOf([header, line('1'), line('2'), line('3')], 'whole.csv');
  const { output } = await runInMemory(['import', 'balances', whole, ...institution, ...stores, '--json']);
  expect(totalsOf(output)).toMatchObject({ accounts: 3, events: 2, owed: '3.00' });
});

it('imports the rows of a patron around a line that it cannot read', async () => {
  const line = (id: string, title: string) => `u17,${id},1.00,OTHER,MAIN,2026-03-02,${title}`;
  const header = 'patronId,id,amount,feeType,owner,at,title';
  const rows = [header, line('F-1', 'a'), line('F-2', 'Emma, a novel'), line('F-3', 'b')];
  const file = fileOf(rows, 'fees.csv');
  const { output } = await runInMemory(['import', 'balances', file, ...institution]);
  expect(output).toMatch(/fees\.csv:3: expected 7 cells, as in the header, found 8\ncurrency/);
  expect(output).toMatch(/fees +2\n.*\nowed +2\.00\n/);
});

it('reads files with other delimiters, and refuses a file of another form once', async () => {
  const table = ['patronId,id,amount,feeType,owner,at', 'u17,F-1,1.00,OTHER,MAIN,2026-03-02'];
  const written = (sign: string, name: string) =>
    fileOf(
      table.map((text) => text.replaceAll(',', sign)),
      name,
    );
  const run = (file: string, ...more: string[]) =>
    runInMemory(['import', 'balances', file, ...institution, '--json', ...more]);
  const semicolons = written(';', 'fees.csv');
  const refused = await run(semicolons);
  const header = 'patronId;id;amount;feeType;owner;at';
  expect([refused.exitCode, refused.output]).toEqual([2, '']);
  const sentence = `expected columns with "," between them, found "${header}": --delimiter ";"?`;
  expect(refused.errors).toBe(`patron-fees: ${semicolons}: ${sentence}\n`);
  expect(totalsOf((await run(semicolons, '--delimiter', ';')).output)).toMatchObject({ owed: '1.00' });
  const tabs = await run(written('\t', 'fees.tsv'), '--delimiter', 'tab');
  expect(totalsOf(tabs.output)).toMatchObject({ owed: '1.00' });
  expect((await run(written('\t', 'fees.csv'))).errors).toContain('--delimiter tab?');
  const wrong = await run(written('|', 'fees.txt'), '--delimiter', 'tab');
  expect(wrong.errors).toContain('expected columns with tabs between them, found "patronId|id|');
  expect(wrong.errors).toContain('--delimiter "|"?');
  expect((await run(semicolons, '--delimiter', ';;')).errors).toContain('expected one character, or tab');
  expect((await run(fileOf(['PatronID,id', '1,2'], 'fees.csv'))).errors).toContain(
    'fees.csv: expected the columns patronId, amount, found PatronID, id',
  );
  expect((await run(fileOf(['[]']))).errors).toContain('expected rows, found none.');
  for (const lines of [[], table.slice(0, 1)])
    expect((await run(fileOf(lines, 'fees.csv'))).errors).toContain('fees.csv: expected rows, found none.');
});

it('says once that a file with another extension may be CSV', async () => {
  const row = 'u17;F-1;1,00;OTHER;MAIN;2026-03-02';
  const run = (name: string, header: string, ...more: string[]) =>
    runInMemory(['import', 'balances', fileOf([header, row], name), ...institution, ...more]);
  for (const sign of [',', ';', '\t', '|']) {
    const header = ['patronId', 'id', 'amount', 'feeType', 'owner', 'at'].join(sign);
    const { exitCode, output, errors } = await run('fees.txt', header);
    expect([exitCode, output]).toEqual([2, '']);
    const remedy = sign === '\t' ? 'tab' : `"${sign}"`;
    expect(errors).toMatch(/^patron-fees: [^\n]*fees\.txt: expected JSON lines, found "patronId[^\n]*\n$/);
    expect(errors).toContain(`: --delimiter ${remedy}?`);
  }
  // A comma in the amounts must not hide that the header has none.
  expect((await run('fees.csv', 'patronId;id;amount;feeType;owner;at')).errors).toContain('--delimiter ";"?');
  // What is JSON, or could not be a header, is read as it was.
  const json =
    '{"patronId":"u17","id":"F-1","amount":"1.00","feeType":"OTHER","owner":"MAIN","at":"2026-03-02"}';
  expect((await run('fees.txt', `\ufeff${json}`)).output).toContain('expected a JSON object');
  const { output } = await runInMemory(
    ['import', 'balances', '-', ...institution, '--delimiter', ';', '--decimal', ','],
    { input: `patronId;id;amount;feeType;owner;at\n${row}\nu18` },
  );
  expect(output).toContain('standard input:3: expected 6 cells');
  expect(output).toMatch(/owed +1\.00/);
});
