import { randomUUID } from 'node:crypto';
import { PatronFeesError } from '../../errors.js';
import { digitsOf } from '../../money/currency.js';
import { minorUnits } from '../../money/money.js';
import { definedPolicy, definePolicy, type FeePolicy } from '../../policy/feePolicy.js';
import { feeTypeLabel } from '../../views/codeLabel.js';
import { assertCapabilities, type FeeSystemCapability } from './capabilities.js';
import type { FeeSystemAnswer } from './feeSystem.js';
import {
  amountOfJson,
  checkedTestSystem,
  credential,
  type LiveAnswer,
  type LiveApi,
  type LiveFeeSystem,
  type LiveOptions,
  liveApi,
  type OpenedFeeSystem,
} from './liveApi.js';
import { PROTOCOL } from './remoteFeeSystem.js';

/** Options of {@link folioFeeSystem}. */
export type FolioFeeSystemOptions = LiveOptions & {
  /** The address of Okapi or Kong. */
  readonly okapi: string;
  /** The tenant. */
  readonly tenant: string;
  /** The name of the fee/fine owner that fees belong to. */
  readonly owner: string;
  /** The id of the service point of all actions: a UUID. */
  readonly servicePoint: string;
  /**
   * The id of the patron group of the users that are made.
   *
   * @defaultValue none
   */
  readonly patronGroup?: string;
  /**
   * The name of the payment method.
   *
   * @defaultValue `'Cash'`
   */
  readonly paymentMethod?: string;
  /**
   * The name of the reason for waivers.
   *
   * @defaultValue `'Other'`
   */
  readonly waiveReason?: string;
  /**
   * The name of the transfer account.
   *
   * @defaultValue no transfers are compared
   */
  readonly transferAccount?: string;
};

/** What is known of a tenant. */
type Tenant = {
  readonly api: LiveApi;
  readonly options: FolioFeeSystemOptions;
  readonly policy: FeePolicy;
  readonly ownerId: string;
  /** Returns the id of a fee type, which is made if there is none. */
  readonly typeId: (feeType: string) => Promise<string>;
};

/**
 * Compares a FOLIO tenant with this library, through the REST API of mod-feesfines: for {@link feeSystemConformance}
 * and {@link compareFeeSystem}. It pays several fees, waives them, cancels them, refunds what was paid for cancelled fees, and
 * transfers them if there is a transfer account. FOLIO cancels only whole fees that are open, and has no credits of other
 * fees: such requests are not sent, and left out of the story. It does not recognise a request that is sent again.
 *
 * Each story makes a user and its fees, and deletes both in the end; fee types that are missing are made, and deleted by
 * `close`. No other user is touched. The user name and the password are `FOLIO_USER` and `FOLIO_PASSWORD` of the
 * environment, or `FOLIO_TOKEN` is a token.
 *
 * FOLIO splits payments evenly: give a policy with the payment order `evenly`, or compare it with the laws.
 *
 * @param options - the address, the tenant, the owner, the service point, and the policy
 * @returns the system: `open` for the suite; `close` deletes the fee types that were made
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if the tenant has no `test` in its name,
 * credentials are missing, there is no such owner, or the policy does not allow waivers; an error if FOLIO does not answer
 *
 * @example
 * ```ts
 * import { folioFeeSystem } from 'patron-fees/testing';
 *
 * const servicePoint = 'c4c90014-c8c9-4ade-8f24-b5e313319f4b';
 * const folio = { okapi: 'https://okapi.example', tenant: 'north', owner: 'Main', servicePoint };
 * const refused = await folioFeeSystem(folio).catch((error: Error) => error.message);
 * String(refused).includes('the tenant north: expected a name with "test"'); //=> true
 * ```
 */
