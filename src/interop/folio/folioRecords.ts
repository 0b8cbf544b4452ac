import { type Fee, owed } from '../../account/fee.js';
import { findCredit, type PatronAccount } from '../../account/patronAccount.js';
import type { Transaction } from '../../account/transaction.js';
import { digitsOf } from '../../money/currency.js';
import type { JoinedAccount } from '../../patron/accountsOf.js';
import type { GroupRow, PatronGroup } from '../../patron/patronGroup.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import { codeLabel, feeTypeLabel } from '../../views/codeLabel.js';
import { effectOnFee } from '../../views/transactionKinds.js';
import { jsonNumber } from '../clientAmount.js';
import { admit, libraryNames } from '../doorOptions.js';
import type { DoorAnswer } from '../doorRequest.js';
import {
  type CqlFault,
  cqlSelect,
  cqlTerms,
  cqlValues,
  type FolioRecord,
  type ParsedCql,
  parseCql,
} from './cql.js';
import { accountIdOf, folioId, userIdOf } from './folioIds.js';
import {
  type FolioAccess,
  type FolioPatron,
  type FolioSettings,
  folioError,
  identifierTypes,
} from './folioOptions.js';

/** A fee, as clients of FOLIO get it: a record of `/accounts`. What is unknown is left out. */
type FolioAccount = {
  /** The id, a UUID: always the same for a fee. */
  readonly id: string;
  /** The patron: a UUID. */
  readonly userId: string;
  /** The amount charged. */
  readonly amount: number;
  /** What is owed. */
  readonly remaining: number;
  /** Whether anything is owed. */
  readonly status: {
    /** `Open` or `Closed`. */
    readonly name: 'Open' | 'Closed';
  };
  /** What was done with it last. */
  readonly paymentStatus: {
    /** FOLIO's word for it, `Outstanding`, or `Suspended claim returned` if it is disputed. */
    readonly name: string;
  };
  /** The fee type, a UUID of `/feefines`. */
  readonly feeFineId: string;
  /** The name of the fee type. */
  readonly feeFineType: string;
  /** The library that owns it, a UUID of `/owners`. */
  readonly ownerId: string;
  /** The name of the library. */
  readonly feeFineOwner: string;
  /** The title of the item. */
  readonly title?: string;
  /** The barcode of the item. */
  readonly barcode?: string;
  /** The call number of the item. */
  readonly callNumber?: string;
  /** The location of the item. */
  readonly location?: string;
  /** The item: a UUID. */
  readonly itemId?: string;
  /** The loan: a UUID. */
  readonly loanId?: string;
  /** When it was charged. */
  readonly dateCreated: string;
  /** When it changed. */
  readonly metadata: {
    /** When it was charged. */
    readonly createdDate: string;
    /** When something was done with it last. */
    readonly updatedDate: string;
  };
};

/** Something that was done with a fee, as clients of FOLIO get it: a record of `/feefineactions`. */
type FolioAccountAction = {
  /** The id, a UUID. */
  readonly id: string;
  /** The fee: a UUID of `/accounts`. */
  readonly accountId: string;
  /** The patron: a UUID. */
  readonly userId: string;
  /** When it was done. */
  readonly dateAction: string;
  /** What was done, in FOLIO's words, such as `Paid partially`; of a charge the fee type. */
  readonly typeAction: string;
  /** The amount. */
  readonly amountAction: number;
  /** What was owed afterwards. */
  readonly balance: number;
  /** The payment method, the waiving reason or the transfer account. */
  readonly paymentMethod?: string;
  /** The reference of a payment, or to whom was refunded. */
  readonly transactionInformation?: string;
  /** The comment that the patron may see, after `PATRON : `. */
  readonly comments?: string;
  /** The desk: FOLIO's service point. */
  readonly createdAt?: string;
  /** The user who did it. */
  readonly source?: string;
  /** Always false: nothing here notifies patrons. */
  readonly notify: false;
};

/** Something that was done with a fee. Its record is made when it is asked for, since most answers have few of them. */
type ServedAction = Pick<FolioAccountAction, 'typeAction'> & {
  /** The id and the time that the event has. */
  readonly id: string;
  readonly at: string;
  readonly record: () => FolioAccountAction;
};

/** A fee with its records. */
export type ServedFee = {
  readonly row: GroupRow;
  readonly fee: Fee;
  readonly record: FolioAccount;
  readonly actions: readonly ServedAction[];
};

/**
 * Returns the fees of a patron's accounts with their records.
 *
 * @param isAsked - whether a fee is needed; all are if left out
 */
