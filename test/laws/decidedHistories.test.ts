import { describe, expect, it } from 'vitest';
import { type Command, decide, definePolicy, emptyAccount, fold } from '../../src/index.js';
import { checkLaw } from '../support/lawTests.js';

checkLaw(5);

describe('deciding and folding', () => {
  it('refuses to fold another command under the id of a command that created nothing, as decide does', () => {
    const at = '2026-03-02T09:00:00Z';
    const policy = definePolicy({ currency: 'USD' });
    const fee = { type: 'AssessFee', at, feeType: 'OTHER', amount: '5', owner: 'MAIN' } as const;
    const story: readonly Command[] = [
      { ...fee, id: 'f1' },
      { type: 'DisputeFee', id: 'd1', at, feeId: 'f1' },
      { type: 'ResolveDispute', id: 'e1', at, feeId: 'f1', outcome: 'withdrawn' },
    ];
    const account = fold(decide(story, emptyAccount(), policy).events);
    expect(decide({ ...fee, id: 'e1' }, account, policy)).toMatchObject({
      rejection: { type: 'IdAlreadyUsed' },
    });
    const elsewhere = decide({ ...fee, id: 'e1' }, emptyAccount(), policy).events;
    expect(() => fold(elsewhere, account)).toThrow('OtherCommandWithThisId');
  });
});
