import { unused } from '../../account/credit.js';
import type { AccountEvent } from '../../account/events/accountEvent.js';
import { type Fee, owed } from '../../account/fee.js';
import type { AccountFinding } from '../../job/accountFinding.js';
import type { JobReport } from '../../job/jobHead.js';
import { digitsOf } from '../../money/currency.js';
import { formatAmount } from '../../money/money.js';
import type { FileFinding } from '../../office/files/importedFile.js';
import { valueIn } from './byPatron.js';
import type { ForeignAccount } from './foreignAccount.js';
import type { CheckedReadOptions } from './importEvents.js';
import type { ForeignRefused, ForeignRow, ImportFinding } from './importFinding.js';
import type { ImportLedger } from './importLedger.js';

/** The figures of imported fees, without what was done here since. Amounts are decimal strings. */
export type ImportFigures = {
  /** The number of fees. */
  readonly fees: number;
  /** The amount charged, including the growth of fines. */
  readonly charged: string;
  /** What is owed here. */
  readonly owed: string;
  /** What is owed according to the rows. */
  readonly owedByRows: string;
  /** What is owed here above the rows: zero, unless a finding says that a row or an amount was refused. */
  readonly difference: string;
};

/** The figures of one fee type of one library. Amounts are decimal strings. */
export type ImportRow = ImportFigures & {
  /** The fee type's code here. */
  readonly feeType: string;
  /** The library that owns the fees. */
  readonly owner: string;
};

/** The figures of imported credits. Amounts are decimal strings. */
export type ImportCredits = {
  /** The number of credits. */
  readonly credits: number;
  /** What is unused here. */
  readonly unused: string;
  /** What is unused according to the rows. */
  readonly unusedByRows: string;
  /** What is unused here above the rows: zero, unless a finding says that a row or an amount was refused. */
  readonly difference: string;
};

/** The report of an import. If the job ran again, it covers all runs. */
export type ImportReport = JobReport<ImportFinding | AccountFinding | FileFinding> & {
  /** ISO 4217 code of all amounts. */
  readonly currency: string;
  /** The number of rows. */
  readonly rows: number;
  /** The number of patrons. */
  readonly accounts: number;
  /** The number of these whose account has no event: nothing of their rows could be imported. */
  readonly withoutEvents: number;
  /** The number of accounts to which this run appended events. */
  readonly accountsChanged: number;
  /** The number of events that this run appended. */
  readonly events: number;
  /** The figures of all fees. */
  readonly total: ImportFigures;
  /** The figures by fee type and library, sorted by code. */
  readonly byType: readonly ImportRow[];
  /** The figures of all credits. */
  readonly credits: ImportCredits;
};

type Sums = { fees: number; charged: bigint; owed: bigint; owedByRows: bigint };

/** Sums the results of an import. */
export function importTally(currency: string) {
  const digits = digitsOf(currency);
  const total = noSums();
  const byType = new Map<string, Sums & { readonly feeType: string; readonly owner: string }>();
  const credits = { credits: 0, unused: 0n, unusedByRows: 0n };
  let [rows, accounts, withoutEvents, accountsChanged, events] = [0, 0, 0, 0, 0];
  const sumsOf = (feeType: string, owner: string) => {
    const key = JSON.stringify([feeType, owner]);
    const sums = byType.get(key) ?? { ...noSums(), feeType, owner };
    byType.set(key, sums);
    return sums;
  };
  const addFee = (fee: Fee) => {
    for (const sums of [total, sumsOf(fee.feeType, fee.owner)]) {
      sums.fees += 1;
      sums.charged += BigInt(fee.original);
      sums.owed += BigInt(owed(fee));
    }
  };
  return {
    add(imported: {
      readonly account: ForeignAccount;
      readonly ledger: ImportLedger | null;
      readonly events: readonly AccountEvent[];
      /** Whether the account has no event, also none of before. */
      readonly isEmpty: boolean;
    }): void {
      const { account, ledger } = imported;
      rows += account.rows;
      if (account.patronId !== null) accounts += 1;
      if (imported.isEmpty) withoutEvents += 1;
      if (imported.events.length > 0) accountsChanged += 1;
      events += imported.events.length;
      for (const balance of account.balances) {
        const fees = ledger?.feesOf(balance.balanceId) ?? [];
        const unusedHere = ledger?.creditsOf(balance.balanceId) ?? [];
        for (const fee of fees) addFee(fee);
        // The rows state one amount for all fees of a balance. What it differs by is counted at the first.
        const shares = fees.map((fee) => ({ ...fee, byRows: owed(fee) }));
        const here = shares.reduce((sum, { byRows }) => sum + byRows, 0);
        const first = shares[0] ?? { feeType: balance.feeType, owner: balance.owner };
        total.owedByRows += BigInt(balance.owed);
        if (shares.length > 0 || balance.owed > 0) {
          sumsOf(first.feeType, first.owner).owedByRows += BigInt(balance.owed - here);
        }
        for (const { feeType, owner, byRows } of shares) sumsOf(feeType, owner).owedByRows += BigInt(byRows);
        credits.credits += unusedHere.length;
        for (const credit of unusedHere) credits.unused += BigInt(unused(credit));
        credits.unusedByRows += BigInt(balance.credit);
      }
      for (const { owed: byRow, credit, feeType, owner } of account.refused ?? []) {
        total.owedByRows += BigInt(byRow);
        if (byRow !== 0) sumsOf(feeType, owner).owedByRows += BigInt(byRow);
        credits.unusedByRows += BigInt(credit);
      }
    },
    result(): Omit<ImportReport, keyof JobReport> {
      const money = (sum: bigint) => formatAmount(sum, digits);
      const written = ({ fees, charged, owed: here, owedByRows }: Sums): ImportFigures => ({
        fees,
        charged: money(charged),
        owed: money(here),
        owedByRows: money(owedByRows),
        difference: money(here - owedByRows),
      });
      const list = [...byType.values()].sort(
        (a, b) => compare(a.feeType, b.feeType) || compare(a.owner, b.owner),
      );
      return {
        currency,
        rows,
        accounts,
        withoutEvents,
        accountsChanged,
        events,
        total: written(total),
        byType: list.map((sums) => ({ feeType: sums.feeType, owner: sums.owner, ...written(sums) })),
        credits: {
          credits: credits.credits,
          unused: money(credits.unused),
          unusedByRows: money(credits.unusedByRows),
          difference: money(credits.unused - credits.unusedByRows),
        },
      };
    },
  };
}

