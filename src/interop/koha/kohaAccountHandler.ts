import type { AssessFee } from '../../account/commands/feeCommands.js';
import { digestOf } from '../../account/digest.js';
import { digitsOf } from '../../money/currency.js';
import { minorUnits } from '../../money/money.js';
import { loadTill } from '../../office/till/executeTill.js';
import type { TillSession } from '../../office/till/till.js';
import { executeMade } from '../../patron/executeMade.js';
import { jsonNumber, readAmount } from '../clientAmount.js';
import { admit, isAuthorized, mayOwn } from '../doorOptions.js';
import {
  type DoorAnswer,
  type DoorRequest,
  door,
  NO_RESOURCE,
  readFields,
  readText,
} from '../doorRequest.js';
import { credentialsOf, kohaAccess, kohaError, queried } from './kohaHttp.js';
import { kohaLines, NUMBERS } from './kohaLines.js';
import {
  type KohaAccess,
  type KohaAccountHandlerOptions,
  type KohaSettings,
  type KohaTill,
  kohaSettings,
} from './kohaOptions.js';
import { created, type KohaBody, type Posting, postCredit, refusal, textsOf } from './postCredit.js';

/**
 * Serves the accounts of patrons as Koha's REST API does, so that its clients work unchanged: discovery systems with online
 * payment, and their tests.
 *
 * - `POST /oauth/token`, if there is a hook `token`
 * - `GET /patrons/{patron_id}/account`: what is owed and can be paid, and the credits
 * - `GET /patrons/{patron_id}/account/debits` and `.../credits`: all lines, in pages (`_page`, `_per_page`), ordered
 *   (`_order_by`) and filtered (`q`: the JSON of Koha's queries)
 * - `POST /patrons/{patron_id}/account/credits`: a payment, a waiver (`WRITEOFF`, `FORGIVEN`, `DISCOUNT`), or a `CREDIT`
 * - `POST /patrons/{patron_id}/account/debits`: a fee
 * - `GET /patrons`, `/patrons/{patron_id}`, `/items/{item_id}` and `/biblios/{biblio_id}`, from hooks
 * - `GET /libraries/{library_id}/cash_registers`, `/cash_registers/{cash_register_id}/cashups` and `/cashups/{cashup_id}`, from the
 *   sessions of tills (`cashRegisters`)
 *
 * Differs from Koha on purpose: amounts are exact; a payment with a transaction is recorded once, however often it is
 * sent; a line of another patron is refused; more than the named lines owe is refused, unless `overpayment` is
 * `credit`: then the rest pays other lines and what is left becomes a credit, as in Koha. Disputed fees are no
 * outstanding debits, since they cannot be paid.
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
 * import { memoryEventStore } from 'patron-fees/history';
 * import { kohaAccountHandler } from 'patron-fees/koha';
 *
 * const now = () => '2026-03-02T09:00:00Z';
 * let ids = 0;
 * const handler = kohaAccountHandler({
 *   store: memoryEventStore({ now }),
 *   policy: definePolicy({ currency: 'EUR' }),
 *   institution: 'north',
 *   now,
 *   newId: () => `id-${++ids}`,
 *   patron: ({ patronId }) => (patronId === '51' ? { patronId: 'p1' } : undefined),
 * });
 *
 * const address = 'https://library.example/api/v1/patrons/51/account';
 * const send = async (path: string, body: object) =>
 *   (await handler(new Request(address + path, { method: 'POST', body: JSON.stringify(body) }))).json();
 * const debit = (await send('/debits', { type: 'LOCKERKEY', amount: 0.29, library_id: 'CPL' })) as { account_line_id: number };
 *
 * const { balance } = (await (await handler(new Request(address))).json()) as { balance: number };
 * balance; //=> 0.29
 *
 * const note = 'Online transaction X9';
 * await send('/credits', { credit_type: 'PAYMENT', amount: 0.29, note, account_lines_ids: [debit.account_line_id] });
 * ((await (await handler(new Request(address))).json()) as { balance: number }).balance; //=> 0
 * ```
 */
export function kohaAccountHandler(
  options: KohaAccountHandlerOptions,
): (request: Request) => Promise<Response> {
  const settings = kohaSettings(options);
  return door(settings.basePath ?? '/api/v1', settings.onError, {
    read: (request, { path }) => kohaAccess(request, path),
    answer: (request, requested) => answer(request, requested, settings),
    error: kohaError,
  });
}

const NOT_FOUND = kohaError(404, NO_RESOURCE);