export async function folioFeeSystem(options: FolioFeeSystemOptions): Promise<LiveFeeSystem> {
  const { okapi, tenant, owner, transferAccount, environment = process.env } = options;
  checkedTestSystem('tenant', tenant, options);
  const policy = definedPolicy(options.policy ?? definePolicy({ currency: 'USD' }));
  const capabilities: readonly FeeSystemCapability[] = [
    'paySeveralFees',
    'waive',
    'cancel',
    'refund',
    ...(transferAccount === undefined ? [] : (['transfer'] as const)),
  ];
  assertCapabilities(capabilities, policy);
  let token = environment.FOLIO_TOKEN ?? '';
  const headers = () => ({ 'x-okapi-tenant': tenant, ...(token === '' ? {} : { 'x-okapi-token': token }) });
  const logIn = async () => {
    token = '';
    const login = {
      username: credential('FOLIO_USER', options),
      password: credential('FOLIO_PASSWORD', options),
    };
    const given = await api.attempt('POST', '/authn/login', login);
    token = given.headers.get('x-okapi-token') ?? '';
    if (token === '') throw new Error(`POST /authn/login answered ${given.status}, without a token`);
  };
  const hasToken = token !== '';
  const api = liveApi(okapi, headers, options, hasToken ? undefined : logIn);
  if (!hasToken) await logIn();
  const { owners } = (await api.ask('GET', `/owners?limit=1000&query=${cql('owner', owner)}`)).json;
  const [found] = owners as readonly { readonly id: string }[];
  if (found === undefined)
    throw new PatronFeesError('INVALID_ARGUMENT', `options.owner: the tenant has no owner ${owner}`);
  const made: string[] = [];
  const types = new Map<string, string>();
  const typeId = async (feeType: string) => {
    const id = types.get(feeType) ?? (await feeTypeId(feeTypeLabel(policy, feeType), found.id, api, made));
    types.set(feeType, id);
    return id;
  };
  const known: Tenant = { api, options, policy, ownerId: found.id, typeId };
  return {
    description: { protocol: PROTOCOL, name: 'FOLIO', capabilities },
    open: () => opened(known),
    close: async () => {
      for (const id of made.splice(0)) await api.ask('DELETE', `/feefines/${id}`);
    },
  };
}

/** Returns a query for a field with a text. */
function cql(field: string, text: string): string {
  return encodeURIComponent(`${field}=="${text.replace(/["\\*]/g, '\\$&')}"`);
}

async function feeTypeId(label: string, ownerId: string, api: LiveApi, made: string[]): Promise<string> {
  const { feefines } = (await api.ask('GET', `/feefines?limit=1000&query=${cql('feeFineType', label)}`)).json;
  const types = feefines as readonly { readonly id: string; readonly ownerId?: string }[];
  const known = types.find((type) => type.ownerId === undefined || type.ownerId === ownerId);
  if (known !== undefined) return known.id;
  const id = randomUUID();
  await api.ask('POST', '/feefines', { id, feeFineType: label, automatic: false, ownerId });
  made.push(id);
  return id;
}

