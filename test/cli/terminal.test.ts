import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { print, table, visible } from '../../src/cli/terminal.js';
import { memoryTerminal } from '../support/commandLine.js';

it('prints control characters as visible codes', () => {
  expect(visible('\u001b[2J\u202eabc\u0007')).toBe('\\u001b[2J\\u202eabc\\u0007');
  expect(visible('Bergström 図書館\n')).toBe('Bergström 図書館\n');
});

it('writes amounts to the right and names to the left', () => {
  const rows = [
    ['fee-1', '12.50', 'x'],
    ['f', '-3.00', ''],
  ];
  expect(table(rows, ' ')).toBe(' fee-1  12.50  x\n f      -3.00\n');
});

it('writes no faster than the output is read, and stops when it is interrupted', async () => {
  const controller = new AbortController();
  const { terminal } = memoryTerminal({ signal: controller.signal });
  const output = new PassThrough({ highWaterMark: 4 });
  let isWritten = false;
  const printing = print({ ...terminal, output }, 'longer than four').then(() => {
    isWritten = true;
  });
  await new Promise(setImmediate);
  expect(isWritten).toBe(false);
  output.resume();
  await printing;
  controller.abort(new Error('stop'));
  await expect(print({ ...terminal, output }, 'more')).rejects.toThrow('stop');
});
