import { fileURLToPath } from 'node:url';
import { toJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import {
  actorField,
  approvedAmountField,
  ID_LENGTH_MAX,
  itemField,
  nameField,
  TEXT_LENGTH_MAX,
  textField,
} from '../src/account/fieldSchemas.js';
import {
  type EventFields,
  eventFields,
  eventSchemas,
  ledgerAccountField,
  metadataField,
  monthField,
  versionField,
} from '../src/history/eventSchemas.js';
import { dateField, instantField } from '../src/input/instant.js';
import { minorDigits } from '../src/money/currency.js';
import { AMOUNT_DIGITS_MAX } from '../src/money/money.js';
import { describeFields, type JsonSchema } from './fieldDescriptions.js';

const root = fileURLToPath(new URL('../', import.meta.url)).replace(/\/$/, '');

/** All currencies, found by checking every possible code. */
const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const currencies = letters
  .flatMap((a) => letters.flatMap((b) => letters.map((c) => a + b + c)))
  .filter((code) => minorDigits(code) !== undefined);

/** Returns the pattern of amounts with a number of decimals, in syntax that every regular expression dialect has. */
const amountPattern = (digits: number) => {
  const whole = `(0|[1-9][0-9]{0,${AMOUNT_DIGITS_MAX - digits - 1}})`;
  return digits === 0 ? `^${whole}$` : `^${whole}\\.[0-9]{${digits}}$`;
};

/** Returns a condition: if the currency has this number of decimals, every amount of the event must have it. */
const amountsWith = (digits: number) => {
  const amount = { type: 'string', pattern: amountPattern(digits) };
  const part = { type: 'object', properties: { amount, cancelled: amount } };
  const parts = { type: 'array', items: part };
  return {
    if: {
      type: 'object',
      properties: { currency: { enum: currencies.filter((code) => minorDigits(code) === digits) } },
    },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: {
      type: 'object',
      properties: {
        amount,
        total: amount,
        externalTransactionTotal: amount,
        allocations: parts,
        setOff: parts,
        overpayment: part,
        surplus: part,
        shortfall: part,
        instalments: parts,
        totals: parts,
      },
    },
  };
};

const day = '(0[1-9]|[12][0-9])';
const date = `[0-9]{4}-((0[13578]|1[02])-(${day}|3[01])|(0[469]|11)-(${day}|30)|02-${day})`;
const clock = '([01][0-9]|2[0-3]):[0-5][0-9]';

/**
 * The checks that the codec makes in code, by definition, as closely as JSON Schema can express them. A schema with a check
 * needs a definition and an entry here; a test fails without them.
 */
export const codeChecks: Readonly<Record<string, JsonSchema>> = {
  name: {
    minLength: 1,
    maxLength: ID_LENGTH_MAX,
    pattern: '^[^\u0000]*$',
    description: `An id or a code: 1 to ${ID_LENGTH_MAX} UTF-16 units without U+0000 and lone surrogates.`,
  },
  text: {
    maxLength: TEXT_LENGTH_MAX,
    description: `A text of at most ${TEXT_LENGTH_MAX} UTF-16 units. Stored events of early versions may have longer ones.`,
  },
  instant: {
    pattern: `^${date}T${clock}(:[0-5][0-9](\\.[0-9]{1,9})?)?(Z|[+-]${clock})$`,
    description: 'ISO 8601 date and time with a zone, on an existing day; seconds are optional.',
  },
  date: { pattern: `^${date}$`, description: 'A local date, YYYY-MM-DD, that exists.' },
  amount: {
    not: { type: 'string', pattern: '^[0.]*$' },
    description: "Above zero, with exactly the currency's decimals and at most 12 digits in minor units.",
  },
  amountOrZero: {
    description: "Zero or more, with exactly the currency's decimals and at most 12 digits in minor units.",
  },
  approvedAmount: {
    pattern: `^(${[0, 2, 3].map((digits) => amountPattern(digits).slice(1, -1)).join('|')})$`,
    not: { type: 'string', pattern: '^[0.]*$' },
    description: "Above zero, with the currency's decimals and at most 12 digits in minor units.",
  },
  version: {
    type: 'integer',
    minimum: 1,
    maximum: Number.MAX_SAFE_INTEGER,
    description: 'A version, from 1.',
  },
  month: { pattern: '^[0-9]{4}-(0[1-9]|1[0-2])$', description: 'A month, YYYY-MM.' },
  ledgerAccount: { minItems: 1, description: 'A kind of ledger account, followed by its codes.' },
  currency: { enum: currencies, description: 'ISO 4217 code.' },
  amountsFitCurrency: { allOf: [0, 2, 3].map(amountsWith) },
};

/** Returns the schemas of fields that the JSON Schema defines once, by name. */
export function definitionsOf(fields: EventFields) {
  return {
    ...fields,
    name: nameField,
    text: textField,
    instant: instantField,
    date: dateField,
    actor: actorField,
    approvedAmount: approvedAmountField,
    item: itemField,
    metadata: metadataField,
    version: versionField,
    month: monthField,
    ledgerAccount: ledgerAccountField,
  };
}

/**
 * Returns the storage format for programs in other languages: a JSON Schema of all events, generated from the schemas
 * of the codec and from the comments on the event types.
 *
 * It accepts and refuses the same events as the codec, except for three checks that JSON Schema cannot express:
 * February 29 of a common year, lone surrogates, and characters that count twice towards the length of an id or a text.
 */
export function eventsJsonSchema(): JsonSchema {
  const fields = eventFields(2);
  const schemas = eventSchemas(fields);
  const { $schema, $defs, ...events } = toJsonSchema(v.variant('type', Object.values(schemas)), {
    target: 'draft-2020-12',
    // The last step of a pipe describes a field most precisely.
    typeMode: 'output',
    ignoreActions: ['check', 'custom'],
    definitions: definitionsOf(fields),
  }) as JsonSchema;
  const definitions = { ...$defs };
  for (const [name, checks] of Object.entries(codeChecks))
    definitions[name] = { ...definitions[name], ...checks };
  for (const { properties } of events.oneOf ?? []) {
    const data = properties?.data;
    if (data?.properties?.currency) data.allOf = [{ $ref: '#/$defs/amountsFitCurrency' }];
  }
  const schema = { $schema, title: 'An event of a patron account', ...events, $defs: definitions };
  describeFields(root, schema);
  return schema;
}
