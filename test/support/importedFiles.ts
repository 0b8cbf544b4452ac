import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { definePolicy } from 'patron-fees';
import { type EventStore, execute, memoryEventStore } from 'patron-fees/history';
import { type OfficeStore, officeEvents } from 'patron-fees/office';
import { temporaryFolder } from './temporaryFolder.js';

export const at = '2026-03-02T09:00:00Z';
export const institution = 'north';
export const u17 = { institution, patronId: 'u17' };
export const policy = definePolicy({
  currency: 'USD',
  overpayment: 'credit',
  transfers: { expectsSettlement: true },
});

export type Stores = { readonly accounts: EventStore; readonly office: OfficeStore };

/** A patron who owes 40.00, of which 40.00 are with the student system, and 5.00 here. */
export async function filled(): Promise<Stores> {
  const accounts = memoryEventStore({ now: () => at });
  const fee = { type: 'AssessFee', feeType: 'OTHER', owner: 'MAIN', at } as const;
  await execute(accounts, policy, u17, [
    { ...fee, id: 'f1', amount: '40.00' },
    { type: 'TransferFees', id: 'sent', fees: [{ feeId: 'f1' }], at },
    { ...fee, id: 'f2', amount: '5.00' },
  ]);
  return { accounts, office: memoryEventStore({ now: () => at, codec: officeEvents }) };
}

export const settlementFile = (text = 'reference,amount\r\nu17@sent,30.00\r\n') => {
  const file = join(temporaryFolder(), 'answer.csv');
  writeFileSync(file, text);
  return { file, format: 'csv' } as const;
};

export const recorded = async ({ office }: Stores) =>
  (await office.readAll({ limit: 100 })).events.map(({ event }) => event);
export const imports = async (stores: Stores) =>
  (await recorded(stores)).map((event) => (event.type === 'FileImported' ? event.data.jobId : event.type));
export const count = async ({ accounts }: Stores) => (await accounts.readAll({ limit: 1_000 })).events.length;
export const refusedBy = (jobId: string) => ({
  findings: {
    byCode: { FILE_ALREADY_IMPORTED: 1 },
    first: [
      {
        code: 'FILE_ALREADY_IMPORTED',
        patronId: null,
        rejection: { type: 'FileAlreadyImported', kind: 'conflict', jobId, at },
      },
    ],
  },
});
