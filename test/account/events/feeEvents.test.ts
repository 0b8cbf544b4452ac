import { describe, expect, it } from 'vitest';
import { disputeOutcomes } from '../../../src/account/events/feeEvents.js';

describe('disputeOutcomes', () => {
  it('are the ways in which a dispute ends, as they are stored', () => {
    expect(disputeOutcomes).toEqual(['feeStands', 'withdrawn', 'patronUpheld']);
  });
});
