// Writes dist/events.schema.json, the storage format for programs in other languages, from the schema that the
// codec reads stored events with: what the one accepts, the other accepts.
import { writeFileSync } from 'node:fs';
import { toJsonSchema } from '@valibot/to-json-schema';
import { accountEventSchema } from '../src/history/eventSchema.js';

// Checks in code (that an amount is positive, that an instant exists) have no counterpart in JSON Schema; shapes have.
const schema = toJsonSchema(accountEventSchema, {
  target: 'draft-2020-12',
  typeMode: 'input',
  ignoreActions: ['check', 'raw_check', 'transform', 'readonly'],
});
const titled = { $schema: schema.$schema, title: 'An event of a patron account', ...schema };

writeFileSync('dist/events.schema.json', `${JSON.stringify(titled, null, 2)}\n`);
