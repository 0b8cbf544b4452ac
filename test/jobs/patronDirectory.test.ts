import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { directoryPatronFields } from '../../src/jobs/patronDirectory.js';

const schema = v.object(directoryPatronFields);

const patron = { patronId: 'p1', group: 'STUDENT', hasOverdueLoans: false };

describe('an entry of a patron directory', () => {
  it('has a patron and a group, and optionally an institution', () => {
    for (const entry of [patron, { ...patron, institution: 'north' }, { ...patron, group: '' }]) {
      expect(v.parse(schema, entry)).toEqual(entry);
    }
  });

  it('may have further fields', () => {
    expect(v.is(schema, { ...patron, name: 'Ada' })).toBe(true);
  });

  it('is refused in any other form', () => {
    const { group, ...groupless } = patron;
    for (const entry of [
      null,
      'p1',
      [patron],
      new Map(),
      groupless,
      ...['', 17, 'a\u0000', '\ud800', 'x'.repeat(201)].map((patronId) => ({ ...patron, patronId })),
      ...['yes', 1, null, undefined].map((hasOverdueLoans) => ({ ...patron, hasOverdueLoans })),
      { ...patron, institution: '' },
    ]) {
      expect(v.is(schema, entry)).toBe(false);
    }
    expect(group).toBe('STUDENT');
  });
});
