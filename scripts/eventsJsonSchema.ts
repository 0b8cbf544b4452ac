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
import { officeEventSchemas } from '../src/office/officeEventSchemas.js';
import { officeFields } from '../src/office/officeFields.js';
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

/** Returns the pattern of amounts of the office, which may be sums, and negative. */
const officeAmountPattern = (digits: number) =>
  digits === 0 ? '^-?[0-9]+$' : `^-?[0-9]+\\.[0-9]{${digits}}$`;

/** Returns conditions: if a currency has a number of decimals, the data match a schema for it. */
const byDecimals = (currency: string, schemaFor: (digits: number) => JsonSchema): JsonSchema[] =>
  [0, 2, 3].map((digits) => ({
    if: {
      type: 'object',
      properties: { [currency]: { enum: currencies.filter((code) => minorDigits(code) === digits) } },
    },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: schemaFor(digits),
  }));

/** Returns the schema `amount` at every place where one of some schemas has an amount. */
function amountsIn(
  given: readonly JsonSchema[],
  $defs: Readonly<Record<string, JsonSchema>>,
  amount: JsonSchema,
): JsonSchema | undefined {
  const nameOf = ({ $ref }: JsonSchema) => String($ref).replace('#/$defs/', '');
  if (given.some((node) => ['amount', 'amountOrZero', 'signed'].includes(nameOf(node)))) return amount;
  const nodes = given.map((node) => $defs[nameOf(node)] ?? node).flatMap((node) => node.oneOf ?? [node]);
  const items = nodes.flatMap((node) => (node.items === undefined ? [] : [node.items as JsonSchema]));
  const names = new Set(nodes.flatMap(({ properties = {} }) => Object.keys(properties)));
  const properties = [...names].flatMap((name) => {
    const fields = nodes.flatMap(({ properties: { [name]: field } = {} }) => (field ? [field] : []));
    const inside = amountsIn(fields, $defs, amount);
    return inside === undefined ? [] : [[name, inside] as const];
  });
  if (properties.length > 0) return { type: 'object', properties: Object.fromEntries(properties) };
  const inside = items.length === 0 ? undefined : amountsIn(items, $defs, amount);
  return inside && { type: 'array', items: inside };
}

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
};

/** The checks that the codec of the office makes in code, or by patterns for one currency. */
const officeChecks: Readonly<Record<string, JsonSchema>> = {
  ...codeChecks,
  amount: {
    pattern: '^(0|[1-9][0-9]*)(\\.[0-9]+)?$',
    description: "Zero or more, with exactly the currency's decimals.",
  },
  signed: {
    pattern: '^(0|-?[1-9][0-9]*|-?(0|[1-9][0-9]*)\\.[0-9]+)$',
    description: "An amount that may be negative, with exactly the currency's decimals.",
  },
};

/** The figures of a payout, in its currency. */
const payoutFiguresFit = byDecimals('payoutCurrency', (digits) => {
  const amount = { type: 'string', pattern: officeAmountPattern(digits) };
  return { type: 'object', properties: { gross: amount, fee: amount } };
});

/** Events of one kind: their schemas, the definitions in them, and what is not in the schemas. */
type EventFamily = {
  readonly title: string;
  /** The file and the name of the union of their types. */
  readonly union: readonly [file: string, name: string];
  readonly schemas: Readonly<Record<string, v.GenericSchema>>;
  readonly definitions: Readonly<Record<string, v.GenericSchema>>;
  /** The checks in code, by definition. */
  readonly checks: Readonly<Record<string, JsonSchema>>;
  /** The checks in code of the data of one event. */
  readonly dataChecks: Readonly<Record<string, readonly JsonSchema[]>>;
  readonly amountPattern: (digits: number) => string;
};

/** Returns the schemas of fields that the JSON Schema defines once, by name. */
export function definitionsOf(fields: object) {
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

/** The events of accounts and of the office. */
export const eventFamilies = {
  accounts: (): EventFamily => {
    const fields = eventFields(2);
    return {
      title: 'An event of a patron account',
      union: ['src/account/events/accountEvent.ts', 'AccountEvent'],
      schemas: eventSchemas(fields),
      definitions: definitionsOf(fields),
      checks: codeChecks,
      dataChecks: {},
      amountPattern,
    };
  },
  office: (): EventFamily => {
    const fields = officeFields(2);
    return {
      title: 'An event of the office',
      union: ['src/office/officeEvents.ts', 'OfficeEvent'],
      schemas: officeEventSchemas(fields),
      definitions: definitionsOf(fields),
      checks: officeChecks,
      dataChecks: { OnlinePaymentPaidOut: payoutFiguresFit },
      amountPattern: officeAmountPattern,
    };
  },
};

/**
 * Returns the storage format for programs in other languages: a JSON Schema of all events of a family, generated from
 * the schemas of the codec and from the comments on the event types.
 *
 * It accepts and refuses the same events as the codec, except for three checks that JSON Schema cannot express:
 * February 29 of a common year, lone surrogates, and characters that count twice towards the length of an id or a text.
 */
export function eventsJsonSchema(family: keyof typeof eventFamilies = 'accounts'): JsonSchema {
  const { title, union, schemas, definitions, checks, dataChecks, amountPattern } = eventFamilies[family]();
  const { $schema, $defs, ...events } = toJsonSchema(v.variant('type', Object.values(schemas) as never), {
    target: 'draft-2020-12',
    // The last step of a pipe describes a field most precisely.
    typeMode: 'output',
    ignoreActions: ['check', 'custom'],
    definitions,
    // Nothing that is stored has this key: the codec refuses it.
    overrideSchema: ({ valibotSchema, jsonSchema }) =>
      valibotSchema.type === 'record'
        ? { ...jsonSchema, propertyNames: { not: { const: '__proto__' } } }
        : undefined,
  }) as JsonSchema;
  const all: Record<string, JsonSchema> = { ...$defs };
  for (const [name, schema] of Object.entries(all)) all[name] = { ...schema, ...checks[name] };
  const data = (events.oneOf ?? []).map(({ properties }) => ({
    type: String(properties?.type?.const),
    fields: properties?.data as JsonSchema,
  }));
  const withCurrency = data.filter(({ fields }) => fields.properties?.currency);
  const amountsFitCurrency = byDecimals('currency', (digits) => {
    const amount = { type: 'string', pattern: amountPattern(digits) };
    return amountsIn(
      withCurrency.map(({ fields }) => fields),
      all,
      amount,
    ) as JsonSchema;
  });
  for (const { type, fields } of withCurrency)
    fields.allOf = [{ $ref: '#/$defs/amountsFitCurrency' }, ...(dataChecks[type] ?? [])];
  const schema = {
    $schema,
    title,
    ...events,
    $defs: { ...all, amountsFitCurrency: { allOf: amountsFitCurrency } },
  };
  describeFields(root, schema, union);
  return schema;
}
