import { owed } from '../../account/fee.js';
import { sumOf } from '../../account/shares.js';
import { digitsOf } from '../../money/currency.js';
import { jsonNumber } from '../clientAmount.js';
import { admit, isAuthorized } from '../doorOptions.js';
import { type DoorAnswer, type DoorRequest, door, NO_RESOURCE, readFields } from '../doorRequest.js';
import { chargeAccount, chargeAction } from './chargeAccount.js';
import {
  type FolioAccess,
  type FolioFeesHandlerOptions,
  type FolioSettings,
  folioAccess,
  folioError,
  folioSettings,
  folioTable,
  folioTables,
  invalidField,
} from './folioOptions.js';
import { accountWith, folioFees, listed, selected, users, userWith } from './folioRecords.js';
import { isAction, postAction } from './postAction.js';

/**
 * Serves fees as FOLIO's mod-feesfines does, so that its clients work unchanged: discovery systems, gateways of SIP2,
 * payment pages, and their tests.
 *
 * - `POST /authn/login` and `/authn/login-with-expiry`, if there is a hook `login`
 * - `GET /users?query=` and `/users/{id}`, from the hook `patron`
 * - `GET /accounts?query=`, `/accounts/{id}`, `/feefineactions?query=`, in pages (`limit`, 10 unless given; `offset`)
 * - `POST /accounts/{id}/pay`, `waive`, `transfer`, `cancel` or `refund`, the same of `/accounts-bulk`, and `check-pay` to
 *   `check-refund`, which change nothing
 * - `POST /accounts`: a fee; `POST /feefineactions`: its charge, which is recorded already
 * - `GET /patron/account/{id}`, as edge-patron
 * - `GET /owners`, `/feefines`, `/payments`, `/waives`, `/transfers`, `/refunds` and `/manualblocks`, from the policy
 *
 * Ids are UUIDs: those of the store, those of an import from FOLIO, or UUIDs computed from ids that are not UUIDs.
 * Since clients name a fee without its patron, the ids of all fees are kept in memory; the first request reads the
 * store's events.
 *
 * Differs from FOLIO on purpose: a payment of several fees is spread in the policy's order and never fails on a cent that is
 * left; a disputed fee is `Suspended claim returned` and cannot be paid; fees of two patrons are not paid at once;
 * what was paid for a fee that is cancelled becomes a credit of the patron, which no answer shows.
 *
 * If the patron's account is {@link patrons.mergeAccounts | merged} with others, the answers are about all of them.
 *
 * @param options - the store, the policy, the institution, and hooks that know patrons and clients
 * @returns a function of the Fetch API, which never rejects
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` or `INVALID_POLICY` if the options are
 * invalid
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { folioFeesHandler } from 'patron-fees/folio';
 * import { execute, memoryEventStore } from 'patron-fees/history';
 *
 * const now = () => '2026-03-02T09:00:00Z';
 * const store = memoryEventStore({ now });
 * const policy = definePolicy({ currency: 'USD' });
 * const patronId = '6f36265e-722a-490a-b436-806e63af2ea7';
 * const fee = { type: 'AssessFee', id: 'f1', feeType: 'OVERDUEFINE', amount: '0.29', owner: 'MAIN', at: now() } as const;
 * await execute(store, policy, { institution: 'north', patronId }, fee);
 *
 * let ids = 0;
 * const handler = folioFeesHandler({
 *   store,
 *   policy,
 *   institution: 'north',
 *   now,
 *   newId: () => `id-${++ids}`,
 *   patron: ({ identifier }) => (identifier === patronId ? { patronId } : undefined),
 * });
 *
 * const okapi = 'https://okapi.example';
 * const query = encodeURIComponent(`userId==${patronId} and status.name==Open`);
 * const found = await handler(new Request(`${okapi}/accounts?query=${query}`));
 * const { accounts } = JSON.parse(await found.text());
 * accounts[0].remaining; //=> 0.29
 *
 * const body = { amount: '0.29', paymentMethod: 'Credit card', userName: 'kiosk', servicePointId: 'CIRC', notifyPatron: false };
 * const pay = new Request(`${okapi}/accounts/${accounts[0].id}/pay`, { method: 'POST', body: JSON.stringify(body) });
 * const paid = JSON.parse(await (await handler(pay)).text());
 * [paid.remainingAmount, paid.feefineactions[0].typeAction]; //=> ['0.00', 'Paid fully']
 * ```
 */
export function folioFeesHandler(options: FolioFeesHandlerOptions): (request: Request) => Promise<Response> {
  const settings = folioSettings(options);
  return door(settings.basePath ?? '', settings.onError, {
    read: (request, { query }) => folioAccess(request, query),
    answer: (request, requested) => answer(request, requested, settings),
    error: folioError,
  });
}

const NOT_FOUND = folioError(404, NO_RESOURCE);

