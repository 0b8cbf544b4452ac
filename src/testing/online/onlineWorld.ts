import type { Command } from '../../account/commands/command.js';
import type { Decision } from '../../account/decision.js';
import type { PatronAccount } from '../../account/patronAccount.js';
import type { EventStore } from '../../history/eventStore.js';
import { execute } from '../../history/execute.js';
import { loadAccount } from '../../history/loadAccount.js';
import { memoryEventStore } from '../../history/memoryEventStore.js';
import { digitsOf } from '../../money/currency.js';
import { formatAmount } from '../../money/money.js';
import { type OfficeStore, officeEvents } from '../../office/officeEvents.js';
import type { PayoutRow } from '../../office/onlinePayments/keptReport.js';
import type { OnlinePayment } from '../../office/onlinePayments/onlinePayment.js';
import { loadOnlinePayment } from '../../online/loadOnlinePayment.js';
import { type OnlinePaymentsReport, runOnlinePayments } from '../../online/monitor/runOnlinePayments.js';
import type { OnlineFinding } from '../../online/onlineFinding.js';
import { type PayoutsReport, reconcilePayouts } from '../../online/payouts/reconcilePayouts.js';
import type { OnlineReport } from '../../online/report/onlineReport.js';
import { type ReportResult, reportOnlinePayment } from '../../online/report/reportOnlinePayment.js';
import type { StartForm } from '../../online/start/startOnlinePayment.js';
import type { StoryStores } from './processes.js';
import { type Checkout, type Debit, type Fact, newProvider, type Taken } from './provider.js';
import { METHOD, onlinePolicy, type ProviderStory } from './providerStory.js';

/** The patrons of a story. */
export const PATRONS = ['ann', 'ben'] as const;

/** Who may settle. */
export const manager = { userId: 'mo', roles: ['USER_MANAGER'] };

/** Retries without pauses: the other writer of a story has always come to an end. */
export const retry = { attempts: 20, maxPauseMs: 0 };

const MINUTE = 60_000;

/** Opens the stores for a story: empty stores, or an institution without events. */
export type OpenStores = () => Promise<OpenedStores>;

/** The stores of a story. */
export type OpenedStores = {
  /** The store with the events of patron accounts. */
  readonly accounts: EventStore;
  /** The store with the events of the office, opened with the codec `officeEvents`. */
  readonly office: OfficeStore;
  /**
   * The institution of the story.
   *
   * @defaultValue `north`
   */
  readonly institution?: string;
};

/** Opens stores in memory. */
export const memoryStores: OpenStores = async () => {
  const now = () => '2026-03-02T09:00:00Z';
  return { accounts: memoryEventStore({ now }), office: memoryEventStore({ now, codec: officeEvents }) };
};

/** All that happens in a story, and what people remember of it. */
export type World = ReturnType<typeof worldOf>;

/** Returns a world in which the patrons owe their fees, and nothing else has happened. */
export async function newWorld(story: ProviderStory, open: OpenStores): Promise<World> {
  const world = worldOf(story, await open());
  for (const [index, fees] of story.fees.entries()) {
    for (const [at, amount] of fees.entries()) {
      const { feeType, money } = world;
      const fee = { type: 'AssessFee', id: `f${at}`, feeType, amount: money(amount), owner: 'MAIN' } as const;
      await world.give(PATRONS[index] as string, { ...fee, automatic: true });
    }
  }
  return world;
}

