import { createRequire } from 'node:module';
import { expect, it } from 'vitest';

it('needs better-sqlite3, and does not say so', () => {
  const Database = createRequire(import.meta.url)('better-sqlite3');
  expect(new Database(':memory:').open).toBe(true);
});
