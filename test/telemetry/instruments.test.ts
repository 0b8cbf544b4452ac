import fc from 'fast-check';
import { expect, it } from 'vitest';
import { codeOf } from '../../src/telemetry/instruments.js';
import { tried } from '../support/seeded.js';
import { withSdk } from './withSdk.js';

const its = withSdk();

it('only error codes of this package, PostgreSQL, SQLite and Node are reported', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.string(), fc.anything()), async (code) => {
      await its.sdk.reset();
      await its.watching.job('any', () => Promise.reject({ code })).catch(() => undefined);
      const [span] = its.sdk.spans();
      expect(span?.attributes['error.type']).toMatch(/^(?:other|E[A-Z]+|SQLITE_[A-Z_]+)$/);
    }),
    tried(100),
  );
});

it.each([
  [{ code: '48213' }, 'other'],
  [{ code: 'SMITH' }, 'other'],
  [{ code: '23505', severity: 'ERROR' }, '23505'],
  [{ code: '482134', severity: 'ERROR' }, 'other'],
  [{ code: 23505, severity: 'ERROR' }, 'other'],
  [{ code: 'ECONNRESET' }, 'ECONNRESET'],
  [{ code: 'SQLITE_BUSY' }, 'SQLITE_BUSY'],
  [null, 'other'],
])('takes five characters for a code of PostgreSQL only from an error with a severity: %j', (error, code) => {
  expect(codeOf(error)).toBe(code);
});
