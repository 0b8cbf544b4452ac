import { describe, expect, it } from 'vitest';
import { creditPurposes } from '../../../src/account/circumstances.js';
import { lostItemPurposesByCause, purposesByCause } from '../../../src/account/events/creditEvents.js';

describe('the purposes of credits by their cause', () => {
  it('are known purposes', () => {
    const purposes = [lostItemPurposesByCause, purposesByCause].flatMap((table) =>
      Object.values(table).flat(),
    );
    expect(purposes.length).toBeGreaterThan(0);
    expect(purposes.filter((purpose) => !creditPurposes.includes(purpose))).toEqual([]);
  });

  it('never turn a waiver or goodwill into money', () => {
    const ofNoMoney = [lostItemPurposesByCause.waived, purposesByCause.waived, purposesByCause.manual];
    expect(ofNoMoney.flat()).not.toContain('refundable');
  });
});
