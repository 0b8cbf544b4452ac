import type { AccrualEndCause } from '../../account/accrual.js';
import type { Item } from '../../account/circumstances.js';
import { valueIn } from '../import/byPatron.js';
import type { CheckedReadOptions } from '../import/readOptions.js';
import type { Intake, StatedFigures } from '../import/refusedRows.js';
import { type RowReader, uniqueRows } from '../import/rowReader.js';
import type { ForeignTime } from '../import/rowTime.js';

/** A row of `money.billable_xact`, with what it is about. */
export type EvergreenXact = {
  /** The id there. */
  readonly rowId: string;
  readonly owner: string | undefined;
  readonly time: ForeignTime;
  /** When and why its fines stopped; null while they may grow. */
  readonly stopped: { readonly time: ForeignTime; readonly cause: AccrualEndCause } | null;
  readonly item: Item | undefined;
  readonly loanId: string | undefined;
  readonly note: string | undefined;
  readonly reader: RowReader;
};

/** A row of `money.billing`. Amounts are in minor units. */
export type EvergreenBilling = {
  /** The id of its events here. */
  readonly id: string;
  /** The number that orders billings of the same time. */
  readonly sequence: number;
  readonly xact: string;
  readonly type: string;
  /** Whether it is a day's overdue fine. */
  readonly isOverdue: boolean;
  readonly amount: number;
  readonly time: ForeignTime;
  /** When it was voided, and by whom; null if not voided. */
  readonly voided: { readonly time: ForeignTime; readonly userId: string | undefined } | null;
  readonly note: string | undefined;
  readonly reader: RowReader;
};

/** A row of `money.payment` or one of its kinds. Amounts are in minor units. */
export type EvergreenPayment = {
  /** The id of its events here. */
  readonly id: string;
  readonly sequence: number;
  readonly xact: string;
  readonly type: string;
  /** Below 0 for a refund. */
  readonly amount: number;
  readonly time: ForeignTime;
  readonly isVoid: boolean;
  readonly by: { readonly userId?: string; readonly desk?: string; readonly staffNote?: string };
  /** The number of a cheque, or the approval of a card. */
  readonly reference: string | undefined;
  /** The billing that an adjustment is about. */
  readonly billing: string | undefined;
  readonly reader: RowReader;
};

const isTrue = (value: unknown) =>
  typeof value !== 'object' && ['t', 'true', '1', 'y', 'yes'].includes(String(value).toLowerCase());
const isVoid = (row: unknown) => isTrue(valueIn(row, 'voided'));

/** Where rows state what is owed: a balance is billed - voided - paid. */
export const evergreenFigures: StatedFigures = {
  billing: { amount: ['amount'], feeType: ['billing_type', 'btype'], isVoid },
  payment: { amount: ['amount'], reduces: true, feeType: ['payment_type'], isVoid },
  usr: { amount: ['credit_forward_balance'], isCredit: () => true },
};

const stopCauses: ReadonlyMap<string, AccrualEndCause> = new Map([
  ['CHECKIN', 'returned'],
  ['RENEW', 'renewed'],
  ['LOST', 'lost'],
]);

/** The type of a day's overdue fine in `config.billing_type`. */
const OVERDUE = '1';

type Read<Row> = (
  rows: readonly unknown[] | undefined,
  patronId: string,
  options: CheckedReadOptions,
  intake: Intake,
) => Row[];

/** Reads the rows of `billable_xact` of one patron. */
export const readXacts: Read<EvergreenXact> = (rows, patronId, options, intake) =>
  uniqueRows('billable_xact', rows, 'id', patronId, options, intake).flatMap(({ reader, id }) => {
    const owner = reader.name('owner');
    const time = reader.requiredTime('xact_start');
    const finish = reader.time('xact_finish');
    const stop = reader.name('stop_fines');
    const stoppedAt = reader.time('stop_fines_time') ?? finish ?? time;
    const isStopped = stop !== undefined || finish !== undefined;
    const item = itemOf(reader);
    const isLoan = reader.name('target_copy') !== undefined;
    if (!reader.isSound()) return [];
    return [
      {
        rowId: id,
        owner: owner === undefined ? options.owner : options.named('owners', owner),
        time,
        stopped: isStopped ? { time: stoppedAt, cause: stopCauses.get(stop ?? '') ?? 'other' } : null,
        item,
        loanId: isLoan ? id : undefined,
        note: reader.text('note'),
        reader,
      },
    ];
  });

function itemOf(reader: RowReader): Item | undefined {
  const item = reader.item({ id: 'target_copy', barcode: 'barcode', title: 'title' });
  const dueAt = reader.time('due_date')?.at;
  return dueAt === undefined ? item : { ...item, dueAt };
}

/** Reads the rows of `billing` of one patron, in the order of their ids. */
export const readBillings: Read<EvergreenBilling> = (rows, patronId, options, intake) => {
  const read = uniqueRows('billing', rows, 'id', patronId, options, intake).flatMap(({ reader, id }) => {
    const xact = reader.requiredName('xact');
    const amount = reader.requiredAmount('amount');
    const time = reader.requiredTime('billing_ts', 'period_end', 'create_date');
    const btype = reader.name('btype');
    const type = reader.name('billing_type') ?? btype;
    const isVoid = reader.flag('voided');
    const voidTime = isVoid ? reader.time('void_time') : undefined;
    const voider = reader.name('voider');
    if (type === undefined) reader.requiredName('billing_type');
    if (!reader.isSound() || type === undefined) return [];
    const voided = isVoid ? { time: voidTime ?? time, userId: voider } : null;
    const names = { id: `evergreen/billing/${id}`, sequence: sequenceOf(id), xact, type };
    const isOverdue = btype === OVERDUE;
    return [{ ...names, isOverdue, amount, time, voided, note: reader.text('note'), reader }];
  });
  return read.sort((a, b) => a.sequence - b.sequence);
};

/** Reads the rows of `payment` of one patron, in the order of their ids. */
export const readPayments: Read<EvergreenPayment> = (rows, patronId, options, intake) => {
  const read = uniqueRows('payment', rows, 'id', patronId, options, intake).flatMap(({ reader, id }) => {
    const xact = reader.requiredName('xact');
    const amount = reader.requiredAmount('amount');
    const time = reader.requiredTime('payment_ts');
    const type = reader.requiredName('payment_type');
    const isVoid = reader.flag('voided');
    const userId = reader.name('accepting_usr');
    const desk = reader.name('cash_drawer');
    const staffNote = reader.text('note');
    const reference = reader.text('check_number') ?? reader.text('approval_code');
    const billing = reader.name('billing');
    if (!reader.isSound()) return [];
    const by = {
      ...(userId === undefined ? {} : { userId }),
      ...(desk === undefined ? {} : { desk }),
      ...(staffNote === undefined ? {} : { staffNote }),
    };
    const names = { id: `evergreen/payment/${id}`, sequence: sequenceOf(id), xact, type };
    return [{ ...names, amount, time, isVoid, by, reference, billing, reader }];
  });
  return read.sort((a, b) => a.sequence - b.sequence);
};

function sequenceOf(id: string): number {
  const number = Number.parseInt(id, 10);
  return Number.isSafeInteger(number) ? number : 0;
}
