import * as v from 'valibot';
import { nameField } from '../../account/fieldSchemas.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { timeZoneField } from '../../input/timeZone.js';
import { type DayOrder, dayOrders } from '../../job/dayOrder.js';
import { digitsOf } from '../../money/currency.js';
import type { DecimalMark } from '../../money/reportedAmount.js';
import { definedPolicy, type FeePolicy } from '../../policy/feePolicy.js';
import { type Rounding, type RowAmount, rowAmounts } from './rowAmount.js';
import type { ForeignTime } from './rowTime.js';
import { rowTimes } from './rowTime.js';

/** What the codes of another system are called here. A code that is left out keeps its name. */
export type CodeNames = Readonly<Record<string, string>>;

/** Data that is not in the rows, for every import. */
export type ReadAccountsOptions = {
  /** The institution's policy: the currency of the rows, and which fee types are for lost items. */
  readonly policy: FeePolicy;
  /**
   * The time zone of times without one, an IANA name.
   *
   * @defaultValue `"UTC"`
   */
  readonly timeZone?: string;
  /**
   * The order of day, month and year in dates that are not ISO 8601, with their sign. A day or month may have one
   * digit. Dates of ISO 8601 are read too; all others are findings.
   *
   * @defaultValue ISO 8601 only
   */
  readonly dayOrder?: DayOrder;
  /**
   * The decimal mark of amounts that are texts: `","` reads 12,50 and 1.250,00, and `"."` reads 12.50 and 1,250.00.
   * Digits may also be grouped by a space or an apostrophe. Any other text is a finding.
   *
   * @defaultValue a point, and digits are not grouped: 1.250 is one and a quarter
   */
  readonly decimalMark?: DecimalMark;
  /**
   * The policy's names of fee types, e.g. `{ OVERDUE: 'OVERDUEFINE' }`.
   *
   * @defaultValue the names in the rows
   */
  readonly feeTypes?: CodeNames;
  /**
   * The names of libraries.
   *
   * @defaultValue the names in the rows
   */
  readonly owners?: CodeNames;
  /**
   * The policy's names of payment methods.
   *
   * @defaultValue the names in the rows
   */
  readonly methods?: CodeNames;
  /**
   * The policy's names of reasons.
   *
   * @defaultValue the names in the rows
   */
  readonly reasons?: CodeNames;
  /**
   * The library that owns fees whose row names none.
   *
   * @defaultValue such a row is a finding
   */
  readonly owner?: string;
};

/** The options of an import, checked. */
export type CheckedReadOptions = {
  /** ISO 4217 code. */
  readonly currency: string;
  /** The decimals of the currency. */
  readonly digits: number;
  /** Reads a time. */
  readonly time: (value: unknown) => ForeignTime | undefined;
  /** The times that are expected, in words. */
  readonly timeExpected: string;
  /** Reads an amount. */
  readonly amount: (value: unknown, rounding: Rounding) => RowAmount | undefined;
  /** The amounts that are expected, in words. */
  readonly amountExpected: string;
  /** The name here of a code there. */
  readonly named: (kind: 'feeTypes' | 'owners' | 'methods' | 'reasons', code: string) => string;
  /** Returns whether fees of a type, as named here, are for lost items. */
  readonly isLostItem: (feeType: string) => boolean;
  /** The owner of fees whose row names none. */
  readonly owner: string | undefined;
};

const names = v.exactOptional(v.record(v.string(), nameField));

/** The fields of the options that every import has. */
export const readOptionFields = {
  policy: v.custom<FeePolicy>((policy) => typeof policy === 'object' && policy !== null, 'a policy'),
  timeZone: v.exactOptional(timeZoneField, 'UTC'),
  dayOrder: v.exactOptional(v.picklist(dayOrders)),
  decimalMark: v.exactOptional(v.picklist(['.', ','], 'a point or a comma')),
  feeTypes: names,
  owners: names,
  methods: names,
  reasons: names,
  owner: v.exactOptional(nameField),
};

/**
 * Checks the options of an import.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT`, `INVALID_POLICY`
 */
export function checkedReadOptions(options: ReadAccountsOptions): CheckedReadOptions {
  const checked = checkedArgument(v.strictObject(readOptionFields), options, 'options');
  const policy = definedPolicy(checked.policy);
  const tables = {
    feeTypes: checked.feeTypes ?? {},
    owners: checked.owners ?? {},
    methods: checked.methods ?? {},
    reasons: checked.reasons ?? {},
  };
  const digits = digitsOf(policy.currency);
  const signed =
    checked.decimalMark === undefined ? '' : ` with "${checked.decimalMark}" before its decimals`;
  return {
    currency: policy.currency,
    digits,
    time: rowTimes(checked.timeZone, checked.dayOrder),
    timeExpected:
      checked.dayOrder === undefined
        ? 'a date and time, as ISO 8601 or a database writes it'
        : `a date and time, as ${checked.dayOrder} or ISO 8601`,
    amount: rowAmounts(digits, checked.decimalMark),
    amountExpected: `an amount of at most 12 digits${signed}`,
    named: (kind, code) => (Object.hasOwn(tables[kind], code) ? (tables[kind][code] as string) : code),
    isLostItem: (feeType) =>
      Object.hasOwn(policy.feeTypes, feeType) && policy.feeTypes[feeType]?.lostItem === true,
    owner: checked.owner,
  };
}
