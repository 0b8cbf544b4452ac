import { type EventStore, execute } from '../../src/history/index.js';
import type { Command, FeePolicy } from '../../src/index.js';
import type { PaymentsReportJobForm } from '../../src/jobs/reports/index.js';

/** Forms of reports of a day and of a week, in a zone far away from UTC. */
export const tillForms = [
  { institution: 'north', timeZone: 'Pacific/Kiritimati', from: '2026-03-10', through: '2026-03-10' },
  {
    institution: 'north',
    timeZone: 'America/New_York',
    from: '2026-03-09',
    through: '2026-03-15',
    columns: ['day', 'method'],
  },
] as const satisfies readonly PaymentsReportJobForm[];

/** Executes payments, refunds and reversals of 60 patrons over four months, at every hour of the day. */
export async function fillTill(store: EventStore, policy: FeePolicy): Promise<void> {
  const charged = '2026-01-01T09:00:00Z';
  for (let n = 0; n < 60; n++) {
    const stream = { institution: n % 10 === 0 ? 'south' : 'north', patronId: `p${n}` };
    const day = (days: number) =>
      new Date(Date.parse('2026-01-20T00:00:00Z') + (days * 24 + n) * 3_600_000).toISOString();
    const commands: Command[] = [
      { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '20.00', owner: 'MAIN', at: charged },
      { type: 'ReceivePayment', id: 'p1', amount: '5.00', method: 'CASH', at: day(n) },
      { type: 'ReceivePayment', id: 'p2', amount: '1.00', method: 'CHECK', at: day(n + 1) },
      { type: 'ReversePayment', id: 'r1', paymentId: 'p2', at: day(n + 8) },
    ];
    await execute(store, policy, stream, commands);
  }
}
