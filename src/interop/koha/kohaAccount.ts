import type { AccrualEndCause } from '../../account/accrual.js';
import type { ForeignAccount, ForeignBalance, ForeignChange } from '../import/foreignAccount.js';
import { grouped } from '../import/grouped.js';
import type { CheckedReadOptions } from '../import/readOptions.js';
import { newIntake, readRows } from '../import/refusedRows.js';

import { kohaCredit } from './kohaCredit.js';
import {
  circumstancesOf,
  type KohaLine,
  type KohaOffset,
  kohaFigures,
  readLines,
  readOffsets,
} from './kohaRows.js';

/** Debits without a fee: the other side of a payout, and of a credit that was voided. */
const NO_FEE: ReadonlySet<string> = new Set(['PAYOUT', 'VOID']);

/** The types of fines that grow; the last two before Koha 19.11. */
const FINES: ReadonlySet<string> = new Set(['OVERDUE', 'F', 'FU']);

/** The statuses of fines that still grow. */
const GROWING: ReadonlySet<string> = new Set(['UNRETURNED']);

const endCauses: ReadonlyMap<string, AccrualEndCause> = new Map([
  ['RETURNED', 'returned'],
  ['RENEWED', 'renewed'],
  ['LOST', 'lost'],
]);

/** Turns the rows of one patron into changes and balances. */
export function kohaAccount(
  patronId: string,
  rows: Readonly<Record<string, readonly unknown[]>>,
  options: CheckedReadOptions,
): ForeignAccount {
  const intake = newIntake({ accountlines: 'koha/', account_offsets: 'koha/offset/' });
  const lines = readLines(rows.accountlines, patronId, options, intake);
  const offsets = readOffsets(rows.account_offsets, patronId, options, intake);
  const byDebit = grouped(offsets, ({ debitId }) => debitId);
  const byCredit = grouped(offsets, ({ creditId }) => creditId);
  const changes: ForeignChange[] = [];
  const balances: ForeignBalance[] = [];
  const fees = new Map<string, KohaLine>();
  for (const line of lines) {
    if (!line.isDebit) continue;
    if (NO_FEE.has(line.type)) balances.push(balanceOf(line, options));
    else if (line.owner === undefined) {
      line.reader.refuse('MalformedField', 'branchcode', 'a library, or the option `owner`', 'missing');
    } else if (charge(line, line.owner, byDebit.get(line.id) ?? [], changes, options)) {
      fees.set(line.id, line);
      balances.push(balanceOf(line, options));
    }
  }
  const debits = new Map(lines.filter(({ isDebit }) => isDebit).map((line) => [line.id, line]));
  const credits = new Set(lines.flatMap(({ isDebit, id }) => (isDebit ? [] : [id])));
  for (const line of lines) {
    if (line.isDebit) continue;
    changes.push(...kohaCredit(line, byCredit.get(line.id) ?? [], { fees, debits }, options));
    balances.push(balanceOf(line, options));
  }
  for (const { kind, creditId, reader } of offsets) {
    if (kind !== 'apply' || creditId === undefined || credits.has(creditId)) continue;
    reader.report('UnknownRow', 'credit_id', 'a row of accountlines', creditId.slice('koha/'.length));
  }
  return {
    system: 'koha',
    patronId,
    currency: options.currency,
    rows: (rows.accountlines ?? []).length + (rows.account_offsets ?? []).length,
    changes,
    balances,
    ...readRows(intake, kohaFigures, options),
  };
}

function balanceOf({ id, type, outstanding, owner, changed, origin }: KohaLine, options: CheckedReadOptions) {
  return {
    balanceId: id,
    owed: Math.max(0, outstanding),
    credit: Math.max(0, -outstanding),
    figure: 'amountoutstanding',
    feeType: options.named('feeTypes', type),
    owner: owner ?? options.owner ?? '-',
    time: changed,
    origin,
  };
}

/** Adds the charge of a debit and the steps in which it grew and fell. Returns whether there is a fee. */
function charge(
  line: KohaLine,
  owner: string,
  offsets: readonly KohaOffset[],
  changes: ForeignChange[],
  options: CheckedReadOptions,
): boolean {
  const { id, reader, origin, status = '' } = line;
  const steps = offsets.filter(
    ({ kind, amount }) => (kind === 'increase' || kind === 'decrease') && amount > 0,
  );
  const created = offsets.find(({ kind, creditId }) => kind === 'create' && creditId === undefined);
  const grown = steps.reduce(
    (total, { kind, amount }) => total + (kind === 'increase' ? amount : -amount),
    0,
  );
  // `amount` is the last amount of a fine.
  const amount = created?.amount || line.amount - grown;
  if (amount <= 0) {
    reader.refuse('AmountHasWrongSign', 'amount', 'above 0', String(line.amount));
    return false;
  }
  const feeType = options.named('feeTypes', line.type);
  const time = created?.time ?? line.time;
  const grows = FINES.has(line.type) && (steps.length > 0 || GROWING.has(status));
  const by = circumstancesOf(line);
  const loanId = reader.name('issue_id') ?? reader.name('old_issue_id');
  const item = reader.item({
    id: 'itemnumber',
    barcode: 'barcode',
    title: 'title',
    callNumber: 'itemcallnumber',
  });
  changes.push({
    ...by,
    kind: 'charge',
    feeId: id,
    balanceId: id,
    feeType,
    owner,
    amount,
    lostItem: options.isLostItem(feeType),
    grows,
    ...(item === undefined ? {} : { item }),
    ...(loanId === undefined ? {} : { loanId }),
    time,
  });
  for (const step of steps) {
    const { kind, sequence, origin: row } = step;
    const change = { id: step.id, feeId: id, amount: step.amount, time: step.time, sequence, origin: row };
    changes.push(kind === 'increase' ? { ...change, kind: 'increase' } : { ...change, kind: 'decrease' });
  }
  if (grows && !GROWING.has(status)) {
    const last = steps.at(-1);
    const end = last !== undefined && last.time.ms > line.changed.ms ? last.time : line.changed;
    const sequence = Number.MAX_SAFE_INTEGER;
    const cause = endCauses.get(status) ?? 'other';
    changes.push({ kind: 'end', id: `${id}/end`, feeId: id, cause, time: end, sequence, origin });
  }
  return true;
}
