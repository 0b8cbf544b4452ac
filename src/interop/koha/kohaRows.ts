import type { CheckedReadOptions } from '../import/importEvents.js';
import type { ForeignRow } from '../import/importFinding.js';
import type { Intake, StatedFigures } from '../import/importReport.js';
import { type RowReader, uniqueRows } from '../import/rowReader.js';
import type { ForeignTime } from '../import/rowTime.js';

/** A row of `accountlines`, read. Amounts are in minor units. */
export type KohaLine = {
  /** The id of its fee, payment or credit here. */
  readonly id: string;
  readonly isDebit: boolean;
  /** The code of its type. */
  readonly type: string;
  /** The amount: above 0 for debits and for credits. */
  readonly amount: number;
  /** What is outstanding, with Koha's sign: above 0 if owed, below 0 if unused credit. */
  readonly outstanding: number;
  readonly status: string | undefined;
  readonly time: ForeignTime;
  /** When the row last changed. */
  readonly changed: ForeignTime;
  readonly owner: string | undefined;
  readonly reader: RowReader;
  readonly origin: ForeignRow;
};

/** Where lines state what is outstanding. */
export const kohaFigures: StatedFigures = {
  accountlines: {
    amount: ['amountoutstanding'],
    feeType: ['debit_type_code', 'credit_type_code'],
    owner: ['branchcode'],
  },
};

/** The effect of an offset. */
export type KohaOffsetKind = 'create' | 'apply' | 'void' | 'increase' | 'decrease';

/** A row of `account_offsets`, read. */
export type KohaOffset = {
  /** The id of its event here. */
  readonly id: string;
  /** The number that orders offsets of the same second. */
  readonly sequence: number;
  /** The place among all offsets of the patron. */
  readonly place: number;
  readonly kind: KohaOffsetKind;
  /** The line of the credit, as an id here. */
  readonly creditId: string | undefined;
  /** The line of the debit, as an id here. */
  readonly debitId: string | undefined;
  /** Minor units, 0 or more. */
  readonly amount: number;
  readonly time: ForeignTime;
  readonly reader: RowReader;
  readonly origin: ForeignRow;
};

/** The id here of a row of `accountlines`. */
export const lineId = (rowId: string) => `koha/${rowId}`;

/** Reads the rows of `accountlines` of one patron. */
export function readLines(
  rows: readonly unknown[] | undefined,
  patronId: string,
  options: CheckedReadOptions,
  intake: Intake,
): KohaLine[] {
  return uniqueRows('accountlines', rows, 'accountlines_id', patronId, options, intake).flatMap(
    ({ reader, id }) => readLine(reader, id, options) ?? [],
  );
}

function readLine(reader: RowReader, rowId: string, options: CheckedReadOptions): KohaLine | undefined {
  const [debit, credit] = [reader.name('debit_type_code'), reader.name('credit_type_code')];
  const signed = reader.requiredAmount('amount');
  const outstanding = reader.requiredAmount('amountoutstanding');
  const time = reader.requiredTime('date', 'timestamp');
  const changed = reader.time('timestamp') ?? time;
  const branch = reader.name('branchcode');
  if (!reader.isSound()) return undefined;
  const type = debit ?? credit;
  if (type === undefined || (debit !== undefined && credit !== undefined)) {
    const found = type === undefined ? 'neither' : 'both';
    reader.refuse('UnknownType', '', 'a debit_type_code or a credit_type_code', found);
    return undefined;
  }
  const isDebit = debit !== undefined;
  const amount = isDebit ? signed : -signed;
  // A fine that fell to nothing has the amount 0; its offsets report the rest.
  if (amount < 0 || (amount === 0 && !isDebit)) {
    reader.refuse('AmountHasWrongSign', 'amount', isDebit ? 'above 0' : 'below 0', String(signed));
    return undefined;
  }
  return {
    id: lineId(rowId),
    isDebit,
    type,
    amount,
    outstanding,
    status: reader.text('status'),
    time,
    changed: changed.ms < time.ms ? time : changed,
    owner: branch === undefined ? options.owner : options.named('owners', branch),
    reader,
    origin: reader.origin,
  };
}

/** By whom and why a line was made. */
export function circumstancesOf({ reader, time, owner, origin }: KohaLine) {
  const userId = reader.name('manager_id');
  const comment = reader.text('description');
  const staffNote = reader.text('note');
  return {
    time,
    origin,
    ...(userId === undefined ? {} : { userId }),
    ...(owner === undefined ? {} : { library: owner }),
    ...(comment === undefined ? {} : { comment }),
    ...(staffNote === undefined ? {} : { staffNote }),
  };
}

/** Reads the rows of `account_offsets` of one patron, in the order of their ids. */
export function readOffsets(
  rows: readonly unknown[] | undefined,
  patronId: string,
  options: CheckedReadOptions,
  intake: Intake,
): KohaOffset[] {
  const offsets = uniqueRows('account_offsets', rows, 'id', patronId, options, intake).flatMap(
    ({ reader, id }) => readOffset(reader, id) ?? [],
  );
  return offsets.sort((a, b) => a.sequence - b.sequence).map((offset, place) => ({ ...offset, place }));
}

function readOffset(reader: RowReader, rowId: string): KohaOffset | undefined {
  const [credit, debit] = [reader.name('credit_id'), reader.name('debit_id')];
  const type = reader.requiredName('type');
  const amount = Math.abs(reader.requiredAmount('amount'));
  const time = reader.requiredTime('created_on');
  if (!reader.isSound()) return undefined;
  if (credit === undefined && debit === undefined) {
    reader.refuse('UnknownRow', '', 'a credit_id or a debit_id', 'neither');
    return undefined;
  }
  const sequence = Number.parseInt(rowId, 10);
  return {
    id: `koha/offset/${rowId}`,
    sequence: Number.isSafeInteger(sequence) ? sequence : 0,
    place: 0,
    kind: kindOf(type, credit !== undefined && debit !== undefined),
    creditId: credit === undefined ? undefined : lineId(credit),
    debitId: debit === undefined ? undefined : lineId(debit),
    amount,
    time,
    reader,
    origin: reader.origin,
  };
}

/**
 * Returns the effect of an offset. Koha before 21.05 named offsets after what caused them (`Payment`, `Lost Item`,
 * `fine_increase`): those are distinguished by what they link.
 */
function kindOf(type: string, linksBoth: boolean): KohaOffsetKind {
  const name = type.toUpperCase();
  if (name.includes('INCREASE')) return 'increase';
  if (name.includes('DECREASE')) return 'decrease';
  if (name.includes('VOID')) return 'void';
  return name !== 'CREATE' && linksBoth ? 'apply' : 'create';
}
