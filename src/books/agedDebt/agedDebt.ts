import * as v from 'valibot';
import { agesFrom } from '../../account/accrual.js';
import { type Fee, owed } from '../../account/fee.js';
import { nameField } from '../../account/fieldSchemas.js';
import { assertAccount, type PatronAccount } from '../../account/patronAccount.js';
import type { StreamId } from '../../history/eventStore.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { isDate, isInstant } from '../../input/instant.js';
import { onlyFields } from '../../input/plainObject.js';
import { timeZoneField } from '../../input/timeZone.js';
import { wholeNumber } from '../../input/wholeNumber.js';
import { type AccountFinding, otherCurrency } from '../../job/accountFinding.js';
import { type Column, csvTable } from '../../job/csv.js';
import { type ReportForm, reportFormFields } from '../../job/jobHead.js';
import { daysBetween, endOfDay, localDay } from '../../job/localDay.js';
import { type FindingsReport, findingTally } from '../../job/tallies.js';
import { digitsOf } from '../../money/currency.js';
import { formatAmount } from '../../money/money.js';
import { lastColumns, type SealedCsvOptions } from '../../office/seals/sealMark.js';
import { definedPolicy, type FeePolicy } from '../../policy/feePolicy.js';
import { feeTypeLabel } from '../../views/codeLabel.js';

/** A range of ages, in days. */
export type AgeBand = {
  /** The label, e.g. `0-30`; `366+` for the last band. */
  readonly label: string;
  /** The lowest age in the band. */
  readonly fromDays: number;
  /** The highest age in the band; null for the last one. */
  readonly toDays: number | null;
};

/** The last day of each band but the last one, by default: 0-30, 31-60, 61-90, 91-180, 181-365, 366+. */
export const usualBandEnds: readonly number[] = [30, 60, 90, 180, 365];

/** Returns the bands that end on the given days, and the one for everything older. */
export function ageBands(endDays: readonly number[]): readonly AgeBand[] {
  const starts = [0, ...endDays.map((day) => day + 1)];
  return starts.map((fromDays, index) => {
    const toDays = endDays[index] ?? null;
    return { label: toDays === null ? `${fromDays}+` : `${fromDays}-${toDays}`, fromDays, toDays };
  });
}

/** Returns the index of an age's band. A fee assessed in the future counts as new. */
export function bandOf(ageDays: number, endDays: readonly number[]): number {
  const index = endDays.findIndex((day) => ageDays <= day);
  return index < 0 ? endDays.length : index;
}

/** The day, bands and filters of an aged debt report. */
export type AgedDebtForm = {
  /**
   * Ages are counted to this day: `YYYY-MM-DD`, or an instant (ISO 8601 with a zone) for its day in the time zone. A
   * job also uses the balances of that time: at the end of the day, or right before the instant.
   */
  readonly asOf: string;
  /** The time zone of the days, an IANA name, e.g. `America/New_York`. */
  readonly timeZone: string;
  /**
   * The last day of each band but the last one, ascending; `[30, 60, 90, 180, 365]` if left out, for the bands 0-30,
   * 31-60, 61-90, 91-180, 181-365 and 366+.
   */
  readonly bandEndDays?: readonly number[];
  /**
   * Only fees of these libraries.
   *
   * @defaultValue every library
   */
  readonly owners?: readonly string[];
  /**
   * Only fees of these types.
   *
   * @defaultValue every type
   */
  readonly feeTypes?: readonly string[];
};

/** The form of an aged debt job over a store. */
export type AgedDebtJobForm = AgedDebtForm &
  ReportForm & {
    /**
     * Only events recorded before this instant count, ISO 8601 with a zone; choose a later one to include what was
     * recorded late. The end of `asOf` if left out.
     */
    readonly recordedBefore?: string;
  };

const RISING = 'days that rise';

const AS_OF = 'a day, YYYY-MM-DD, or an ISO 8601 date and time with a zone';

