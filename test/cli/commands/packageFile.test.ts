import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { runInMemory } from '../../support/commandLine.js';

it('lists the schemas and prints one', async () => {
  expect((await runInMemory(['schema'])).output).toBe('events   An event\nopenapi  An interface\n');
  expect((await runInMemory(['schema', 'events'])).output).toBe('{"title":"An event"}\n');
});

it('lists the vectors and prints a file of them', async () => {
  const { output } = await runInMemory(['vectors', '--json']);
  const names = output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).name);
  expect(names).toContain('commands');
  const file = readFileSync(new URL('../../../vectors/money.json', import.meta.url), 'utf8');
  expect((await runInMemory(['vectors', 'money'])).output).toBe(file);
  expect((await runInMemory(['vectors', 'money.json'])).output).toBe(file);
});

it('refuses an unknown name, and what is no name', async () => {
  for (const name of ['nonsense', '../package']) {
    const { exitCode, errors } = await runInMemory(['schema', name]);
    expect(exitCode).toBe(2);
    expect(errors).toContain('expected one of events, openapi');
  }
});
