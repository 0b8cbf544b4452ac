import { randomUUID } from 'node:crypto';
import { digitsOf } from '../../money/currency.js';
import { formatAmount, minorUnits } from '../../money/money.js';
import { definedPolicy, definePolicy, type FeePolicy } from '../../policy/feePolicy.js';
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

/** Options of {@link almaFeeSystem}. */
export type AlmaFeeSystemOptions = LiveOptions & {
  /** The address of Alma's API, such as `https://api-eu.hosted.exlibrisgroup.com/almaws/v1`. */
  readonly url: string;
  /** The code of the library that fees belong to. */
  readonly library: string;
  /**
   * The code of the user group of the users that are made.
   *
   * @defaultValue none
   */
  readonly userGroup?: string;
  /**
   * Alma's payment method.
   *
   * @defaultValue `'CASH'`
   */
  readonly paymentMethod?: string;
  /**
   * The code of the reason for waivers.
   *
   * @defaultValue `'OTHER'`
   */
  readonly waiveReason?: string;
};

const capabilities: readonly FeeSystemCapability[] = ['waive', 'dispute'];

/**
 * Compares an Alma with this library, through its user API: for {@link feeSystemConformance} and
 * {@link compareFeeSystem}. It pays one fee at a time, waives, disputes and restores it; Alma's API has no cancellations,
 * refunds and transfers, and pays several fees only as all of them. The fee types of the policy have to be Alma's.
 *
 * Each story makes a user, charges it, waives what is left, and deletes it in the end; no other user is touched. The key
 * is `ALMA_API_KEY` of the environment. Alma's sandboxes have the hosts of all others, so they need `mayBeLive`: the key
 * alone says which institution it is. Check it first.
 *
 * A waiver of a lost-item fee shows as a credit in Alma: the adapter counts it for its fee.
 *
 * @param options - the address, the library, and the policy
 * @returns the system: `open` for the suite; `close` does nothing
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if the host has no `test` in its name, the key
 * is missing, or the policy does not allow waivers
 *
 * @example
 * ```ts
 * import { almaFeeSystem } from 'patron-fees/testing';
 *
 * const alma = { url: 'https://api-eu.hosted.exlibrisgroup.com/almaws/v1', library: 'MAIN' };
 * const refused = await almaFeeSystem(alma).catch((error: Error) => error.message);
 * String(refused).includes('expected a name with "test", or the option mayBeLive'); //=> true
 * ```
 */
export async function almaFeeSystem(options: AlmaFeeSystemOptions): Promise<LiveFeeSystem> {
  const { url } = options;
  checkedTestSystem('host', new URL(url).hostname, options);
  const policy = definedPolicy(options.policy ?? definePolicy({ currency: 'USD' }));
  assertCapabilities(capabilities, policy);
  const key = credential('ALMA_API_KEY', options);
  const api = liveApi(url, () => ({ authorization: `apikey ${key}` }), options);
  return {
    description: { protocol: PROTOCOL, name: 'Alma', capabilities },
    open: () => opened(api, options, policy),
    close: async () => {},
  };
}

/** A row of Alma's list. */
type Row = {
  readonly id: string;
  readonly type: { readonly value: string };
  readonly status: { readonly value: string };
  readonly balance: number;
};

/** Makes a user, and returns the user's fees. */
async function opened(
  api: LiveApi,
  options: AlmaFeeSystemOptions,
  policy: FeePolicy,
): Promise<OpenedFeeSystem> {
  const { library, userGroup, paymentMethod = 'CASH', waiveReason = 'OTHER' } = options;
  const digits = digitsOf(policy.currency);
  const primaryId = `patron-fees-${randomUUID()}`;
  await api.ask('POST', '/users', {
    primary_id: primaryId,
    first_name: 'Test',
    last_name: 'patron-fees',
    account_type: { value: 'INTERNAL' },
    record_type: { value: 'PUBLIC' },
    status: { value: 'ACTIVE' },
    ...(userGroup === undefined ? {} : { user_group: { value: userGroup } }),
  });
  const list = `/users/${primaryId}/fees`;
  const almaIds = new Map<string, string>();
  /** The fees of credits that stand for their waivers. */
  const waivedBy = new Map<string, string>();
  const act = (feeId: string, op: string, more: Readonly<Record<string, string>> = {}) =>
    api.attempt('POST', `${list}/${almaIds.get(feeId) ?? '0'}?${new URLSearchParams({ op, ...more })}`);
  const rows = async () => {
    const found: Row[] = [];
    for (const status of ['ACTIVE', 'INDISPUTE']) {
      const { json } = await api.ask('GET', `${list}?status=${status}`);
      // Alma leaves out an empty list.
      found.push(...((json.fee ?? []) as Row[]));
    }
    return found;
  };
  const isCredit = ({ type }: Row) => type.value === 'CREDIT';
  const minorOf = ({ balance }: Row) => minorUnits(amountOfJson(balance, digits));
  const sum = (some: readonly Row[]) => some.reduce((total, row) => total + minorOf(row), 0n);
  return {
    patron: primaryId,
    async assess({ id, feeType, amount }) {
      const fee = { type: { value: feeType }, owner: { value: library }, comment: id };
      const answer = await api.attempt('POST', list, { ...fee, original_amount: Number(amount) });
      if (answer.status < 300) almaIds.set(id, answer.json.id);
      return answerOf(answer);
    },
    pay: async ({ feeIds: [feeId = ''], amount }) =>
      answerOf(await act(feeId, 'pay', { amount, method: paymentMethod })),
    async waive({ feeId, amount }) {
      const before = new Set((await rows()).map(({ id }) => id));
      const answer = await act(feeId, 'waive', { amount, reason: waiveReason });
      for (const { id } of await rows()) if (!before.has(id)) waivedBy.set(id, feeId);
      return answerOf(answer);
    },
    dispute: async ({ feeId }) => answerOf(await act(feeId, 'dispute')),
    restore: async ({ feeId }) => answerOf(await act(feeId, 'restore')),
    async balances() {
      const all = await rows();
      const fees = [...almaIds].map(([feeId, id]) => {
        const own = all.filter((row) => row.id === id || waivedBy.get(row.id) === feeId);
        return { feeId, owed: sum(own), isDisputed: own.some(({ status }) => status.value === 'INDISPUTE') };
      });
      const total = (some: typeof fees) =>
        formatAmount(
          some.reduce((all, { owed }) => all + owed, 0n),
          digits,
        );
      return {
        fees: fees.map(({ feeId, owed }) => ({ feeId, owed: formatAmount(owed, digits) })),
        owed: total(fees),
        disputed: total(fees.filter(({ isDisputed }) => isDisputed)),
        refundable: formatAmount(-sum(all.filter((row) => isCredit(row) && !waivedBy.has(row.id))), digits),
      };
    },
    async release() {
      for (const { id, status, balance } of await rows()) {
        if (balance <= 0) continue;
        if (status.value === 'INDISPUTE') await api.ask('POST', `${list}/${id}?op=restore`);
        await api.attempt('POST', `${list}/${id}?op=waive&reason=${waiveReason}`);
      }
      await api.ask('DELETE', `/users/${primaryId}`);
    },
  };
}

function answerOf({ status, json, text }: LiveAnswer): FeeSystemAnswer {
  if (status < 300) return { accepted: true };
  const reason = json?.errorList?.error?.[0]?.errorMessage ?? text;
  return { accepted: false, reason: String(reason).slice(0, 200) };
}
