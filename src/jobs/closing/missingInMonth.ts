import type { JournalTotals } from '../../books/journal/journalTotals.js';
import { isUnreadable } from '../../history/consecutive.js';
import type { EventStore, NamedStream, RecordedEvent } from '../../history/eventStore.js';
import { compareInstants } from '../../history/instants.js';
import type { StreamFinding } from '../../job/accountFinding.js';
import { everyAccount } from '../../job/job.js';
import { daysBetween, localDay } from '../../job/localDay.js';
import type { BankAccount } from '../../office/bank/bankAccount.js';
import { loadBankAccount } from '../../office/bank/executeBank.js';
import type { OfficeEvent, OfficeStore } from '../../office/officeEvents.js';
import type { PeriodSealed, SealedSum } from '../../office/seals/sealEvents.js';
import { nameOfKind } from '../../office/streamKinds.js';
import { foldTill, type TillSession } from '../../office/till/till.js';
import type { TillEvent } from '../../office/till/tillEvents.js';
import { definedPolicy, type FeePolicy } from '../../policy/feePolicy.js';
import { existingPath } from '../../seals/sealBook.js';
import { checkedHead } from '../../seals/sealFile.js';
import type { KnownSealFinding, SealFinding } from '../../seals/sealFinding.js';
import type { SealReport } from '../../seals/sealReport.js';
import {
  depositsOf,
  type ExpectedItem,
  leftOf,
  type Settled,
  safeDepositsOf,
  settledAt,
  settledWith,
} from '../bank/expectedItems.js';
import { type PaymentLine, runPaymentsList } from '../lists/runPaymentsList.js';
import type { TillReport } from '../reports/runTillReport.js';
import type { TakingsFinding, TillSessionUnknown } from '../reports/tillReportRow.js';

/** The number of things of one code that are listed; all are counted. */
const LISTED_MAX = 100;

/** Things of one kind that are missing: how many, and the first ones. */
export type Several<Code extends string, Thing> = {
  /** What is missing. */
  readonly code: Code;
  /** How many. */
  readonly count: number;
  /** The first ones, at most 100. */
  readonly first: readonly Thing[];
};

/** A session that was over or short by more than the policy lets pass. Amounts are decimal strings. */
export type TillDifference = {
  /** The till. */
  readonly till: string;
  /** The session. */
  readonly sessionId: string;
  /** When it was closed. */
  readonly closedAt: string;
  /** Who counted it. */
  readonly closedBy: string;
  /** The sum of the differences over all methods, each taken as positive. */
  readonly difference: string;
  /** The highest difference that needs no other user. */
  readonly above: string;
};

/**
 * What is still missing in a month that was closed.
 *
 * - `TILL_OPEN`: a session of a till whose opening was recorded in the month or before is not closed.
 * - `NOT_REMITTED`: an external system has money for the library, or got too much: a remittance is not recorded.
 * - `OTHER_CURRENCY`: the journal has entries in another currency. The reports do not: close the month again with its policy.
 * - `UNREADABLE`: an account or a stream of the office cannot be read, and its entries are not in the journal.
 * - `UNDECLARED_TAKINGS`, `TAKINGS_LATE`: money of sessions that is missing in their closings, see
 *   {@link TakingsFinding}.
 * - `TILL_SESSION_UNKNOWN`: money of the month names sessions that no till has.
 * - `TILL_DIFFERENCE`: a till was over or short by more than the policy lets pass, and no other user has accepted it
 *   ({@link office.AcceptTillDifference | AcceptTillDifference}).
 * - `NOT_AT_BANK`: deposits of tills or from the safe that no entry of a bank has confirmed, and that were older at the end of the
 *   month than the bank may take. Only once an entry of a bank was confirmed ({@link office.runBankReconciliation | runBankReconciliation}).
 * - `NO_RECEIPT`: payments at a desk have no numbered receipt, and the policy wants one for each (`receipts`).
 * - `RECORDED_LATE`: events were added to a month that had been closed, and `known` explains the difference. The files
 *   of that month do not have them until it is closed again with the same `known`.
 */
