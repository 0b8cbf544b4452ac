// `npm run vectors:mutation -- 300`: whether the vectors alone notice mutants of src/account and src/overdue. The mutants are
// Stryker's, chosen by chance and always the same; each is tried in a fresh context, until the first vector that fails.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { createContext, Script } from 'node:vm';
import { Instrumenter } from '@stryker-mutator/instrumenter';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../../', import.meta.url));
const wanted = Number(process.argv[2] ?? 300);

/** A mutant that loops for ever is stopped after this, and counts as noticed. */
const TIMEOUT_MS = 120_000;

/**
 * Files without rules: copies, patches and indexes that save time, digests of this library's commands, and checks of this library's
 * own state, which a program in another language has in another way.
 */
const technical = ['digest', 'evolve', 'ids', 'invariants', 'safeAccount', 'workingSet', 'writeBack'];

const folders = ['src/account', 'src/overdue'];
const names = folders.flatMap((folder) =>
  readdirSync(`${root}${folder}`, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !technical.includes(file.slice(0, -'.ts'.length)))
    .map((file) => `${root}${folder}/${file}`),
);
const files = names.map((name) => ({ name, mutate: true, content: readFileSync(name, 'utf8') }));
const silent = { debug() {}, info() {}, isDebugEnabled: () => false };
const instrumented = await new Instrumenter(silent as never).instrument(files, {
  plugins: null,
  excludedMutations: [],
  ignorers: [],
} as never);
const contents = new Map(instrumented.files.map(({ name, content }) => [name, content]));
const { outputFiles } = await build({
  entryPoints: [`${root}scripts/vectors/check.ts`],
  bundle: true,
  write: false,
  platform: 'node',
  format: 'iife',
  globalName: 'check',
  footer: { js: 'check.vectorsHold(vectors, begins)' },
  plugins: [
    {
      name: 'mutants',
      setup: ({ onLoad }) => {
        onLoad({ filter: /\.ts$/ }, ({ path }) => {
          const text = contents.get(path);
          return text === undefined ? null : { contents: text, loader: 'ts' };
        });
      },
    },
  ],
});
const script = new Script(outputFiles?.[0]?.text ?? '');
const vectors = ['commands', 'corner-cases', 'histories', 'overdue', 'shapes', 'money'].map((name) =>
  readFileSync(`${root}vectors/${name}.json`, 'utf8'),
);

/** Which mutants run, as Stryker's code counts them: while modules load, and by the number of the vector. */
type Coverage = {
  readonly static: Readonly<Record<string, number>>;
  readonly perTest: Readonly<Record<string, Readonly<Record<string, number>>>>;
};
type Stryker = { activeMutant?: string; currentTestId?: string; mutantCoverage?: Coverage };

/** Returns what the vectors find of a mutant, or of the code as it is. Only vectors that `begins` returns true for are run. */
function outcome(stryker: Stryker, begins: (number: number) => boolean): 'survived' | 'failed' | 'threw' {
  const given = { require: createRequire(import.meta.url), process, structuredClone, URL, console };
  const context = createContext({ ...given, vectors, begins, __stryker__: stryker });
  try {
    return script.runInContext(context, { timeout: TIMEOUT_MS }) === true ? 'survived' : 'failed';
  } catch {
    return 'threw';
  }
}

const started = Date.now();
const unchanged: Stryker = {};
const held = outcome(unchanged, (number) => {
  unchanged.currentTestId = String(number);
  return true;
});
if (held !== 'survived') throw new Error('the vectors do not hold: npm run vectors');
const { static: whileLoading = {}, perTest = {} } = unchanged.mutantCoverage ?? {};

/** Runs the vectors that reach a mutant; all of them, if it also runs while modules load. */
function survives(id: string): boolean {
  const reaches = (number: number) => perTest[number]?.[id] !== undefined;
  if (outcome({ activeMutant: id }, reaches) !== 'survived') return false;
  return (
    whileLoading[id] === undefined ||
    outcome({ activeMutant: id }, (number) => !reaches(number)) === 'survived'
  );
}

const byChance = instrumented.mutants
  .filter(({ status }) => status === undefined || status === 'Pending')
  .map((mutant) => {
    const file = mutant.fileName.slice(root.length);
    const line = readFileSync(mutant.fileName, 'utf8').split('\n')[mutant.location.start.line] ?? '';
    const { mutatorName, replacement } = mutant;
    const key = createHash('sha256')
      .update(JSON.stringify([file, line, mutatorName, replacement]))
      .digest('hex');
    return { ...mutant, file, key };
  })
  .sort((a, b) => (a.key < b.key ? -1 : 1))
  .slice(0, wanted);
let survivors = 0;
for (const [index, { id, file, location, mutatorName, replacement }] of byChance.entries()) {
  if (survives(id)) {
    survivors += 1;
    const shown = replacement?.slice(0, 80).replace(/\s+/g, ' ');
    console.log(`survived: ${file}:${location.start.line + 1} ${mutatorName} ${shown}`);
  }
  if (index % 10 === 9) {
    const seconds = Math.round((Date.now() - started) / 1_000);
    console.log(`${index + 1} of ${byChance.length}, ${survivors} survived, ${seconds} s`);
  }
}
const noticed = byChance.length - survivors;
console.log(
  `${noticed} of ${byChance.length} mutants noticed: ${((100 * noticed) / byChance.length).toFixed(1)} %`,
);
