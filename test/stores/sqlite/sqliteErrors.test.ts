import { describe, expect, it } from 'vitest';
import { withNamedErrors } from '../../../src/stores/sqlite/sqliteErrors.js';

/** An error as `node:sqlite` throws it. */
const nodeError = (errcode: number) =>
  Object.assign(new Error('database is locked'), { code: 'ERR_SQLITE_ERROR', errcode });

function thrownBy(error: unknown): unknown {
  try {
    withNamedErrors(() => {
      throw error;
    });
  } catch (thrown) {
    return thrown;
  }
  return undefined;
}

describe('an error of node:sqlite', () => {
  it.each([
    [5, 'SQLITE_BUSY'],
    [517, 'SQLITE_BUSY'],
    [13, 'SQLITE_FULL'],
    [778, 'SQLITE_IOERR'],
  ])('with the result code %i becomes %s', (errcode, code) => {
    const error = nodeError(errcode);
    expect(thrownBy(error)).toMatchObject({ code, errcode, message: 'database is locked', cause: error });
  });

  it.each([nodeError(99), Object.assign(new Error('x'), { code: 'SQLITE_BUSY' }), null, 'text'])(
    'that is unknown, or of another driver, is unchanged: %s',
    (error) => {
      expect(thrownBy(error)).toBe(error);
    },
  );

  it('returns the result of a task', () => {
    expect(withNamedErrors(() => 17)).toBe(17);
  });
});
