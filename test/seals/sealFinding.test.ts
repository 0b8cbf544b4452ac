import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { PatronFeesError } from '../../src/errors.js';
import { findingKey, knownField, sealFinding, unreadableDifference } from '../../src/seals/sealFinding.js';

const patron = { institution: 'north', patronId: 'p' };

describe('a finding of a seal', () => {
  it('names stream, version and seal, and since when it is known', () => {
    const key = findingKey({ code: 'EVENT_CHANGED', patronId: 'p', version: 3 });
    const known = new Map([[key, 7]]);
    const finding = sealFinding(patron, { code: 'EVENT_CHANGED', version: 3, seal: 2 }, known);
    expect(finding).toEqual({
      ...patron,
      ...{ code: 'EVENT_CHANGED', version: 3, seal: 2, knownSince: 7 },
      message: 'seal 2: event 3 is not the event that was sealed',
    });
    const stream = { institution: 'north', stream: 'till:p' };
    expect(sealFinding(stream, { code: 'EVENT_CHANGED', version: 3, seal: 2 }, known).knownSince).toBeNull();
    const after = { code: 'CORRUPT_HISTORY', version: null, seal: null } as const;
    expect(sealFinding(patron, after, known).message).toBe('event unknown cannot be folded');
  });

  it('has the place of an error, if that names one', () => {
    const error = (details: Record<string, unknown>) => new PatronFeesError('CORRUPT_HISTORY', 'x', details);
    expect(unreadableDifference(patron, error({ position: 4 })).version).toBe(4);
    expect(unreadableDifference(patron, error({ expected: 2, found: 3 })).version).toBe(2);
    expect(unreadableDifference(patron, error({ expected: '2.00' })).version).toBeNull();
    expect(() => unreadableDifference(patron, new Error('disk'))).toThrow('disk');
  });

  it('is made known by whom and why, for an account or a stream', () => {
    const entry = { code: 'EVENT_ADDED', patronId: 'p', version: 2, by: 'mo', why: 'slow clock' };
    expect(v.is(knownField, entry)).toBe(true);
    expect(v.is(knownField, { ...entry, stream: 'till:p' })).toBe(false);
    expect(v.is(knownField, { ...entry, why: '' })).toBe(false);
    expect(v.is(knownField, { ...entry, code: 'OTHER' })).toBe(false);
  });
});
