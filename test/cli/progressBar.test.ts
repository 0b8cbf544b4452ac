import { expect, it } from 'vitest';
import { progressBar } from '../../src/cli/progressBar.js';
import { memoryTerminal } from '../support/commandLine.js';

it('is silent in a pipe', () => {
  const { terminal, written } = memoryTerminal({});
  const progress = progressBar(terminal, { unit: 'bytes', total: 10 });
  progress.add(10);
  progress.stop();
  expect(written.errors).toBe('');
});

it('shows rate and time left on a terminal, and only on the stream of messages', () => {
  const { terminal, written } = memoryTerminal({ isTTY: true });
  // The bar moves the cursor of a real terminal.
  Object.assign(terminal.errors, { cursorTo: () => true, clearLine: () => true, moveCursor: () => true });
  const progress = progressBar(terminal, { unit: 'bytes', total: 4_000_000 });
  progress.add(1_000_000);
  progress.stop();
  expect(written.errors).toMatch(/25% of 4\.0 MB \| [\d.]+ MB\/s \| \S+ left/);
  expect(written.output).toBe('');
});

it('shows only a count if the total is unknown', () => {
  const { terminal, written } = memoryTerminal({ isTTY: true });
  const progress = progressBar(terminal, { unit: 'events' });
  progress.add(3);
  progress.stop();
  expect(written.errors).toMatch(/3 events \| \d+ events\/s/);
  expect(written.errors).not.toContain('left');
});
