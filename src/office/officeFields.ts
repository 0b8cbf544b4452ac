import * as v from 'valibot';
import {
  actorFields,
  approverField,
  commandIdField,
  nameField,
  recordedApproverField,
  textField,
} from '../account/fieldSchemas.js';
import { eventFields } from '../history/eventSchemas.js';
import { instantField } from '../input/instant.js';
import { onlyFields } from '../input/plainObject.js';
import { formatAmount, parseLooseAmount } from '../money/money.js';

/** The schema of who acts: always a known user. */
export const userField = onlyFields({ ...actorFields, userId: nameField });

/** The schema of who gives a command to the office. */
export const commandUserField = onlyFields({
  ...actorFields,
  userId: nameField,
  roles: v.exactOptional(v.array(nameField)),
});

/** The schema of who gives a command to the office, of which the event records all but the roles. */
export const recordedUserField = v.pipe(
  commandUserField,
  v.transform(({ roles: _roles, ...by }) => by),
);

/** The schema of an amount, which may be negative, of any currency. */
export const anySignedField = v.pipe(
  v.string(),
  v.regex(/^(?:0|-?[1-9]\d*|-?(?:0|[1-9]\d*)\.\d+)$/, 'an amount'),
);

/** What every event has that staff record in the office. */
export const officeCircumstances = {
  at: instantField,
  by: userField,
  comment: v.exactOptional(textField),
};

/** What every event has that a command to the office causes. */
export const ofOfficeCommand = { ...officeCircumstances, approvedBy: v.exactOptional(recordedApproverField) };

/** The schemas that depend on the number of decimals of the event's currency. */
export type OfficeFields = ReturnType<typeof officeFields>;

/**
 * Returns the schemas that depend on the number of decimals of the event's currency. Sums of an institution may have
 * more digits than the amounts of an account.
 */
export function officeFields(digits: number) {
  const expected = `an amount with ${digits} decimals`;
  const whole = digits === 0 ? '[1-9]\\d*' : `(?:0|[1-9]\\d*)\\.\\d{${digits}}`;
  const zero = digits === 0 ? '0|' : '';
  const matching = (pattern: string) => v.pipe(v.string(expected), v.regex(new RegExp(pattern), expected));
  return {
    amount: matching(`^(?:${zero}${whole})$`),
    signed: matching(`^(?:${zero}-?${whole})$`),
    currency: eventFields(digits).currency,
  };
}

/** The schemas of what every command to the office has. */
export function officeCommandFields({ aboveZero }: Pick<OfficeAmounts, 'aboveZero'>) {
  return {
    id: commandIdField,
    at: instantField,
    by: commandUserField,
    approvedBy: v.exactOptional(approverField(aboveZero)),
    comment: v.exactOptional(textField),
  };
}

/** The schemas of amounts of commands. */
export type OfficeAmounts = ReturnType<typeof officeAmounts>;

/**
 * Returns the schemas of amounts of commands, as a person may write them; parsed amounts are canonical.
 *
 * @param read - reads an amount: minor units, or undefined if the text is not an amount
 */
export function officeAmounts(
  digits: number,
  read: (text: string, digits: number) => number | undefined = signedAmount,
) {
  const amount = (expected: string, isWithin: (minor: number) => boolean) =>
    v.pipe(
      v.string(expected),
      v.check((text) => isWithin(read(text, digits) ?? Number.NaN), expected),
      v.transform((text) => formatAmount(read(text, digits) as number, digits)),
    );
  return {
    any: amount('an amount of at most 12 digits, which may be negative', (minor) => !Number.isNaN(minor)),
    zeroOrMore: amount('an amount of 0 or more with at most 12 digits', (minor) => minor >= 0),
    aboveZero: amount('an amount above 0 with at most 12 digits', (minor) => minor > 0),
    notZero: amount('an amount other than 0 with at most 12 digits', (minor) => minor < 0 || minor > 0),
  };
}

/** Returns a function that creates the schema for a number of decimals once. */
export function byDigits<Schema>(schemaFor: (digits: number) => Schema): (digits: number) => Schema {
  const made = new Map<number, Schema>();
  return (digits) => {
    const schema = made.get(digits) ?? schemaFor(digits);
    made.set(digits, schema);
    return schema;
  };
}

/** Reads an amount as a person may write it, including zero and negative ones; undefined for any other text. */
function signedAmount(text: string, digits: number): number | undefined {
  const isNegative = text.startsWith('-');
  const size = isNegative ? text.slice(1) : text;
  if (/^0(?:\.0+)?$/.test(size) && size.length <= digits + 2 && size !== '0.') return 0;
  const minor = parseLooseAmount(size, digits);
  if (minor < 0) return undefined;
  return isNegative ? -minor : minor;
}
