import { expect, it } from 'vitest';
import { executeCases } from '../../../src/testing/conformance/executeCases.js';
import { failuresOf } from './failures.js';

it('detects a store that checks no version', async () => {
  const failed = await failuresOf(executeCases(5), ({ append }) => ({
    append: (stream, events) => append(stream, events, { expectedVersion: 'any' }),
  }));
  expect(failed).toEqual(['shows a held account the events that others have appended']);
});

it('detects a store that loses command ids', async () => {
  const failed = await failuresOf(executeCases(5), ({ append }) => ({
    append: (stream, events, options) =>
      append(
        stream,
        events.map(({ metadata: _, ...event }) => event),
        options,
      ),
  }));
  expect(failed).toContain('executes a command once that is repeated because its answer was lost');
});
