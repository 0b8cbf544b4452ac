import { describe, expect, it } from 'vitest';
import { closingLines, progressLine } from './soakProgress.js';

const counts = { histories: 12_400, commands: 120_000, refused: 30_000, events: 95_000 };
const state = { counts, total: 1_000_000, seconds: 31, memoryBytes: 182 * 2 ** 20 };

describe('the progress of a soak', () => {
  it('shows the histories done, the rate, and the time left', () => {
    expect(progressLine(state)).toBe(
      '12,400 of 1,000,000 histories, 400 a second, 41 min 9 s left, largest process 182 MB',
    );
    expect(progressLine({ ...state, seconds: 310 })).toContain('40 a second, 6 h 51 min left');
    expect(progressLine({ ...state, total: 12_500 })).toContain(', 1 s left');
  });

  it('shows no time left before anything is done', () => {
    const nothing = { ...counts, histories: 0 };
    expect(progressLine({ ...state, counts: nothing, seconds: 0 })).toContain('0 a second, ? left');
  });

  it('ends with the counts', () => {
    expect(closingLines(state).split('\n')).toEqual([
      '12,400 histories: 120,000 commands, 30,000 of them refused, 95,000 events',
      'each held to all laws: as it is, damaged, with a named fault, and among malformed input',
      'in 31 s, 400 a second, largest process 182 MB',
    ]);
  });
});
