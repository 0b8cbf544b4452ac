// Writes dist/events.schema.json and dist/asyncapi.yaml.
import { writeFileSync } from 'node:fs';
import { asyncApiYaml } from './asyncApi.js';
import { eventsJsonSchema } from './eventsJsonSchema.js';

writeFileSync('dist/events.schema.json', `${JSON.stringify(eventsJsonSchema(), null, 2)}\n`);
writeFileSync('dist/asyncapi.yaml', asyncApiYaml());
