import { expect, it } from 'vitest';
import { errorCodeOf, retryTransient } from '../../../src/stores/postgres/queryable.js';

it('finds the code of a server error, even in the cause of an error that wraps it', () => {
  const server = Object.assign(new Error('duplicate key'), { code: '23505' });
  expect(errorCodeOf(server)).toBe('23505');
  expect(errorCodeOf(new Error('Failed query', { cause: server }))).toBe('23505');
  expect([errorCodeOf(new Error('other')), errorCodeOf(undefined), errorCodeOf(null)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

it('retries what the server rolled back, and reports the first error in an aborted transaction', async () => {
  const failing = (...codes: string[]) => {
    let attempt = 0;
    return async () => {
      const code = codes[attempt++];
      if (code !== undefined) throw Object.assign(new Error(code), { code });
      return attempt;
    };
  };
  const isTransient = (error: unknown) => errorCodeOf(error) === '40001';
  expect(await retryTransient(failing('40001', '40001'), isTransient)).toBe(3);
  await expect(retryTransient(failing('40001', '25P02'), isTransient)).rejects.toThrow('40001');
  await expect(retryTransient(failing('53100'), isTransient)).rejects.toThrow('53100');
});
