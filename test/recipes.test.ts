import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { entryPoints } from '../entryPoints.js';
import { rejectionTypes } from '../scripts/pictures/rejections.js';
import { noticeKinds } from '../src/index.js';
import { paymentsColumns } from '../src/jobs/reports/index.js';
import { call, everyJob, jobNames, policy } from './support/everyJob.js';
import { filesUnder } from './support/filesUnder.js';

// What the recipes of CONTRIBUTING.md ask for and no compiler checks.

const root = fileURLToPath(new URL('../', import.meta.url));
const textOf = (path: string) => readFileSync(`${root}${path}`, 'utf8');
const files = ['src', 'test', 'scripts', 'docs', 'examples', 'vectors'].flatMap((folder) =>
  filesUnder(root, folder),
);

/** Returns the files and folders of the repository that a text names in backticks and that do not exist. */
function missingFiles(text: string): readonly string[] {
  // Backticks of a block of code would pair with those of the words after it.
  const words = text.replace(/^```[\s\S]*?^```/gm, '');
  const named = [...words.matchAll(/`([^`]+)`/g)].flatMap(([, code = '']) => code.split(/\s+/));
  const isPath = /^[\w/.-]*\w\.(?:ts|json|md)$|^(?:src|test|scripts|docs|examples|vectors)\/[\w/-]*$/;
  const paths = named.filter((name) => isPath.test(name));
  const exists = (path: string) => {
    const name = path.replace(/\/$/, '');
    return files.some((file) => file === name || file.startsWith(`${name}/`) || file.endsWith(`/${name}`));
  };
  // versions.json is written by `npm run docs:publish`.
  const isKnown = (path: string) => path === 'versions.json' || existsSync(`${root}${path}`) || exists(path);
  return [...new Set(paths.filter((path) => !isKnown(path)))];
}

it('the files and folders that CONTRIBUTING.md names exist', () => {
  expect(missingFiles(textOf('CONTRIBUTING.md'))).toEqual([]);
  expect(
    missingFiles(
      '```sh\nls\n```\n`src/money/money.ts`, `src/gone.ts`, `gone/money.ts`, `money/money.ts`, `src/gone/`',
    ),
  ).toEqual(['src/gone.ts', 'gone/money.ts', 'src/gone/']);
  expect(missingFiles('`pairs.faults.ts`, `gone.faults.ts`, `.size-limit.json`, `.gone.json`')).toEqual([
    'gone.faults.ts',
    '.gone.json',
  ]);
});

const guides = files.filter((file) => /^docs\/(?:guides|concepts)\/.*\.md$/.test(file)).map(textOf);

it.each(jobNames)('%s is in a guide and in the changelog', (name) => {
  const word = new RegExp(`\\b${name}\\b`);
  expect(guides.some((page) => word.test(page))).toBe(true);
  expect(textOf('CHANGELOG.md')).toMatch(word);
});

/** Whether a job can be divided: it refuses the index of this shard, the others the whole option. */
async function hasShards(name: string): Promise<boolean> {
  const job = everyJob[name];
  const options = { ...job?.options?.(), shard: { index: 2, of: 2 } };
  try {
    await call(name, {}, policy, job?.form, options);
  } catch (error) {
    const { faults = [] } = (error as { details: { faults?: readonly { path: string }[] } }).details;
    return faults.some(({ path }) => path === 'options.shard.index');
  }
  throw new Error(`${name} refuses neither its stores nor its shard`);
}

it('every job that can be divided into shards shows that its shards add up', async () => {
  const shown = textOf('test/jobs/shardUnion.test.ts');
  for (const name of jobNames) if (await hasShards(name)) expect(shown).toMatch(new RegExp(`\\b${name}\\(`));
});

it.each(noticeKinds)('the notice %s is in the guide and in the changelog', (kind) => {
  const rows = textOf('docs/guides/send-notices.md')
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  expect(rows.some((row) => row.split('|')[1]?.includes(`\`${kind}\``))).toBe(true);
  expect(textOf('CHANGELOG.md')).toContain(`\`${kind}\``);
});

it.each(rejectionTypes)('the rejection %s is on the page of all rejections', (type) => {
  expect(textOf('docs/concepts/all-rejections.md')).toContain(`\n| \`${type}\` | `);
});

it('the changelog leads to the page of all rejections', () => {
  expect(textOf('CHANGELOG.md')).toContain('(docs/concepts/all-rejections.md)');
});

it.each(paymentsColumns)('the column %s of the payments report is in the guide', (column) => {
  expect(textOf('docs/guides/close-the-till.md')).toMatch(
    new RegExp(`^The columns [\\s\\S]*?\`${column}\``, 'm'),
  );
});

it.each(entryPoints)(
  'the entry point $specifier is in both tables of entry points and in the changelog',
  ({ specifier }) => {
    const rowsOf = (path: string) =>
      textOf(path)
        .split('\n')
        .filter((line) => line.startsWith('| `'));
    const isNamed = (row: string) =>
      row.includes(`\`${specifier}\``) || row.includes(`\`${specifier.replace('patron-fees', '')}\``);
    expect(rowsOf('README.md').some(isNamed)).toBe(true);
    expect(rowsOf('docs/home.md').some(isNamed)).toBe(true);
    const name = specifier.replace('patron-fees/', '');
    expect(textOf('CHANGELOG.md')).toMatch(new RegExp(`[/\`]${name}\\b`));
  },
);
