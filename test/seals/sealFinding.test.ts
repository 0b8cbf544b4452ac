import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { PatronFeesError } from '../../src/errors.js';
import { knownField, knownSinceOf, sealFinding, unreadableDifference } from '../../src/seals/sealFinding.js';

const patron = { institution: 'north', patronId: 'p' };

describe('a finding of a seal', () => {
  it('names stream, version and seal, and the seal that first lists it as known', () => {
    const place = { code: 'EVENT_CHANGED', version: 3, seal: 2, digest: 'd' } as const;
    const known = knownSinceOf([{ number: 7, known: [{ ...place, patronId: 'p' }] }]);
    const finding = sealFinding(patron, place, known);
    expect(finding).toEqual({
      ...patron,
      ...{ ...place, knownSince: 7 },
      message: 'seal 2: event 3 is not the event that was sealed',
    });
    for (const other of [{ digest: 'e' }, { seal: 1 }, { version: 4 }])
      expect(sealFinding(patron, { ...place, ...other }, known).knownSince).toBeNull();
    const stream = { institution: 'north', stream: 'till:p' };
    expect(sealFinding(stream, place, known).knownSince).toBeNull();
    const after = { code: 'CORRUPT_HISTORY', version: null, seal: null } as const;
    expect(sealFinding(patron, after, known).message).toBe('event unknown cannot be folded');
  });

  it('matches a known entry of an earlier release, which names no seal, unless a later seal shows it', () => {
    const known = knownSinceOf([
      { number: 7, known: [{ code: 'EVENT_CHANGED', patronId: 'p', version: 3 }] },
    ]);
    const since = (seal: number) =>
      sealFinding(patron, { code: 'EVENT_CHANGED', version: 3, seal, digest: 'd' }, known).knownSince;
    expect([since(2), since(6), since(7), since(8)]).toEqual([7, 7, null, null]);
  });

  it('has the place that its error names, if any', () => {
    const error = (details: Record<string, unknown>) => new PatronFeesError('CORRUPT_HISTORY', 'x', details);
    expect(unreadableDifference(patron, error({ position: 4 })).version).toBe(4);
    expect(unreadableDifference(patron, error({ expected: 2, found: 3 })).version).toBe(2);
    expect(unreadableDifference(patron, error({ expected: '2.00' })).version).toBeNull();
    expect(() => unreadableDifference(patron, new Error('disk'))).toThrow('disk');
  });

  it('is listed as known with a person and a reason, for an account or a stream', () => {
    const seen = { version: 2, seal: 1, digest: 'd' };
    const entry = { code: 'EVENT_ADDED', patronId: 'p', ...seen, by: 'mo', why: 'slow clock' };
    expect(v.is(knownField, entry)).toBe(true);
    expect(v.is(knownField, { ...entry, stream: 'till:p' })).toBe(false);
    expect(v.is(knownField, { ...entry, why: '' })).toBe(false);
    const finding = { ...entry, institution: 'north', knownSince: null, message: 'seal 1: ...' };
    expect(v.parse(knownField, finding)).toEqual(entry);
    expect(v.is(knownField, { ...entry, code: 'OTHER' })).toBe(false);
  });
});
