import * as v from 'valibot';
import type { AccountEvent } from '../../account/events/accountEvent.js';
import { nameField } from '../../account/fieldSchemas.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { timeZoneField } from '../../input/timeZone.js';
import { type DayOrder, dayOrders } from '../../job/dayOrder.js';
import { digitsOf } from '../../money/currency.js';
import type { DecimalMark } from '../../money/reportedAmount.js';
import { definedPolicy, type FeePolicy } from '../../policy/feePolicy.js';
import {
  bookCancellation,
  bookCharge,
  bookCredit,
  bookDecrease,
  bookEnd,
  bookIncrease,
  bookPayment,
  bookRefund,
  bookReopening,
  bookTransfer,
  bookUse,
  bookVoid,
  bookWaiver,
} from './bookFee.js';
import { correctBalance } from './correctBalance.js';
import type { ForeignAccount, ForeignChange } from './foreignAccount.js';
import { findingOf, type ImportFinding } from './importFinding.js';
import { creditIdOf, type ImportLedger, importLedger } from './importLedger.js';
import { type Rounding, type RowAmount, rowAmounts } from './rowAmount.js';
import { type ForeignTime, rowTimes } from './rowTime.js';

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
  // What does not fit is a finding.
  for (const change of inOrder(account.changes)) bookings[change.kind](change as never, ledger);
  for (const balance of account.balances) correctBalance(balance, ledger);
  return ledger;
}

/** Returns whether an event was made by an import of a system: by the id of what it creates. */
export function isImported(event: AccountEvent, system: string): boolean {
  return event.data.by?.channel === 'import' && createdId(event).startsWith(`${system}/`);
}

/** How each kind of change is recorded. */
const bookings: {
  readonly [Kind in ForeignChange['kind']]: (
    change: Extract<ForeignChange, { readonly kind: Kind }>,
    ledger: ImportLedger,
  ) => void;
} = {
  charge: bookCharge,
  increase: bookIncrease,
  decrease: bookDecrease,
  end: bookEnd,
  payment: bookPayment,
  waiver: bookWaiver,
  transfer: bookTransfer,
  cancellation: bookCancellation,
  credit: bookCredit,
  use: bookUse,
  refund: bookRefund,
  reopening: bookReopening,
  void: bookVoid,
};

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

/** What the codes of another system are called here. A code that is left out keeps its name. */
export type CodeNames = Readonly<Record<string, string>>;

/** Data that is not in the rows, for every import. */
export type ReadAccountsOptions = {
  /** The institution's policy: the currency of the rows, and which fee types are for lost items. */
  readonly policy: FeePolicy;
  /**
   * The time zone of times without one, an IANA name.
   *
   * @defaultValue `"UTC"`
   */
  readonly timeZone?: string;
  /**
   * The order of day, month and year in dates that are not ISO 8601, with their sign. A day or month may have one
   * digit. Dates of ISO 8601 are read too; all others are findings.
   *
   * @defaultValue ISO 8601 only
   */
  readonly dayOrder?: DayOrder;
  /**
   * The decimal mark of amounts that are texts: `","` reads 12,50 and 1.250,00, and `"."` reads 12.50 and 1,250.00.
   * Digits may also be grouped by a space or an apostrophe. Any other text is a finding.
   *
   * @defaultValue a point, and digits are not grouped: 1.250 is one and a quarter
   */
  readonly decimalMark?: DecimalMark;
  /**
   * The policy's names of fee types, e.g. `{ OVERDUE: 'OVERDUEFINE' }`.
   *
   * @defaultValue the names in the rows
   */
  readonly feeTypes?: CodeNames;
  /**
   * The names of libraries.
   *
   * @defaultValue the names in the rows
   */
  readonly owners?: CodeNames;
  /**
   * The policy's names of payment methods.
   *
   * @defaultValue the names in the rows
   */
  readonly methods?: CodeNames;
  /**
   * The policy's names of reasons.
   *
   * @defaultValue the names in the rows
   */
  readonly reasons?: CodeNames;
  /**
   * The library that owns fees whose row names none.
   *
   * @defaultValue such a row is a finding
   */
  readonly owner?: string;
};

/** The options of an import, checked. */
export type CheckedReadOptions = {
  /** ISO 4217 code. */
  readonly currency: string;
  /** The decimals of the currency. */
  readonly digits: number;
  /** Reads a time. */
  readonly time: (value: unknown) => ForeignTime | undefined;
  /** The times that are expected, in words. */
  readonly timeExpected: string;
  /** Reads an amount. */
  readonly amount: (value: unknown, rounding: Rounding) => RowAmount | undefined;
  /** The amounts that are expected, in words. */
  readonly amountExpected: string;
  /** The name here of a code there. */
  readonly named: (kind: 'feeTypes' | 'owners' | 'methods' | 'reasons', code: string) => string;
  /** Returns whether fees of a type, as named here, are for lost items. */
  readonly isLostItem: (feeType: string) => boolean;
  /** The owner of fees whose row names none. */
  readonly owner: string | undefined;
};

const names = v.exactOptional(v.record(v.string(), nameField));

