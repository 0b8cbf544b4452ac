import { admit } from '../doorOptions.js';
import { userIdOf } from './accountIndex.js';
import { type CqlFault, type ParsedCql, parseCql } from './cql.js';
import { cqlSelect, cqlTerms, cqlValues, type FolioRecord } from './cqlMatches.js';
import { type FolioAnswer, folioError } from './folioHttp.js';
import { type FolioAccess, type FolioPatron, type FolioSettings, identifierTypes } from './folioOptions.js';
import { folioFees, type ServedFee } from './folioRecords.js';

/** A query looks up no more identifiers of one kind. */
const LOOKUPS_MAX = 100;

/** Finds users by the identifiers of a query. */
export async function users(
  access: FolioAccess,
  query: Readonly<Record<string, string>>,
  settings: FolioSettings,
): Promise<FolioAnswer> {
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
): Promise<FolioAnswer> {
  const patron = await patronBy({ ...access, identifier: id, identifierType: 'id' }, settings);
  return patron === undefined
    ? folioError(404, `User with id '${id.slice(0, 40)}' not found`)
    : { status: 200, body: userRecord(patron, settings) };
}

export async function accountWith(
  id: string,
  access: FolioAccess,
  settings: FolioSettings,
): Promise<FolioAnswer> {
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
): Promise<FolioAnswer> {
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
): ParsedCql | FolioAnswer {
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
): FolioAnswer {
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
