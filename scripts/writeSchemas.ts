// Writes dist/schemas and dist/asyncapi.yaml.
import { mkdirSync, writeFileSync } from 'node:fs';
import { asyncApiYaml } from './asyncApi.js';
import { schemaFiles } from './schemas/files.js';

mkdirSync('dist/schemas', { recursive: true });
for (const [file, schema] of Object.entries(schemaFiles()))
  writeFileSync(`dist/schemas/${file}`, `${JSON.stringify(schema, null, 1)}\n`);
writeFileSync('dist/asyncapi.yaml', asyncApiYaml());
