import * as v from 'valibot';
import type { Item, RecordedActor } from '../../account/circumstances.js';
import type { Command } from '../../account/commands/command.js';
import { nameField } from '../../account/fieldSchemas.js';
import { executeLoaded } from '../../history/execute.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { isPlainObject } from '../../input/plainObject.js';
import { amountFromNumber } from '../../money/amountFromNumber.js';
import { digitsOf } from '../../money/currency.js';
import { groupNames, type PatronGroup } from '../../patron/patronGroup.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import { jsonNumber, readAmount } from '../clientAmount.js';
import {
  admit,
  assertCodes,
  type DoorOptions,
  doorFields,
  functionField,
  isAuthorized,
  libraryNames,
  mayOwn,
  type ServiceContext,
  type ServiceOptions,
  serviceContext,
} from '../doorOptions.js';
import { jsonFields, readText } from '../doorRequest.js';
import { type AlmaFee, type AlmaFees, type AlmaStatus, almaStatuses, CREDIT_TYPE } from './almaFees.js';
import {
  type AlmaAccess,
  type AlmaAnswer,
  almaResponse,
  type Requested,
  readFeeXml,
  requestOf,
} from './almaHttp.js';
import {
  ALL_FEES,
  type AlmaError,
  almaError,
  errorOfRejection,
  type OperationParameters,
  operate,
} from './almaOperations.js';
import { toAlmaFees } from './toAlmaFees.js';

/** A user, and the address of the user's fees. */
type FoundPatron = AlmaPatron & { readonly address: string };

/**
 * Serves the fees of Alma's user API, so that its clients work unchanged: discovery systems with online
 * payment, payment pages, integrations, and their tests.
 *
 * - `GET /users/{user_id}/fees` with `status` (ACTIVE if left out), `GET /users/{user_id}/fees/{fee_id}`
 * - `POST /users/{user_id}/fees` creates a fee
 * - `POST /users/{user_id}/fees/{fee_id}` with `op` = `pay`, `waive`, `dispute` or `restore`
 * - `POST /users/{user_id}/fees/all` with `op=pay` and an `amount`, or `ALL`
 *
 * In JSON or XML, by the header `Accept` or the parameter `format`; XML if neither is given, as in Alma. Errors have
 * Alma's codes. A payment with an `external_transaction_id` is recorded once, however often it is sent; a client may
 * post one payment fee by fee with one id.
 *
 * If the patron's account is {@link patrons.mergeAccounts | merged} with others, the answers are about all of them,
 * for the identifier of any of them. New fees go to the account that is kept. A payment of all fees is divided over the
 * accounts; after an interruption, sending it again with its `external_transaction_id` finishes it. If two accounts
 * have a fee with the same id, `@` and the patron id follow the id of the fee in the merged account.
 *
 * @param options - the store, the policy, the institution, and hooks that know users and API keys
 * @returns a function of the Fetch API, which never rejects
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` or `INVALID_POLICY` if the options are
 * invalid
 *
 * @source https://developers.exlibrisgroup.com/alma/apis/users/
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { almaFeesHandler } from 'patron-fees/alma';
 * import { memoryEventStore } from 'patron-fees/history';
 *
 * const now = () => '2026-03-02T09:00:00Z';
 * let ids = 0;
 * const handler = almaFeesHandler({
 *   store: memoryEventStore({ now }),
 *   policy: definePolicy({ currency: 'USD' }),
 *   institution: 'north',
 *   now,
 *   newId: () => `id-${++ids}`,
 *   patron: ({ userId }) => (userId === 'dverma' ? { patronId: 'p1', primaryId: 'dverma' } : undefined),
 * });
 *
 * const fees = 'https://library.example/almaws/v1/users/dverma/fees';
 * const headers = { accept: 'application/json', 'content-type': 'application/json' };
 * const body = JSON.stringify({ type: { value: 'LOCKERKEY' }, original_amount: 8.5, owner: { value: 'MAIN' } });
 * const created = await handler(new Request(fees, { method: 'POST', headers, body }));
 * const { id, balance } = (await created.json()) as { id: string; balance: number };
 * balance; //=> 8.5
 *
 * const pay = `${fees}/${id}?op=pay&amount=8.50&method=ONLINE&external_transaction_id=X9`;
 * const paid = await handler(new Request(pay, { method: 'POST', headers }));
 * ((await paid.json()) as { status: object }).status; //=> { value: 'CLOSED', desc: 'Closed' }
 * ```
 */
