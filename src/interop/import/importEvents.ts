import type { AccountEvent } from '../../account/events/accountEvent.js';
import {
  bookCancellation,
  bookCharge,
  bookDecrease,
  bookEnd,
  bookIncrease,
  bookTransfer,
} from './bookFee.js';
import { bookCredit, bookPayment, bookUse, bookWaiver } from './bookMoney.js';
import { bookRefund, bookReopening, bookVoid } from './bookUndoing.js';
import { correctBalance } from './correctBalance.js';
import type { ForeignAccount, ForeignChange } from './foreignAccount.js';
import type { ImportFinding } from './importFinding.js';
import { creditIdOf, type ImportLedger, importLedger } from './importLedger.js';
import { createdId, missingRows } from './missingRows.js';

/** Options of {@link importEvents}. */
export type ImportEventsOptions = {
  /**
   * The events that the account has already. Those of earlier imports of the same system are recognised by their ids;
   * what they recorded is not recorded again.
   *
   * @defaultValue an empty account
   */
  readonly history?: readonly AccountEvent[];
  /**
   * The institution, for `by.institution` of every event.
   *
   * @defaultValue no institution
   */
  readonly institution?: string;
  /**
   * Whether rows of earlier imports that are no longer there were withdrawn in the other system: what the others state
   * is then corrected here.
   *
   * @defaultValue `false`: such an account is left as it is, with a finding
   */
  readonly withdrawn?: boolean;
};

/** The result of an import into one account. */
export type AccountImport = {
  /** The events to append. */
  readonly events: readonly AccountEvent[];
  /** What was not imported, or needs a person's attention. */
  readonly findings: readonly ImportFinding[];
};

/**
 * Turns an account of another system into events. The account then owes what the other system states, for each fee and
 * credit: if the rows give another amount, a line corrects it, and a finding reports it. Rows that an earlier import had
 * and this one lacks are a finding (`ROWS_MISSING`), and nothing of such an account is imported.
 *
 * Pure: the same account and history give the same events. All ids begin with the name of the system and are made of
 * the ids there, so that a second import adds nothing, and a later one adds what is new.
 *
 * @param account - the account in the other system, e.g. from {@link koha.kohaAccounts | kohaAccounts}
 * @param options - the events that the account has already; the institution
 * @returns the events and the findings
 *
 * @example
 * ```ts
 * import { balancesInMinorUnits, definePolicy, fold } from 'patron-fees';
 * import { importEvents, openingBalances } from 'patron-fees/import';
 *
 * const policy = definePolicy({ currency: 'USD' });
 * const fee = { patronId: 'u17', id: 'F-1', feeType: 'OTHER', owner: 'MAIN', at: '2026-03-02' };
 * const rows = [{ ...fee, amount: '12.50', remaining: '7.50' }];
 * for await (const account of openingBalances(rows, { policy })) {
 *   const { events, findings } = importEvents(account);
 *   balancesInMinorUnits(fold(events)).active; //=> 750
 *   findings; //=> []
 *   importEvents(account, { history: events }).events; //=> []
 * }
 * ```
 */
export function importEvents(account: ForeignAccount, options: ImportEventsOptions = {}): AccountImport {
  const { events, findings } = importedLedger(account, options);
  return { events, findings };
}

/** Imports an account, and returns the account here with all that the import made. */
export function importedLedger(
  account: ForeignAccount,
  { history = [], institution, withdrawn = false }: ImportEventsOptions,
): ImportLedger {
  const recorded = history.filter((event) => isImported(event, account.system));
  const missing = withdrawn ? undefined : missingRows(account, recorded.map(createdId));
  const read = missing === undefined ? account : { ...account, findings: [...account.findings, missing] };
  const ledger = importLedger(read, recorded, institution === undefined ? {} : { institution });
  // A payment without its row would look like money that is owed.
  if (missing !== undefined && account.rowsStandAlone !== true) return ledger;
  for (const change of inOrder(account.changes)) bookChange(change, ledger);
  for (const balance of account.balances) correctBalance(balance, ledger);
  return ledger;
}

/** Returns whether an event was made by an import of a system: by the id of what it creates. */
export function isImported(event: AccountEvent, system: string): boolean {
  return event.data.by?.channel === 'import' && createdId(event).startsWith(`${system}/`);
}

/** Records a change, unless it was recorded before. What does not fit is a finding. */
function bookChange(change: ForeignChange, ledger: ImportLedger): void {
  switch (change.kind) {
    case 'charge':
      return bookCharge(change, ledger);
    case 'increase':
      return bookIncrease(change, ledger);
    case 'decrease':
      return bookDecrease(change, ledger);
    case 'end':
      return bookEnd(change, ledger);
    case 'payment':
      return bookPayment(change, ledger);
    case 'waiver':
      return bookWaiver(change, ledger);
    case 'transfer':
      return bookTransfer(change, ledger);
    case 'cancellation':
      return bookCancellation(change, ledger);
    case 'credit':
      return bookCredit(change, ledger);
    case 'use':
      return bookUse(change, ledger);
    case 'refund':
      return bookRefund(change, ledger);
    case 'reopening':
      return bookReopening(change, ledger);
    case 'void':
      return bookVoid(change, ledger);
  }
}

/**
 * Sorts changes by time. Nothing comes before the charge or credit that it is about, even if its time is earlier; at
 * the same time, charges and credits come first, then the sequence decides.
 */
function inOrder(changes: readonly ForeignChange[]): readonly ForeignChange[] {
  const begins = new Map<string, number>();
  for (const change of changes) {
    if (change.kind === 'charge') begins.set(change.feeId, change.time.ms);
    else if (change.kind === 'credit') begins.set(change.creditId, change.time.ms);
  }
  const begin = (id: string) => begins.get(id) ?? Number.NEGATIVE_INFINITY;
  for (const change of changes) {
    if (change.kind !== 'payment' && change.kind !== 'waiver') continue;
    const ms = Math.max(change.time.ms, ...aboutOf(change).map(begin));
    const id = change.kind === 'payment' ? change.paymentId : change.id;
    begins.set(id, ms).set(creditIdOf(id), ms);
  }
  const placed = changes.map((change) => ({
    change,
    ms: Math.max(change.time.ms, ...aboutOf(change).map(begin)),
    opens: change.kind === 'charge' || (change.kind === 'credit' && change.ofDecrease !== true),
    sequence: change.sequence ?? 0,
  }));
  const sorted = placed.sort(
    (a, b) => a.ms - b.ms || Number(b.opens) - Number(a.opens) || a.sequence - b.sequence,
  );
  return sorted.map(({ change }) => change);
}

/** The fees and credits that must exist before a change. */
function aboutOf(change: ForeignChange): readonly string[] {
  switch (change.kind) {
    case 'charge':
    case 'credit':
      return [];
    case 'payment':
      return 'balanceId' in change.paid ? [] : change.paid.map(({ feeId }) => feeId);
    case 'waiver':
      return 'balanceId' in change.waived
        ? [change.waived.feeId ?? '']
        : change.waived.map(({ feeId }) => feeId);
    case 'use':
      return [change.feeId, change.creditId];
    case 'refund':
      return 'creditId' in change.of ? [change.of.creditId] : [];
    case 'void':
      return [change.of];
    default:
      return [change.feeId];
  }
}
