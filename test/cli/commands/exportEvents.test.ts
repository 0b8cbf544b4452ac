import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fileOf, runInMemory, storedLines, threeEvents } from '../../support/commandLine.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';

it('writes what it reads', async () => {
  const lines = storedLines(['u17', 'u18']);
  const file = fileOf([], 'out.jsonl');
  expect(await runInMemory(['export', fileOf(lines), '-o', file])).toMatchObject({ exitCode: 0, output: '' });
  expect(readFileSync(file, 'utf8')).toBe(`${lines.join('\n')}\n`);
  const bare = threeEvents().map((event) => JSON.stringify(event));
  expect((await runInMemory(['export', fileOf(bare)])).output).toBe(`${bare.join('\n')}\n`);
  const one = await runInMemory(['export', file, '--patron', 'u18']);
  expect(one.output).toBe(`${lines.slice(3).join('\n')}\n`);
});

it('says which line it could not read', async () => {
  const { exitCode, errors } = await runInMemory(['export', fileOf(['{'])]);
  expect(exitCode).toBe(1);
  expect(errors).toContain(':1:2: expected JSON');
});

it('writes nothing for a patron without events, and says where it cannot write', async () => {
  const file = fileOf(storedLines(['u17']));
  const errorsOf = async (...args: readonly string[]) => {
    const { exitCode, output, errors } = await runInMemory(['export', file, ...args]);
    expect([exitCode, output]).toEqual([2, '']);
    return errors;
  };
  const target = join(temporaryFolder(), 'out.jsonl');
  expect(await errorsOf('--patron', 'u99', '-o', target)).toBe(
    `patron-fees: ${file} has no events of u99.\n`,
  );
  expect(existsSync(target)).toBe(false);
  expect(await errorsOf('-o', '/')).toBe('patron-fees: / is a folder, not a file.\n');
  expect(await errorsOf('-o', '/nowhere/out.jsonl')).toBe(
    'patron-fees: /nowhere: there is no such folder.\n',
  );
});