export type MissingInMonth =
  | {
      /** What is missing. */
      readonly code: 'TILL_OPEN';
      /** The till. */
      readonly till: string;
      /** Its session. */
      readonly sessionId: string;
      /** When it was opened. */
      readonly openedAt: string;
    }
  | (Pick<SealedSum, 'currency' | 'amount'> & {
      /** What is missing. */
      readonly code: 'NOT_REMITTED';
      /** The external system; null if transfers name none, or for payments above what was pending. */
      readonly destination: string | null;
    })
  | {
      /** What is missing. */
      readonly code: 'OTHER_CURRENCY';
      /** ISO 4217 code. */
      readonly currency: string;
    }
  | {
      /** What is missing. */
      readonly code: 'UNREADABLE';
      /** What cannot be read, and why. */
      readonly finding: SealFinding | StreamFinding;
    }
  | Several<TakingsFinding['code'], TakingsFinding>
  | Several<'TILL_SESSION_UNKNOWN', TillSessionUnknown>
  | Several<'TILL_DIFFERENCE', TillDifference>
  | Several<'NOT_AT_BANK', ExpectedItem>
  | Several<'NO_RECEIPT', PaymentLine>
  | {
      /** What is missing. */
      readonly code: 'RECORDED_LATE';
      /** The difference as the file of the seal lists it: the stream, its first event that is in no file, and why. */
      readonly known: KnownSealFinding;
    };

type Month = Pick<ExpectedDeposits, 'through' | 'withinDays'> & {
  readonly institution: string;
  readonly timeZone: string;
  readonly from: string;
  readonly depositsFrom: string | undefined;
};

/** Returns what is missing in a month that was sealed. */
export async function missingInMonth(
  stores: { readonly accounts: EventStore; readonly office: OfficeStore },
  policy: FeePolicy,
  month: Month,
  folder: string,
  {
    seal,
    sealing,
    journal,
    till,
    currency,
  }: {
    readonly seal: PeriodSealed['data'];
    readonly sealing: SealReport;
    readonly journal: JournalTotals & { readonly findings: { readonly first: readonly StreamFinding[] } };
    readonly till: TillReport;
    readonly currency: string;
  },
): Promise<readonly MissingInMonth[]> {
  return [
    ...(await ofTillsAndBanks(stores.office, month, seal.cutoff)),
    ...ofTillReport(till),
    ...(await withoutReceipt(stores, policy, month)),
    ...notRemitted(seal.sums),
    ...otherCurrencies(journal, currency),
    ...unreadable([...sealing.findings.first, ...journal.findings.first]),
    ...(await recordedLate(folder, seal)),
  ];
}

/** Returns things of one code, as a number and the first ones; nothing for none. */
function several<Code extends string, Thing>(
  code: Code,
  things: readonly Thing[],
  count = things.length,
): readonly Several<Code, Thing>[] {
  return count === 0 ? [] : [{ code, count, first: things.slice(0, LISTED_MAX) }];
}

/**
 * Returns the sessions that are open, and the differences that nobody accepted, of openings and closings before the cutoff; and
 * the deposits that no bank has.
 */
