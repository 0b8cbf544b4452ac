import * as v from 'valibot';
import { actorFields, nameField, textField } from '../account/fieldSchemas.js';
import { eventFields } from '../history/eventSchemas.js';
import { instantField } from '../input/instant.js';
import { plainObject } from '../input/plainObject.js';

/** The schema of who acts: always a known user. */
export const userField = v.pipe(plainObject, v.strictObject({ ...actorFields, userId: nameField }));

/** The schema of who gives a command to the office. */
export const commandUserField = v.pipe(
  plainObject,
  v.strictObject({ ...actorFields, userId: nameField, roles: v.exactOptional(v.array(nameField)) }),
);

/** The schema of an amount, which may be negative, of any currency. */
export const anySignedField = v.pipe(
  v.string(),
  v.regex(/^(?:0|-?[1-9]\d*|-?(?:0|[1-9]\d*)\.\d+)$/, 'an amount'),
);

/** What every event has that a command to the office causes. */
export const officeCircumstances = {
  at: instantField,
  by: userField,
  comment: v.exactOptional(textField),
};

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
