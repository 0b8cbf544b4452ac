import { expect, it } from 'vitest';
import { argumentCases } from '../../../src/testing/conformance/argumentCases.js';
import { type Defect, failuresOf } from './failures.js';

it.each<[string, Defect, string]>([
  [
    'accepts any stream',
    ({ read }) => ({ read: (stream) => read(stream).catch(() => ({ version: 0, events: [] })) }),
    'refuses an invalid stream',
  ],
  [
    'treats a limit of 0 as none',
    ({ read }) => ({
      read: (stream, { limit, ...rest } = {}) => read(stream, { ...rest, ...(limit && { limit }) }),
    }),
    'refuses invalid options for reading a stream',
  ],
  [
    'appends at any version without an expected version',
    ({ append }) => ({
      append: (stream, events, { expectedVersion: expected = 'any', ...rest } = {} as never) =>
        append(stream, events, { expectedVersion: expected, ...rest }),
    }),
    'refuses invalid events and options of an append',
  ],
  [
    'starts again for an unknown cursor',
    ({ readAll }) => ({ readAll: (page) => readAll(page).catch(() => readAll()) }),
    'refuses invalid options and cursors for reading a list',
  ],
  [
    'throws instead of rejecting',
    () => ({
      read: () => {
        throw Object.assign(new Error('no'), { name: 'PatronFeesError', code: 'INVALID_ARGUMENT' });
      },
    }),
    'refuses an invalid stream',
  ],
  [
    'cannot be closed',
    () => ({ close: async () => undefined }),
    'refuses every call once it is closed, and may be closed again',
  ],
])('detects a store that %s', async (_, defect, clause) => {
  expect(await failuresOf(argumentCases, defect)).toContain(clause);
});