async function ofTillsAndBanks(office: OfficeStore, month: Month, cutoff: string) {
  const { institution, timeZone, depositsFrom: from, through, withinDays } = month;
  const open: MissingInMonth[] = [];
  const differences: TillDifference[] = [];
  const deposits = depositsNotAtBank({ dayOf: localDay(timeZone), from, through, withinDays });
  for await (const stream of everyAccount(office, institution)) {
    const bank = nameOfKind('bank', stream);
    if (bank !== null)
      deposits.addBank(await ifReadable(() => loadBankAccount(office, { institution, bank }), null));
    const till = nameOfKind('till', stream);
    if (till === null) continue;
    const sessions = await ifReadable(() => sessionsOf(office, stream), []);
    deposits.addTill(
      till,
      sessions.map(([session]) => session),
    );
    for (const [session, events] of sessions) {
      const isKnown = (type: TillEvent['type']) =>
        events.some(
          ({ event, recordedAt }) => event.type === type && compareInstants(recordedAt, cutoff) < 0,
        );
      const { sessionId, openedAt, closing } = session;
      if (closing === null) {
        if (isKnown('TillOpened')) open.push({ code: 'TILL_OPEN', till, sessionId, openedAt });
        continue;
      }
      const { closedAt, closedBy, difference, differenceAbove: above, acceptedBy } = closing;
      if (above === null || acceptedBy !== null || !isKnown('TillClosed')) continue;
      differences.push({ till, sessionId, closedAt, closedBy: closedBy.userId, difference, above });
    }
  }
  return [...open, ...several('TILL_DIFFERENCE', differences), ...several('NOT_AT_BANK', deposits.missing())];
}

/** Returns what is read of a stream of the office; one that cannot be read is a finding of the seal. */
async function ifReadable<Read, Otherwise>(
  read: () => Promise<Read>,
  otherwise: Otherwise,
): Promise<Read | Otherwise> {
  try {
    return await read();
  } catch (error) {
    if (isUnreadable(error)) return otherwise;
    throw error;
  }
}

/** Returns the sessions of a till with their events. */
async function sessionsOf(
  office: OfficeStore,
  till: NamedStream,
): Promise<readonly (readonly [TillSession, readonly RecordedEvent<OfficeEvent>[]])[]> {
  const { events } = await office.read(till);
  const { sessions } = foldTill(events.map(({ event }) => event as TillEvent));
  const bySession = new Map<string, RecordedEvent<OfficeEvent>[]>();
  for (const recorded of events) {
    const { sessionId } = (recorded.event as TillEvent).data;
    const ofSession = bySession.get(sessionId);
    if (ofSession === undefined) bySession.set(sessionId, [recorded]);
    else ofSession.push(recorded);
  }
  return sessions.map((session) => [session, bySession.get(session.sessionId) ?? []]);
}

function ofTillReport({ findings: { byCode, first } }: TillReport): readonly MissingInMonth[] {
  const of = <Code extends TakingsFinding['code'] | TillSessionUnknown['code']>(code: Code) =>
    several(
      code,
      first.filter((finding): finding is Extract<typeof finding, { code: Code }> => finding.code === code),
      byCode[code],
    );
  return [...of('UNDECLARED_TAKINGS'), ...of('TAKINGS_LATE'), ...of('TILL_SESSION_UNKNOWN')];
}

/** Returns the payments at a desk that were recorded in the month and have no numbered receipt, if the policy wants one. */
async function withoutReceipt(
  stores: { readonly accounts: EventStore; readonly office: OfficeStore },
  policy: FeePolicy,
  month: Month,
): Promise<readonly MissingInMonth[]> {
  if (definedPolicy(policy).receipts !== 'always') return [];
  const { institution, timeZone, from, through } = month;
  const form = { institution, timeZone, from, through, dayOf: 'recordedAt', channels: ['desk'] } as const;
  const first: PaymentLine[] = [];
  let count = 0;
  for await (const line of runPaymentsList(stores, policy, { ...form, withoutReceipt: true })) {
    count += 1;
    if (first.length < LISTED_MAX) first.push(line);
  }
  return several('NO_RECEIPT', first, count);
}

/** What was settled at an external system, and is not handed over, is the balance of these ledger accounts. */
function notRemitted(sums: readonly SealedSum[]): readonly MissingInMonth[] {
  return sums.flatMap(({ account: [kind, destination = null], currency, amount }) =>
    kind === 'settled' || kind === 'settlementSurplus'
      ? [{ code: 'NOT_REMITTED', destination, currency, amount }]
      : [],
  );
}

