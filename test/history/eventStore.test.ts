import { describe, expect, it } from 'vitest';
import { streamName, versionConflict } from '../../src/history/eventStore.js';
import { isPatronFeesError } from '../../src/index.js';

const stream = { institution: 'north', patronId: '__proto__' };

describe('streamName', () => {
  it('names the institution and the patron', () => {
    expect(streamName(stream)).toBe('north/__proto__');
  });
});

describe('versionConflict', () => {
  it('has a code and both versions', () => {
    const conflict = versionConflict(stream, 3, 5);
    expect(isPatronFeesError(conflict, 'VERSION_CONFLICT')).toBe(true);
    expect(conflict.details).toEqual({ stream: 'north/__proto__', expected: 3, actual: 5 });
    expect(conflict.message).toContain('north/__proto__ is at version 5, not at 3');
  });
});
