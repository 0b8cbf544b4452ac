// Writes dist/events.schema.json.
import { writeFileSync } from 'node:fs';
import { eventsJsonSchema } from './eventsJsonSchema.js';

writeFileSync('dist/events.schema.json', `${JSON.stringify(eventsJsonSchema(), null, 2)}\n`);
