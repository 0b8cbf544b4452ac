import { fileURLToPath } from 'node:url';
import { toJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import { actorField, ID_LENGTH_MAX, itemField, nameField } from '../src/account/fieldSchemas.js';
import { eventFields, eventSchemas, metadataField } from '../src/history/eventSchemas.js';
import { instantField } from '../src/input/instant.js';
import { minorDigits } from '../src/money/currency.js';
import { AMOUNT_DIGITS_MAX } from '../src/money/money.js';
import { describeFields, type JsonSchema } from './fieldDescriptions.js';

const root = fileURLToPath(new URL('../', import.meta.url)).replace(/\/$/, '');

/** Every currency that there is, found by asking for every code that could be one. */
const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const currencies = letters
  .flatMap((a) => letters.flatMap((b) => letters.map((c) => a + b + c)))
  .filter((code) => minorDigits(code) !== undefined);

/** What an amount of a currency with so many decimals looks like, in regular expressions that every dialect has. */
const amountPattern = (digits: number) => {
  const whole = `(0|[1-9][0-9]{0,${AMOUNT_DIGITS_MAX - digits - 1}})`;
  return digits === 0 ? `^${whole}$` : `^${whole}\\.[0-9]{${digits}}$`;
};

/** If the currency has so many decimals, then every amount of the event has. */
const amountsWith = (digits: number) => {
  const amount = { type: 'string', pattern: amountPattern(digits) };
  const part = { type: 'object', properties: { amount, cancelled: amount } };
  const parts = { type: 'array', items: part };
  return {
    if: {
      type: 'object',
      properties: { currency: { enum: currencies.filter((code) => minorDigits(code) === digits) } },
    },
    // biome-ignore lint/suspicious/noThenProperty: this is what JSON Schema calls it
    then: {
      type: 'object',
      properties: {
        amount,
        total: amount,
        allocations: parts,
        setOff: parts,
        overpayment: part,
        surplus: part,
        shortfall: part,
      },
    },
  };
};

const day = '(0[1-9]|[12][0-9])';
const date = `[0-9]{4}-((0[13578]|1[02])-(${day}|3[01])|(0[469]|11)-(${day}|30)|02-${day})`;
const clock = '([01][0-9]|2[0-3]):[0-5][0-9]';

/** What the schemas of the codec check in code, as closely as JSON Schema can say it. */
const inWords: Readonly<Record<string, JsonSchema>> = {
  name: {
    minLength: 1,
    maxLength: ID_LENGTH_MAX,
    pattern: '^[^\u0000]*$',
    description: `An id or a code: 1 to ${ID_LENGTH_MAX} UTF-16 units without U+0000 and lone surrogates.`,
  },
  instant: {
    pattern: `^${date}T${clock}(:[0-5][0-9](\\.[0-9]{1,9})?)?(Z|[+-]${clock})$`,
    description:
      'ISO 8601 date and time with a zone, on a day that the calendar has; seconds may be left out.',
  },
  amount: {
    not: { type: 'string', pattern: '^[0.]*$' },
    description: "More than zero, with exactly the currency's decimals and at most 12 digits in minor units.",
  },
  amountOrZero: {
    description: "Zero or more, with exactly the currency's decimals and at most 12 digits in minor units.",
  },
  currency: { enum: currencies, description: 'ISO 4217 code.' },
  amountsFitCurrency: { allOf: [0, 2, 3].map(amountsWith) },
};

/**
 * The storage format for programs in other languages: JSON Schema of all events, made from the schemas that the codec
 * reads stored events with and from the comments on their types.
 *
 * It accepts what the codec accepts. What the codec refuses it refuses too, save what JSON Schema cannot tell: the 29th
 * of February of a common year, lone surrogates, and characters that count twice towards the length of an id.
 */
export function eventsJsonSchema(): JsonSchema {
  const fields = eventFields(2);
  const schemas = eventSchemas(fields);
  const { $schema, $defs, ...events } = toJsonSchema(v.variant('type', Object.values(schemas)), {
    target: 'draft-2020-12',
    // A field that is checked in steps is described by the last one, which knows most.
    typeMode: 'output',
    ignoreActions: ['check', 'custom'],
    definitions: {
      ...fields,
      name: nameField,
      instant: instantField,
      actor: actorField,
      item: itemField,
      metadata: metadataField,
    },
  }) as JsonSchema;
  const definitions = { ...$defs };
  for (const [name, words] of Object.entries(inWords)) definitions[name] = { ...definitions[name], ...words };
  for (const { properties } of events.oneOf ?? []) {
    const data = properties?.data;
    if (data?.properties?.currency) data.allOf = [{ $ref: '#/$defs/amountsFitCurrency' }];
  }
  const schema = { $schema, title: 'An event of a patron account', ...events, $defs: definitions };
  describeFields(root, schema);
  return schema;
}