/** Does what a request asks for. */
async function answer(
  request: Request,
  requested: DoorRequest<KohaAccess>,
  settings: KohaSettings,
): Promise<DoorAnswer> {
  const { access, method, path, query } = requested;
  const [resource, id = '', account, lines] = path;
  if (resource === 'oauth' && id === 'token' && path.length === 2 && method === 'POST')
    return giveToken(request, settings);
  if (!(await isAuthorized(settings, access))) return kohaError(401, 'Authentication failure.');
  if (resource !== 'patrons') return method === 'GET' ? readOther(path, query, settings) : NOT_FOUND;
  if (path.length === 1 && method === 'GET' && settings.patrons !== undefined)
    return paged(await settings.patrons(withoutPaging(query)), query);
  const isAccount = path.length >= 3 && account === 'account';
  const isLines = path.length === 4 && (lines === 'debits' || lines === 'credits');
  const isOther = !(method === 'GET' && (path.length === 2 || (isAccount && path.length === 3)));
  if (isOther && !(isAccount && isLines)) return NOT_FOUND;
  const admitted = await admit(settings, access, id);
  if (admitted === undefined) return kohaError(404, 'Patron not found.');
  const posting = { ...admitted, settings, asked: id };
  if (method === 'POST') return post(request, lines === 'debits', access.library, posting);
  if (path.length === 2)
    return { status: 200, body: { patron_id: Number(id) || id, ...admitted.patron.details } };
  const all = kohaLines(admitted.group, id, settings);
  if (!isLines) return { status: 200, body: all.account };
  return paged(lines === 'debits' ? all.debits : all.credits, query);
}

/** Answers what is about no patron: items, records, and the tills of the office. */
async function readOther(
  [resource = '', id = '', of, ...more]: readonly string[],
  query: Readonly<Record<string, string>>,
  settings: KohaSettings,
): Promise<DoorAnswer> {
  const finders = {
    items: settings.item,
    biblios: settings.biblio,
    cashups: (one: string) => cashup(one, settings),
  };
  const lists = {
    'libraries/cash_registers': () => cashRegisters(id, settings),
    'cash_registers/cashups': () => cashups(id, settings),
  };
  const list = `${resource}/${of}`;
  if (more.length === 0 && Object.hasOwn(lists, list)) {
    const rows = await lists[list as keyof typeof lists]();
    return rows === undefined ? kohaError(404, 'Not found.') : paged(rows, query);
  }
  if (of !== undefined || !Object.hasOwn(finders, resource)) return NOT_FOUND;
  const found = await finders[resource as keyof typeof finders]?.(id);
  return found === undefined ? kohaError(404, 'Not found.') : { status: 200, body: found };
}

/** Gives a client a token, as OAuth 2.0 describes it for client credentials. */
async function giveToken(request: Request, { token }: KohaSettings): Promise<DoorAnswer> {
  if (token === undefined) return NOT_FOUND;
  const text = await readText(request);
  if (typeof text !== 'string') return kohaError(text.status, text.message);
  const form = new URLSearchParams(text);
  if (form.get('grant_type') !== 'client_credentials') return kohaError(400, 'Unimplemented grant type');
  const basic = credentialsOf(request.headers.get('authorization') ?? '');
  const sent = basic !== undefined && 'user' in basic ? basic : undefined;
  const clientId = form.get('client_id') ?? sent?.user ?? '';
  const given = await token({ clientId, clientSecret: form.get('client_secret') ?? sent?.password ?? '' });
  if (given === undefined) return kohaError(403, 'wrong client id');
  const { accessToken, expiresIn } = given;
  return { status: 200, body: { access_token: accessToken, token_type: 'Bearer', expires_in: expiresIn } };
}

const PAGING: readonly string[] = ['_page', '_per_page', '_match', '_order_by', 'q'];

function withoutPaging(query: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(query).filter(([name]) => !PAGING.includes(name)));
}

/** Returns a page of a list, filtered: 20 rows unless the request says otherwise, all with `_per_page=-1`. */
function paged(
  all: readonly Readonly<Record<string, unknown>>[],
  query: Readonly<Record<string, string>>,
): DoorAnswer {
  const rows = queried(all, query);
  if ('status' in rows) return rows;
  const [page, size] = [Number(query._page ?? 1), Number(query._per_page ?? 20)];
  if (!Number.isSafeInteger(page) || page < 1) return kohaError(400, '_page: expected a number from 1.');
  if (!Number.isSafeInteger(size) || (size < 1 && size !== -1))
    return kohaError(400, '_per_page: expected a number from 1, or -1 for all.');
  const body = size === -1 ? rows : rows.slice((page - 1) * size, page * size);
  return { status: 200, body, headers: { 'x-total-count': String(rows.length) } };
}

/** The fields that Koha knows; what a client sends in others would be lost. */
const bothFields: readonly string[] = ['amount', 'date', 'description', 'library_id'];
const creditFields: readonly string[] = [
  ...bothFields,
  ...['account_lines_ids', 'credit_type', 'note', 'payment_type'],
];
const debitFields: readonly string[] = [...bothFields, 'internal_note', 'item_id', 'type'];