export function almaFeesHandler(options: AlmaFeesHandlerOptions): (request: Request) => Promise<Response> {
  const settings = almaSettings(options);
  return async (request) => {
    const requested = requestOf(request, settings.basePath ?? '/almaws/v1');
    try {
      return almaResponse(await answer(request, requested, settings), requested.format, settings.newId);
    } catch (error) {
      settings.onError?.(error);
      // Not `newId`, which may be the function that failed.
      return almaResponse(almaError('402119', undefined, 500), requested.format, () => 'unknown');
    }
  };
}

/** Does what a request asks for. */
async function answer(request: Request, requested: Requested, settings: AlmaSettings): Promise<AlmaAnswer> {
  if ('errorCode' in requested) return requested;
  const { access, feeId, isList, parameters } = requested;
  const baseUrl = (settings.baseUrl ?? requested.baseUrl).replace(/\/$/, '');
  if (!(await isAuthorized(settings, access))) return almaError('UNAUTHORIZED');
  const admitted = await admit(settings, access, access.userId);
  if (admitted === undefined) {
    return isList ? almaError('401861', `Identifier: ${access.userId.slice(0, 80)}`) : almaError('401651');
  }
  const { patron: found, group, by } = admitted;
  const userId = found.primaryId ?? access.userId;
  const patron = { ...found, address: `${baseUrl}/users/${encodeURIComponent(userId)}/fees` };
  if (access.isWrite) {
    return isList
      ? create(request, group, patron, by, settings)
      : act(feeId, parameters, group, patron, by, settings);
  }
  if (!isList) return feeIn(rowsOf(group, patron, settings), feeId);
  const { status = 'ACTIVE' } = parameters;
  if (!Object.hasOwn(almaStatuses, status))
    return almaError('401666', 'status: expected ACTIVE, INDISPUTE, EXPORTED or CLOSED.');
  return { fees: rowsOf(group, patron, settings).withStatus(status as AlmaStatus) };
}

/** Operates on a fee, or pays all. */
async function act(
  feeId: string,
  parameters: OperationParameters,
  group: PatronGroup,
  patron: FoundPatron,
  by: RecordedActor,
  settings: AlmaSettings,
): Promise<AlmaAnswer> {
  const error = await operate(feeId, parameters, { ...settings, patron, group, by });
  if (error !== undefined) return error;
  const rows = rowsOf(group, patron, settings);
  return feeId === ALL_FEES ? { fees: rows.withStatus('ACTIVE') } : feeIn(rows, feeId);
}

