import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const folder = new URL('../../vectors/', import.meta.url);

/** Returns the vectors as the package has them: compressed with gzip, their schema as it is. */
export function packedVectors(): readonly (readonly [file: string, bytes: Buffer])[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => {
      const bytes = readFileSync(new URL(file, folder));
      return file === 'schema.json' ? [file, bytes] : [`${file}.gz`, gzipSync(bytes, { level: 9 })];
    });
}
