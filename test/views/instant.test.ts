import { describe, expect, it } from 'vitest';
import { instantOf } from '../../src/input/instant.js';

describe('an instant', () => {
  it('is the same moment in every zone it is written in', () => {
    expect(instantOf('2026-03-02T10:00:00+01:00')).toBe(Date.UTC(2026, 2, 2, 9));
    expect(instantOf('2026-03-02T09:00:00.000Z')).toBe(Date.UTC(2026, 2, 2, 9));
  });

  it('is none without a zone, since the zone of the machine says nothing', () => {
    for (const text of [
      '2026-03-02T09:00:00',
      '2026-03-02',
      'March 2, 2026',
      '',
      '2026-02-30T09:00:00Z',
      '0',
    ]) {
      expect(instantOf(text)).toBeNaN();
    }
  });
});
