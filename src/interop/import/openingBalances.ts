import * as v from 'valibot';
import { checkedArgument } from '../../input/checkedArgument.js';
import { byPatron, valueIn } from './byPatron.js';
import type { ForeignAccount, ForeignBalance, ForeignChange } from './foreignAccount.js';
import { type CheckedReadOptions, checkedReadOptions, type ReadAccountsOptions } from './importEvents.js';
import { type Rows, rowsField } from './importFinding.js';
import { newIntake, readRows, type StatedFigures } from './importReport.js';
import { type RowReader, rowsWithoutAccount, uniqueRows } from './rowReader.js';

/** The fields of a row of open fees and credits. Empty fields count as missing; other fields are ignored. */
export type OpeningRow = {
  /** The patron. */
  readonly patronId: string;
  /** The id of the fee or credit, unique for the patron. */
  readonly id: string;
  /**
   * Whether it is a fee or a credit.
   *
   * @defaultValue `"fee"`
   */
  readonly kind?: 'fee' | 'credit';
  /** The original amount, for credits too: a number above 0 in whole currency units, such as 12.5, or text with one. */
  readonly amount: string | number;
  /**
   * What is still open, written like `amount`.
   *
   * @defaultValue the amount
   */
  readonly remaining?: string | number;
  /** When it was charged or issued. */
  readonly at: string | Date;
  /** The fee type's code; needed for fees. */
  readonly feeType?: string;
  /** The library that owns it; needed for fees, unless the option `owner` is given. */
  readonly owner?: string;
  /**
   * What a credit may be used for: `refundable` or `goodwill`.
   *
   * @defaultValue `"refundable"`
   */
  readonly purpose?: 'refundable' | 'goodwill';
  /** A comment that the patron may see. */
  readonly comment?: string;
  /** A note that is never shown to patrons. */
  readonly staffNote?: string;
  /** The loan. */
  readonly loanId?: string;
  /** The item's id in the library system. */
  readonly itemId?: string;
  /** The barcode of the item. */
  readonly barcode?: string;
  /** The title of the item. */
  readonly title?: string;
  /** The call number of the item. */
  readonly callNumber?: string;
};

/** Options of {@link openingBalances}. */
export type OpeningOptions = ReadAccountsOptions & {
  /**
   * The name of the system, letters, digits and hyphens: the beginning of all ids, e.g. `symphony/F-1`. Each system
   * that is imported into the same accounts needs a name of its own.
   *
   * @defaultValue `"import"`
   */
  readonly system?: string;
};

const systemField = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9-]{1,30}$/, '1 to 30 letters, digits and hyphens'),
);

/**
 * Reads the open fees and credits of any system as opening balances: objects, {@link csvRows | CSV} or
 * {@link jsonLines | JSON lines}. The rows of a patron must follow each other in a stream: those that come after
 * another patron's are not imported, and are findings (`NotSorted`).
 *
 * A partly settled fee is charged with its original amount; a line cancels the settled part. A credit is issued
 * with what is left of it. Importing later rows settles what has since been settled there; missing rows change nothing
 * and are findings (`ROWS_MISSING`).
 *
 * @param rows - rows with the fields of {@link OpeningRow}
 * @param options - the policy, the name of the system, and the codes used here
 * @returns the accounts, ready for {@link importEvents} and {@link runImport}
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT`, `INVALID_POLICY`; any error of the stream
 *
 * @example
 * ```ts
 * import { balancesInMinorUnits, definePolicy, fold } from 'patron-fees';
 * import { csvRows, importEvents, openingBalances } from 'patron-fees/import';
 *
 * const csv = `patronId,id,kind,amount,remaining,feeType,owner,at
 * u17,F-1,fee,25.00,10.00,LOSTITEMREPLACEMENTFEE,MAIN,2026-03-02
 * u17,C-1,credit,4.00,,,MAIN,2026-03-09
 * `;
 * const policy = definePolicy({ currency: 'USD' });
 * for await (const account of openingBalances(csvRows([csv]), { policy })) {
 *   const { events } = importEvents(account);
 *   events.map(({ type }) => type); //=> ['FeeAssessed', 'FeeCancelled', 'CreditIssued']
 *   balancesInMinorUnits(fold(events)).active; //=> 600
 * }
 * ```
 */
export async function* openingBalances(
  rows: Rows,
  { system: name = 'import', ...options }: OpeningOptions,
): AsyncGenerator<ForeignAccount> {
  const checked = checkedReadOptions(options);
  const system = checkedArgument(systemField, name, 'options.system');
  const list = checkedArgument(rowsField, rows, 'rows');
  const columns = ['patronId', 'id', 'amount'];
  const joined = byPatron([{ name: 'rows', rows: list, patron: 'patronId', columns }]);
  for await (const patronRows of joined) {
    const { patronId, rows: tables } = patronRows;
    if (patronId === null || patronRows.isUnsorted) {
      yield rowsWithoutAccount(system, patronRows, openingFigures, checked);
    } else yield openingAccount(system, patronId, tables.rows ?? [], checked);
  }
}