function noSums(): Sums {
  return { fees: 0, charged: 0n, owed: 0n, owedByRows: 0n };
}

/** Compares by code units, independent of the locale. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What reading rows found. */
export type Intake = {
  /** The findings. */
  readonly findings: ImportFinding[];
  /** The rows that are not used. */
  readonly refused: Set<ForeignRow>;
  /** The prefix of the ids that rows get here, by table. */
  readonly idsBegin: Readonly<Record<string, string>>;
  /** The ids here of the rows that are there, whether or not they are used. */
  readonly rowIds: string[];
};

/** Begins to read rows. */
export function newIntake(idsBegin: Intake['idsBegin'] = {}): Intake {
  return { findings: [], refused: new Set(), idsBegin, rowIds: [] };
}

/** Where a row of a table states what is owed or unused. The first field that is not empty counts. */
type StatedFigure = {
  /** The fields with the amount: above 0 if owed. */
  readonly amount: readonly string[];
  /** Whether the amount is unused credit. */
  readonly isCredit?: (row: unknown) => boolean;
  /** Whether the amount reduces what is owed, as a payment does. */
  readonly reduces?: boolean;
  /** Whether a row has no amount because it was voided. */
  readonly isVoid?: (row: unknown) => boolean;
  /** The fields with the fee type. */
  readonly feeType?: readonly string[];
  /** The fields with the library that owns the fee. */
  readonly owner?: readonly string[];
};

/** The figure of each table whose rows have one; other tables are left out. */
export type StatedFigures = Readonly<Record<string, StatedFigure>>;

/** Returns the findings of rows, and what those that are not used state. */
export function readRows(
  { findings, refused, rowIds }: Intake,
  stated: StatedFigures,
  options: CheckedReadOptions,
): Pick<ForeignAccount, 'findings' | 'refused' | 'rowIds'> {
  const rows = [...refused].flatMap((row) => refusedRow(row, stated[row.table], options));
  return { findings, ...(rows.length > 0 && { refused: rows }), ...(rowIds.length > 0 && { rowIds }) };
}

function refusedRow(
  { row }: ForeignRow,
  stated: StatedFigure | undefined,
  options: CheckedReadOptions,
): readonly ForeignRefused[] {
  const first = (fields: readonly string[] = []) =>
    fields.map((field) => valueIn(row, field)).find((value) => value !== null);
  const code = (fields: readonly string[] | undefined) => {
    const found = first(fields);
    return typeof found === 'string' || typeof found === 'number' ? String(found) : undefined;
  };
  const minor = options.amount(first(stated?.amount), 'halfUp')?.minor ?? 0;
  if (stated === undefined || minor === 0 || stated.isVoid?.(row) === true) return [];
  const owner = code(stated.owner);
  const names = {
    feeType: options.named('feeTypes', code(stated.feeType) ?? '-'),
    owner: owner === undefined ? (options.owner ?? '-') : options.named('owners', owner),
  };
  if (stated.isCredit?.(row) === true) return [{ ...names, owed: 0, credit: minor }];
  if (stated.reduces === true) return [{ ...names, owed: -minor, credit: 0 }];
  return [{ ...names, owed: Math.max(0, minor), credit: Math.max(0, -minor) }];
}