export function folioFees(
  group: PatronGroup,
  userId: string,
  settings: FolioSettings,
  isAsked: (row: GroupRow) => boolean = () => true,
): readonly ServedFee[] {
  const ids = new Map<string, string>();
  const idOf = (kind: string, code: string) => {
    const key = `${kind} ${code}`;
    if (!ids.has(key)) ids.set(key, folioId(kind, code));
    return ids.get(key) as string;
  };
  return group.flatMap((account) =>
    account.account.fees
      .filter(({ feeId }) => isAsked({ patronId: account.patronId, id: feeId }))
      .map((fee) => folioFee(fee, account, { userId, idOf }, settings)),
  );
}

function folioFee(
  fee: Fee,
  { patronId, account }: JoinedAccount,
  { userId, idOf }: { readonly userId: string; readonly idOf: (kind: string, code: string) => string },
  settings: FolioSettings,
): ServedFee {
  const { policy } = settings;
  const digits = digitsOf(account.currency ?? policy.currency);
  const row = { patronId, id: fee.feeId };
  const id = accountIdOf(row);
  const actions = actionsOf(fee, account, { id, userId, patronId, digits, policy });
  const created = instant(fee.assessedAt);
  const last = actions.at(-1);
  const { item, loanId, owner, feeType } = fee;
  const isOpen = owed(fee) > 0;
  const name = fee.disputed && isOpen ? 'Suspended claim returned' : statusName(actions);
  const record: FolioAccount = {
    id,
    userId,
    amount: jsonNumber(fee.original, digits),
    remaining: jsonNumber(owed(fee), digits),
    status: { name: isOpen ? 'Open' : 'Closed' },
    paymentStatus: { name },
    feeFineId: idOf('feefine', feeType),
    feeFineType: feeTypeLabel(policy, feeType),
    ownerId: idOf('owner', owner),
    feeFineOwner: libraryNames(settings)[owner] ?? owner,
    ...defined({
      title: item?.title,
      barcode: item?.barcode,
      callNumber: item?.callNumber,
      location: item?.location,
      itemId: item?.id && folioId('item', item.id),
      loanId: loanId === null ? undefined : folioId('loan', loanId),
    }),
    dateCreated: created,
    metadata: { createdDate: created, updatedDate: last === undefined ? created : instant(last.at) },
  };
  return { row, fee, record, actions };
}

function defined<Fields extends object>(
  fields: Fields,
): { [Name in keyof Fields]?: NonNullable<Fields[Name]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value)) as never;
}

function instant(at: string): string {
  return new Date(at).toISOString();
}

/** What FOLIO has a status for. */
const done = /^(Paid|Waived|Transferred|Refunded|Credited|Cancelled) /;

/** The payment status is the label of what was done last, apart from what FOLIO knows no status for. */
function statusName(actions: readonly ServedAction[]): string {
  return actions.filter(({ typeAction }) => done.test(typeAction)).at(-1)?.typeAction ?? 'Outstanding';
}

type ActionTerms = {
  readonly id: string;
  readonly userId: string;
  readonly patronId: string;
  readonly digits: number;
  readonly policy: FeePolicy;
};

/** FOLIO's verbs: `partially` or `fully` follows. */
const verbs: Partial<Record<Transaction['kind'], string>> = {
  payment: 'Paid',
  waiver: 'Waived',
  transfer: 'Transferred',
  paymentReversed: 'Refunded',
  recall: 'Refunded',
  refund: 'Refunded',
  creditIssued: 'Credited',
  creditApplied: 'Credited',
};

/** Returns what was done with a fee that changed what is owed. */
function actionsOf(fee: Fee, account: PatronAccount, terms: ActionTerms): readonly ServedAction[] {
  // A credit that is reserved for its fee reduces what is owed from the beginning, not only when it is used.
  const isReserved = ({ creditId }: Transaction['references']) =>
    creditId !== undefined && findCredit(account, creditId)?.purpose === 'setOff';
  let left = 0;
  const lines = fee.transactions.flatMap((transaction) => {
    const { kind, amount, references } = transaction;
    const effect = isReserved(references) ? (effectOfReserved[kind] ?? 0) : effectOnFee[kind];
    if (effect === 0) return [];
    left += effect * amount;
    const isWaiver = kind === 'creditIssued' && references.cause === 'waived';
    const done = isWaiver ? ({ ...transaction, kind: 'waiver' } as const) : transaction;
    return servedAction(done, fee, left, terms);
  });
  // What was paid out of a credit of the fee changes nothing that is owed.
  const refunds = account.credits
    .filter(({ feeId }) => feeId === fee.feeId)
    .flatMap(({ transactions }) => transactions.filter(({ kind }) => kind === 'refund'))
    .map((refund) => servedAction(refund, fee, left, terms));
  return [...lines, ...refunds];
}

