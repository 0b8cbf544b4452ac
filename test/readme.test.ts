import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { entryPoints } from '../entryPoints.js';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const words = (text: string) => text.split(/\s+/).filter((word) => word !== '').length;

describe('the README', () => {
  it('is read in a minute', () => {
    expect(words(readme)).toBeLessThanOrEqual(900);
  });

  it('shows TypeScript within its first 150 words', () => {
    expect(words(readme.slice(0, readme.indexOf('```ts')))).toBeLessThanOrEqual(150);
  });

  it('names every entry point', () => {
    const table = readme.slice(readme.indexOf('## Entry points'), readme.indexOf('## What is guaranteed'));
    const missing = entryPoints
      .map(({ specifier }) => specifier.replace('patron-fees', ''))
      .filter((name) => name !== '' && !table.includes(`\`${name}\``));
    expect(missing).toEqual([]);
  });
});