/** Where rows state what is owed. */
const openingFigures: StatedFigures = {
  rows: {
    amount: ['remaining', 'amount'],
    isCredit: (row) => valueIn(row, 'kind') === 'credit',
    feeType: ['feeType'],
    owner: ['owner'],
  },
};

function openingAccount(
  system: string,
  patronId: string,
  rows: readonly unknown[],
  options: CheckedReadOptions,
): ForeignAccount {
  const intake = newIntake({ rows: `${system}/` });
  const changes: ForeignChange[] = [];
  const balances: ForeignBalance[] = [];
  for (const { reader, id } of uniqueRows('rows', rows, 'id', patronId, options, intake)) {
    const opened = openRow(reader, `${system}/${id}`, options);
    if (opened === undefined) continue;
    changes.push(...opened.changes);
    balances.push(opened.balance);
  }
  const read = readRows(intake, openingFigures, options);
  const account = { system, patronId, currency: options.currency, rows: rows.length, rowsStandAlone: true };
  return { ...account, changes, balances, ...read };
}

function openRow(
  reader: RowReader,
  id: string,
  options: CheckedReadOptions,
): { readonly changes: readonly ForeignChange[]; readonly balance: ForeignBalance } | undefined {
  const { origin } = reader;
  const kind = reader.name('kind') ?? 'fee';
  const amount = reader.requiredAmount('amount');
  const remaining = reader.amount('remaining') ?? amount;
  const time = reader.requiredTime('at');
  const isFee = kind === 'fee';
  const feeType = options.named('feeTypes', isFee ? reader.requiredName('feeType') : 'CREDIT');
  const named = reader.name('owner');
  const owner = named === undefined ? options.owner : options.named('owners', named);
  const purpose = reader.name('purpose') ?? 'refundable';
  if (!isFee && kind !== 'credit') reader.refuse('UnknownType', 'kind', 'fee or credit', kind);
  if (purpose !== 'refundable' && purpose !== 'goodwill') {
    reader.refuse('UnknownType', 'purpose', 'refundable or goodwill', purpose);
  }
  if (isFee && owner === undefined) {
    reader.refuse('MalformedField', 'owner', 'a library, or the option `owner`', 'missing');
  }
  if (reader.isSound() && amount <= 0) {
    reader.refuse('AmountHasWrongSign', 'amount', 'above 0', String(reader.value('amount')));
  }
  if (reader.isSound() && remaining < 0) {
    reader.refuse('AmountHasWrongSign', 'remaining', '0 or more', String(reader.value('remaining')));
  }
  if (!reader.isSound()) return undefined;
  const common = { time, origin, ...notesOf(reader) };
  const balance = {
    balanceId: id,
    owed: isFee ? remaining : 0,
    credit: isFee ? 0 : remaining,
    figure: 'remaining',
    feeType,
    owner: owner ?? '-',
    time,
    origin,
  };
  if (!isFee) {
    const issued = { ...common, creditId: id, balanceId: id, amount: remaining, ...(owner ? { owner } : {}) };
    const credit = { ...issued, kind: 'credit', purpose: purpose as 'refundable' | 'goodwill' } as const;
    return { changes: remaining > 0 ? [credit] : [], balance };
  }
  const item = reader.item({
    id: 'itemId',
    barcode: 'barcode',
    title: 'title',
    callNumber: 'callNumber',
  });
  const loanId = reader.name('loanId');
  const charge: ForeignChange = {
    ...common,
    kind: 'charge',
    feeId: id,
    balanceId: id,
    feeType,
    owner: owner as string,
    amount,
    lostItem: options.isLostItem(feeType),
    grows: false,
    ...(item === undefined ? {} : { item }),
    ...(loanId === undefined ? {} : { loanId }),
  };
  if (remaining >= amount) return { changes: [charge], balance };
  const comment = 'Settled before the import';
  // The id contains the amount that is left, so that a later settlement has another id.
  const settledId = `${id}/settled/${remaining}`;
  const settled = { time, origin, comment, id: settledId, feeId: id, downTo: remaining } as const;
  return { changes: [charge, { ...settled, kind: 'cancellation' }], balance };
}

function notesOf(reader: RowReader) {
  const [comment, staffNote] = [reader.text('comment'), reader.text('staffNote')];
  return {
    ...(comment === undefined ? {} : { comment }),
    ...(staffNote === undefined ? {} : { staffNote }),
  };
}