/** The effect of what happens to a credit that is reserved for its fee. */
const effectOfReserved: Partial<Record<Transaction['kind'], number>> = {
  creditIssued: -1,
  creditCancelled: 1,
};

/** What FOLIO has no verb for, by the sign of its effect. */
function labelOf(kind: Transaction['kind'], fee: Fee, policy: FeePolicy): string {
  if (kind === 'cancellation' || kind === 'decreased') return 'Cancelled as error';
  if (kind === 'assessed' || kind === 'increased') return feeTypeLabel(policy, fee.feeType);
  return 'Staff info only';
}

function servedAction(transaction: Transaction, fee: Fee, left: number, terms: ActionTerms): ServedAction {
  const { kind, id, at } = transaction;
  const verb = verbs[kind];
  const isFully = verb === 'Refunded' ? left >= fee.original : left <= 0;
  const typeAction =
    verb === undefined ? labelOf(kind, fee, terms.policy) : `${verb} ${isFully ? 'fully' : 'partially'}`;
  return { id, at, typeAction, record: () => actionRecord(transaction, typeAction, { fee, left, terms }) };
}

function actionRecord(
  { kind, id, amount, at, by, method, reason, comment, references }: Transaction,
  typeAction: string,
  { fee, left, terms }: { readonly fee: Fee; readonly left: number; readonly terms: ActionTerms },
): FolioAccountAction {
  const { policy, digits, patronId, userId } = terms;
  const isRefund = verbs[kind] === 'Refunded';
  const to = kind === 'recall' ? (references.destination ?? 'transfer account') : 'patron';
  return {
    id: folioId('action', id, patronId, fee.feeId),
    accountId: terms.id,
    userId,
    dateAction: instant(at),
    typeAction,
    amountAction: jsonNumber(amount, digits),
    balance: jsonNumber(left, digits),
    ...defined({
      paymentMethod: methodName({ kind, method, reason, references }, policy),
      transactionInformation: isRefund
        ? `Refunded to ${to}`
        : (references.reference ?? references.externalTransactionId),
      comments: comment === null ? undefined : `PATRON : ${comment}`,
      createdAt: by?.desk,
      source: by?.userId,
    }),
    notify: false,
  };
}

function methodName(
  { kind, method, reason, references }: Pick<Transaction, 'kind' | 'method' | 'reason' | 'references'>,
  policy: FeePolicy,
): string | undefined {
  if (method !== null) return codeLabel(policy.paymentMethods, method);
  if (kind === 'waiver' && reason !== null) return codeLabel(policy.waiveReasons, reason);
  const { destination } = references;
  return kind === 'transfer' && destination !== undefined
    ? codeLabel(policy.destinations, destination)
    : undefined;
}

/** A query looks up no more identifiers of one kind. */
const LOOKUPS_MAX = 100;

/** Finds users by the identifiers of a query. */
export async function users(
  access: FolioAccess,
  query: Readonly<Record<string, string>>,
  settings: FolioSettings,
): Promise<DoorAnswer> {
  const parsed = queryOf(query, ['active', ...identifierTypes]);
  if ('status' in parsed) return parsed;
  const found = new Map<string, FolioRecord>();
  for (const identifierType of identifierTypes) {
    for (const identifier of cqlTerms(parsed.query, identifierType).slice(0, LOOKUPS_MAX)) {
      const patron = await patronBy({ ...access, identifier, identifierType }, settings);
      if (patron === undefined) continue;
      const known = found.get(patron.patronId) ?? {};
      found.set(patron.patronId, { [identifierType]: identifier, ...known, ...userRecord(patron, settings) });
    }
  }
  return selected('users', [...found.values()], ['active', ...identifierTypes], query);
}

/** Returns the patron with an identifier; one of the kind `id` is FOLIO's. */
async function patronBy(access: FolioAccess, settings: FolioSettings): Promise<FolioPatron | undefined> {
  const { identifierType, identifier } = access;
  if (identifierType !== 'id') return settings.patron(access);
  return settings.patron({ ...access, identifier: await patronIdOf(identifier, settings) });
}

/** Returns the patron's id here of a user's id: itself for a patron without fees. */
async function patronIdOf(userId: string, { index }: FolioSettings): Promise<string> {
  return (await index.patronOf(userId)) ?? userId;
}

function userRecord({ patronId, details }: FolioPatron, { index }: FolioSettings): FolioRecord {
  index.add(patronId);
  return { active: true, ...details, id: userIdOf(patronId) };
}

export async function userWith(
  id: string,
  access: FolioAccess,
  settings: FolioSettings,
): Promise<DoorAnswer> {
  const patron = await patronBy({ ...access, identifier: id, identifierType: 'id' }, settings);
  return patron === undefined
    ? folioError(404, `User with id '${id.slice(0, 40)}' not found`)
    : { status: 200, body: userRecord(patron, settings) };
}

