import { describe, expect, it } from 'vitest';
import { decide, emptyAccount, fold } from '../../src/index.js';
import { checkLaw } from '../support/lawTests.js';
import { policies } from '../support/stories.js';

checkLaw(2);

describe('waivers', () => {
  it('never exceed what is owed, whatever was requested: a fee cannot be waived twice', () => {
    const [policy] = policies;
    const at = '2026-03-02T09:00:00Z';
    const waiver = (id: string) =>
      ({ type: 'WaiveFees', id, at, reason: 'OTHER', fees: [{ feeId: 'f1' }] }) as const;
    const fee = { type: 'AssessFee', id: 'f1', at, feeType: 'LOST100', amount: '10', owner: 'MAIN' } as const;
    if (policy === undefined) throw new Error('no policy');
    const decision = decide([fee, waiver('w1'), waiver('w2')], emptyAccount(), policy);
    expect(decision).toMatchObject({ commandIndex: 2, rejection: { type: 'NothingOwed', feeId: 'f1' } });
    expect(fold(decision.events).fees).toEqual([]);
  });
});
