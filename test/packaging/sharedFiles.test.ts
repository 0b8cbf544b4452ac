import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BuiltFile, sharedFiles } from '../../scripts/sharedFiles.js';

/** Files of which each imports some of those before it; the last ones are entries. */
const builtFiles = fc.array(
  fc.record({
    size: fc.nat(20_000),
    imports: fc.uniqueArray(fc.nat(11), { maxLength: 4 }),
    packages: fc.uniqueArray(fc.constantFrom('big.js', 'pg', 'valibot'), { maxLength: 2 }),
  }),
  { minLength: 2, maxLength: 12 },
);

const named = (parts: readonly { size: number; imports: number[]; packages: string[] }[]): BuiltFile[] =>
  parts.map(({ imports, ...part }, index) => ({
    ...part,
    name: `${index}.js`,
    imports: imports.filter((before) => before < index).map((before) => `${before}.js`),
  }));

const isAlone = ({ packages }: BuiltFile) => packages.includes('big.js');

/** The groups that are loaded with a file. */
function loaded(groups: readonly (readonly string[])[], files: readonly BuiltFile[], name: string) {
  const reached = new Set<readonly string[]>();
  const load = (file: string): void => {
    const group = groups.find((names) => names.includes(file)) as readonly string[];
    if (reached.has(group)) return;
    reached.add(group);
    for (const { name, imports } of files) if (group.includes(name)) imports.forEach(load);
  };
  load(name);
  return reached;
}

/** Runs a check on files with three entries, and on how they are put together. */
const always = (
  check: (
    groups: readonly (readonly string[])[],
    files: readonly BuiltFile[],
    entries: ReadonlySet<string>,
  ) => void,
) =>
  fc.assert(
    fc.property(builtFiles, (parts) => {
      const files = named(parts);
      const entries = new Set(files.slice(-3).map(({ name }) => name));
      check(sharedFiles(files, entries, isAlone), files, entries);
    }),
  );

describe('the files that entries share', () => {
  it('are each in one file of the package', () => {
    always((groups, files) => {
      expect(groups.flat().sort()).toEqual(files.map(({ name }) => name).sort());
    });
  });

  it('bring no entry a package that it does not use', () => {
    always((groups, files, entries) => {
      const alone = files.map(({ name }) => [name]);
      const packages = (of: readonly (readonly string[])[], entry: string) =>
        new Set(
          [...loaded(of, files, entry)]
            .flat()
            .flatMap((name) => files.find((file) => file.name === name)?.packages),
        );
      for (const entry of entries) expect(packages(groups, entry)).toEqual(packages(alone, entry));
    });
  });

  it('never need each other', () => {
    always((groups, files) => {
      for (const group of groups)
        for (const { name, imports } of files)
          for (const imported of group.includes(name) ? imports : [])
            if (!group.includes(imported)) expect(loaded(groups, files, imported)).not.toContain(group);
    });
  });

  it('are alone if a bundler would keep what they import', () => {
    always((groups, files) => {
      for (const file of files.filter(isAlone)) expect(groups).toContainEqual([file.name]);
    });
  });

  it('become one if all who load them load both', () => {
    const files = [
      { name: 'money.js', size: 5000, imports: [], packages: [] },
      { name: 'account.js', size: 90_000, imports: ['money.js'], packages: ['valibot'] },
      { name: 'index.js', size: 4000, imports: ['account.js', 'money.js'], packages: [] },
      { name: 'views.js', size: 4000, imports: ['account.js'], packages: [] },
    ];
    expect(sharedFiles(files, new Set(['index.js', 'views.js']), isAlone)).toEqual([
      ['index.js'],
      ['views.js'],
      ['money.js', 'account.js'],
    ]);
  });

  it('stay apart if an entry would load much that it does not use', () => {
    const files = [
      { name: 'dates.js', size: 1000, imports: [], packages: [] },
      { name: 'jobs.js', size: 400_000, imports: [], packages: [] },
      { name: 'notices.js', size: 4000, imports: ['dates.js', 'jobs.js'], packages: [] },
      { name: 'views.js', size: 4000, imports: ['dates.js'], packages: [] },
    ];
    expect(sharedFiles(files, new Set(['notices.js', 'views.js']), isAlone)).toHaveLength(4);
  });
});
