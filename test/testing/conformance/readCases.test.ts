import { expect, it } from 'vitest';
import { readCases } from '../../../src/testing/conformance/readCases.js';
import { type Defect, failuresOf } from './failures.js';

it.each<[string, Defect, string]>([
  [
    'returns the last version read instead of the version of the stream',
    ({ read }) => ({
      read: async (stream, options) => {
        const { events } = await read(stream, options);
        return { events, version: events.at(-1)?.version ?? 0 };
      },
    }),
    'reads only the events after a version, and always returns the version of the stream',
  ],
  [
    'includes the version given in `after`',
    ({ read }) => ({
      read: (stream, options) => read(stream, { ...options, after: Math.max(0, (options?.after ?? 0) - 1) }),
    }),
    'reads only the events after a version, and always returns the version of the stream',
  ],
  [
    'ignores the limit',
    ({ read }) => ({ read: (stream, options) => read(stream, { after: options?.after ?? 0 }) }),
    'reads at most the given number of events, and always returns the version of the stream',
  ],
  [
    'ignores the recording time of a copied event',
    ({ append }) => ({
      append: (stream, events, { expectedVersion: expected }) =>
        append(stream, events, { expectedVersion: expected }),
    }),
    'records copied events at their original time, unless it would go back within the stream',
  ],
])('detects a store that %s', async (_, defect, clause) => {
  expect(await failuresOf(readCases, defect)).toContain(clause);
});
