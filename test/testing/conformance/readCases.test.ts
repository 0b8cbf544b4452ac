import { expect, it } from 'vitest';
import { readCases } from '../../../src/testing/conformance/readCases.js';
import { type Defect, failuresOf } from './failures.js';

it.each<[string, Defect, string]>([
  [
    'takes the version that was read for that of the stream',
    ({ read }) => ({
      read: async (stream, options) => {
        const { events } = await read(stream, options);
        return { events, version: events.at(-1)?.version ?? 0 };
      },
    }),
    'reads only what comes after a version, and always says where the stream ends',
  ],
  [
    'includes the version after which it is to read',
    ({ read }) => ({
      read: (stream, options) => read(stream, { ...options, after: Math.max(0, (options?.after ?? 0) - 1) }),
    }),
    'reads only what comes after a version, and always says where the stream ends',
  ],
  [
    'reads all, whatever the limit',
    ({ read }) => ({ read: (stream, options) => read(stream, { after: options?.after ?? 0 }) }),
    'reads so many events at most, and always says where the stream ends',
  ],
  [
    'takes no time of recording from a copy',
    ({ append }) => ({
      append: (stream, events, { expectedVersion: expected }) =>
        append(stream, events, { expectedVersion: expected }),
    }),
    'records events at the time that a copy brings along, unless it would go back within the stream',
  ],
])('notices a store that %s', async (_, defect, clause) => {
  expect(await failuresOf(readCases, defect)).toContain(clause);
});