/** The fields of the options that every import has. */
const readOptionFields = {
  policy: v.custom<FeePolicy>((policy) => typeof policy === 'object' && policy !== null, 'a policy'),
  timeZone: v.exactOptional(timeZoneField, 'UTC'),
  dayOrder: v.exactOptional(v.picklist(dayOrders)),
  decimalMark: v.exactOptional(v.picklist(['.', ','], 'a point or a comma')),
  feeTypes: names,
  owners: names,
  methods: names,
  reasons: names,
  owner: v.exactOptional(nameField),
};

/**
 * Checks the options of an import.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT`, `INVALID_POLICY`
 */
export function checkedReadOptions(options: ReadAccountsOptions): CheckedReadOptions {
  const checked = checkedArgument(v.strictObject(readOptionFields), options, 'options');
  const policy = definedPolicy(checked.policy);
  const tables = {
    feeTypes: checked.feeTypes ?? {},
    owners: checked.owners ?? {},
    methods: checked.methods ?? {},
    reasons: checked.reasons ?? {},
  };
  const digits = digitsOf(policy.currency);
  const signed =
    checked.decimalMark === undefined ? '' : ` with "${checked.decimalMark}" before its decimals`;
  return {
    currency: policy.currency,
    digits,
    time: rowTimes(checked.timeZone, checked.dayOrder),
    timeExpected:
      checked.dayOrder === undefined
        ? 'a date and time, as ISO 8601 or a database writes it'
        : `a date and time, as ${checked.dayOrder} or ISO 8601`,
    amount: rowAmounts(digits, checked.decimalMark),
    amountExpected: `an amount of at most 12 digits${signed}`,
    named: (kind, code) => (Object.hasOwn(tables[kind], code) ? (tables[kind][code] as string) : code),
    isLostItem: (feeType) =>
      Object.hasOwn(policy.feeTypes, feeType) && policy.feeTypes[feeType]?.lostItem === true,
    owner: checked.owner,
  };
}

/** The number of ids in a message. */
const IDS_SHOWN_MAX = 5;

/** Lines that correct a balance are made of no row. */
const ofBalance = /\/(?:correction|settled)\/\d+(?:\/paid\/\d+)?$/;

/**
 * Returns the finding that rows are missing of which earlier imports made events; undefined if all are there.
 *
 * @param recorded - the ids that earlier imports of the system created
 */
function missingRows(
  { patronId, changes, rowIds = [] }: ForeignAccount,
  recorded: readonly string[],
): ImportFinding | undefined {
  const present = new Set([...rowIds, ...changes.map(idOf)]);
  const missing = recorded.filter((id) => !ofBalance.test(id) && !hasRow(id, present));
  if (missing.length === 0) return undefined;
  const more = missing.length - IDS_SHOWN_MAX;
  const shown = missing.slice(0, IDS_SHOWN_MAX).join(', ') + (more > 0 ? ` and ${more} more` : '');
  const row = { table: 'rows', rowId: null, row: { missing } };
  return findingOf(patronId, row, ['ROWS_MISSING', '', 'the rows of earlier imports', `none of ${shown}`]);
}

/** Whether an id is that of a row, or derived from one: `koha/7/credit` and `koha/7~2` from `koha/7`. */
function hasRow(id: string, present: ReadonlySet<string>): boolean {
  for (let base = id; base !== ''; base = base.slice(0, Math.max(0, base.lastIndexOf('/')))) {
    if (present.has(base) || present.has(base.replace(/~\d+$/, ''))) return true;
  }
  return false;
}

function idOf(change: ForeignChange): string {
  if (change.kind === 'charge') return change.feeId;
  if (change.kind === 'payment') return change.paymentId;
  return change.kind === 'credit' ? change.creditId : change.id;
}

/** Returns the id of what an event creates. */
function createdId({ type, data }: AccountEvent): string {
  return String((data as Readonly<Record<string, unknown>>)[idFields[type]]);
}

/** The field with the id of what an event creates. */
const idFields: Readonly<Record<AccountEvent['type'], string>> = {
  FeeAssessed: 'feeId',
  FeeIncreased: 'increaseId',
  AccrualEnded: 'endId',
  PaymentReceived: 'paymentId',
  FeeWaived: 'waiverId',
  LostItemCreditIssued: 'creditId',
  LostItemReturned: 'returnId',
  FeeTransferred: 'transferId',
  FeeDisputed: 'disputeId',
  DisputeResolved: 'disputeId',
  CreditIssued: 'creditId',
  CreditApplied: 'applicationId',
  CreditRefunded: 'refundId',
  CreditTransferred: 'transferId',
  TransferSettled: 'settlementId',
  SettlementReversed: 'reversalId',
  TransferRecalled: 'recallId',
  FeeCancelled: 'cancellationId',
  PaymentReversed: 'reversalId',
  WaiverReversed: 'reversalId',
  CreditApplicationReversed: 'reversalId',
  RefundReversed: 'reversalId',
  CreditCancelled: 'cancellationId',
  PaymentPlanAgreed: 'planId',
  PaymentPlanEnded: 'planId',
  AccountMerged: 'mergeId',
  AccountJoined: 'mergeId',
  AccountSeparated: 'mergeId',
  AccountPurged: 'purgeId',
};
