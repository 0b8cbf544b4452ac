import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { executeRemittance, type RemittanceCommand } from '../../../src/bursar/index.js';
import { execute, memoryEventStore } from '../../../src/history/index.js';
import type { Command } from '../../../src/index.js';
import { journalText, remittancePostings } from '../../../src/jobs/reports/index.js';
import { officeEvents } from '../../../src/office/index.js';
import { policy, received, remittanceEvents, undone } from '../../office/remittances/remittances.js';
import { LAW_TIMEOUT_MS, seeded } from '../../support/seeded.js';

const posted = (...commands: readonly RemittanceCommand[]) =>
  remittancePostings(remittanceEvents(...commands)).map((postings) =>
    postings.map(({ account, amountMinor }) => `${account.join(':')} ${amountMinor}`),
  );

describe('the postings of remittances', () => {
  it('are booked against the settled amount and the surplus', () => {
    expect(posted(received('r1', '80', { commission: '20', surplus: '1.45' }), undone('u1', 'r1'))).toEqual([
      ['remitted:BURSAR 8000', 'commission:BURSAR 2000', 'settled:BURSAR -9855', 'settlementSurplus -145'],
      ['remitted:BURSAR -8000', 'commission:BURSAR -2000', 'settled:BURSAR 9855', 'settlementSurplus 145'],
    ]);
  });

  it('have opposite signs for money paid out, and no destination for a system without a name', () => {
    const { destination: _, ...unnamed } = received('r1', '80', { direction: 'paid' });
    expect(posted(unnamed)).toEqual([['remitted -8000', 'settled 8000']]);
  });

  it('are not computed from corrupt events', () => {
    expect(() =>
      remittancePostings(remittanceEvents(received('r1', '1'), undone('u', 'r1')).slice(1)),
    ).toThrow('CORRUPT_HISTORY');
  });
});

const at = '2026-03-02T09:00:00Z';
const patron = { institution: 'north', patronId: 'p' };
const cents = fc.integer({ min: 1, max: 30_000 });
const written = (minor: number) => (minor / 100).toFixed(2);

async function balancesOf(stores: {
  readonly accounts: ReturnType<typeof memoryEventStore>;
  readonly office: never;
}): Promise<ReadonlyMap<string, string>> {
  const form = { institution: 'north', timeZone: 'UTC', format: 'hledger' } as const;
  const pieces = journalText(stores, policy, form);
  let end = await pieces.next();
  while (end.done !== true) end = await pieces.next();
  expect(end.value.findings.count).toBe(0);
  return new Map(end.value.balances.map(({ name, amount }) => [name, amount]));
}

describe('a journal with remittances', () => {
  it(
    'has no balance at the bursar once everything paid there is handed over',
    async () => {
      const batch = fc.record({
        amount: cents,
        paid: cents,
        isReversed: fc.boolean(),
        commission: fc.nat(100),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(batch, { minLength: 1, maxLength: 5 }), async (batches) => {
          const now = () => at;
          const accounts = memoryEventStore({ now });
          const office = memoryEventStore({ now, codec: officeEvents });
          const run = (command: object) => execute(accounts, policy, patron, { at, ...command } as Command);
          let [settled, surplus] = [0, 0];
          for (const [n, { amount, paid, isReversed }] of batches.entries()) {
            const fee = { type: 'AssessFee', id: `f${n}`, feeType: 'OTHER', owner: 'MAIN' };
            await run({ ...fee, amount: written(amount) });
            const what = { fees: [{ feeId: `f${n}` }], destination: 'BURSAR', expectsSettlement: true };
            await run({ type: 'TransferFees', id: `t${n}`, ...what });
            await run({ type: 'SettleTransfer', id: `s${n}`, transferId: `t${n}`, amount: written(paid) });
            if (isReversed) await run({ type: 'ReverseSettlement', id: `u${n}`, settlementId: `s${n}` });
            else {
              settled += Math.min(amount, paid);
              surplus += Math.max(0, paid - amount);
            }
          }
          const kept = Math.min(batches[0]?.commission ?? 0, settled + surplus - 1);
          if (settled + surplus > 0) {
            const money = received('r', written(settled + surplus - kept), {
              ...(kept > 0 && { commission: written(kept) }),
              ...(surplus > 0 && { surplus: written(surplus) }),
            });
            const { decision } = await executeRemittance(office, policy, { institution: 'north' }, money);
            expect(decision.accepted).toBe(true);
          }
          const balances = await balancesOf({ accounts, office: office as never });
          expect(balances.get('Assets:Settled:BURSAR') ?? '0.00').toBe('0.00');
          expect(balances.get('Assets:SettlementSurplus') ?? '0.00').toBe('0.00');
          expect(balances.get('Assets:Remitted:BURSAR') ?? '0.00').toBe(
            settled + surplus > 0 ? written(settled + surplus - kept) : '0.00',
          );
          if (settled + surplus === 0) return;
          await executeRemittance(office, policy, { institution: 'north' }, undone('undo', 'r'));
          const before = await balancesOf({ accounts, office: office as never });
          expect(before.get('Assets:Settled:BURSAR') ?? '0.00').toBe(written(settled));
        }),
        seeded('remittances in the journal'),
      );
    },
    LAW_TIMEOUT_MS,
  );
});