async function post(
  request: Request,
  isDebit: boolean,
  library: string | undefined,
  posting: Posting,
): Promise<DoorAnswer> {
  const body = await readFields(request);
  if ('status' in body) return kohaError(body.status, body.message, '/body');
  const known = isDebit ? debitFields : creditFields;
  const unknown = [...body.keys()].find((name) => !known.includes(name))?.slice(0, 40);
  if (unknown !== undefined) return kohaError(400, `Properties not allowed: ${unknown}.`, '/body');
  const sent = body.get('library_id') ?? library;
  if (sent !== undefined && (typeof sent !== 'string' || !mayOwn(sent, posting.settings)))
    return kohaError(400, 'library_id: expected a library.', '/body/library_id');
  const by = sent === undefined ? posting.by : { ...posting.by, library: sent };
  return isDebit ? postDebit(body, { ...posting, by }) : postCredit(body, { ...posting, by });
}

/** Charges a fee. */
async function postDebit(body: KohaBody, posting: Posting): Promise<DoorAnswer> {
  const { settings, group, by } = posting;
  const { policy, debitTypes, newId, now } = settings;
  const [account] = group;
  const type = body.get('type');
  const amount = readAmount(body.get('amount'), digitsOf(policy.currency));
  if (typeof type !== 'string') return kohaError(400, 'type: expected a debit type.', '/body/type');
  if (amount === undefined)
    return kohaError(400, `amount: expected a positive amount in ${policy.currency}.`, '/body/amount');
  const [feeType = type] = Object.entries(debitTypes).find(([, koha]) => koha === type) ?? [];
  const item = body.get('item_id');
  const isItem = (typeof item === 'string' && item !== '') || typeof item === 'number';
  const id = newId();
  const command: AssessFee = {
    type: 'AssessFee',
    id,
    feeType,
    amount,
    at: now(),
    by,
    ...(isItem ? { item: { id: String(item) } } : {}),
    ...textsOf(body, 'internal_note'),
  };
  const why = await executeMade<never>(settings, account, () => [command], false);
  return why === undefined ? created('fee', { patronId: account.patronId, id }, posting) : refusal(why);
}

/** Returns the number of a till or of one of its closings, which Koha numbers. */
function numberOf(...names: readonly string[]): number {
  const digest = digestOf(['koha-register', ...names]);
  return (Number.parseInt(digest.slice(0, 13), 16) % NUMBERS) + 1;
}

/** Returns the cash registers of a library: `GET /libraries/{library_id}/cash_registers`. */
function cashRegisters(library: string, { cashRegisters: given }: KohaSettings) {
  return given?.tills.filter((till) => till.library === library).map(registerOf);
}

function registerOf({ till, library, name = till }: KohaTill) {
  return {
    cash_register_id: numberOf(till),
    name,
    library_id: library,
    description: name,
    starting_float: null,
    archived: false,
    branch_default: false,
  };
}

/** Returns the cash-ups of a register, the last one first; undefined if there is no such register. */
async function cashups(register: string, settings: KohaSettings) {
  const till = settings.cashRegisters?.tills.find((one) => String(numberOf(one.till)) === register);
  return till === undefined ? undefined : cashupsOf(till, settings);
}

/** Returns a cash-up with its summary; undefined if there is no such one. */
async function cashup(id: string, settings: KohaSettings) {
  for (const till of settings.cashRegisters?.tills ?? [])
    for (const row of await cashupsOf(till, settings)) if (String(row.cashup_id) === id) return row;
  return undefined;
}

async function cashupsOf({ till }: KohaTill, { cashRegisters: given, institution, policy }: KohaSettings) {
  if (given === undefined) return [];
  const { sessions, currency } = await loadTill(given.office, { institution, till });
  const digits = digitsOf(currency ?? policy.currency);
  return sessions.flatMap((session) => cashupOf(till, session, digits) ?? []).reverse();
}

/** A session that is closed is a cash-up: what was counted and taken to the bank, and what was taken in. */
function cashupOf(till: string, { sessionId, openedAt, closing }: TillSession, digits: number) {
  if (closing === null) return undefined;
  const { counts, closedAt } = closing;
  const sum = (amounts: readonly string[]) =>
    jsonNumber(Number(amounts.reduce((total, amount) => total + minorUnits(amount), 0n)), digits);
  return {
    cashup_id: numberOf(till, sessionId),
    cash_register_id: numberOf(till),
    amount: sum(counts.map(({ deposit }) => deposit)),
    timestamp: closedAt,
    summary: {
      from_date: openedAt,
      to_date: closedAt,
      total: sum(counts.map(({ takings }) => takings)),
      total_grouped: counts.map(({ method, takings }) => ({ payment_type: method, total: sum([takings]) })),
    },
  };
}
