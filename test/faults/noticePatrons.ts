import { type EventStore, execute } from '../../src/history/index.js';
import { definePolicy } from '../../src/index.js';

const at = '2026-03-02T14:00:00Z';

/** The number of patrons, and of the notices of each: a charge, a payment, a waiver, and what is owed. */
export const [PATRONS, NOTICES] = [60, 4];

export const policy = definePolicy({
  currency: 'USD',
  notices: { from: '2026-03-01T00:00:00Z', rules: [{ kinds: ['charged', 'paid', 'waived', 'owed'] }] },
});

export const form = { institution: 'north', at, on: '2026-03-02', jobId: 'night' };

/** Gives each patron something to be told. */
export async function fill(accounts: EventStore): Promise<void> {
  const [reason = ''] = Object.keys(policy.waiveReasons);
  for (let index = 0; index < PATRONS; index++) {
    const { decision } = await execute(accounts, policy, { institution: 'north', patronId: `p${index}` }, [
      { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '9', owner: 'MAIN', at },
      { type: 'ReceivePayment', id: 'p1', amount: '2', method: 'CASH', at },
      { type: 'WaiveFees', id: 'w1', fees: [{ feeId: 'f1', amount: '1' }], reason, at },
    ]);
    if (!decision.accepted) throw new Error(JSON.stringify(decision.rejection));
  }
}
