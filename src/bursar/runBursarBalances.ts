import * as v from 'valibot';
import type { EventStore, StreamId } from '../history/eventStore.js';
import { type StreamFinding, unreadable } from '../job/accountFinding.js';
import type { JobOptions } from '../job/job.js';
import type { JobReport } from '../job/jobHead.js';
import type { JobStores } from '../job/jobStores.js';
import { openJob } from '../job/openJob.js';
import type { FindingOptions } from '../job/tallies.js';
import { formatAmount, minorUnits } from '../money/money.js';
import type { OfficeStore } from '../office/officeEvents.js';
import { foldedStream } from '../office/officeStream.js';
import { foldRemittances, type RemittanceEvent } from '../office/remittances/remittance.js';
import { streamOfKind } from '../office/streamKinds.js';
import type { FeePolicy } from '../policy/feePolicy.js';
import { checkedOpenItemsForm, type OpenItem, type OpenItemsForm, openItemsFinder } from './runOpenItems.js';

/** The form of a report on external systems. */
export type BursarBalancesForm = Omit<OpenItemsForm, 'which'>;

/**
 * More money was handed over than the external system had for the library, or the library paid it more than it had to:
 * a remittance with a wrong amount, or a report of payments that was not imported yet. Not found with `batches`.
 */
export type RemittedAboveDue = {
  /** The kind of finding. */
  readonly code: 'REMITTED_ABOVE_DUE';
  /** The institution. */
  readonly institution: string;
  /** The external system; null if transfers name none. */
  readonly destination: string | null;
  /** What it had for the library, a decimal string: settled and surplus; negative if the library had to pay. */
  readonly settled: string;
  /** What it handed over, commission included, less what it was paid. */
  readonly remitted: string;
  /** The finding in one sentence. */
  readonly message: string;
};

/** How a report on external systems runs. It has no shard: the money that was handed over belongs to all accounts. */
export type BursarBalancesOptions = Omit<JobOptions, 'shard'> &
  FindingOptions<StreamFinding | RemittedAboveDue>;

/**
 * The transferred amounts, and how much was paid, reversed, recalled and is pending. Decimal strings; credits count as
 * negative.
 */
export type BursarFigures = {
  /** The number of transfers. */
  readonly transfers: number;
  /** The transferred amount. */
  readonly amount: string;
  /** What was paid there, less what was reversed. */
  readonly settled: string;
  /** The settlements that were reversed, surpluses included. */
  readonly reversed: string;
  /** What was paid there above what was pending. */
  readonly surplus: string;
  /** What came back here. */
  readonly recalled: string;
  /** What is pending there. */
  readonly pending: string;
  /** The number of transfers that are pending. */
  readonly pendingTransfers: number;
  /** When the oldest pending transfer was made; null if nothing is pending. */
  readonly pendingSince: string | null;
};

/** The transfers of one batch. Amounts are decimal strings. */
export type BursarBatch = BursarFigures & {
  /** The external system; null if transfers name none. */
  readonly destination: string | null;
  /** The batch; null for transfers without one. */
  readonly batchId: string | null;
};

/** One external system: its transfers, and the money that it handed over. Amounts are decimal strings. */
export type BursarBalance = BursarFigures & {
  /** The external system; null if transfers name none. */
  readonly destination: string | null;
  /** The money that it handed over, less what it was paid. */
  readonly remitted: string;
  /** What it kept as its fee. */
  readonly commission: string;
  /** What it still has to hand over: settled and surplus, less remitted and commission. */
  readonly due: string;
};

/** What external systems have, by batch and by system. What belongs to a stream with a finding is missing. */
export type BursarBalances = JobReport<StreamFinding | RemittedAboveDue> & {
  /** The institution. */
  readonly institution: string;
  /** The day. */
  readonly asOf: string;
  /** ISO 4217 code of all amounts. */
  readonly currency: string;
  /** One row for each batch, ordered by system, then by the first transfer of the batch. */
  readonly batches: readonly BursarBatch[];
  /** One row for each system. */
  readonly systems: readonly BursarBalance[];
};

