import { spawnSync } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';

/**
 * Mutation testing (`npm run test:mutation`) of the whole domain, or of the given layers, folders and files.
 *
 * The mutants of a layer are run against the tests of that layer only, so that every file is covered by its own tests.
 * Every run tests all mutants: Stryker's incremental mode would keep old results for code that runs while a module
 * loads, even if tests were added since.
 */
const LAYERS = ['money', 'policy', 'account', 'views'];

const named = process.argv.slice(2);
let failed = false;
for (const target of named.length > 0 ? named : LAYERS.map((layer) => `src/${layer}`)) {
  const layer = target.split('/')[1] ?? '';
  if (!target.startsWith('src/') || !LAYERS.includes(layer))
    throw new Error(`not a folder or file of the domain: ${target}`);
  const report = `.mutation/${target.replace('src/', '').replaceAll('/', '-')}`;
  mkdirSync(report, { recursive: true });
  const mutate = statSync(target).isDirectory() ? `${target}/**/*.ts` : target;
  const { status } = spawnSync('npx', ['stryker', 'run', '--mutate', mutate], {
    stdio: 'inherit',
    env: { ...process.env, MUTATION_TESTS: `test/${layer}`, MUTATION_REPORT: report },
  });
  failed ||= status !== 0;
}
process.exitCode = failed ? 1 : 0;