/** Creates a fee, or a credit. */
async function create(
  request: Request,
  [kept]: PatronGroup,
  patron: FoundPatron,
  by: RecordedActor,
  settings: AlmaSettings,
): Promise<AlmaAnswer> {
  const { policy, institution, store, how, creditReason } = settings;
  const text = await readText(request);
  if (typeof text !== 'string') return almaError('INVALID_REQUEST', text.message, text.status);
  const posted = await readFeeBody(
    text,
    request.headers.get('content-type') ?? '',
    digitsOf(policy.currency),
  );
  if ('errorCode' in posted) return posted;
  const { type, amount, owner, comment, barcode, title } = posted;
  if (type === undefined) return almaError('4019991');
  if (amount === undefined) return almaError('4019994');
  if (amount === null)
    return almaError('401666', `original_amount: expected a positive amount in ${policy.currency}.`);
  if (owner === undefined) return almaError('4019996');
  if (!mayOwn(owner, settings)) return almaError('4019997');
  const found = barcode === undefined ? {} : await itemWith(barcode, settings);
  if (found === undefined) return almaError('4019993');
  const item = title === undefined || found.title !== undefined ? found : { ...found, title };
  const base = {
    id: settings.newId(),
    amount,
    owner,
    at: settings.now(),
    by,
    ...(comment === undefined ? {} : { comment }),
    ...(Object.keys(item).length === 0 ? {} : { item }),
  };
  let command: Command = { ...base, type: 'AssessFee', feeType: type };
  if (type === CREDIT_TYPE) {
    if (creditReason === undefined) return almaError('4019992', 'Credits are not created here.');
    command = { ...base, type: 'IssueCredit', cause: 'manual', reason: creditReason };
  }
  const { patronId } = kept;
  const executed = await executeLoaded(store, policy, { institution, patronId }, kept, command, how);
  const { decision } = executed;
  if (!decision.accepted) return errorOfRejection(decision.rejection, { isCreation: true });
  return feeIn(rowsOf([{ ...kept, ...executed }], patron, settings), base.id);
}

async function itemWith(barcode: string, { item }: AlmaSettings): Promise<Item | undefined> {
  if (item === undefined) return { barcode };
  const found = await item(barcode);
  return found === undefined ? undefined : { barcode, ...found };
}

function rowsOf(
  group: PatronGroup,
  { patronId, primaryId, address }: FoundPatron,
  settings: AlmaSettings,
): AlmaRows {
  const { policy } = settings;
  const libraries = libraryNames(settings);
  return almaRows(group, { policy, userPrimaryId: primaryId ?? patronId, libraries, address });
}

function feeIn(rows: AlmaRows, feeId: string): AlmaAnswer {
  const fee = rows.withId(feeId);
  return fee === undefined ? almaError('401665') : { fee };
}

/** A fee as a client posts it. Absent fields are undefined. */
type PostedFee = {
  /** The fee type's code. */
  readonly type: string | undefined;
  /** The amount, a decimal string; `undefined` if missing, `null` if it is not a positive amount of the currency. */
  readonly amount: string | null | undefined;
  /** The code of the owning library. */
  readonly owner: string | undefined;
  /** A comment that the patron may see. */
  readonly comment: string | undefined;
  /** The item's barcode. */
  readonly barcode: string | undefined;
  /** The item's title. */
  readonly title: string | undefined;
};

/**
 * Reads the body of a request that creates a fee: JSON or XML. Other fields are ignored, as in Alma: clients
 * post the whole object, with a status, a balance and an empty list of transactions.
 *
 * @param contentType - the body's type; guessed from its first character if it names neither
 * @param digits - how many decimals the currency has
 */
export async function readFeeBody(
  text: string,
  contentType: string,
  digits: number,
): Promise<PostedFee | AlmaError> {
  const isJson =
    contentType.includes('json') || (!contentType.includes('xml') && text.trimStart().startsWith('{'));
  const fields = isJson ? jsonFields(text) : await readFeeXml(text);
  if ('fault' in fields) return almaError('401666', `The body has ${fields.fault}.`);
  const textOf = (name: string) => {
    const value = codeOf(fields.get(name));
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
  };
  const amount = codeOf(fields.get('original_amount'));
  return {
    type: textOf('type'),
    amount: isMissing(amount) ? undefined : (readAmount(amount, digits) ?? null),
    owner: textOf('owner'),
    comment: textOf('comment'),
    barcode: textOf('barcode'),
    title: textOf('title'),
  };
}

/** Returns the value of a field, which may be a code with a description. */
function codeOf(field: unknown): unknown {
  return isPlainObject(field) && Object.hasOwn(field, 'value') ? field.value : field;
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}

