import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { fileOf, runInMemory, storedLines, threeEvents } from '../../support/commandLine.js';

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
