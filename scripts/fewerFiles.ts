/**
 * Part of `npm run build`: writes what tsup wrote again, in fewer files, because the core's 22 files took twice as long to load
 * as four.
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'acorn';
import { rolldown } from 'rolldown';
import ts from 'typescript';
import { sharedFiles } from './sharedFiles.js';

const folder = resolve('dist');
const names = readdirSync(folder).filter((file) => file.endsWith('.js'));
const entries = new Set(names.filter((name) => !name.startsWith('chunk-')));

const isShared = (from: string) => from.startsWith('./');

const files = names.map((name) => {
  const text = readFileSync(join(folder, name), 'utf8');
  const { body } = parse(text, { ecmaVersion: 'latest', sourceType: 'module' });
  const imported = body.flatMap(
    (statement) => ('source' in statement && statement.source?.value) || [],
  ) as string[];
  return {
    name,
    size: text.length,
    imports: imported.filter(isShared).map((from) => from.slice(2)),
    // Those that are loaded later, too: who bundles the file, bundles them.
    packages: ts
      .preProcessFile(text)
      .importedFiles.flatMap(({ fileName }) => (isShared(fileName) ? [] : [fileName])),
  };
});

/** Only what a bundler need not keep is in one file with more: big.js does not say that it has no side effects. */
const KEPT = 'big.js';
const groups = sharedFiles(files, entries, ({ packages }) => packages.includes(KEPT));
const groupOf = new Map(
  groups.flatMap((group, index) => group.map((name) => [join(folder, name), `shared-${index}`])),
);

const bundles = await Promise.all(
  (['js', 'cjs'] as const).map(async (extension) => {
    const bundle = await rolldown({
      input: Object.fromEntries(
        [...entries].map((name) => [name.slice(0, -'.js'.length), join(folder, name)]),
      ),
      external: /^[^./]/,
      treeshake: { moduleSideEffects: false },
      // A shared file is what it is, not also what it needs.
      preserveEntrySignatures: 'allow-extension',
    });
    const { output } = await bundle.generate({
      format: extension === 'js' ? 'es' : 'cjs',
      entryFileNames: `[name].${extension}`,
      chunkFileNames: `[name].${extension}`,
      codeSplitting: {
        groups: [
          {
            debugName: 'shared',
            name: (id) => (entries.has(id.slice(folder.length + 1)) ? null : (groupOf.get(id) ?? null)),
          },
        ],
        includeDependenciesRecursively: false,
      },
    });
    return output;
  }),
);

for (const name of readdirSync(folder)) if (/\.c?js$/.test(name)) rmSync(join(folder, name));
for (const file of bundles.flat())
  if (file.type === 'chunk') writeFileSync(join(folder, file.fileName), file.code);
