import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';

/**
 * Mutation testing (`npm run test:mutation`) of the whole domain, or of the given layers, folders and files.
 *
 * The mutants of a layer are run against the tests of that layer only, so that every file is covered by its own tests.
 * Every run tests all mutants: Stryker's incremental mode would keep old results for code that runs while a module
 * loads, even if tests were added since.
 *
 * `--vectors 300` instead tries at least as many mutants, of lines of `src/account` and `src/overdue` that are chosen by
 * chance and are always the same, against the files in `vectors` alone.
 */
const LAYERS = ['money', 'policy', 'account', 'views'];

/** Some lines have no mutant, others several. */
const LINES_PER_MUTANT = 1.1;

const [option, count, ...more] = process.argv.slice(2);
const named = option === '--vectors' ? more : process.argv.slice(2);
let failed = false;
if (option === '--vectors') run(sampleOfLines(Number(count)), 'test/vectors', '.mutation/vectors');
else
  for (const target of named.length > 0 ? named : LAYERS.map((layer) => `src/${layer}`)) {
    const layer = target.split('/')[1] ?? '';
    if (!target.startsWith('src/') || !LAYERS.includes(layer))
      throw new Error(`not a folder or file of the domain: ${target}`);
    const report = `.mutation/${target.replace('src/', '').replaceAll('/', '-')}`;
    run(statSync(target).isDirectory() ? `${target}/**/*.ts` : target, `test/${layer}`, report);
  }
process.exitCode = failed ? 1 : 0;

function run(mutate: string, tests: string, report: string): void {
  mkdirSync(report, { recursive: true });
  const { status } = spawnSync('npx', ['stryker', 'run', '--mutate', mutate], {
    stdio: 'inherit',
    env: { ...process.env, MUTATION_TESTS: tests, MUTATION_REPORT: report },
  });
  failed ||= status !== 0;
}

/** Returns lines of code with about as many mutants, as Stryker's `--mutate` has them. */
function sampleOfLines(mutants: number): string {
  const files = ['src/account', 'src/overdue'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => `${folder}/${file}`),
  );
  const lines = files.sort().flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((line, index) =>
        /^\s+(?![/*]|import|export type)\S/.test(line) ? [`${file}:${index + 1}-${index + 1}`] : [],
      ),
  );
  // The digest of a line orders them by chance, and a new line elsewhere changes nothing.
  const byChance = lines
    .map((line) => ({ line, key: createHash('sha256').update(line).digest('hex') }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  return byChance
    .slice(0, mutants * LINES_PER_MUTANT)
    .map(({ line }) => line)
    .join(',');
}
