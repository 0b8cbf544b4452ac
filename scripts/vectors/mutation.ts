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

const folders = ['src/account', 'src/overdue'];
const names = folders.flatMap((folder) =>
  readdirSync(`${root}${folder}`, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
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
  footer: { js: 'check.vectorsHold(vectors)' },
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

/** Returns what a mutant does: nothing, if it is undefined and the code as it is. */
function outcome(activeMutant: string | undefined): 'survived' | 'failed' | 'threw' {
  const given = { require: createRequire(import.meta.url), process, structuredClone, URL, console, vectors };
  const context = createContext({ ...given, __stryker__: { activeMutant } });
  try {
    return script.runInContext(context, { timeout: TIMEOUT_MS }) === true ? 'survived' : 'failed';
  } catch {
    return 'threw';
  }
}

const started = Date.now();
if (outcome(undefined) !== 'survived') throw new Error('the vectors do not hold: npm run vectors');
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
const survivors: string[] = [];
for (const [index, { id, file, location, mutatorName, replacement }] of byChance.entries()) {
  if (outcome(id) === 'survived')
    survivors.push(
      `${file}:${location.start.line + 1} ${mutatorName} ${replacement?.slice(0, 80).replace(/\s+/g, ' ')}`,
    );
  if (index % 10 === 9)
    console.log(
      `${index + 1} of ${byChance.length}, ${survivors.length} survived, ${Math.round((Date.now() - started) / 1_000)} s`,
    );
}
const noticed = byChance.length - survivors.length;
console.log(survivors.join('\n'));
console.log(
  `${noticed} of ${byChance.length} mutants noticed: ${((100 * noticed) / byChance.length).toFixed(1)} %`,
);