export async function accountWith(
  id: string,
  access: FolioAccess,
  settings: FolioSettings,
): Promise<DoorAnswer> {
  const [fee] = await feesWith([id], access, settings);
  return fee === undefined ? folioError(404, 'Account not found') : { status: 200, body: fee.record };
}

const accountFields = [
  'id',
  'userId',
  'status.name',
  'paymentStatus.name',
  'amount',
  'remaining',
  'feeFineId',
  'feeFineType',
  'ownerId',
  'feeFineOwner',
  'loanId',
  'itemId',
  'barcode',
  'title',
  'dateCreated',
  'metadata.createdDate',
  'metadata.updatedDate',
] as const;

const actionFields = [
  'id',
  'accountId',
  'userId',
  'typeAction',
  'amountAction',
  'balance',
  'dateAction',
  'paymentMethod',
  'createdAt',
  'source',
] as const;

/** Returns fees, or what was done with them, of the patrons that the query names; of all if it names none. */
export async function listed(
  resource: 'accounts' | 'feefineactions',
  access: FolioAccess,
  query: Readonly<Record<string, string>>,
  settings: FolioSettings,
): Promise<DoorAnswer> {
  const isAccounts = resource === 'accounts';
  const fields = isAccounts ? accountFields : actionFields;
  const parsed = queryOf(query, fields);
  if ('status' in parsed) return parsed;
  const userIds = cqlValues(parsed.query, 'userId');
  const accountIds = cqlValues(parsed.query, isAccounts ? 'id' : 'accountId');
  const fees =
    userIds === undefined && accountIds !== undefined
      ? await feesWith(accountIds, access, settings)
      : await feesOf(userIds, access, settings);
  const rows: readonly object[] = isAccounts
    ? fees.map(({ record }) => record)
    : fees.flatMap(({ actions }) => actions.map(({ record }) => record()));
  return selected(resource, rows, fields, query);
}

/** Returns the fees of users; of all if undefined. */
async function feesOf(
  userIds: readonly string[] | undefined,
  access: FolioAccess,
  settings: FolioSettings,
): Promise<readonly ServedFee[]> {
  const { index } = settings;
  const asked = userIds ?? (await index.patrons()).map((patronId) => userIdOf(patronId));
  const found = new Map<string, ServedFee>();
  for (const userId of new Set(asked.map((id) => id.toLowerCase()))) {
    const patronId = await patronIdOf(userId, settings);
    const admitted = await admit(settings, { ...access, identifier: patronId }, patronId);
    for (const fee of admitted === undefined ? [] : folioFees(admitted.group, userId, settings))
      if (!found.has(fee.record.id)) found.set(fee.record.id, fee);
  }
  return [...found.values()];
}

/** Returns the fees with some ids. */
async function feesWith(
  accountIds: readonly string[],
  access: FolioAccess,
  settings: FolioSettings,
): Promise<readonly ServedFee[]> {
  const rows = await Promise.all(accountIds.map((id) => settings.index.feeOf(id)));
  const users = new Set(rows.flatMap((row) => (row === undefined ? [] : [userIdOf(row.patronId)])));
  const fees = await feesOf([...users], access, settings);
  return fees.filter(({ record }) => accountIds.some((id) => id.toLowerCase() === record.id));
}

function queryOf(
  { query = 'cql.allRecords=1' }: Readonly<Record<string, string>>,
  fields: readonly string[],
): ParsedCql | DoorAnswer {
  const parsed = parseCql(query, fields);
  return 'position' in parsed ? folioError(400, faultText(parsed)) : parsed;
}

function faultText({ position, expected }: CqlFault): string {
  return `query: expected ${expected} at character ${position}`;
}

/** Returns the page of a list that a query asks for. */
export function selected(
  name: string,
  rows: readonly object[],
  fields: readonly string[],
  query: Readonly<Record<string, string>>,
): DoorAnswer {
  const parsed = queryOf(query, fields);
  if ('status' in parsed) return parsed;
  const [limit, offset] = [Number(query.limit ?? 10), Number(query.offset ?? 0)];
  if (!isCount(limit)) return folioError(400, 'limit: expected a number from 0 to 2147483647.');
  if (!isCount(offset)) return folioError(400, 'offset: expected a number from 0 to 2147483647.');
  const found = cqlSelect(parsed, rows as readonly FolioRecord[]);
  const body = { [name]: found.slice(offset, offset + limit), totalRecords: found.length };
  return { status: 200, body };
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0 && value <= 2_147_483_647;
}
