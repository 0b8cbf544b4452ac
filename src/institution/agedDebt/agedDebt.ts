import { agesFrom } from '../../account/accrual.js';
import { owed } from '../../account/fee.js';
import type { PatronAccount } from '../../account/patronAccount.js';
import { assertAccount } from '../../account/safeAccount.js';
import type { StreamId } from '../../history/eventStore.js';
import { minorDigits } from '../../money/currency.js';
import { definedPolicy, type FeePolicy } from '../../policy/feePolicy.js';
import { feeTypeLabel } from '../../views/codeLabel.js';
import { type AccountFinding, otherCurrency } from '../accountFinding.js';
import { daysBetween, localDay } from '../localDay.js';
import { type AgeBand, ageBands, bandOf } from './ageBands.js';
import { type AgedDebtForm, checkedAgedDebtForm } from './agedDebtForm.js';
import { type DebtFigures, type DebtRow, openDebtTally } from './debtTally.js';

/** What patrons owe, by how long they have owed it. */
export type AgedDebt = {
  /** ISO 4217 code of all amounts. */
  readonly currency: string;
  /** When ages were told. */
  readonly asOf: string;
  /** The time zone of the days. */
  readonly timeZone: string;
  /** The bands of age, youngest first; `byBand` of the figures has one amount for each. */
  readonly bands: readonly AgeBand[];
  /** One row for each library and type of fee that something is owed on, by their codes. */
  readonly rows: readonly DebtRow[];
  /** The sum of the rows. */
  readonly total: DebtFigures;
  /** How many accounts there were. */
  readonly accounts: number;
  /** How many of them owe something of what the form asks for. */
  readonly owing: number;
  /** How many could not be taken in: what they owe is missing. */
  readonly unread: number;
  /** Which those are, and why: the first thousand. */
  readonly findings: readonly AccountFinding[];
};

/** A patron account, and whose it is. */
export type AccountOfPatron = StreamId & {
  /** The account. */
  readonly account: PatronAccount;
};

/**
 * What patrons owe, by how long they have owed it, for each library and type of fee.
 *
 * Owed is what remains of a fee, less what unused credits of its lost item have reserved. Disputed fees are in it, and
 * told apart; credits that any fee may use are not deducted; what an external system has taken over is not owed here. A
 * fee has its age from the day it was assessed, whatever was paid of it since; a fine that grows has it from the day
 * its growth ended, and none while it grows.
 *
 * @param accounts - patron accounts
 * @param policy - the institution's policy, for the currency and the labels
 * @param form - when ages are told, the bands, which fees
 * @returns the report, ready for JSON
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` with every fault of the form in `details.faults`;
 * `INVALID_POLICY` for a policy with faults; `INVALID_ACCOUNT` for what is no account
 *
 * @example
 * ```ts
 * import { definePolicy, fold } from 'patron-fees';
 * import { agedDebt } from 'patron-fees/institution';
 *
 * const fee = { feeType: 'OVERDUEFINE', currency: 'USD', owner: 'MAIN' };
 * const account = fold([
 *   { type: 'FeeAssessed', data: { ...fee, feeId: 'f1', amount: '2.50', at: '2026-01-05T09:00:00Z' } },
 *   { type: 'FeeAssessed', data: { ...fee, feeId: 'f2', amount: '4.00', at: '2026-03-02T09:00:00Z' } },
 * ]);
 * const form = { asOf: '2026-03-31T12:00:00Z', timeZone: 'America/New_York', bandEndDays: [30, 90] };
 * const patron = { institution: 'north', patronId: 'dverma', account };
 * const { bands, total } = agedDebt([patron], definePolicy({ currency: 'USD' }), form);
 * bands.map(({ label }) => label); //=> ['0-30', '31-90', '91+']
 * total; //=> { fees: 2, owed: '6.50', disputed: '0.00', byBand: ['4.00', '2.50', '0.00'] }
 * ```
 */
export function agedDebt(
  accounts: Iterable<AccountOfPatron>,
  policy: FeePolicy,
  form: AgedDebtForm,
): AgedDebt {
  const { take, report } = openAgedDebt(policy, form);
  for (const account of accounts) take(account);
  return report();
}

/** A report that takes in one account after the other, and keeps nothing of them but sums. */
export type OpenAgedDebt = {
  /** Takes in an account, or why there is none to take in. */
  readonly take: (account: AccountOfPatron | AccountFinding) => void;
  /** The report so far. */
  readonly report: () => AgedDebt;
};

/** How many findings are kept: with a wrong policy every account is one. */
const FINDINGS_MAX = 1_000;

/** Opens a report. */
export function openAgedDebt(policy: FeePolicy, form: AgedDebtForm): OpenAgedDebt {
  const rules = definedPolicy(policy);
  const { currency } = rules;
  const { asOf, timeZone, bandEndDays, owners, feeTypes } = checkedAgedDebtForm(form);
  const dayOf = localDay(timeZone);
  const today = dayOf(asOf);
  const bands = ageBands(bandEndDays);
  const tally = openDebtTally(bands.length, minorDigits(currency) as number);
  const findings: AccountFinding[] = [];
  let [accounts, owing, unread] = [0, 0, 0];
  const isAskedFor = (wanted: readonly string[] | undefined, code: string) => wanted?.includes(code) ?? true;
  const owes = ({ fees }: PatronAccount) => {
    let found = false;
    for (const fee of fees) {
      const amount = owed(fee);
      if (amount === 0 || !isAskedFor(owners, fee.owner) || !isAskedFor(feeTypes, fee.feeType)) continue;
      const since = agesFrom(fee);
      const age = since === null ? 0 : daysBetween(dayOf(since), today);
      tally.add(fee, bandOf(age, bandEndDays), amount);
      found = true;
    }
    return found;
  };
  const findingOf = (taken: AccountOfPatron | AccountFinding) => {
    if ('code' in taken) return taken;
    assertAccount(taken.account);
    return otherCurrency(taken, taken.account.currency, currency);
  };
  return {
    take: (taken) => {
      accounts += 1;
      const finding = findingOf(taken);
      if (finding !== null) {
        unread += 1;
        if (findings.length < FINDINGS_MAX) findings.push(finding);
      } else if (owes((taken as AccountOfPatron).account)) owing += 1;
    },
    report: () => ({
      ...{ currency, asOf, timeZone, bands },
      rows: tally.rows((feeType) => feeTypeLabel(rules, feeType)),
      total: tally.total(),
      ...{ accounts, owing, unread, findings: findings.slice() },
    }),
  };
}
