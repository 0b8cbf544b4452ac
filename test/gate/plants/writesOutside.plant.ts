import { mkdtempSync } from 'node:fs';
import { expect, it } from 'vitest';

it('writes outside the checkout and the temporary folder', () => {
  expect(mkdtempSync('/tmp/patron-fees-planted-')).toMatch(/planted/);
});
