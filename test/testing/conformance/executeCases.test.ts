import { expect, it } from 'vitest';
import { executeCases } from '../../../src/testing/conformance/executeCases.js';
import { failuresOf } from './failures.js';

it('notices a store that checks no version', async () => {
  const failed = await failuresOf(executeCases(5), ({ append }) => ({
    append: (stream, events) => append(stream, events, { expectedVersion: 'any' }),
  }));
  expect(failed).toEqual(['gives a held account what others have appended']);
});

it('notices a store that forgets what a command was called', async () => {
  const failed = await failuresOf(executeCases(5), ({ append }) => ({
    append: (stream, events, options) =>
      append(
        stream,
        events.map(({ metadata: _, ...event }) => event),
        options,
      ),
  }));
  expect(failed).toContain('executes a command once that is given again because its answer was lost');
});
