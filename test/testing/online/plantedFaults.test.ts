import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { LAW_TIMEOUT_MS } from '../../support/seeded.js';
import { findFault } from './findFault.js';
import { plantedFaults } from './plantedFaults.js';
import { planted, simulatorWith } from './plantFault.js';

const page = readFileSync(new URL('../../../docs/concepts/mutation-testing.md', import.meta.url), 'utf8');
const [, table = ''] =
  /<!-- online-faults: made by [^>]* -->([\s\S]*?)<!-- end of online-faults -->/.exec(page) ?? [];
const rows = table
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .slice(1)
  .map((line) => line.split('|').map((cell) => cell.trim()));

/** All with `FC_RUNS=all`, else every ninth. */
const tried = plantedFaults.filter((_, index) => process.env.FC_RUNS === 'all' || index % 9 === 0);

describe('a planted fault of online payments', () => {
  it('replaces a text that occurs once in its file', () => {
    for (const fault of plantedFaults) expect(planted(fault)).toContain(fault.after);
    const [fault] = plantedFaults;
    const stale = { ...fault, before: 'a text that was changed since' };
    expect(() => planted(stale as never)).toThrow('has 0 times');
  });

  it('is in the table of the page, with the story that finds it', () => {
    expect(rows.map(([, name]) => name)).toEqual(plantedFaults.map(({ name }) => name));
    expect(rows.filter((row) => row[3] === '')).toEqual([]);
    expect(page).toContain(`\n${rows.length} faults are planted one at a time in a copy of the source`);
  });

  it.each(tried)(
    'is found: $name',
    async (fault) => {
      const found = await findFault(await simulatorWith(fault));
      expect(found?.message).toBeDefined();
    },
    LAW_TIMEOUT_MS,
  );
});
