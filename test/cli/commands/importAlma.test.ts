import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fileOf, runInMemory } from '../../support/commandLine.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';

const institution = ['--institution', 'north'];
const totalsOf = (output: string) => JSON.parse(output.trim().split('\n').at(-1) ?? '').totals;
const lines = (rows: readonly object[]) => rows.map((row) => JSON.stringify(row));

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

it('reads the answers of Alma, those of a patron together', async () => {
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
  // Nothing was recorded, so nothing of it is in the totals.
  const nothing = { accounts: 0, fees: 0, events: 0, charged: '0.00', owed: '0.00' };
  expect(totalsOf(again.output)).toMatchObject({ ...nothing, owedByRows: '8.87', difference: '-8.87' });
});

it('names the broken line of the answers of Alma, and reads one answer over several lines', async () => {
  const [whole, half] = lines([answer(row('1', 'u17', 10)), answer(row('2', 'u18', 1))]) as [string, string];
  const broken = fileOf([whole, half.slice(0, 40)]);
  const { exitCode, errors } = await runInMemory(['import', 'alma', broken, ...institution]);
  expect([exitCode, errors]).toEqual([
    2,
    expect.stringContaining(`${broken}:2: expected a JSON object, found`),
  ]);
  const pretty = fileOf([JSON.stringify(answer(row('1', 'u17', 10)), null, 2)], 'fees.json');
  const { output } = await runInMemory(['import', 'alma', pretty, ...institution, '--json']);
  expect(totalsOf(output)).toMatchObject({ accounts: 1, owed: '10.00', findings: 0 });
});

it('does not import answers of Alma that come after those of another patron, with --into or without', async () => {
  const apart = [answer(row('1', 'u17', 10)), answer(row('2', 'u18', 1)), answer(row('3', 'u17', 5))];
  const command = ['import', 'alma', fileOf(lines(apart)), ...institution, '--json'];
  const into = `sqlite:${join(temporaryFolder(), 'fees.db')}`;
  const figures = { accounts: 2, owed: '11.00', owedByRows: '16.00', difference: '-5.00', findings: 1 };
  for (const given of [command, [...command, '--into', into]]) {
    const { exitCode, output } = await runInMemory(given);
    expect(exitCode).toBe(1);
    expect(JSON.parse(output.split('\n')[0] ?? '')).toMatchObject({ code: 'NotSorted', patronId: 'u17' });
    expect(totalsOf(output)).toMatchObject(figures);
  }
  expect((await runInMemory(['replay', into])).output).toContain('north/u17, version 1, USD: active 10.00');
});

it('uses the options for the owner and the payment method of rows without them', async () => {
  const { owner: _, ...bare } = row('1', 'u17', 10);
  const paid = {
    ...{ ...bare, balance: 4 },
    transaction: [{ type: { value: 'PAYMENT' }, amount: 6, transaction_time: '2026-03-03T09:00:00.000Z' }],
  };
  const file = fileOf(lines([answer(paid as unknown as ReturnType<typeof row>)]));
  const command = ['import', 'alma', file, ...institution, '--json'];
  const without = await runInMemory(command);
  expect([without.exitCode, totalsOf(without.output)]).toMatchObject([1, { accounts: 1, withoutEvents: 1 }]);
  const { exitCode, output } = await runInMemory([...command, '--owner', 'MAIN', '--payment-method', 'CASH']);
  expect([exitCode, totalsOf(output)]).toMatchObject([0, { withoutEvents: 0, owed: '4.00' }]);
});
