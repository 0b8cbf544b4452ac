import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { fileOf, runInMemory, storedLines } from '../../support/commandLine.js';

it('puts a story into the page, and none of it becomes a part of the page', async () => {
  const story = ['# a note', '{"type":"</script><b>$&"}', '{"policy":{"currency":"USD"}}'];
  const page = fileOf([], 'page.html');
  const { exitCode, output } = await runInMemory(['explain', fileOf(story), '-o', page]);
  expect([exitCode, output]).toEqual([0, '']);
  const given = '{"type":"\\u003c/script>\\u003cb>$&"}\n{"policy":{"currency":"USD"}}';
  expect(readFileSync(page, 'utf8')).toBe(`<script type="application/json" id="given">${given}</script>`);
});

it('asks which patron, if there are several', async () => {
  const file = fileOf(storedLines(['u17', 'u18']));
  const several = await runInMemory(['explain', file]);
  expect(several.exitCode).toBe(2);
  expect(several.errors).toContain('choose one with --patron ID');
  const { output } = await runInMemory(['explain', file, '--patron', 'u18']);
  expect(output).toContain('"patronId":"u18"');
  expect(output).not.toContain('u17');
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
