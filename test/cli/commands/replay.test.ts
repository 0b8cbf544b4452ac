import { expect, it } from 'vitest';
import { fileOf, runInMemory, storedLines, threeEvents } from '../../support/commandLine.js';

const file = () => fileOf(storedLines(['u17', 'u18']));

it('prints balances and open rows of an account, and no text of a patron', async () => {
  const { exitCode, output } = await runInMemory(['replay', file(), '--patron', 'u18']);
  expect(exitCode).toBe(0);
  expect(output).toBe(`north/u18, version 3, USD: active 11.00, disputed 0.00, transferred 0.00, payable 11.00
  fee-1  OVERDUEFINE  active  12.50  8.00
  fee-2  OVERDUEFINE  active   3.00  3.00
`);
});

it('prints accounts as of a time, with rows that are closed if asked', async () => {
  const paid = fileOf(threeEvents('12.50').map((event) => JSON.stringify(event)));
  const asOf = ['--as-of', '2026-03-03T12:00:00Z', '--json'];
  const { output } = await runInMemory(['replay', paid, ...asOf]);
  expect(JSON.parse(output)).toMatchObject({ version: 2, balances: { active: '0.00' }, rows: [] });
  const all = await runInMemory(['replay', paid, ...asOf, '--all']);
  expect(JSON.parse(all.output).rows).toMatchObject([{ id: 'fee-1', status: 'closed', remaining: '0.00' }]);
});

it('explains a failure in one sentence', async () => {
  const unknown = await runInMemory(['replay', file(), '--patron', 'u99']);
  expect(unknown).toMatchObject({ exitCode: 2, output: '' });
  expect(unknown.errors).toMatch(/^patron-fees: \S+ has no events of u99\.\n$/);
  const time = await runInMemory(['replay', file(), '--as-of', '2026-03-03']);
  expect(time.errors).toContain('expected a time with a zone');
  const day = await runInMemory(['replay', file(), '--as-of', '2026-02-31T00:00:00Z']);
  expect(day.errors).toContain('expected a time with a zone');
});

it('prints an account up to the first event that does not fit, and names that event', async () => {
  const [first = '', , third = ''] = storedLines(['u17']);
  const { exitCode, output, errors } = await runInMemory(['replay', fileOf([first, third])]);
  expect(exitCode).toBe(1);
  expect(output).toContain('north/u17, version 1, USD: active 12.50');
  expect(errors).toContain(':2:1: expected version 2 of u17, found 3');
});

it('says so if there are no events', async () => {
  const empty = fileOf([]);
  expect(await runInMemory(['replay', empty])).toMatchObject({
    exitCode: 0,
    errors: `${empty} has no events.\n`,
  });
  const early = await runInMemory(['replay', file(), '--as-of', '2020-01-01T00:00:00Z']);
  expect(early).toMatchObject({ exitCode: 0, output: '', errors: expect.stringContaining('of that time') });
});
