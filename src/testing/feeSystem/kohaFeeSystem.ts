import { randomUUID } from 'node:crypto';
import { digitsOf } from '../../money/currency.js';
import { formatAmount } from '../../money/money.js';
import { definedPolicy, definePolicy } from '../../policy/feePolicy.js';
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
import { PROTOCOL, shownReply } from './remoteFeeSystem.js';

/** Options of {@link kohaFeeSystem}. */
export type KohaFeeSystemOptions = LiveOptions & {
  /** The address of Koha's API, such as `https://test.koha.example/api/v1`. */
  readonly url: string;
  /** The code of the library that patrons and fees belong to. */
  readonly library: string;
  /** The code of the category of the patrons that are made. */
  readonly category: string;
  /**
   * Koha's debit types by fee type of the policy.
   *
   * @defaultValue `MANUAL` for every fee type
   */
  readonly debitTypes?: Readonly<Record<string, string>>;
  /**
   * Koha's payment type.
   *
   * @defaultValue none
   */
  readonly paymentType?: string;
};

const capabilities: readonly FeeSystemCapability[] = ['paySeveralFees', 'waive'];

/**
 * Compares a Koha with this library, through its REST API: for {@link feeSystemConformance} and
 * {@link compareFeeSystem}. It pays several fees and waives them; Koha's API has no disputes, transfers, refunds and
 * cancellations, and does not recognise a request that is sent again.
 *
 * Each story makes a patron, charges it, and deletes it in the end; no other patron is touched. The user name and the
 * password are `KOHA_USER` and `KOHA_PASSWORD` of the environment (Basic authentication has to be enabled), or
 * `KOHA_CLIENT_ID` and `KOHA_CLIENT_SECRET` for a token.
 *
 * In Koha, what exceeds the named fees pays or waives other fees of the patron and becomes a credit. This is known: such
 * requests are not sent, and count as refused.
 *
 * @param options - the address, the library, the category of patrons, and the policy
 * @returns the system: `open` for the suite; `close` does nothing
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if the host has no `test` in its name,
 * credentials are missing, or the policy does not allow waivers; an error if Koha does not answer
 *
 * @example
 * ```ts
 * import { kohaFeeSystem } from 'patron-fees/testing';
 *
 * const koha = { url: 'https://koha.example/api/v1', library: 'CPL', category: 'PT' };
 * const refused = await kohaFeeSystem(koha).catch((error: Error) => error.message);
 * String(refused).includes('the host koha.example: expected a name with "test"'); //=> true
 * ```
 */
export async function kohaFeeSystem(options: KohaFeeSystemOptions): Promise<LiveFeeSystem> {
  const { url, environment = process.env } = options;
  checkedTestSystem('host', new URL(url).hostname, options);
  const policy = definedPolicy(options.policy ?? definePolicy({ currency: 'USD' }));
  assertCapabilities(capabilities, policy);
  let authorization = '';
  const { library } = options;
  const headers = () => ({ 'x-koha-library': library, ...(authorization === '' ? {} : { authorization }) });
  const hasClient = environment.KOHA_CLIENT_ID !== undefined;
  const logIn = async () => {
    authorization = '';
    authorization = `Bearer ${await tokenFor(api, options)}`;
  };
  const api = liveApi(url, headers, options, hasClient ? logIn : undefined);
  if (hasClient) await logIn();
  else
    authorization = `Basic ${btoa(`${credential('KOHA_USER', options)}:${credential('KOHA_PASSWORD', options)}`)}`;
  const digits = digitsOf(policy.currency);
  return {
    description: { protocol: PROTOCOL, name: 'Koha', capabilities },
    open: () => opened(api, options, digits),
    close: async () => {},
  };
}

async function tokenFor(api: LiveApi, options: KohaFeeSystemOptions): Promise<string> {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: credential('KOHA_CLIENT_ID', options),
    client_secret: credential('KOHA_CLIENT_SECRET', options),
  });
  const { json, text } = await api.ask('POST', '/oauth/token', form);
  if (typeof json?.access_token !== 'string')
    throw new Error(`POST /oauth/token answered no token: ${shownReply(text)}`);
  return json.access_token;
}

/** Makes a patron, and returns the patron's account. */
async function opened(api: LiveApi, options: KohaFeeSystemOptions, digits: number): Promise<OpenedFeeSystem> {
  const { library, category, debitTypes = {}, paymentType } = options;
  const names = { surname: 'patron-fees', cardnumber: `patron-fees-${randomUUID()}` };
  const { json } = await api.ask('POST', '/patrons', {
    ...names,
    library_id: library,
    category_id: category,
  });
  const account = `/patrons/${json.patron_id}/account`;
  const lines = new Map<string, number>();
  const lineOf = (feeId: string) => lines.get(feeId) ?? 0;
  const outstanding = async () => {
    const { json: debits } = await api.ask('GET', `${account}/debits?_per_page=-1`);
    const owedOf = new Map<number, string>();
    for (const line of debits)
      owedOf.set(line.account_line_id, amountOfJson(line.amount_outstanding, digits));
    return (feeId: string) => owedOf.get(lineOf(feeId)) ?? formatAmount(0, digits);
  };
  const credit = async (type: string, amount: string, feeIds: readonly string[]) => {
    const owedOn = await outstanding();
    const owing = feeIds.reduce((sum, feeId) => sum + Number(owedOn(feeId)), 0);
    // Koha would go on with other fees, which the request does not name.
    if (Number(amount) > owing + 0.000_001) return { accepted: false, reason: 'not sent: more than is owed' };
    const sent = { amount: Number(amount), account_lines_ids: feeIds.map(lineOf), library_id: library };
    const payment = paymentType === undefined || type !== 'PAYMENT' ? {} : { payment_type: paymentType };
    const body = { credit_type: type, ...sent, ...payment };
    return answerOf(await api.attempt('POST', `${account}/credits`, body));
  };
  return {
    patron: names.cardnumber,
    async assess({ id, feeType, amount }) {
      const type = debitTypes[feeType] ?? 'MANUAL';
      const sent = { type, amount: Number(amount), description: id, library_id: library };
      const answer = await api.attempt('POST', `${account}/debits`, sent);
      if (answer.status < 300) lines.set(id, answer.json.account_line_id);
      return answerOf(answer);
    },
    pay: ({ amount, feeIds }) => credit('PAYMENT', amount, feeIds),
    waive: ({ amount, feeId }) => credit('FORGIVEN', amount, [feeId]),
    async balances() {
      const owedOn = await outstanding();
      const fees = [...lines.keys()].map((feeId) => ({ feeId, owed: owedOn(feeId) }));
      const { json: all } = await api.ask('GET', account);
      const { outstanding_debits: debts, outstanding_credits: credits } = all;
      const owed = amountOfJson(debts.total, digits);
      return { fees, owed, refundable: amountOfJson(0 - credits.total, digits) };
    },
    async release() {
      const { json: rest } = await api.ask('GET', account);
      const { total } = rest.outstanding_debits;
      if (total > 0) await api.ask('POST', `${account}/credits`, { credit_type: 'FORGIVEN', amount: total });
      await api.ask('DELETE', `/patrons/${json.patron_id}`);
    },
  };
}

function answerOf({ status, json, text }: LiveAnswer): FeeSystemAnswer {
  return status < 300
    ? { accepted: true }
    : { accepted: false, reason: String(json?.error ?? text).slice(0, 200) };
}