/**
 * Reports what external systems have: what was transferred by batch, what was paid, reversed, recalled and is pending,
 * and for each system what it handed over and still has to. Keeps one row for each batch in memory.
 *
 * With all remittances and transfers, `due` is the balance of `settled` and `settlementSurplus` in the journal.
 *
 * @param stores - the store with the accounts, and the one with the remittances if there are any
 * @param policy - the institution's policy
 * @param form - the institution, the day, which transfers. `batches` limits the transfers only: money handed over has
 * no batch and is always included
 * @param options - callbacks for findings and progress; signal; concurrency
 * @returns the report, ready for JSON
 * @throws {@link index.PatronFeesError | PatronFeesError} before anything is read: `INVALID_ARGUMENT` with every fault of the
 * stores, the form and the options in `details.faults`, `INVALID_POLICY` for an invalid policy. Later: `JOB_CANCELLED`
 * with the report so far once the signal is aborted; any error of the store
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { execute, memoryEventStore } from 'patron-fees/history';
 * import { runBursarBalances } from 'patron-fees/bursar';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const accounts = memoryEventStore({ now: () => at });
 * const policy = definePolicy({ currency: 'USD', transfers: { expectsSettlement: true } });
 * await execute(accounts, policy, { institution: 'north', patronId: 'u17' }, [
 *   { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '30', owner: 'MAIN', at },
 *   { type: 'TransferFees', id: 'export-9', fees: [{ feeId: 'f1' }], at },
 *   { type: 'SettleTransfer', id: 's1', transferId: 'export-9', amount: '10', at },
 * ]);
 *
 * const form = { institution: 'north', timeZone: 'America/New_York', asOf: '2026-03-31' };
 * const { batches, systems } = await runBursarBalances({ accounts }, policy, form);
 * batches.map(({ batchId, settled, pending }) => [batchId, settled, pending]); //=> [['export-9', '10.00', '20.00']]
 * systems.map(({ remitted, due }) => [remitted, due]); //=> [['0.00', '10.00']]
 * ```
 */
export async function runBursarBalances(
  stores: JobStores<EventStore, OfficeStore>,
  policy: FeePolicy,
  form: BursarBalancesForm,
  options: BursarBalancesOptions = {},
): Promise<BursarBalances> {
  const job = openJob<
    ReturnType<typeof checkedOpenItemsForm>,
    EventStore,
    OfficeStore,
    StreamFinding | RemittedAboveDue
  >(stores, policy, options, {
    form: () => ({ ...checkedOpenItemsForm(form), which: 'all' }),
    options: {
      shard: v.optional(v.undefined('no shard: the money that was handed over belongs to all accounts')),
    },
  });
  const { currency, digits, office } = job;
  const { institution, asOf, destinations, batches: onlyOf } = job.form;
  const itemsOf = openItemsFinder(job.form);
  const batches = new Map<string, { readonly key: Batch; readonly tally: Tally }>();
  const systems = new Map<string | null, { readonly tally: Tally; readonly money: Money }>();
  const systemOf = (destination: string | null, money: Money = { remitted: 0n, commission: 0n }) => {
    const known = systems.get(destination) ?? { tally: emptyTally(), money };
    systems.set(destination, { ...known, money });
    return known.tally;
  };
  const addItem = (item: OpenItem) => {
    const { destination, batchId } = item;
    const name = JSON.stringify([destination, batchId]);
    const batch = batches.get(name) ?? { key: { destination, batchId }, tally: emptyTally() };
    batches.set(name, batch);
    for (const tally of [batch.tally, systemOf(destination)]) add(tally, item);
  };
  const addMoney = async (destination: string | null) => {
    if (office === undefined) return;
    const stream = streamOfKind(institution, 'remittances', destination ?? undefined);
    try {
      const { events } = await office.read(stream);
      const money = foldedStream(stream, () =>
        moneyHandedOver(events.map(({ event }) => event as RemittanceEvent)),
      );
      // A system may have handed over money although nothing is transferred to it any more.
      if (systems.has(destination) || money.remitted !== 0n || money.commission !== 0n)
        systemOf(destination, money);
    } catch (error) {
      await job.found(unreadable(stream, error));
    }
  };
  const work = async (stream: StreamId) => {
    const { account, finding } = await job.read(stream);
    const items = itemsOf(stream, account);
    return items.length > 0 && finding !== null ? finding : items;
  };
  const addAboveDue = async () => {
    if (onlyOf !== undefined) return;
    for (const [destination, { tally, money }] of systems) {
      const [had, handedOver] = [tally.settled + tally.surplus, money.remitted + money.commission];
      const isWithin =
        had > 0n ? handedOver >= 0n && handedOver <= had : handedOver <= 0n && handedOver >= had;
      if (isWithin) continue;
      const [settled, remitted] = [formatAmount(had, digits), formatAmount(handedOver, digits)];
      const message = `${destination ?? 'the external system'} handed over ${remitted}, and had ${settled}`;
      await job.found({ code: 'REMITTED_ABOVE_DUE', institution, destination, settled, remitted, message });
    }
  };
  const balanceOf = ([destination, { tally, money }]: [string | null, { tally: Tally; money: Money }]) => {
    const write = (minor: bigint) => formatAmount(minor, digits);
    const { remitted, commission } = money;
    const due = tally.settled + tally.surplus - remitted - commission;
    return {
      destination,
      ...figuresOf(tally, digits),
      remitted: write(remitted),
      commission: write(commission),
      due: write(due),
    };
  };
  return job.working(
    async () => {
      for await (const item of job.eachAccount(work)) addItem(item);
      const named = destinations ?? [...Object.keys(job.policy.destinations), null];
      for (const destination of new Set([...named, ...systems.keys()])) await addMoney(destination);
      await addAboveDue();
    },
    () => ({
      institution,
      asOf,
      currency,
      batches: [...batches.values()]
        .sort((a, b) => byName(a.key.destination, b.key.destination) || byName(a.tally.first, b.tally.first))
        .map(({ key, tally }) => ({ ...key, ...figuresOf(tally, digits) })),
      systems: [...systems].map(balanceOf).sort((a, b) => byName(a.destination, b.destination)),
    }),
  );
}

