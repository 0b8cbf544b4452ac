import { describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/runCli.js';
import { fileOf, memoryTerminal, runInMemory, storedLines } from '../support/commandLine.js';

const commandsOf = (help: string) =>
  [...(/Commands:\n([\s\S]*?)\n\n/.exec(help)?.[1] ?? '').matchAll(/^ {2}(\w+) /gm)].map(
    ([, name]) => name as string,
  );

describe('--help', () => {
  it('fits a screen, for the program and for each command', async () => {
    const { output, exitCode } = await runInMemory(['--help']);
    expect(exitCode).toBe(0);
    const commands = commandsOf(output);
    expect(commands).toContain('validate');
    const helps = [output];
    for (const command of commands) helps.push((await runInMemory([command, '--help'])).output);
    for (const help of helps) {
      const lines = help.trimEnd().split('\n');
      expect(lines.length).toBeLessThanOrEqual(24);
      expect(lines.filter((line) => line.length > 80)).toEqual([]);
    }
  });

  it('prints the same as the command help', async () => {
    expect(await runInMemory(['help'])).toEqual(await runInMemory(['--help']));
    expect(await runInMemory(['help', 'diff'])).toEqual(await runInMemory(['diff', '--help']));
  });

  it('and --version go to the standard output', async () => {
    expect(await runInMemory(['--version'])).toEqual({ exitCode: 0, output: '1.2.3\n', errors: '' });
  });
});

describe('exit codes', () => {
  it('are 2, with a message, for invalid arguments', async () => {
    for (const args of [
      [],
      ['nonsense'],
      ['replay'],
      ['replay', 'f', '--nonsense'],
      ['replay', '/nowhere'],
    ]) {
      const { exitCode, output, errors } = await runInMemory(args);
      expect([exitCode, output]).toEqual([2, '']);
      expect(errors).not.toBe('');
      expect(errors).not.toContain(' at ');
    }
  });

  it('are 0 without findings, and 1 with findings', async () => {
    const file = fileOf(storedLines(['u17']));
    expect((await runInMemory(['validate', file])).exitCode).toBe(0);
    expect((await runInMemory(['validate', fileOf(['{}'])])).exitCode).toBe(1);
  });

  it('come without further output after an interrupt', async () => {
    const controller = new AbortController();
    const { terminal, written } = memoryTerminal({ signal: controller.signal });
    // An input that never ends.
    const running = runCli(['validate', '-'], terminal);
    await new Promise(setImmediate);
    controller.abort(new Error('interrupted'));
    expect(await running).toBe(2);
    expect(written).toEqual({ output: '', errors: '' });
  });
});
