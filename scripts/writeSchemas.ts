// Writes dist/schemas, dist/vectors and dist/asyncapi.yaml.
import { mkdirSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { asyncApiYaml } from './asyncApi.js';
import { schemaFiles } from './schemas/files.js';
import { packedVectors } from './vectors/packed.js';

mkdirSync('dist/schemas', { recursive: true });
for (const [file, schema] of Object.entries(schemaFiles()))
  writeFileSync(`dist/schemas/${file}.gz`, gzipSync(`${JSON.stringify(schema)}\n`, { level: 9 }));
writeFileSync('dist/asyncapi.yaml', asyncApiYaml());
mkdirSync('dist/vectors', { recursive: true });
for (const [file, bytes] of packedVectors()) writeFileSync(`dist/vectors/${file}`, bytes);
