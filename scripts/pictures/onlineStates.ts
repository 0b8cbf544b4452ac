import { definePolicy } from 'patron-fees';
import { execute, memoryEventStore } from 'patron-fees/history';
import { officeEvents } from 'patron-fees/office';
import {
  foldOnlinePayment,
  type OnlinePaymentEvent,
  type OnlineReport,
  onlinePaymentStatus,
  reportOnlinePayment,
  startOnlinePayment,
} from 'patron-fees/online';
import { type GeneratedBlocks, mermaid } from './generatedBlocks.js';

const at = '2026-03-02T09:00:00Z';
const afterExpiry = '2026-03-02T11:00:00Z';
const currency = 'USD';
const policy = definePolicy({
  currency,
  onlinePayments: { method: 'ONLINE', shortfallFee: { feeType: 'OTHER', owner: 'MAIN' } },
});

/** What a provider may say, in any order. */
const reports: readonly OnlineReport[] = [
  { ended: { cause: 'cancelled', final: false } },
  { captures: [{ externalTransactionId: 'pi_1', amount: '5.00', currency }] },
  { captures: [{ externalTransactionId: 'pi_2', amount: '5.00', currency }] },
  { returns: [{ externalTransactionId: 're_1', of: 'pi_1', kind: 'refund', amount: '2.00', currency }] },
  { returns: [{ externalTransactionId: 're_2', of: 'pi_1', kind: 'chargeback', amount: '3.00', currency }] },
];

/** All stories of up to four reports. */
function* stories(length = 4): Generator<readonly OnlineReport[]> {
  yield [];
  if (length === 0) return;
  for (const report of reports) for (const rest of stories(length - 1)) yield [report, ...rest];
}

/** The events of an online payment of which a provider says this. */
async function eventsOf(story: readonly OnlineReport[]): Promise<readonly OnlinePaymentEvent[]> {
  const now = () => at;
  const stores = {
    accounts: memoryEventStore({ now }),
    office: memoryEventStore({ now, codec: officeEvents }),
  };
  const patron = { institution: 'north', patronId: 'dverma' };
  const fee = { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '5.00', owner: 'MAIN', at } as const;
  await execute(stores.accounts, policy, patron, fee);
  const payment = { institution: 'north', onlinePaymentId: 'o1', at };
  await startOnlinePayment(stores, policy, { ...payment, parts: [{ patronId: 'dverma' }] });
  for (const report of story) await reportOnlinePayment(stores, policy, { ...payment, ...report });
  const { events } = await stores.office.read({ institution: 'north', stream: 'online:o1' });
  return events.map(({ event }) => event as OnlinePaymentEvent);
}

/** The picture of docs/guides/refunds-and-chargebacks.md, derived from what the code does. */
export async function onlineStates(): Promise<GeneratedBlocks> {
  const ways = new Map<string, Set<string>>();
  const add = (from: string, to: string, by: string) => {
    if (from !== to) ways.set(`${from} --> ${to}`, (ways.get(`${from} --> ${to}`) ?? new Set()).add(by));
  };
  for (const story of stories()) {
    const events = await eventsOf(story);
    let before = '[*]';
    for (let count = 1; count <= events.length; count++) {
      const payment = foldOnlinePayment(events.slice(0, count));
      if (payment === null) throw new Error('no payment');
      const after = onlinePaymentStatus(payment, at);
      add(before, after, (events[count - 1] as OnlinePaymentEvent).type);
      add(after, onlinePaymentStatus(payment, afterExpiry), 'it expires');
      before = after;
    }
  }
  const lines = [...ways].sort(([a], [b]) => (a < b ? -1 : 1));
  const drawn = lines.map(([way, by]) => `  ${way}: ${[...by].sort().join('<br>')}`);
  return { 'online payment states': mermaid(['stateDiagram-v2', ...drawn].join('\n')) };
}
