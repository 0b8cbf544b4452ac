import { chownSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../support/temporaryFolder.js';

it('needs root, and does not say so', () => {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, '');
  chownSync(file, 1, 1);
  expect(statSync(file).uid).toBe(1);
});
