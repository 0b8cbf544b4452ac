import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { type CliResult, runInMemory } from '../support/commandLine.js';
import { temporaryFolder } from '../support/temporaryFolder.js';

const page = readFileSync(new URL('../../docs/guides/command-line.md', import.meta.url), 'utf8');
const [, events = ''] = /```jsonl\n([\s\S]*?)```/.exec(page) ?? [];
const [rows = '', germanRows = ''] = [...page.matchAll(/```csv\n([\s\S]*?)```/g)].map(([, csv]) => csv);
const examples = [
  ...page.matchAll(/```console\n\$ (?:echo '(.*)' \| )?npx patron-fees (.+)\n([\s\S]*?)```/g),
].map(([, input, command = '', output = '']) => ({ command, output, input }));

let folder = '';

/** The files of the page. Commands add to them, in the order of the page. */
beforeAll(() => {
  folder = temporaryFolder();
  const other = events.replaceAll('"4.50"', '"5.00"').split('\n').slice(0, 2);
  writeFileSync(join(folder, 'fees.jsonl'), events);
  writeFileSync(join(folder, 'balances.csv'), rows);
  writeFileSync(join(folder, 'german.csv'), germanRows);
  writeFileSync(join(folder, 'other.jsonl'), `${other.join('\n')}\n`);
});

/** Runs a command of the page on them. */
async function runExample({ command, input }: (typeof examples)[number]): Promise<CliResult> {
  const words = command
    .split(' ')
    .map((word) => word.replace(/^"(.*)"$/, '$1').replace(/\b(\w+\.(jsonl|html|db|csv))$/, `${folder}/$1`));
  const { output, ...result } = await runInMemory(words, input === undefined ? {} : { input });
  // A column of names is as wide as the longest.
  const withoutFolder = output.replaceAll(`${folder}/`, '').replaceAll(' '.repeat(folder.length + 1), '');
  return { ...result, output: withoutFolder };
}

it.each(examples.filter(({ command }) => !command.includes('|')))('$command', async (example) => {
  const { exitCode, output, errors } = await runExample(example);
  expect(errors).toBe('');
  expect(exitCode).toBeLessThan(2);
  if (example.command === '--help') expect(output.startsWith(example.output)).toBe(true);
  else expect(output).toBe(example.output);
});

it('every command has an example', async () => {
  const { output } = await runInMemory(['--help']);
  const commands = [...output.matchAll(/^ {2}([a-z]\w+) /gm)].map(([, name]) => name);
  expect(commands.length).toBeGreaterThan(5);
  expect(commands.filter((name) => !examples.some(({ command }) => command.startsWith(`${name} `)))).toEqual([
    // Serves until it is interrupted: commands/serve.test.ts.
    'serve',
    'vectors',
  ]);
});