/** Makes a user, and returns the user's fees. */
async function opened({ api, options, policy, ownerId, typeId }: Tenant): Promise<OpenedFeeSystem> {
  const {
    owner,
    servicePoint,
    patronGroup,
    transferAccount,
    paymentMethod = 'Cash',
    waiveReason = 'Other',
  } = options;
  const digits = digitsOf(policy.currency);
  const userId = randomUUID();
  const name = `patron-fees-${userId}`;
  const user = {
    id: userId,
    username: name,
    barcode: name,
    active: true,
    personal: { lastName: 'patron-fees' },
  };
  await api.ask('POST', '/users', { ...user, ...(patronGroup === undefined ? {} : { patronGroup }) });
  const accounts = new Map<string, string>();
  const idsOf = (feeIds: readonly string[]) => feeIds.map((feeId) => accounts.get(feeId) ?? randomUUID());
  /** What can be cancelled of each fee, in minor units. */
  const charged = new Map<string, bigint>();
  /** What was paid for each cancelled fee and not refunded, in minor units. */
  const kept = new Map<string, bigint>();
  const remainingOf = async () => {
    const { json } = await api.ask('GET', `/accounts?limit=1000&query=${cql('userId', userId)}`);
    const remaining = new Map<string, number>();
    for (const account of json.accounts) remaining.set(account.id, account.remaining);
    return (feeId: string) => amountOfJson(remaining.get(accounts.get(feeId) ?? '') ?? 0, digits);
  };
  const act = async (action: string, feeIds: readonly string[], amount?: string, method?: string) => {
    const common = {
      ...(amount === undefined ? {} : { amount, paymentMethod: method }),
      notifyPatron: false,
      servicePointId: servicePoint,
      userName: 'patron-fees',
    };
    const [one = '', ...more] = idsOf(feeIds);
    return answerOf(
      more.length === 0
        ? await api.attempt('POST', `/accounts/${one}/${action}`, common)
        : await api.attempt('POST', `/accounts-bulk/${action}`, { ...common, accountIds: [one, ...more] }),
    );
  };
  return {
    patron: name,
    async assess({ id, feeType, amount }) {
      const accountId = randomUUID();
      const money = { amount: Number(amount), remaining: Number(amount) };
      const names = { feeFineType: feeTypeLabel(policy, feeType), feeFineOwner: owner, ownerId };
      const state = { status: { name: 'Open' }, paymentStatus: { name: 'Outstanding' } };
      const sent = { id: accountId, userId, feeFineId: await typeId(feeType), ...names, ...money, ...state };
      const answer = await api.attempt('POST', '/accounts', sent);
      if (answer.status < 300) {
        accounts.set(id, accountId);
        charged.set(id, minorUnits(amount));
      }
      return answerOf(answer);
    },
    async pay({ feeIds, amount }) {
      const answer = await act('pay', feeIds, amount, paymentMethod);
      if (answer.reason !== 'Fee/fine is already closed' || feeIds.length === 1) return answer;
      const owedOn = await remainingOf();
      const isOpen = feeIds.some((feeId) => minorUnits(owedOn(feeId)) > 0n);
      return isOpen ? notOffered('no payment of open fees with closed ones') : answer;
    },
    async waive({ feeId, amount }) {
      const answer = await act('waive', [feeId], amount, waiveReason);
      if (answer.accepted) charged.set(feeId, (charged.get(feeId) ?? 0n) - minorUnits(amount));
      return answer;
    },
    async cancel({ feeId, amount }) {
      const owed = minorUnits((await remainingOf())(feeId));
      const whole = charged.get(feeId) ?? 0n;
      if (owed === 0n || minorUnits(amount) !== whole) return notOffered('only whole fees that are open');
      const answer = await act('cancel', [feeId]);
      if (!answer.accepted) return answer;
      charged.set(feeId, 0n);
      if (whole > owed) kept.set(feeId, whole - owed);
      return answer;
    },
    async refund({ amount }) {
      const feeIds = [...kept.keys()];
      const all = [...kept.values()].reduce((sum, each) => sum + each, 0n);
      let left = minorUnits(amount);
      // What was overpaid may be refunded, too, where it becomes a credit.
      if (feeIds.length === 0 || (left > all && policy.overpayment === 'credit'))
        return notOffered('only what was paid for cancelled fees');
      const answer = await act('refund', feeIds, amount, waiveReason);
      if (!answer.accepted) return answer;
      for (const [feeId, most] of kept) {
        if (left >= most) kept.delete(feeId);
        else kept.set(feeId, most - left);
        left = left >= most ? left - most : 0n;
      }
      return answer;
    },
    transfer: ({ feeId, amount }) => act('transfer', [feeId], amount, transferAccount ?? ''),
    async balances() {
      const owedOn = await remainingOf();
      return { fees: [...accounts.keys()].map((feeId) => ({ feeId, owed: owedOn(feeId) })) };
    },
    async release() {
      for (const id of accounts.values()) await api.ask('DELETE', `/accounts/${id}`);
      await api.ask('DELETE', `/users/${userId}`);
    },
  };
}

function notOffered(what: string): FeeSystemAnswer {
  return { accepted: false, notOffered: true, reason: `not sent: FOLIO has ${what}` };
}

function answerOf({ status, json, text }: LiveAnswer): FeeSystemAnswer {
  if (status < 300) return { accepted: true };
  const reason = json?.errorMessage ?? json?.errors?.[0]?.message ?? text;
  return { accepted: false, reason: String(reason).slice(0, 200) };
}
