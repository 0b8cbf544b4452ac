import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { fileOf, runInMemory, storedLines } from '../../support/commandLine.js';

it('puts a story into the page, and its texts cannot change the page', async () => {
  const story = ['# a note', '{"type":"</script><b>$&"}', '{"policy":{"currency":"USD"}}'];
  const page = fileOf([], 'page.html');
  const { exitCode, output } = await runInMemory(['explain', fileOf(story), '-o', page]);
  expect([exitCode, output]).toEqual([0, '']);
  const given = '{"type":"\\u003c/script>\\u003cb>$&"}\n{"policy":{"currency":"USD"}}';
  expect(readFileSync(page, 'utf8')).toBe(`<script type="application/json" id="given">${given}</script>`);
});

it('requires the patron if there are several', async () => {
  const file = fileOf(storedLines(['u17', 'u18']));
  const several = await runInMemory(['explain', file]);
  expect(several.exitCode).toBe(2);
  expect(several.errors).toContain('choose one with --patron ID');
  const { output } = await runInMemory(['explain', file, '--patron', 'u18']);
  expect(output).toContain('"patronId":"u18"');
  expect(output).not.toContain('u17');
});

it.each(['a file', 'a store'])(
  'shows one account of %s, if two institutions have the same id',
  async (kind) => {
    const [north = '', ...rest] = storedLines(['u17']);
    const south = [north, ...rest].map((line) => line.replace('"north"', '"south"'));
    const file = fileOf([north, ...rest, ...south]);
    const source = kind === 'a file' ? file : `sqlite:${file}.db`;
    if (kind === 'a store') await runInMemory(['copy', file, source]);
    const both = await runInMemory(['explain', source, '--patron', 'u17']);
    expect([both.exitCode, both.output]).toEqual([2, '']);
    expect(both.errors).toContain('events of u17 in several institutions: choose one with --institution ID');
    const one = await runInMemory(['explain', source, '--patron', 'u17', '--institution', 'south']);
    expect(one.exitCode).toBe(0);
    expect(one.output.trim().split('\n')).toHaveLength(south.length);
    expect(one.output).not.toContain('"north"');
  },
);

it('refuses a list', async () => {
  const list = fileOf([`[${storedLines(['u17']).join(',')}]`]);
  expect(await runInMemory(['explain', list])).toEqual({
    exitCode: 2,
    output: '',
    errors: `patron-fees: ${list}:1: expected a command or an event a line, found a list.\n`,
  });
});

it('refuses more than a browser can show', async () => {
  const lines = Array.from({ length: 21 }, () => JSON.stringify({ type: 'x'.repeat(100_000) }));
  const { exitCode, output, errors } = await runInMemory(['explain', fileOf(lines)]);
  expect([exitCode, output]).toEqual([2, '']);
  expect(errors).toContain('is too long for a page, which shows up to 2 MB, about 5,000 events');
  expect((await runInMemory(['explain', fileOf(lines.slice(2))])).exitCode).toBe(0);
});

it('names a missing file and an unreadable line', async () => {
  const missing = await runInMemory(['explain', '/nowhere.jsonl']);
  expect(missing).toEqual({
    exitCode: 2,
    output: '',
    errors: 'patron-fees: /nowhere.jsonl: there is no such file.\n',
  });
  const broken = await runInMemory(['explain', '-'], { input: '{"type":\n' });
  expect(broken.exitCode).toBe(1);
  expect(broken.errors).toContain('standard input:1:9: expected JSON');
  expect((await runInMemory(['explain', '-'], { input: '\n' })).errors).toContain('has nothing to explain');
});
