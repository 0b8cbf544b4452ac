import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { packedVectors } from '../../scripts/vectors/packed.js';
import { describeWith } from '../support/programs.js';
import { temporaryFolder } from '../support/temporaryFolder.js';

const folder = new URL('../../vectors/', import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
const original = (name: string) => readFileSync(new URL(name, folder));

describe('the vectors of the package', () => {
  it('are those of the repository, byte for byte', () => {
    const unpacked = packedVectors().map(([name, bytes]) =>
      name.endsWith('.gz') ? [name.slice(0, -3), gunzipSync(bytes)] : [name, bytes],
    );
    expect(unpacked.map(([name]) => name)).toEqual(names);
    for (const [name, bytes] of unpacked)
      expect(original(name as string).equals(bytes as Buffer), name as string).toBe(true);
  });

  it('are a tenth as large as in the repository, or smaller', () => {
    const sum = (all: readonly Buffer[]) => all.reduce((size, { length }) => size + length, 0);
    expect(sum(packedVectors().map(([, bytes]) => bytes))).toBeLessThan(sum(names.map(original)) / 10);
  });

  describeWith(['python3'], 'in another language', () => {
    it('are read with its own library', () => {
      const place = temporaryFolder();
      for (const [name, bytes] of packedVectors()) writeFileSync(join(place, name), bytes);
      const program = `
import glob, gzip, json
for path in sorted(glob.glob('*.json.gz')):
    with gzip.open(path, 'rt', encoding='utf-8') as file:
        print(path, sum(len(group['cases']) for group in json.load(file)['groups']))
`;
      const printed = execFileSync('python3', ['-c', program], { cwd: place, encoding: 'utf8' });
      const expected = names
        .filter((name) => name !== 'schema.json')
        .map((name) => {
          const { groups } = JSON.parse(String(original(name))) as {
            readonly groups: readonly { readonly cases: readonly unknown[] }[];
          };
          return `${name}.gz ${groups.reduce((sum, { cases }) => sum + cases.length, 0)}\n`;
        });
      expect(printed).toBe(expected.join(''));
    });
  });
});