function otherCurrencies({ balances }: JournalTotals, own: string): readonly MissingInMonth[] {
  const currencies = new Set(balances.map(({ currency }) => currency));
  currencies.delete(own);
  return [...currencies].sort().map((currency) => ({ code: 'OTHER_CURRENCY', currency }));
}

function unreadable(findings: readonly (SealFinding | StreamFinding)[]): readonly MissingInMonth[] {
  const codes = ['CORRUPT_HISTORY', 'INVALID_EVENT'];
  const seen = new Set<string>();
  return findings.flatMap((finding) => {
    const name = 'stream' in finding ? `office ${finding.stream}` : `account ${finding.patronId}`;
    if (!codes.includes(finding.code) || seen.has(name)) return [];
    seen.add(name);
    return [{ code: 'UNREADABLE', finding }];
  });
}

/** Returns what the file of the seal lists as added to the months before: their files were written without it. */
async function recordedLate(folder: string, seal: PeriodSealed['data']): Promise<readonly MissingInMonth[]> {
  const path = await existingPath(folder, seal);
  const head = path === null ? null : await checkedHead(path);
  return (head?.known ?? []).flatMap((known) =>
    known.code === 'EVENT_ADDED' || known.code === 'ACCOUNT_ADDED' ? [{ code: 'RECORDED_LATE', known }] : [],
  );
}

/** Which deposits the bank should have by now. */
type ExpectedDeposits = {
  /** Returns the local day of an instant. */
  readonly dayOf: (at: string) => string;
  /** The first day; undefined if the bank's first confirmed entry decides. */
  readonly from: string | undefined;
  /** The last day of the month. */
  readonly through: string;
  /** The number of days that the bank may take. */
  readonly withinDays: number;
};

/**
 * Collects the deposits of tills and from the safe, or what is left of them, that no account at a bank has confirmed and
 * nobody has ended. There are none as long as no
 * entry of a bank was confirmed, and only those that are at most `withinDays` older than the first such entry: a library that
 * begins to compare its statements is not told of the years before.
 */
export function depositsNotAtBank({ dayOf, from, through, withinDays }: ExpectedDeposits) {
  const deposits: ExpectedItem[] = [];
  let settled: Settled = new Map();
  let firstEntry: string | undefined;
  let isWhole = true;
  const add = (items: readonly ExpectedItem[]) =>
    deposits.push(...items.filter(({ day }) => daysBetween(day, through) > withinDays));
  return {
    /** Adds what left a till. */
    addTill: (till: string, sessions: readonly TillSession[]) => {
      add(depositsOf(till, { sessions }, dayOf));
    },
    /** Adds an account at a bank; null for one that cannot be read: then nothing is known to be missing. */
    addBank(account: BankAccount | null): void {
      if (account === null) {
        isWhole = false;
        return;
      }
      ({ settled } = settledWith(settled, account));
      // The ids of deposits from the safe are those of the account.
      const own = settledAt(account);
      add(safeDepositsOf(account, dayOf).flatMap((one) => leftOf(one, own) ?? []));
      for (const { data } of account.records.values())
        if ('bookedOn' in data && (firstEntry === undefined || data.bookedOn < firstEntry))
          firstEntry = data.bookedOn;
    },
    /** Returns what is missing, the oldest first. */
    missing: (): readonly ExpectedItem[] => {
      if (firstEntry === undefined || !isWhole) return [];
      const first = firstEntry;
      const isExpected = (day: string) =>
        from === undefined ? daysBetween(day, first) <= withinDays : day >= from;
      return deposits
        .filter(({ day }) => isExpected(day))
        .flatMap((one) => leftOf(one, settled) ?? [])
        .sort((a, b) => (a.day < b.day ? -1 : Number(a.day > b.day)));
    },
  };
}
