import { expect, it } from 'vitest';
import { officeEventSchemas } from '../../src/office/officeEventSchemas.js';
import { officeFields } from '../../src/office/officeFields.js';

it('are keyed by the event name that they require', () => {
  for (const [name, schema] of Object.entries(officeEventSchemas(officeFields(2))))
    expect(schema.entries.type.literal).toBe(name);
});