/** Does what a request asks for. */
async function answer(
  request: Request,
  requested: DoorRequest<FolioAccess>,
  settings: FolioSettings,
): Promise<DoorAnswer> {
  const { access, method, path, query } = requested;
  const [resource = '', id, rest] = path;
  if (resource === 'authn' && path.length === 2 && method === 'POST')
    return login(request, access, id, settings);
  if (!(await isAuthorized(settings, access))) return folioError(401, 'Unauthorized');
  if (method === 'POST') return post(request, requested, settings);
  if (resource === 'patron' && id === 'account' && rest !== undefined && path.length === 3)
    return patronSummary(rest, access, query, settings);
  if (path.length > 2) return NOT_FOUND;
  if (resource === 'users')
    return id === undefined ? users(access, query, settings) : userWith(id, access, settings);
  if (resource === 'accounts' || resource === 'feefineactions') {
    if (id === undefined) return listed(resource, access, query, settings);
    if (resource === 'accounts') return accountWith(id, access, settings);
  }
  const table = id === undefined ? folioTable(resource, settings) : undefined;
  if (table === undefined) return NOT_FOUND;
  return selected(table.name, table.rows, folioTables.fields, query);
}

async function post(
  request: Request,
  { path, access }: DoorRequest<FolioAccess>,
  settings: FolioSettings,
): Promise<DoorAnswer> {
  const [resource, id = '', what = ''] = path;
  const isBulk = resource === 'accounts-bulk' && path.length === 2;
  const action = isBulk ? id : what;
  const isOne = resource === 'accounts' && path.length === 3;
  const isCharge = path.length === 1 && (resource === 'accounts' || resource === 'feefineactions');
  if (!((isBulk || isOne) && isAction(action)) && !isCharge) return NOT_FOUND;
  const body = await readFields(request);
  if ('status' in body) return folioError(body.status, body.message);
  if (isCharge) return (resource === 'accounts' ? chargeAccount : chargeAction)(body, access, settings);
  return postAction(action, isBulk ? undefined : id, body, { access, headers: request.headers, settings });
}

/** Gives a client a token, in a header or as a cookie. */
async function login(
  request: Request,
  { tenant }: FolioAccess,
  way: string | undefined,
  settings: FolioSettings,
): Promise<DoorAnswer> {
  const isCookie = way === 'login-with-expiry';
  if (settings.login === undefined || !(isCookie || way === 'login')) return NOT_FOUND;
  const body = await readFields(request);
  if ('status' in body) return folioError(body.status, body.message);
  const [username, password] = [body.get('username'), body.get('password')];
  const isText = typeof username === 'string' && typeof password === 'string';
  const given = isText ? await settings.login({ tenant, username, password }) : undefined;
  if (given === undefined) return invalidField('username', 'Password does not match');
  const { accessToken, expiresIn } = given;
  if (!isCookie) {
    return { status: 201, body: { okapiToken: accessToken }, headers: { 'x-okapi-token': accessToken } };
  }
  const until = new Date(Date.parse(settings.now()) + expiresIn * 1_000).toISOString();
  const cookie = `folioAccessToken=${accessToken}; Max-Age=${expiresIn}; Path=/; HttpOnly; SameSite=None; Secure`;
  return { status: 201, body: { accessTokenExpiration: until }, headers: { 'set-cookie': cookie } };
}

/** Answers `GET /patron/account/{id}` as edge-patron: what is owed, with `includeCharges` each fee; no loans and no holds. */
async function patronSummary(
  userId: string,
  access: FolioAccess,
  { includeCharges }: Readonly<Record<string, string>>,
  settings: FolioSettings,
): Promise<DoorAnswer> {
  const patronId = (await settings.index.patronOf(userId)) ?? userId;
  const admitted = await admit(settings, { ...access, identifier: patronId }, patronId);
  if (admitted === undefined) return folioError(404, 'Unable to find patron');
  const { policy } = settings;
  const { group } = admitted;
  const isoCurrencyCode = group[0].account.currency ?? policy.currency;
  const money = (minor: number) => ({
    amount: jsonNumber(minor, digitsOf(isoCurrencyCode)),
    isoCurrencyCode,
  });
  const open = folioFees(group, userId, settings).filter(({ fee }) => owed(fee) > 0);
  const charges = open.map(({ fee, record }) => ({
    ...(fee.item === null
      ? {}
      : {
          item: {
            title: record.title ?? '',
            ...(record.itemId === undefined ? {} : { itemId: record.itemId }),
          },
        }),
    chargeAmount: money(owed(fee)),
    accrualDate: record.metadata.createdDate,
    state: record.paymentStatus.name,
    reason: record.feeFineType,
    feeFineId: record.id,
  }));
  const body = {
    id: userId,
    totalCharges: money(sumOf(open.map(({ fee }) => owed(fee)))),
    totalChargesCount: open.length,
    totalLoans: 0,
    totalHolds: 0,
    charges: includeCharges === 'true' ? charges : [],
    holds: [],
    loans: [],
  };
  return { status: 200, body };
}
