import * as v from 'valibot';
import { nameField } from '../../account/fieldSchemas.js';
import { parsed } from '../../input/checkedArgument.js';
import { DAY_MS, instantField } from '../../input/instant.js';
import { onlyFields } from '../../input/plainObject.js';
import { digitsOf, minorDigits } from '../../money/currency.js';
import { formatAmount, parseLooseAmount } from '../../money/money.js';
import { endCauseField, returnKindField } from '../../office/onlinePayments/onlinePaymentSchemas.js';
import type { InvalidOnlinePayment } from '../onlineRejections.js';
import type { OnlineReport, ReportedCapture, ReportedReturn } from './onlineReport.js';

const amountField = v.pipe(
  v.string('an amount'),
  v.regex(/^(?:0|[1-9]\d{0,11})(?:\.\d{1,4})?$/, 'an amount'),
  v.check((text) => /[1-9]/.test(text), 'an amount above 0'),
);

const currencyField = v.pipe(
  nameField,
  v.transform((code) => code.toUpperCase()),
  v.check((code) => minorDigits(code) !== undefined, 'an ISO 4217 code'),
);

const captureFields = {
  externalTransactionId: nameField,
  amount: amountField,
  currency: currencyField,
};

const captureSchema = onlyFields(captureFields);

const returnSchema = onlyFields({
  ...captureFields,
  of: nameField,
  kind: returnKindField,
  accounts: v.exactOptional(v.array(v.strictObject({ patronId: nameField, amount: amountField }))),
});

/** How long a debit may be under way: longer holds the fees for nothing. */
const PENDING_DAYS_MAX = 90;

const pendingSchema = (at: string) =>
  onlyFields({
    until: v.pipe(
      instantField,
      v.check(
        (until) => Date.parse(until) <= Date.parse(at) + PENDING_DAYS_MAX * DAY_MS,
        `at most ${PENDING_DAYS_MAX} days after the report`,
      ),
    ),
  });

const endSchema = onlyFields({ cause: endCauseField, final: v.boolean() });

/** The schemas of {@link OnlineReport} with parts that are not parsed yet. */
export const reportFields = {
  captures: v.optional(v.array(v.unknown()), []),
  returns: v.optional(v.array(v.unknown()), []),
  pending: v.optional(v.unknown()),
  ended: v.optional(v.unknown()),
};

type UnreadReport = {
  readonly captures: readonly unknown[];
  readonly returns: readonly unknown[];
  readonly pending?: unknown;
  readonly ended?: unknown;
  /** When it is reported. */
  readonly at: string;
};

/** Where a part is in its report, e.g. `captures[0]`; left out if it is in none. */
export type InReport = { readonly path?: string };

/** The parts of a report that can be read, and the faults of the others. */
export type ReadReport = {
  readonly captures: readonly (ReportedCapture & InReport)[];
  readonly returns: readonly (ReportedReturn & InReport)[];
  readonly pending: OnlineReport['pending'] | undefined;
  readonly ended: OnlineReport['ended'] | undefined;
  readonly malformed: readonly InvalidOnlinePayment[];
};

/** Reads each part of a report by itself, so that a malformed one does not hold up the money of the others. Pure. */
export function readReport({ captures, returns, pending, ended, at }: UnreadReport): ReadReport {
  const malformed: InvalidOnlinePayment[] = [];
  const partOf = <Part>(schema: v.GenericSchema<unknown, Part>, input: unknown, path: string): Part[] => {
    const part = parsed(schema, input);
    if ('output' in part) return [part.output];
    const faults = part.faults.map((fault) => ({
      ...fault,
      path: fault.path === '' ? path : `${path}.${fault.path}`,
    }));
    malformed.push({ type: 'InvalidOnlinePayment', kind: 'invalid', faults });
    return [];
  };
  const moneyOf = <Part extends ReportedCapture>(
    schema: v.GenericSchema<unknown, Part>,
    inputs: readonly unknown[],
    name: string,
  ): (Part & InReport)[] =>
    partsOf(schema, inputs, name).flatMap((part) => {
      const digits = digitsOf(part.currency);
      const minor = parseLooseAmount(part.amount, digits);
      if (minor > 0) return [{ ...part, amount: formatAmount(minor, digits) }];
      const fault = {
        path: `${part.path}.amount`,
        expected: `an amount with ${digits} decimals`,
        found: part.amount,
      };
      malformed.push({ type: 'InvalidOnlinePayment', kind: 'invalid', faults: [fault] });
      return [];
    });
  const partsOf = <Part>(schema: v.GenericSchema<unknown, Part>, inputs: readonly unknown[], name: string) =>
    inputs.flatMap((input, index) => {
      const path = `${name}[${index}]`;
      return partOf(schema, input, path).map((part) => ({ ...part, path }));
    });
  return {
    captures: moneyOf(captureSchema, captures, 'captures'),
    returns: moneyOf(returnSchema, returns, 'returns'),
    pending: pending === undefined ? undefined : partOf(pendingSchema(at), pending, 'pending')[0],
    ended: ended === undefined ? undefined : partOf(endSchema, ended, 'ended')[0],
    malformed,
  };
}