const fields = {
  asOf: v.pipe(
    v.string(AS_OF),
    v.check((text) => isDate(text) || isInstant(text), AS_OF),
  ),
  timeZone: timeZoneField,
  bandEndDays: v.optional(
    v.pipe(
      v.array(wholeNumber(0)),
      v.check((days) => days.every((day, index) => index === 0 || day > (days[index - 1] as number)), RISING),
    ),
    () => [...usualBandEnds],
  ),
  owners: v.optional(v.array(nameField)),
  feeTypes: v.optional(v.array(nameField)),
};

const formSchema = onlyFields(fields);

/** The schemas of {@link AgedDebtJobForm}. */
export const agedDebtJobFields = { ...fields, ...reportFormFields };

const jobFormSchema = onlyFields(agedDebtJobFields);

/** A checked form, with defaults. */
type CheckedAgedDebtForm = v.InferOutput<typeof formSchema>;

/**
 * Checks a form.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` with every fault and its path in
 * `details.faults`
 */
export function checkedAgedDebtForm(form: AgedDebtForm): CheckedAgedDebtForm {
  return checkedArgument(formSchema, form, 'form');
}

/** A checked form of a job, with defaults. */
type CheckedAgedDebtJobForm = v.InferOutput<typeof jobFormSchema>;

/**
 * Checks the form of a job.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` with every fault and its path in
 * `details.faults`
 */
export function checkedAgedDebtJobForm(form: AgedDebtJobForm): CheckedAgedDebtJobForm {
  return knownThen(checkedArgument(jobFormSchema, form, 'form'));
}

/** Adds the instant before which events count, if a form does not have it: the end of its day, or its instant. */
export function knownThen<Form extends CheckedAgedDebtJobForm>(form: Form): Form {
  const { asOf, timeZone } = form;
  return { recordedBefore: isDate(asOf) ? endOfDay(localDay(timeZone), asOf) : asOf, ...form };
}

/** Debt by age. Amounts are decimal strings. */
export type DebtFigures = {
  /** The number of fees with debt. */
  readonly fees: number;
  /** Their debt: the remaining amounts, less what unused credits of lost items have reserved. */
  readonly owed: string;
  /** The part of `owed` that patrons dispute. */
  readonly disputed: string;
  /** The debt in each band; the sum is `owed`. */
  readonly byBand: readonly string[];
};

/** Debt to one library for fees of one type, by age. Amounts are decimal strings. */
export type DebtRow = DebtFigures & {
  /** The library. */
  readonly owner: string;
  /** The type's code. */
  readonly feeType: string;
  /** The type's label, or its code if the policy does not have the type. */
  readonly feeTypeLabel: string;
};

type Sums = { fees: number; disputed: bigint; readonly byBand: bigint[] };

/** Sums debt fee by fee. */
type DebtTally = {
  /** Adds the debt of a fee. */
  readonly add: (
    fee: { readonly owner: string; readonly feeType: string; readonly disputed: boolean },
    band: number,
    owedMinor: number,
  ) => void;
  /** One row for each library and type, sorted by code. */
  readonly rows: (labelOf: (feeType: string) => string) => readonly DebtRow[];
  /** The sum of the rows. */
  readonly total: () => DebtFigures;
};

/** Starts a tally. */
export function openDebtTally(bands: number, minorDigits: number): DebtTally {
  const owners = new Map<string, Map<string, Sums>>();
  const none = (): Sums => ({ fees: 0, disputed: 0n, byBand: Array.from({ length: bands }, () => 0n) });
  const written = ({ fees, disputed, byBand }: Sums): DebtFigures => ({
    fees,
    owed: formatAmount(sum(byBand), minorDigits),
    disputed: formatAmount(disputed, minorDigits),
    byBand: byBand.map((amount) => formatAmount(amount, minorDigits)),
  });
  return {
    add: ({ owner, feeType, disputed }, band, owedMinor) => {
      const types = entry(owners, owner, () => new Map<string, Sums>());
      const sums = entry(types, feeType, none);
      sums.fees += 1;
      sums.byBand[band] = (sums.byBand[band] as bigint) + BigInt(owedMinor);
      if (disputed) sums.disputed += BigInt(owedMinor);
    },
    rows: (labelOf) =>
      sorted(owners).flatMap(([owner, types]) =>
        sorted(types).map(([feeType, sums]) => ({
          owner,
          feeType,
          feeTypeLabel: labelOf(feeType),
          ...written(sums),
        })),
      ),
    total: () => {
      const whole = none();
      for (const types of owners.values()) for (const sums of types.values()) addUp(whole, sums);
      return written(whole);
    },
  };
}

