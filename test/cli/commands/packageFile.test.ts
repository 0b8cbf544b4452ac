import { expect, it } from 'vitest';
import { runInMemory } from '../../support/commandLine.js';

it('lists the schemas and prints one', async () => {
  expect((await runInMemory(['schema'])).output).toBe('events   An event\nopenapi  An interface\n');
  expect((await runInMemory(['schema', 'events'])).output).toBe('{"title":"An event"}\n');
});

it('lists the vectors and prints a file of them, also if it is compressed', async () => {
  expect((await runInMemory(['vectors'])).output).toBe('money   Amounts: 1 €\nschema  Vectors\n');
  for (const name of ['money', 'money.json', 'money.json.gz'])
    expect((await runInMemory(['vectors', name])).output).toBe('{"about":"Amounts: 1 €"}\n');
  expect((await runInMemory(['vectors', 'schema'])).output).toBe('{"title":"Vectors"}\n');
});

it('refuses an unknown name, and an invalid one', async () => {
  for (const name of ['nonsense', '../package']) {
    const { exitCode, errors } = await runInMemory(['schema', name]);
    expect(exitCode).toBe(2);
    expect(errors).toContain('expected one of events, openapi');
  }
});
