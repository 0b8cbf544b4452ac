import * as v from 'valibot';
import { nameField } from '../../account/fieldSchemas.js';
import { type PatronAccount, payableFees } from '../../account/patronAccount.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { wholeNumber } from '../../input/wholeNumber.js';
import { digitsOf } from '../../money/currency.js';
import { parseAmount } from '../../money/money.js';
import { groupNames, groupOf, type PatronGroup } from '../../patron/patronGroup.js';
import { balancesOfAll, viewedAccounts } from '../../views/amountWriter.js';
import { blocks } from '../../views/blocks.js';
import type { Sip2Request, Sip2Response } from './sip2Message.js';
import {
  fineItemOf,
  type Sip2Answered,
  type Sip2Patron,
  type Sip2Settings,
  type Sip2Terminal,
} from './sip2Options.js';

/** The patron that a request names, as far as the terminal may know it. */
export type FoundPatron = Omit<Sip2Answered, 'code'>;

/**
 * Finds the patron that a request names.
 *
 * @param terminal - the terminal; `undefined` if it has not logged in, and finds no patron
 */
export async function findPatron(
  { fields }: Sip2Request,
  terminal: Sip2Terminal | undefined,
  { institutionCode, patron: patronOf }: Sip2Settings,
): Promise<FoundPatron> {
  const identifier = fields.get('AA') ?? '';
  const sentPassword = fields.get('AD');
  const password = sentPassword === '' ? undefined : sentPassword;
  const institution = fields.get('AO') ?? '';
  const mayAsk = terminal !== undefined && (institution === '' || institution === institutionCode);
  const found =
    mayAsk && v.is(nameField, identifier) ? await patronOf({ identifier, password, terminal }) : undefined;
  const passwordIsValid =
    found?.passwordIsValid ?? (found === undefined && password !== undefined ? false : undefined);
  return {
    identifier,
    patron: found?.passwordIsValid === false ? undefined : found,
    isKnown: found !== undefined,
    passwordIsValid,
    terminal,
  };
}

/** The position of fine items in the list of items that a terminal asks for. */
const FINE_ITEMS = 3;

/** The most fine items in one response; a terminal reads more with `BP` and `BQ`. */
export const FINE_ITEMS_MAX = 100;

/** The length of the list of items in a request. */
const SUMMARY_LENGTH = 10;

const ENGLISH = '001';

/** The response to each request for a patron. A patron can be neither blocked nor enabled here, only shown. */
const responseCodes = { '01': '24', '23': '24', '25': '26', '63': '64' } as const;

/** Answers a Patron Status (23), Patron Information (63), Block Patron (01) or Patron Enable (25) request. */
export async function patronResponse(
  request: Sip2Request,
  found: FoundPatron,
  settings: Sip2Settings,
): Promise<Sip2Response> {
  const { institutionCode, time, words } = settings;
  const { patron, identifier, isKnown } = found;
  const code = responseCodes[request.code as keyof typeof responseCodes];
  const isInformation = code === '64';
  const sentLanguage = ['23', '63'].includes(request.code) ? request.fixed.slice(0, 3) : ENGLISH;
  const counted = isInformation ? await countsOf({ code, ...found }, settings) : undefined;
  const opening = (status: string, fineItemCount: number) => {
    const language = isDigits(sentLanguage) ? sentLanguage : ENGLISH;
    return `${code}${status}${language}${time()}${counted?.(fineItemCount) ?? ''}`;
  };
  const identity = [
    ['AO', institutionCode],
    ['AA', identifier],
    ['AE', patron?.name ?? ''],
    ['BL', isKnown ? 'Y' : 'N'],
    ['CQ', validPassword(request, found, settings)],
  ] as const;
  if (patron === undefined) {
    const message = isKnown ? words.wrongPassword : words.unknownPatron;
    return { head: opening(UNKNOWN_STATUS, 0), fields: [...identity, ['AF', message]] };
  }
  const group = await groupOf(settings, patron.patronId);
  const accounts = group.map(({ account }) => account);
  const { currency, write } = viewedAccounts(accounts, settings.policy);
  const { status, feeLimit } = blockStatus(accounts, patron, settings);
  const isAsked = isInformation && request.fixed.slice(-SUMMARY_LENGTH)[FINE_ITEMS] === 'Y';
  return {
    head: opening(status, accounts.flatMap(payableFees).length),
    fields: [
      ...identity,
      ['BH', currency],
      ['BV', write(balancesOfAll(accounts).payable)],
      ['CC', isInformation ? feeLimit : undefined],
      ['AV', isAsked ? fineItemsOf(request, group, write, settings) : undefined],
      ['AF', status === BLOCKED_STATUS ? words.blocked : undefined],
    ],
  };
}

