import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fileOf, runInMemory } from '../../support/commandLine.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';

const lines = (rows: readonly object[]) => rows.map((row) => JSON.stringify(row));
const fee = { feeType: 'OTHER', owner: 'MAIN', at: '2026-03-02' };
const rows = [
  { ...fee, patronId: 'u17', id: 'F-1', amount: '12.50', comment: 'Emma is secret' },
  { ...fee, patronId: 'u18', id: 'F-2', amount: '3.00', remaining: '1.00' },
];
const institution = ['--institution', 'north'];

it('tries opening balances first, records them when asked, and nothing twice', async () => {
  const command = ['import', 'balances', fileOf(lines(rows)), ...institution, '--json'];
  const trial = await runInMemory(command);
  expect(trial.exitCode).toBe(0);
  expect(JSON.parse(trial.output).totals).toEqual({
    currency: 'USD',
    accounts: 2,
    events: 3,
    fees: 2,
    charged: '15.50',
    owed: '13.50',
    owedByRows: '13.50',
    difference: '0.00',
    findings: 0,
    recorded: false,
  });
  const into = `sqlite:${join(temporaryFolder(), 'fees.db')}`;
  const first = await runInMemory([...command, '--into', into]);
  expect(JSON.parse(first.output).totals).toMatchObject({ events: 3, recorded: true });
  const second = await runInMemory([...command, '--into', into]);
  expect(JSON.parse(second.output).totals).toMatchObject({ events: 0, owed: '13.50' });
  expect((await runInMemory(['replay', into, '--patron', 'u18'])).output).toContain('active 1.00');
});

it('names what cannot be imported, and shows no text of a patron', async () => {
  const broken = fileOf([...lines(rows), '{"patronId":"u19","id":"F-3","amount":"x","comment":"Emma"}', '{']);
  const { exitCode, output } = await runInMemory(['import', 'balances', broken, ...institution]);
  expect(exitCode).toBe(1);
  expect(output).toMatch(/^u19: .*amount: expected/m);
  expect(output).toContain('nothing was recorded: --into STORE records');
  expect(output).not.toContain('Emma');
});

it('reads the tables of Koha with the names of its codes', async () => {
  const accountlines = fileOf(
    [
      'accountlines_id,issue_id,borrowernumber,date,amount,credit_type_code,debit_type_code,status,amountoutstanding,branchcode',
      '70,900,51,2026-03-02 00:05:00,1.500000,,OVERDUE,,1.500000,CPL',
    ],
    'accountlines.csv',
  );
  const map = fileOf(['{"feeTypes":{"OVERDUE":"OVERDUEFINE"},"owners":{"CPL":"Centerville"}}'], 'map.json');
  const options = ['--map', map, '--time-zone', 'America/New_York', '--json', ...institution];
  const { output } = await runInMemory(['import', 'koha', accountlines, ...options]);
  expect(JSON.parse(output.trim().split('\n').at(-1) ?? '').totals).toMatchObject({ fees: 1, owed: '1.50' });
});

it('reads the answers of Alma, those of a patron together', async () => {
  const row = (id: string, patron: string, balance: number) => ({
    id,
    user_primary_id: { value: patron },
    type: { value: 'OVERDUEFINE' },
    status: { value: 'ACTIVE' },
    balance,
    original_amount: balance,
    creation_time: '2026-03-02T09:00:00.000Z',
    owner: { value: 'MAIN' },
  });
  const answer = (...fee: ReturnType<typeof row>[]) => {
    const total_sum = fee.reduce((sum, { balance }) => sum + balance, 0);
    return { fee, total_record_count: fee.length, total_sum, currency: 'USD' };
  };
  const answers = [
    answer(row('1', 'u17', 2.77), row('2', 'u17', 1)),
    answer(row('3', 'u17', 0.1)),
    answer(),
    answer(row('4', 'u18', 5)),
  ];
  const into = `sqlite:${join(temporaryFolder(), 'fees.db')}`;
  const command = ['import', 'alma', fileOf(lines(answers)), ...institution, '--json', '--into', into];
  const totals = {
    accounts: 2,
    fees: 4,
    charged: '8.87',
    owed: '8.87',
    owedByRows: '8.87',
    difference: '0.00',
  };
  expect(JSON.parse((await runInMemory(command)).output).totals).toMatchObject({ ...totals, events: 4 });
  const again = await runInMemory(command);
  expect(again.exitCode).toBe(1);
  expect(JSON.parse(again.output.split('\n')[0] ?? '')).toMatchObject({
    code: 'AccountNotEmpty',
    patronId: 'u17',
  });
});

it('says which files a system has', async () => {
  const { exitCode, errors } = await runInMemory(['import', 'evergreen', ...institution]);
  expect(exitCode).toBe(2);
  expect(errors).toContain('expected the files: billable_xact billing payment [usr]');
  expect((await runInMemory(['import', 'sierra', 'x', ...institution])).errors).toContain(
    'expected one of koha',
  );
  const missing = await runInMemory(['import', 'balances', '/nowhere.csv', ...institution]);
  expect(missing.errors).toContain('/nowhere.csv: there is no such file');
});
