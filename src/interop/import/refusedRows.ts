import { valueIn } from './byPatron.js';
import type { ForeignAccount } from './foreignAccount.js';
import type { CheckedReadOptions } from './importEvents.js';
import type { ForeignRefused, ForeignRow, ImportFinding } from './importFinding.js';

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
export type StatedFigure = {
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
