import { expect, it } from 'vitest';
import { argumentCases } from '../../../src/testing/conformance/argumentCases.js';
import { type Defect, failuresOf } from './failures.js';

it.each<[string, Defect, string]>([
  [
    'takes anything for a stream',
    ({ read }) => ({ read: (stream) => read(stream).catch(() => ({ version: 0, events: [] })) }),
    'refuses a stream that has no proper name',
  ],
  [
    'takes a limit of 0 for none',
    ({ read }) => ({
      read: (stream, { limit, ...rest } = {}) => read(stream, { ...rest, ...(limit && { limit }) }),
    }),
    'refuses a part of a stream that makes no sense',
  ],
  [
    'appends wherever it can when nothing is expected',
    ({ append }) => ({
      append: (stream, events, { expectedVersion: expected = 'any', ...rest } = {} as never) =>
        append(stream, events, { expectedVersion: expected, ...rest }),
    }),
    'refuses an append that does not say properly what it appends or expects',
  ],
  [
    'begins anew for a cursor that it does not know',
    ({ readAll }) => ({ readAll: (page) => readAll(page).catch(() => readAll()) }),
    'refuses a part of a long list that makes no sense',
  ],
  [
    'throws instead of rejecting',
    () => ({
      read: () => {
        throw Object.assign(new Error('no'), { name: 'PatronFeesError', code: 'INVALID_ARGUMENT' });
      },
    }),
    'refuses a stream that has no proper name',
  ],
  [
    'cannot be closed',
    () => ({ close: async () => undefined }),
    'does nothing once it was closed, and may be closed again',
  ],
])('notices a store that %s', async (_, defect, clause) => {
  expect(await failuresOf(argumentCases, defect)).toContain(clause);
});