function addUp(whole: Sums, { fees, disputed, byBand }: Sums): void {
  whole.fees += fees;
  whole.disputed += disputed;
  byBand.forEach((amount, band) => {
    whole.byBand[band] = (whole.byBand[band] as bigint) + amount;
  });
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n);
}

/** Returns the entry under a key, and creates it if missing. */
function entry<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

/** Returns the entries sorted by key, in code-unit order, independent of locale. */
function sorted<Value>(map: ReadonlyMap<string, Value>): readonly (readonly [string, Value])[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : Number(a > b)));
}

/** Debt of patrons by age. */
export type AgedDebt = {
  /** ISO 4217 code of all amounts. */
  readonly currency: string;
  /** The day or instant that ages are counted to, as given in the form. */
  readonly asOf: string;
  /** The time zone of the days. */
  readonly timeZone: string;
  /** The bands of age, youngest first; `byBand` of the figures has one amount for each. */
  readonly bands: readonly AgeBand[];
  /** One row for each library and fee type with debt, sorted by code. */
  readonly rows: readonly DebtRow[];
  /** The sum of the rows. */
  readonly total: DebtFigures;
  /** The number of accounts; a job counts those that had events by then, the unreadable ones included. */
  readonly accounts: number;
  /** The number of accounts with debt that matches the form. */
  readonly owing: number;
  /** The accounts that could not be read, and why. Their debt is missing. */
  readonly findings: FindingsReport<AccountFinding>;
};

/** A patron account and its id. */
export type AccountOfPatron = StreamId & {
  /** The account. */
  readonly account: PatronAccount;
};

/**
 * Reports the debt of patrons by age, for each library and fee type.
 *
 * The debt of a fee is its remaining amount, less what unused credits of its lost item have reserved. Disputed fees are
 * included, and also shown separately. Credits that any fee may use are not deducted. Fees transferred to an external
 * system are excluded. A fee's age counts from the day it was assessed, regardless of later payments; a growing fine's
 * age counts from the day its growth ended, and is 0 while it grows.
 *
 * @param accounts - patron accounts
 * @param policy - the institution's policy, for the currency and the labels
 * @param form - the day that ages are counted to, the bands, which fees
 * @returns the report, ready for JSON
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` with every fault of the form in
 * `details.faults`; `INVALID_POLICY` for an invalid policy; `INVALID_ACCOUNT` for an invalid account
 *
 * @example
 * ```ts
 * import { definePolicy, fold } from 'patron-fees';
 * import { agedDebt } from 'patron-fees/reports';
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
  const rules = definedPolicy(policy);
  const tally = agedDebtTally(rules, checkedAgedDebtForm(form));
  for (const account of accounts) tally.add(account);
  return tally.result();
}

/** Sums debt. Keeps only the sums, not the accounts. */
type AgedDebtTally = {
  /** Adds an account or a finding. Returns the finding of an account that cannot be added. */
  readonly add: (account: AccountOfPatron | AccountFinding) => AccountFinding | null;
  /** Returns the report so far. */
  readonly result: () => AgedDebt;
};

/** Starts a tally, for a checked policy and form. */
export function agedDebtTally(rules: FeePolicy, form: CheckedAgedDebtForm): AgedDebtTally {
  const { currency } = rules;
  const { asOf, timeZone, bandEndDays } = form;
  const debtsOf = debtFinder(form);
  const bands = ageBands(bandEndDays);
  const tally = openDebtTally(bands.length, digitsOf(currency));
  const findings = findingTally<AccountFinding>();
  let [accounts, owing] = [0, 0];
  const owes = (account: PatronAccount) => {
    const debts = debtsOf(account);
    for (const { fee, band, owedMinor } of debts) tally.add(fee, band, owedMinor);
    return debts.length > 0;
  };
  const findingOf = (added: AccountOfPatron | AccountFinding) => {
    if ('code' in added) return added;
    assertAccount(added.account);
    return otherCurrency(added, added.account.currency, currency);
  };
  return {
    add: (added) => {
      accounts += 1;
      const finding = findingOf(added);
      if (finding !== null) findings.add(finding);
      else if (owes((added as AccountOfPatron).account)) owing += 1;
      return finding;
    },
    result: () => ({
      currency,
      asOf,
      timeZone,
      bands,
      rows: tally.rows((feeType) => feeTypeLabel(rules, feeType)),
      total: tally.total(),
      accounts,
      owing,
      findings: findings.result(),
    }),
  };
}

