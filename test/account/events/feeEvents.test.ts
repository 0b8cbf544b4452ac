import { describe, expect, it } from 'vitest';
import { disputeOutcomes } from '../../../src/account/events/feeEvents.js';

describe('disputeOutcomes', () => {
  it('are the stored outcomes of a dispute', () => {
    expect(disputeOutcomes).toEqual(['feeStands', 'withdrawn', 'patronUpheld']);
  });
});
