import fc from 'fast-check';
import { expect, it } from 'vitest';
import { tried } from '../support/seeded.js';
import { withSdk } from './withSdk.js';

const its = withSdk();

it('has no code of an error but those of this package, PostgreSQL, SQLite and Node', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.string(), fc.anything()), async (code) => {
      await its.sdk.reset();
      await its.watching.job('any', () => Promise.reject({ code })).catch(() => undefined);
      const [span] = its.sdk.spans();
      expect(span?.attributes['error.type']).toMatch(/^(?:other|[0-9A-Z]{5}|E[A-Z]+|SQLITE_[A-Z_]+)$/);
    }),
    tried(100),
  );
});
