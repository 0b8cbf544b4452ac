import { describe, expect, it } from 'vitest';
import { entryPoints } from '../../entryPoints.js';
import { readSections, sectionsOf } from '../../scripts/apiPages/sections.js';

const entry = `/**
 * An entry.
 *
 * @sections Second, First
 * @module entry
 */

// First: what comes first.

export { one } from './one.js';
export type { Two } from './two.js';

// Second

export { three } from './three.js';

// First

export { four } from './four.js';
`;

describe('the sections of an entry point', () => {
  it('are its comment lines, in the order of @sections; a title may repeat', () => {
    expect(readSections('entry.ts', entry)).toEqual({
      sections: [
        { title: 'Second', description: '', names: ['three'] },
        { title: 'First', description: 'what comes first.', names: ['one', 'Two', 'four'] },
      ],
      faults: [],
    });
  });

  it('must include every export', () => {
    const text = "export { stray } from './stray.js';\n";
    expect(readSections('entry.ts', text).faults).toEqual([
      'entry.ts: "stray" has no section (expected a line "// Title" before it)',
    ]);
  });

  it('must be in @sections, all of them and no others', () => {
    expect(readSections('entry.ts', entry.replace('Second, First', 'Third, First')).faults).toEqual([
      'entry.ts: the section "Second" is missing in @sections',
      'entry.ts: @sections lists "Third", but no section has that title',
    ]);
  });

  it.each(entryPoints)('of $specifier are complete', ({ source }) => {
    const { sections, faults } = sectionsOf(source.replace('./', ''));
    expect(faults).toEqual([]);
    // The languages are few.
    if (source.endsWith('index.ts') && !source.includes('/words/'))
      expect(sections.length).toBeGreaterThan(1);
  });
});