function worldOf(story: ProviderStory, { institution = 'north', accounts, office }: OpenedStores) {
  const stores: StoryStores = { accounts, office };
  const { currency } = story.policy;
  const money = (minor: number) => formatAmount(minor, digitsOf(currency));
  const { rules, staffRules, feeType } = onlinePolicy(story, money(50));
  let now = Date.parse('2026-03-02T09:00:00Z');
  let commands = 0;
  const at = (ms = now) => `${new Date(ms).toISOString().slice(0, 19)}Z`;
  const provider = newProvider(currency, money);
  /** What the program was told of debits, and what persons know of it. */
  const seen = {
    /** The findings of the last run, which people look at, and its cursor. */
    findings: [] as readonly OnlineFinding[],
    cursor: null as string | null,
    /** The findings after which a person has undone something. */
    undone: new WeakSet<OnlineFinding>(),
    /** How often a process was killed. */
    kills: 0,
    /** Whether a person settled something between two writes of another process. */
    isSettledMeanwhile: false,
  };
  const toldDebits: { readonly checkout: Checkout; readonly debit: Debit }[] = [];
  const toldFailed: { readonly checkout: Checkout; readonly at: string }[] = [];
  const payment = (onlinePaymentId: string): Promise<OnlinePayment | null> =>
    loadOnlinePayment(stores.office, { institution, onlinePaymentId });
  return {
    story,
    stores,
    institution,
    currency,
    rules,
    feeType,
    money,
    provider,
    seen,
    /** The forms that patrons sent. */
    forms: [] as StartForm[],
    /**
     * Returns the id of a reversal by which people undo what was entered too much of a transaction: it tells the judge so,
     * whatever became of the process.
     */
    undoingId: (id: string): string => {
      commands += 1;
      return `${undoes(id)}${commands}`;
    },
    /** Captures that the program told a hundred times too large, and whether it has told the rest as returned. */
    mistaken: new Map<Fact, { readonly corrected: boolean }>(),
    /** What staff entered by hand, without an id of the provider. */
    byHand: new Set<Fact>(),
    /** The debits that the program has told, and the failures that it has tried to tell. */
    toldDebits,
    toldFailed,
    /** What the program was told of in full. */
    told: new Set<Fact>(),
    /** What does not fit although a person told it with the payment that it is of. */
    refused: [] as string[],
    /** What persons settled of what is kept, by its id. */
    settledKept: new Set<string>(),
    /** The accounts that cannot be read at present. */
    unreadable: new Set<string>(),
    /** What contradicts the law at once. */
    faults: [] as string[],
    at,
    wait: (minutes: number): void => {
      now += minutes * MINUTE;
    },
    soon: (minutes: number): string => at(now + minutes * MINUTE),
    /** Executes a command of staff, who may do everything; a refusal changes nothing. */
    give: async (patronId: string, command: object, into: StoryStores = stores): Promise<Decision> => {
      commands += 1;
      const whole = { id: `staff-${commands}`, ...command, at: at() } as Command;
      return (await execute(into.accounts, staffRules, { institution, patronId }, whole, { retry })).decision;
    },
    account: async (patronId: string): Promise<PatronAccount> =>
      (await loadAccount(stores.accounts, { institution, patronId })).account,
    payment,
    tell: (
      onlinePaymentId: string,
      report: OnlineReport,
      from: StoryStores = stores,
      when = at(),
    ): Promise<ReportResult> =>
      reportOnlinePayment(from, rules, { institution, onlinePaymentId, at: when, ...report }, { retry }),
    /** Runs the monitor with the cursor of the run before; a run that dies leaves that cursor. */
    monitor: async (
      ask: 'answers' | 'silent' | 'fails',
      from: StoryStores = stores,
      after: string | null = seen.cursor,
    ): Promise<OnlinePaymentsReport> => {
      const findings: OnlineFinding[] = [];
      const answer = (asked: OnlinePayment): OnlineReport | null => {
        if (ask === 'fails') throw new Error('the provider is away');
        return provider.answer(asked);
      };
      const onFinding = (finding: OnlineFinding): void => {
        findings.push(finding);
      };
      const options = { ...(ask === 'silent' ? {} : { ask: answer }), onFinding, retry };
      const report = await runOnlinePayments(from, rules, { institution, at: at(), after }, options);
      Object.assign(seen, { cursor: report.cursor, findings });
      return report;
    },
    /** Reads rows of payouts. */
    reconcile: (rows: readonly PayoutRow[], from: StoryStores = stores): Promise<PayoutsReport> =>
      reconcilePayouts(from, rules, { institution, at: at() }, { rows, retry }),
    /** Returns the payment of the debit that holds a fee, by patron and fee. */
    heldByDebits: async (): Promise<ReadonlyMap<string, string>> => {
      const held = new Map<string, string>();
      for (const { checkout, debit } of toldDebits) {
        const failed = toldFailed.some((one) => one.checkout === checkout && one.at >= debit.at);
        if (failed || checkout.isClosed || debit.until <= at()) continue;
        const own = await payment(checkout.onlinePaymentId);
        if (own === null || own.captures.length > 0 || own.ended?.final === true) continue;
        for (const part of own.parts) held.set(`${part.patronId} ${part.feeId}`, checkout.onlinePaymentId);
      }
      return held;
    },
    taken: (): readonly Taken[] => provider.facts.filter((fact) => fact.kind === 'capture'),
  };
}

/** Returns how the ids of reversals begin that undo what was entered too much of a transaction. */
export const undoes = (id: string): string => `undo-${id}-`;

/** Returns whether an account has money of the payment method that staff or another program may enter. */
export const isOnline = ({ method }: { readonly method: string }): boolean => method === METHOD;
