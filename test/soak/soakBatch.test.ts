import { describe, expect, it } from 'vitest';
import { subjectOf } from '../../src/testing/laws/laws.js';
import { fold } from './brokenSubject.js';
import { soakBatch } from './soakBatch.js';

describe('a batch of a soak', () => {
  it('runs the same histories for the same seed and number, and different ones for others', () => {
    const play = (seed: number, batch: number) => soakBatch(subjectOf(), seed, batch, 10);
    const once = play(1, 0);
    expect(once).toEqual({ counts: expect.objectContaining({ histories: 10 }) });
    expect(once.counts.refused).toBeGreaterThan(0);
    expect(play(1, 0)).toEqual(once);
    expect(play(1, 1)).not.toEqual(once);
    expect(play(2, 0)).not.toEqual(once);
  });

  it('reports the violated law with a small story', () => {
    const { failure } = soakBatch(subjectOf({ fold }), 1, 1);
    expect(failure).toMatch(
      /^Law 1 \(conservation\) does not hold: every figure .*\n\nIn \w{3}[^\n]*:\n1\. (AssessFee|AccrueFine) .*\n2\. ReceivePayment .*\n\n/,
    );
  });
});
