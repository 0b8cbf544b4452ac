import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { main, type Process } from '../../src/cli/main.js';
import { memoryTerminal } from '../support/commandLine.js';

/** Runs `main` in a process that only notes how it ended. */
async function endOf(
  args: readonly string[],
  meanwhile: (events: EventEmitter, output: EventEmitter) => void,
) {
  const { terminal, written } = memoryTerminal({});
  const events = new EventEmitter();
  let exitCode: number | undefined;
  const process = {
    argv: ['node', 'patron-fees', ...args],
    stdin: terminal.input,
    stdout: terminal.output,
    stderr: terminal.errors,
    on: events.on.bind(events),
    exit: (code: number) => {
      exitCode = code;
    },
  };
  const running = main(process as unknown as Process, terminal.files);
  await new Promise(setImmediate);
  meanwhile(events, terminal.output);
  await running;
  return { exitCode, ...written };
}

it('ends with the exit code of the command', async () => {
  expect((await endOf(['--version'], () => {})).exitCode).toBe(0);
  expect((await endOf(['nonsense'], () => {})).exitCode).toBe(2);
});

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
])('ends after %s with %i, and says nothing', async (signal, exitCode) => {
  const end = await endOf(['validate', '-'], (events) => events.emit(signal));
  expect(end).toEqual({ exitCode, output: '', errors: '' });
});

it('ends quietly if nobody reads the output, and says why it cannot be written', async () => {
  const failing = (code: string) =>
    endOf(['validate', '-'], (_, output) =>
      output.emit('error', Object.assign(new Error(`${code}: no`), { code })),
    );
  expect(await failing('EPIPE')).toEqual({ exitCode: 141, output: '', errors: '' });
  expect(await failing('ENOSPC')).toEqual({ exitCode: 2, output: '', errors: 'patron-fees: ENOSPC: no\n' });
});
