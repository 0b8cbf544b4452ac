import { lstatSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { writeOutput } from '../../src/cli/writeOutput.js';
import { memoryTerminal } from '../support/commandLine.js';
import { temporaryFolder } from '../support/temporaryFolder.js';

it('writes a file completely or not at all', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'page.html');
  const { terminal } = memoryTerminal({});
  await writeOutput(terminal, file, ['one ', 'page']);
  const broken = async function* () {
    yield 'half ';
    throw new Error('broken');
  };
  await expect(writeOutput(terminal, file, broken())).rejects.toThrow('broken');
  const controller = new AbortController();
  const interrupted = async function* () {
    yield 'half';
    controller.abort(new Error('interrupted'));
  };
  const { terminal: other } = memoryTerminal({ signal: controller.signal });
  await expect(writeOutput(other, file, interrupted())).rejects.toThrow('interrupted');
  expect(readFileSync(file, 'utf8')).toBe('one page');
  expect(readdirSync(folder)).toEqual(['page.html']);
});

it('follows links, and does not replace a device', async () => {
  const folder = temporaryFolder();
  const [file, link] = [join(folder, 'real'), join(folder, 'link')];
  writeFileSync(file, '');
  symlinkSync(file, link);
  const { terminal, written } = memoryTerminal({});
  await writeOutput(terminal, link, ['text']);
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(readFileSync(file, 'utf8')).toBe('text');
  await writeOutput(terminal, '/dev/null', ['text']);
  expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  await writeOutput(terminal, '-', ['text']);
  expect(written.output).toBe('text');
});