/** A user, as the hook `patron` returns it. */
export type AlmaPatron = {
  /** The patron's id in the event store. */
  readonly patronId: string;
  /** The primary id, for `user_primary_id`; `patronId` if left out. */
  readonly primaryId?: string;
};

/** Options of {@link almaFeesHandler}. */
export type AlmaFeesHandlerOptions = DoorOptions<AlmaAccess, AlmaPatron> & {
  /**
   * Returns the item with a barcode, for a fee that is created; `undefined` for an unknown one, which is refused.
   *
   * @defaultValue any barcode is accepted
   */
  readonly item?: (barcode: string) => Item | undefined | Promise<Item | undefined>;
  /**
   * The policy's reason for credits that are created (a fee of type `CREDIT`), which then are goodwill.
   *
   * @defaultValue the type `CREDIT` is refused
   */
  readonly creditReason?: string;
  /**
   * The address of the API as clients know it, for the member `link` of fees, to which some post payments: e.g.
   * `https://fees.example/almaws/v1`. Set it behind a proxy, where requests have another address.
   *
   * @defaultValue the origin of each request, and `basePath`
   */
  readonly baseUrl?: string;
};

const optionsSchema = v.strictObject({
  ...doorFields,
  item: v.exactOptional(functionField<NonNullable<AlmaFeesHandlerOptions['item']>>('a function')),
  creditReason: v.exactOptional(nameField),
  baseUrl: v.exactOptional(
    v.pipe(
      v.string(),
      v.check((text) => /^https?:\/\/[^?#]+$/.test(text) && URL.canParse(text), 'an http address'),
    ),
  ),
});

/** What the handler works with: the options, checked. */
type AlmaSettings = ServiceContext & Omit<AlmaFeesHandlerOptions, keyof ServiceOptions>;

/**
 * Checks the options.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT`, including if the reason for credits is
 * not the policy's; `INVALID_POLICY`
 */
function almaSettings(options: AlmaFeesHandlerOptions): AlmaSettings {
  const checked = checkedArgument(optionsSchema, options, 'options') as AlmaFeesHandlerOptions;
  const context = serviceContext(checked);
  assertCodes(context.policy, 'creditReasons', 'creditReason', checked.creditReason);
  return { ...checked, ...context };
}

/** The rows of all accounts of a patron, as clients of Alma get them. */
type AlmaRows = {
  /** Returns the fees and credits with a status, and their totals. */
  readonly withStatus: (status: AlmaStatus) => AlmaFees;
  /** Returns the fee or credit with an id; undefined without one. */
  readonly withId: (id: string) => AlmaFee | undefined;
};

/** How rows are written for clients. */
type AlmaRowOptions = {
  /** The institution's policy. */
  readonly policy: FeePolicy;
  /** The patron's primary id. */
  readonly userPrimaryId: string;
  /** The names of libraries by code. */
  readonly libraries: Readonly<Record<string, string>>;
  /** The address of the patron's list of fees. */
  readonly address: string;
};

/** Returns the rows of a patron's accounts, each under the id by which clients know it. */
export function almaRows(group: PatronGroup, { address, ...options }: AlmaRowOptions): AlmaRows {
  const { nameOf } = groupNames(group);
  const currency = group[0].account.currency ?? options.policy.currency;
  const rows = group.flatMap(({ patronId, account }) =>
    toAlmaFees(account, options).fee.map((row) => {
      const id = nameOf({ patronId, id: row.id });
      return { ...row, id, link: `${address}/${encodeURIComponent(id)}` };
    }),
  );
  return {
    withStatus: (status) => {
      const fee = rows.filter((row) => row.status.value === status);
      const digits = digitsOf(currency);
      const sum = fee.reduce(
        (total, { balance }) => total + (amountFromNumber(balance, digits) as number),
        0,
      );
      const total_sum = jsonNumber(sum, digits);
      return { fee, total_record_count: fee.length, total_sum, currency, link: address };
    },
    withId: (id) => rows.find((row) => row.id === id),
  };
}
