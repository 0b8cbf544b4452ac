import type { ForeignAccount, ForeignBalance, ForeignChange } from '../import/foreignAccount.js';
import { grouped } from '../import/grouped.js';
import type { CheckedReadOptions } from '../import/readOptions.js';
import { newIntake, readRows, type StatedFigures } from '../import/refusedRows.js';
import { type RowReader, uniqueRows } from '../import/rowReader.js';
import { type FolioAction, type FolioFee, folioActions, paymentGroups, readActions } from './folioActions.js';

/** The system, and the beginning of all ids. */
const SYSTEM = 'folio';

/** Where accounts state what is owed. */
export const folioFigures: StatedFigures = {
  accounts: {
    amount: ['remaining'],
    feeType: ['feeFineType', 'feeFineId'],
    owner: ['feeFineOwner', 'ownerId'],
  },
};

/** Turns the rows of one patron into changes and balances. */
export function folioAccount(
  patronId: string,
  rows: Readonly<Record<string, readonly unknown[]>>,
  options: CheckedReadOptions,
): ForeignAccount {
  const intake = newIntake({ accounts: 'folio/', feefineactions: 'folio/action/' });
  const changes: ForeignChange[] = [];
  const balances: ForeignBalance[] = [];
  const actions = readActions(rows.feefineactions, patronId, options, intake);
  const byAccount = grouped(actions, ({ accountId }) => accountId);
  const known = new Set<string>();
  for (const { reader, id } of uniqueRows('accounts', rows.accounts, 'id', patronId, options, intake)) {
    const own = byAccount.get(id) ?? [];
    const read = readAccount(reader, `${SYSTEM}/${id}`, own, options);
    if (read === undefined) continue;
    known.add(id);
    balances.push(read.balance);
    if (read.charge === undefined) continue;
    changes.push(read.charge, ...folioActions(read.fee, own, options));
  }
  changes.push(
    ...paymentGroups(
      actions.filter(({ accountId }) => known.has(accountId)),
      options,
    ),
  );
  for (const { accountId, reader } of actions) {
    if (!known.has(accountId))
      reader.report('UnknownRow', 'accountId', 'an account that was imported', accountId);
  }
  const read = readRows(intake, folioFigures, options);
  const count = (rows.accounts ?? []).length + (rows.feefineactions ?? []).length;
  return { system: SYSTEM, patronId, currency: options.currency, rows: count, changes, balances, ...read };
}

type ReadAccount = {
  readonly fee: FolioFee;
  readonly charge: ForeignChange | undefined;
  readonly balance: ForeignBalance;
};

function readAccount(
  reader: RowReader,
  id: string,
  actions: readonly FolioAction[],
  options: CheckedReadOptions,
): ReadAccount | undefined {
  // FOLIO keeps the unrounded number, and everywhere else takes it as rounded half to even.
  const amount = reader.requiredAmount('amount', 'halfEven');
  const remaining = reader.requiredAmount('remaining', 'halfEven');
  const created = reader.requiredTime('metadata.createdDate', 'dateCreated', 'dateUpdated');
  const updated = reader.time('metadata.updatedDate') ?? created;
  const type = reader.name('feeFineType') ?? reader.name('feeFineId');
  const ownerName = reader.name('feeFineOwner') ?? reader.name('ownerId');
  if (type === undefined && reader.isSound()) reader.requiredName('feeFineType');
  const owner = ownerName === undefined ? options.owner : options.named('owners', ownerName);
  if (owner === undefined && reader.isSound()) {
    reader.refuse('MalformedField', 'feeFineOwner', 'a fee/fine owner, or the option `owner`', 'missing');
  }
  if (!reader.isSound() || type === undefined || owner === undefined) return undefined;
  const feeType = options.named('feeTypes', type);
  const first = actions.find(({ kind }) => kind === 'charge');
  const times = [created, updated, ...actions.map((action) => action.time)];
  const { origin } = reader;
  const balance: ForeignBalance = {
    balanceId: id,
    owed: Math.max(0, remaining),
    credit: Math.max(0, -remaining),
    figure: 'remaining',
    feeType,
    owner,
    time: times.reduce((latest, one) => (one.ms > latest.ms ? one : latest)),
    origin,
  };
  const fee = { id, feeType, owner, reader };
  if (amount <= 0) {
    reader.report('AmountHasWrongSign', 'amount', 'above 0', String(reader.value('amount')));
    return { fee, charge: undefined, balance };
  }
  const item = reader.item({
    id: 'itemId',
    barcode: 'barcode',
    title: 'title',
    callNumber: 'callNumber',
    location: 'location',
  });
  // Interlibrary loans have the loan id 0.
  const loanId = reader.name('loanId');
  const charge: ForeignChange = {
    ...(first?.by ?? {}),
    kind: 'charge',
    feeId: id,
    balanceId: id,
    feeType,
    owner,
    amount,
    lostItem: options.isLostItem(feeType),
    grows: false,
    ...(item === undefined ? {} : { item }),
    ...(loanId === undefined || loanId === '0' ? {} : { loanId }),
    time: first?.time ?? created,
    origin,
  };
  return { fee, charge, balance };
}