/** What is owed on one fee. */
type Debt = {
  readonly fee: Fee;
  readonly owedMinor: number;
  readonly ageDays: number;
  /** The index of the band of its age. */
  readonly band: number;
};

/**
 * Returns a function that returns the debts of an account that a form counts.
 *
 * @param sinceOf - returns what the age of a fee counts from; null if it has no age
 */
export function debtFinder(
  { asOf, timeZone, bandEndDays, owners, feeTypes }: CheckedAgedDebtForm,
  sinceOf: (fee: Fee) => string | null = agesFrom,
): (account: PatronAccount) => readonly Debt[] {
  const dayOf = localDay(timeZone);
  const today = isDate(asOf) ? asOf : dayOf(asOf);
  const isWanted = (wanted: readonly string[] | undefined, code: string) => wanted?.includes(code) ?? true;
  return ({ fees }) =>
    fees.flatMap((fee) => {
      const owedMinor = owed(fee);
      if (owedMinor === 0 || !isWanted(owners, fee.owner) || !isWanted(feeTypes, fee.feeType)) return [];
      const since = sinceOf(fee);
      const ageDays = since === null ? 0 : daysBetween(dayOf(since), today);
      return [{ fee, owedMinor, ageDays, band: bandOf(ageDays, bandEndDays) }];
    });
}

/** Returns a column for what is owed in each band. On its own, `0-30` would become a date in a spreadsheet. */
export function bandColumns<Line extends Pick<DebtFigures, 'byBand'>>(
  bands: readonly AgeBand[],
): readonly Column<Line>[] {
  return bands.map(({ label }, at) => ({ name: `days ${label}`, cellOf: ({ byBand }) => byBand[at] }));
}

/**
 * Formats aged debt as CSV: a header, then one line for each library and fee type, with a column for each band. There
 * is no line for the total, since a program that sums the lines would count it twice.
 *
 * @param report - the aged debt
 * @param options - the format of ids and codes; the seal of the month, named in a last column
 * @returns the file's text, with line ends as in RFC 4180
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for invalid options
 *
 * @columns `owner`, `feeType`, `feeTypeLabel`; `fees`, a number; `owed`, `disputed` and what is owed in each band of
 * ages in days, if the form has no bands `days 0-30`, `days 31-60`, `days 61-90`, `days 91-180`, `days 181-365`,
 * `days 366+`, amounts in whole currency units, such as 12.50; `currency`, an ISO 4217 code; in the file of a sealed
 * month `seal`, its number and total
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { agedDebt, agedDebtCsv } from 'patron-fees/reports';
 *
 * const form = { asOf: '2026-03-31T12:00:00Z', timeZone: 'America/New_York', bandEndDays: [30, 90] };
 * agedDebtCsv(agedDebt([], definePolicy({ currency: 'USD' }), form));
 * //=> 'owner,feeType,feeTypeLabel,fees,owed,disputed,days 0-30,days 31-90,days 91+,currency\r\n'
 * ```
 */
export function agedDebtCsv(
  { bands, rows, currency }: AgedDebt,
  { seal, ...options }: SealedCsvOptions = {},
): string {
  const label: Column<DebtRow> = { name: 'feeTypeLabel', cellOf: ({ feeTypeLabel }) => feeTypeLabel };
  const figures = ['fees', 'owed', 'disputed', ...bandColumns<DebtRow>(bands)] as const;
  const columns = ['owner', 'feeType', label, ...figures, ...lastColumns(currency, seal)] as const;
  const { head, format } = csvTable<DebtRow>(columns, options);
  return head + format(rows);
}
