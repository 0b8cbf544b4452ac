import * as v from 'valibot';
import { creditPurposes } from '../account/circumstances.js';
import { nameField } from '../account/fieldSchemas.js';
import { assertAccount, type PatronAccount } from '../account/patronAccount.js';
import { checkedArgument } from '../input/checkedArgument.js';
import { digitsOf } from '../money/currency.js';
import { formatAmount, minorUnits } from '../money/money.js';
import { definedPolicy, type FeePolicy } from '../policy/feePolicy.js';
import { viewedAccounts } from './amountWriter.js';
import { type FinesAndFees, filteredList } from './finesAndFees.js';
import type { FinesAndFeesFilter } from './finesAndFeesFilter.js';
import { type FinesAndFeesRow, rowOf } from './finesAndFeesRow.js';
import { type Summary, summary } from './summary.js';

/** A patron of a household: a family, or patrons with one guarantor. */
export type HouseholdMember = {
  /** The patron. */
  readonly patronId: string;
  /** The patron's account. */
  readonly account: PatronAccount;
};

/** The balances of one patron of a household. Amounts are decimal strings. */
export type HouseholdMemberSummary = Summary & {
  /** The patron. */
  readonly patronId: string;
};

/** The balances of several patrons together. */
export type Household = {
  /** The balances of each patron, in the given order. */
  readonly members: readonly HouseholdMemberSummary[];
  /** The sums over all patrons. */
  readonly total: Summary;
};

const membersSchema = v.pipe(
  v.array(
    v.object({
      patronId: nameField,
      account: v.custom<PatronAccount>(
        (value) => typeof value === 'object' && value !== null,
        'a patron account',
      ),
    }),
  ),
  v.check((members) => members.length > 0, 'at least one'),
  v.check(
    (members) => new Set(members.map(({ patronId }) => patronId)).size === members.length,
    'each patron once',
  ),
);

/**
 * Returns the balances of several patrons, each and together: a family, or patrons with one guarantor. The accounts
 * stay separate; {@link blocks} counts what they owe together if it gets all of them.
 *
 * @param members - the patrons and their accounts, all at one institution
 * @param policy - the institution's policy
 * @returns the balances, ready for JSON
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if there is no member, if one is listed
 * twice, or an account is in another currency than the policy; `INVALID_ACCOUNT`; `INVALID_POLICY`
 *
 * @example
 * ```ts
 * import { definePolicy, fold } from 'patron-fees';
 * import { blocks, household } from 'patron-fees/views';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const owing = (amount: string) => {
 *   const fee = { feeId: 'f1', feeType: 'OTHER', amount, currency: 'USD', owner: 'MAIN', at };
 *   return fold([{ type: 'FeeAssessed', data: fee }]);
 * };
 * const policy = definePolicy({ currency: 'USD', blockLimits: { FAMILY: [{ amount: '25.00' }] } });
 * const members = [
 *   { patronId: 'mother', account: owing('20.00') },
 *   { patronId: 'child', account: owing('7.50') },
 * ];
 * household(members, policy).total.active; //=> '27.50'
 * const accounts = members.map(({ account }) => account);
 * blocks(accounts, policy, { group: 'FAMILY' }).blocked; //=> true
 * ```
 */
export function household(members: readonly HouseholdMember[], policy: FeePolicy): Household {
  const known = definedPolicy(policy);
  const { currency } = known;
  const digits = digitsOf(currency);
  const rows = checkedMembers(members, known).map(({ patronId, account }) => ({
    patronId,
    ...summary(account, known),
  }));
  const sum = (amountOf: (row: Summary) => string) =>
    formatAmount(
      rows.reduce((total, row) => total + minorUnits(amountOf(row)), 0n),
      digits,
    );
  const purposes = creditPurposes.map((purpose) => [purpose, sum((row) => row.creditsByPurpose[purpose])]);
  return {
    members: rows,
    total: {
      currency,
      active: sum(({ active }) => active),
      disputed: sum(({ disputed }) => disputed),
      transferred: sum(({ transferred }) => transferred),
      payable: sum(({ payable }) => payable),
      payableAccruing: sum(({ payableAccruing }) => payableAccruing),
      creditsByPurpose: Object.fromEntries(purposes) as Summary['creditsByPurpose'],
    },
  };
}

/** Checks the members of a household, and that their accounts are in the policy's currency. */
function checkedMembers(
  members: readonly HouseholdMember[],
  { currency }: FeePolicy,
): readonly HouseholdMember[] {
  const inCurrency = v.literal(currency, `${currency}, the currency of the policy`);
  return checkedArgument(membersSchema, members, 'members').map((member, index) => {
    const { account } = member;
    assertAccount(account);
    checkedArgument(inCurrency, account.currency ?? currency, `members[${index}].account.currency`);
    return member;
  });
}

/** A row of {@link householdFees}: a fee or credit, and the patron of its account. */
export type HouseholdRow = {
  /** The patron whose account has the row. */
  readonly patronId: string;
} & FinesAndFeesRow;

/** The fines and fees list of several patrons, or of several accounts of one patron. */
export type HouseholdFees = Omit<FinesAndFees, 'rows'> & {
  /** The rows of the page, each with its patron: fees of two accounts may have the same id. */
  readonly rows: readonly HouseholdRow[];
};

/**
 * Returns the fines and fees list of several patrons, or of the accounts of one patron that were merged: as
 * {@link finesAndFees}, with the rows and balances of all of them. To act on a row, send the command to the account of
 * its `patronId`.
 *
 * @param members - the patrons and their accounts, all at one institution
 * @param policy - the institution's policy, for labels
 * @param filter - which rows, their order and the page
 * @returns rows and balances, ready for JSON
 * @throws {@link index.PatronFeesError | PatronFeesError} as {@link household} and {@link finesAndFees} do
 *
 * @example
 * ```ts
 * import { definePolicy, fold } from 'patron-fees';
 * import { householdFees } from 'patron-fees/views';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const owing = (amount: string) => {
 *   const fee = { feeId: 'f1', feeType: 'OTHER', amount, currency: 'USD', owner: 'MAIN', at };
 *   return fold([{ type: 'FeeAssessed', data: fee }]);
 * };
 * const members = [
 *   { patronId: 'dverma', account: owing('20.00') },
 *   { patronId: 'dverma-2', account: owing('7.50') },
 * ];
 * const list = householdFees(members, definePolicy({ currency: 'USD' }));
 * list.balances.active; //=> '27.50'
 * list.rows.map(({ patronId, remaining }) => [patronId, remaining]);
 * //=> [['dverma', '20.00'], ['dverma-2', '7.50']]
 * ```
 */
export function householdFees(
  members: readonly HouseholdMember[],
  policy: FeePolicy,
  filter: FinesAndFeesFilter = {},
): HouseholdFees {
  const known = definedPolicy(policy);
  const checked = checkedMembers(members, known);
  const viewed = viewedAccounts(
    checked.map(({ account }) => account),
    known,
  );
  const { page, ...list } = filteredList(viewed, known, filter);
  const rows = page.map(({ source, index }) => ({
    patronId: (checked[index] as HouseholdMember).patronId,
    ...rowOf(source, known, viewed.write),
  }));
  return { ...list, rows };
}