type Batch = Pick<BursarBatch, 'destination' | 'batchId'>;

type Money = { readonly remitted: bigint; readonly commission: bigint };

function moneyHandedOver(events: readonly RemittanceEvent[]): Money {
  let [remitted, commission] = [0n, 0n];
  for (const remittance of foldRemittances(events).remittances) {
    if (remittance.isReversed) continue;
    const amount = minorUnits(remittance.amount);
    remitted += remittance.direction === 'received' ? amount : -amount;
    commission += minorUnits(remittance.commission);
  }
  return { remitted, commission };
}

const sums = ['amount', 'settled', 'reversed', 'surplus', 'recalled', 'pending'] as const;

type Tally = Record<(typeof sums)[number], bigint> & {
  transfers: number;
  pendingTransfers: number;
  first: string;
  pendingSince: string | null;
};

function emptyTally(): Tally {
  const none = { amount: 0n, settled: 0n, reversed: 0n, surplus: 0n, recalled: 0n, pending: 0n };
  return { ...none, transfers: 0, pendingTransfers: 0, first: '', pendingSince: null };
}

function add(tally: Tally, item: OpenItem): void {
  for (const name of sums) tally[name] += minorUnits(item[name]);
  tally.transfers += 1;
  tally.first = earlier(tally.first === '' ? null : tally.first, item.transferredAt);
  if (minorUnits(item.pending) === 0n) return;
  tally.pendingTransfers += 1;
  tally.pendingSince = earlier(tally.pendingSince, item.transferredAt);
}

function earlier(one: string | null, other: string): string {
  return one !== null && Date.parse(one) <= Date.parse(other) ? one : other;
}

function figuresOf(
  { transfers, pendingTransfers, pendingSince, ...tally }: Tally,
  digits: number,
): BursarFigures {
  const write = (minor: bigint) => formatAmount(minor, digits);
  return {
    transfers,
    amount: write(tally.amount),
    settled: write(tally.settled),
    reversed: write(tally.reversed),
    surplus: write(tally.surplus),
    recalled: write(tally.recalled),
    pending: write(tally.pending),
    pendingTransfers,
    pendingSince,
  };
}

function byName(a: string | null, b: string | null): number {
  return (a ?? '') < (b ?? '') ? -1 : Number((a ?? '') > (b ?? ''));
}
