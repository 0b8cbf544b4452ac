// Writes dist/events.schema.json, the storage format for programs in other languages, from the schemas that the codec
// reads stored events with. What those check in code, JSON Schema says below as closely as it can.
import { writeFileSync } from 'node:fs';
import { toJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import {
  actorField,
  ID_LENGTH_MAX,
  instantField,
  itemField,
  nameField,
} from '../src/account/fieldSchemas.js';
import { eventFields, eventSchemas } from '../src/history/eventSchemas.js';

const fields = eventFields(2);

const { $schema, $defs, ...events } = toJsonSchema(v.variant('type', Object.values(eventSchemas(fields))), {
  target: 'draft-2020-12',
  // A field that is checked in steps is described by the last one, which knows most.
  typeMode: 'output',
  ignoreActions: ['check', 'custom'],
  definitions: { ...fields, name: nameField, instant: instantField, actor: actorField, item: itemField },
});

const inWords = {
  name: { minLength: 1, maxLength: ID_LENGTH_MAX, description: 'An id or a code.' },
  instant: { description: 'ISO 8601 date and time with a zone; seconds may be left out.' },
  amount: {
    pattern: '^[0-9]+(\\.[0-9]+)?$',
    description: "More than 0, with exactly the currency's decimals.",
  },
  amountOrZero: { pattern: '^[0-9]+(\\.[0-9]+)?$', description: "With exactly the currency's decimals." },
  currency: { pattern: '^[A-Z]{3}$', description: 'An ISO 4217 code.' },
};

const described = Object.entries(inWords).map(([name, words]) => [
  name,
  { ...Object($defs?.[name]), ...words },
]);
const schema = {
  $schema,
  title: 'An event of a patron account',
  ...events,
  $defs: { ...$defs, ...Object.fromEntries(described) },
};

writeFileSync('dist/events.schema.json', `${JSON.stringify(schema, null, 2)}\n`);
