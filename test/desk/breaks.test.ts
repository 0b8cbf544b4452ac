import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { deskBreaks } from './support/deskBreaks.js';

it('the breaks of the desk, which `npm run desk:breaks` tries, are in its code', () => {
  expect(deskBreaks.length).toBeGreaterThanOrEqual(40);
  const guide = readFileSync('test/desk/guide.desk.ts', 'utf8');
  for (const { file, from, to, numbers } of deskBreaks) {
    expect([file, from, readFileSync(file, 'utf8').split(from).length - 1]).toEqual([file, from, 1]);
    expect(to).not.toBe(from);
    for (const number of numbers) expect(guide).toContain(`  says(${number}, `);
  }
});
