import * as v from 'valibot';
import { nameField } from '../../account/fieldSchemas.js';
import { type PatronAccount, payableFees } from '../../account/patronAccount.js';
import { minorDigits } from '../../money/currency.js';
import { parseAmount } from '../../money/money.js';
import { balancesOfAll, viewedAccounts } from '../../views/amountWriter.js';
import { blocks } from '../../views/blocks.js';
import { groupNames, groupOf, type ServiceGroup } from '../serviceGroup.js';
import { fineItemOf } from './fineItems.js';
import type { Sip2Request, Sip2Response } from './sip2Message.js';
import type { Sip2Patron, Sip2Settings, Sip2Terminal } from './sip2Options.js';

/** The patron that a request names, as far as the terminal may know. */
export type FoundPatron = {
  /** The identifier, as sent. */
  readonly identifier: string;
  /** The patron; `undefined` if unknown, of another institution, or with a wrong password. */
  readonly patron: Sip2Patron | undefined;
  /** Whether there is such a patron. */
  readonly isKnown: boolean;
  /** Whether the password is right; `undefined` if it was not checked. */
  readonly passwordIsValid: boolean | undefined;
};

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
  };
}

/** The position of fine items in the list of items that a terminal asks for. */
const FINE_ITEMS = 3;

/** The most fine items in one response; a terminal reads more with `BP` and `BQ`. */
export const FINE_ITEMS_MAX = 100;

/** The length of the list of items in a request. */
const SUMMARY_LENGTH = 10;

const ENGLISH = '001';

/** Answers a Patron Status (23) or a Patron Information (63) request. */
export async function patronResponse(
  request: Sip2Request,
  found: FoundPatron,
  settings: Sip2Settings,
): Promise<Sip2Response> {
  const { institutionCode, time } = settings;
  const { patron, identifier, isKnown, passwordIsValid } = found;
  const isInformation = request.code === '63';
  const sentLanguage = request.fixed.slice(0, 3);
  const opening = (status: string, fineItemCount: number) => {
    const language = isDigits(sentLanguage) ? sentLanguage : ENGLISH;
    // Holds, overdue, charged, fines, recalls, unavailable holds: only fines are known here.
    const counts = isInformation
      ? `000000000000${String(Math.min(fineItemCount, 9_999)).padStart(4, '0')}00000000`
      : '';
    return `${isInformation ? '64' : '24'}${status}${language}${time()}${counts}`;
  };
  const identity = [
    ['AO', institutionCode],
    ['AA', identifier],
    ['AE', patron?.name ?? ''],
    ['BL', isKnown ? 'Y' : 'N'],
    ['CQ', passwordIsValid === undefined ? undefined : passwordIsValid ? 'Y' : 'N'],
  ] as const;
  if (patron === undefined) return { head: opening(UNKNOWN_STATUS, 0), fields: identity };
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
    ],
  };
}

/** Charges, renewals, recalls and holds are denied. */
const UNKNOWN_STATUS = 'YYYY          ';

/** Charges, renewals, recalls and holds are denied because of outstanding fines and fees. */
const BLOCKED_STATUS = 'YYYY      YY  ';

const FREE_STATUS = ' '.repeat(UNKNOWN_STATUS.length);

/**
 * Returns the patron status, and the smallest limit on what the patron may owe. What is owed in all accounts of the patron
 * counts.
 */
function blockStatus(accounts: readonly PatronAccount[], { group }: Sip2Patron, { policy }: Sip2Settings) {
  const { blockLimits, currency } = policy;
  const known = group !== undefined && Object.hasOwn(blockLimits, group) ? group : '*';
  const hasLimits =
    Object.hasOwn(blockLimits, known) &&
    accounts.every((account) => (account.currency ?? currency) === currency);
  if (!hasLimits) return { status: FREE_STATUS, feeLimit: undefined };
  const { blocked, limits } = blocks(accounts, policy, { group: known });
  const digits = minorDigits(currency) as number;
  const [smallest] = limits
    .map(({ amount }) => amount)
    .sort((a, b) => parseAmount(a, digits) - parseAmount(b, digits));
  return { status: blocked ? BLOCKED_STATUS : FREE_STATUS, feeLimit: smallest };
}

/** Returns the fine items that a request asks for: from `BP` to `BQ`, counted from 1. */
function fineItemsOf(
  { fields }: Sip2Request,
  group: ServiceGroup,
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
