import { expect, it } from 'vitest';
import { fileOf, runInMemory, storedLines, threeEvents } from '../../support/commandLine.js';

it('finds no difference between files in another order', async () => {
  const lines = storedLines(['u17', 'u18']);
  const other = fileOf([...lines.slice(3), ...lines.slice(0, 3)]);
  const { exitCode, output } = await runInMemory(['diff', fileOf(lines), other]);
  expect([exitCode, output]).toEqual([0, '2 accounts, 0 of them differ\n']);
});

it('shows the first event that differs, and the balances', async () => {
  const files = [fileOf(storedLines(['u17', 'u18'])), fileOf([...storedLines(['u17'], threeEvents('5.00'))])];
  const { exitCode, output } = await runInMemory(['diff', ...files, '--json']);
  expect(exitCode).toBe(1);
  const [paid, missing, totals] = output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(paid).toEqual({
    institution: 'north',
    patronId: 'u17',
    event: 2,
    types: ['PaymentReceived', 'PaymentReceived'],
    lines: [2, 2],
    balances: { active: ['11.00', '10.50'], payable: ['11.00', '10.50'] },
  });
  expect(missing).toMatchObject({
    patronId: 'u18',
    event: 1,
    types: ['FeeAssessed', null],
    lines: [4, null],
  });
  expect(totals).toEqual({ totals: { accounts: 2, officeStreams: 0, different: 2, faults: 0 } });
  const text = (await runInMemory(['diff', ...files])).output;
  expect(text).toContain('north/u17: event 2 differs\n');
  expect(text).toMatch(/fees\.jsonl:2 +PaymentReceived +11\.00 +11\.00\n/);
});

it('does not skip lines that cannot be read', async () => {
  const file = fileOf(storedLines(['u17']));
  const { exitCode, errors } = await runInMemory(['diff', file, fileOf([...storedLines(['u17']), '{'])]);
  expect(exitCode).toBe(1);
  expect(errors).toMatch(/:4:2: expected JSON/);
});

it('does not compare the standard input with itself', async () => {
  const { exitCode, errors } = await runInMemory(['diff', '-', '-'], { input: '' });
  expect([exitCode, errors]).toEqual([2, 'patron-fees: Only one of both can be the standard input.\n']);
});
