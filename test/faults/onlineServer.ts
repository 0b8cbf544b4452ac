// A server of online payments: node onlineServer.ts STORES. It does what each line of its input says, and answers with a line.
import { createInterface } from 'node:readline';
import type { EventStore } from '../../src/history/index.js';
import { definePolicy } from '../../src/index.js';
import { type OfficeStore, officeEvents } from '../../src/office/index.js';
import {
  type OnlineReport,
  reportOnlinePayment,
  runOnlinePayments,
  settleOnlinePart,
  settleOnlineReport,
} from '../../src/online/index.js';
import { postgresEventStore } from '../../src/stores/postgres/index.js';
import { sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { newPool } from '../support/postgresServer.js';
import { libsql } from '../support/sqliteDrivers.js';

/** Where two servers keep accounts and office: two files, or two schemas of a database. */
export type SharedStores =
  | { readonly files: readonly [string, string] }
  | { readonly connection: object; readonly schemas: readonly [string, string] };

/** What a server does. */
export type ServerJob = { readonly institution: string; readonly at: string } & (
  | { readonly do: 'settleOnlineReport' | 'settleOnlinePart' | 'reportOnlinePayment'; readonly form: object }
  | { readonly do: 'runOnlinePayments'; readonly answer?: OnlineReport }
);

export const onlineServerPolicy = definePolicy({
  currency: 'USD',
  feeTypes: { OTHER: { label: 'Other' } },
  paymentMethods: { CASH: 'Cash', ONLINE: 'Online' },
  onlinePayments: { method: 'ONLINE', shortfallFee: { feeType: 'OTHER', owner: 'MAIN' } },
});

/** Opens the stores of a server. */
export function openStores(where: SharedStores): {
  readonly accounts: EventStore;
  readonly office: OfficeStore;
} {
  if ('files' in where) {
    const [accounts, office] = where.files.map((file) => libsql.open(file)) as [never, never];
    const options = { synchronous: 'normal', busyTimeoutMs: 60_000 } as const;
    return {
      accounts: sqliteEventStore(accounts, options),
      office: sqliteEventStore(office, { ...options, codec: officeEvents }),
    };
  }
  const [accounts, office] = where.schemas.map((schema) =>
    newPool({ ...where.connection, options: `-c search_path=${schema}` }),
  ) as [never, never];
  return {
    accounts: postgresEventStore(accounts),
    office: postgresEventStore(office, { codec: officeEvents }),
  };
}

/** Does a job, and returns what became of it. */
export async function work(stores: ReturnType<typeof openStores>, job: ServerJob): Promise<object> {
  const { institution, at } = job;
  const policy = onlineServerPolicy;
  if (job.do === 'runOnlinePayments') {
    const { answer } = job;
    const ask = answer && { ask: () => answer };
    const { findings, kept } = await runOnlinePayments(stores, policy, { institution, at }, { ...ask });
    return { codes: findings.byCode, kept };
  }
  const form = { ...job.form, institution, at } as never;
  if (job.do === 'settleOnlineReport') return settleOnlineReport(stores, policy, form);
  if (job.do === 'settleOnlinePart') return settleOnlinePart(stores, policy, form);
  return reportOnlinePayment(stores, policy, form);
}

const [where] = process.argv.slice(2);
if (where?.startsWith('{')) {
  const stores = openStores(JSON.parse(where));
  console.log('ready');
  for await (const line of createInterface({ input: process.stdin })) {
    const answer = await work(stores, JSON.parse(line)).catch((error) => ({ error: String(error) }));
    console.log(JSON.stringify(answer));
  }
  process.exit();
}
