import { expect, it } from 'vitest';
import { decide, emptyAccount } from '../../../src/index.js';
import { misfits } from '../../../src/testing/arbitraries/misfits.js';
import { usualPolicies } from '../../../src/testing/arbitraries/policies.js';
import { codesOf } from '../../../src/testing/arbitraries/policyCodes.js';

it('none of the usual policies allows a misfit', () => {
  for (const policy of usualPolicies) {
    const base = { id: 'c', at: '2026-03-02T09:00:00Z' };
    const amount = policy.currency === 'JPY' ? '5' : '5.0';
    for (const command of misfits(base, amount, 'f1', codesOf(policy)))
      expect(decide(command, emptyAccount(), policy).accepted).toBe(false);
  }
});