/** Returns `CQ`: whether the password is right. */
function validPassword(
  { fields }: Sip2Request,
  { isKnown, passwordIsValid }: FoundPatron,
  { uncheckedPassword }: Sip2Settings,
): 'Y' | 'N' | undefined {
  if (passwordIsValid !== undefined) return passwordIsValid ? 'Y' : 'N';
  if (uncheckedPassword === undefined && !fields.has('AD')) return undefined;
  return isKnown ? (uncheckedPassword ?? 'N') : 'N';
}

const countsSchema = v.partial(
  v.strictObject({
    holds: wholeNumber(0),
    overdue: wholeNumber(0),
    charged: wholeNumber(0),
    recalls: wholeNumber(0),
    unavailableHolds: wholeNumber(0),
  }),
);

const COUNT_LENGTH = 4;

/** Returns a function that writes the numbers of holds, overdue items, loans, fines, recalls and unavailable holds. */
async function countsOf(
  answered: Sip2Answered,
  { counts }: Sip2Settings,
): Promise<(fineItemCount: number) => string> {
  const given = (await counts?.(answered)) ?? {};
  const { holds, overdue, charged, recalls, unavailableHolds } = checkedArgument(
    countsSchema,
    given,
    'counts',
  );
  const written = (count: number | undefined) =>
    (count === undefined ? '' : String(Math.min(count, 9_999)).padStart(COUNT_LENGTH, '0')).padEnd(
      COUNT_LENGTH,
    );
  return (fines) => [holds, overdue, charged, fines, recalls, unavailableHolds].map(written).join('');
}

/** Charges, renewals, recalls and holds are denied. */
const UNKNOWN_STATUS = 'YYYY          ';

/** Charges, renewals, recalls and holds are denied because of fines and fees. */
const BLOCKED_STATUS = 'YYYY      YY  ';

const FREE_STATUS = ' '.repeat(UNKNOWN_STATUS.length);

/**
 * Returns the patron status, and the smallest limit on what the patron may owe. What is owed in all accounts of the
 * patron counts.
 */
function blockStatus(accounts: readonly PatronAccount[], { group }: Sip2Patron, { policy }: Sip2Settings) {
  const { blockLimits, currency } = policy;
  const known = group !== undefined && Object.hasOwn(blockLimits, group) ? group : '*';
  const hasLimits =
    Object.hasOwn(blockLimits, known) &&
    accounts.every((account) => (account.currency ?? currency) === currency);
  if (!hasLimits) return { status: FREE_STATUS, feeLimit: undefined };
  const { blocked, limits } = blocks(accounts, policy, { group: known });
  const digits = digitsOf(currency);
  const [smallest] = limits
    .map(({ amount }) => amount)
    .sort((a, b) => parseAmount(a, digits) - parseAmount(b, digits));
  return { status: blocked ? BLOCKED_STATUS : FREE_STATUS, feeLimit: smallest };
}

/** Returns the fine items that a request asks for: from `BP` to `BQ`, counted from 1. */
function fineItemsOf(
  { fields }: Sip2Request,
  group: PatronGroup,
  write: (minor: number) => string,
  { policy, fineItem }: Sip2Settings,
): string[] {
  const first = Math.max(1, position(fields.get('BP')) ?? 1);
  const last = Math.min(position(fields.get('BQ')) ?? Number.POSITIVE_INFINITY, first + FINE_ITEMS_MAX - 1);
  const { nameOf } = groupNames(group);
  return group
    .flatMap(({ patronId, account }) => payableFees(account).map((fee) => ({ patronId, fee })))
    .slice(first - 1, Math.max(first - 1, last))
    .map(({ patronId, fee }) =>
      String(fineItem(fineItemOf(fee, nameOf({ patronId, id: fee.feeId }), policy, write))),
    );
}

/** Reads a position of a list; `undefined` if it is missing or not a number. */
function position(text = ''): number | undefined {
  const trimmed = text.trim();
  return isDigits(trimmed) && trimmed.length <= 9 ? Number(trimmed) : undefined;
}

function isDigits(text: string): boolean {
  return /^\d+$/.test(text);
}
