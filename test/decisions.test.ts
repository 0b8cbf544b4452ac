import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const folder = new URL('../docs/decisions/', import.meta.url);

it.each(readdirSync(folder))('%s has a status with a date', (file) => {
  const page = readFileSync(new URL(file, folder), 'utf8');
  expect(page).toMatch(/^(Accepted|Replaced|Withdrawn)( on \d{1,2} [A-Z][a-z]+ 20\d\d)[.,]/m);
});
