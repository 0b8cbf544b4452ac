// `npm run vectors:mutation -- 300`: whether the vectors alone notice 300 mutants, as many in each of `rooms`. The mutants are
// Stryker's, chosen by chance and always the same; each is tried in a fresh context, until the first vector that fails.
// `npm run vectors:mutation -- 300@100`: the last ones of the same order, `300@50` those in the middle of it, and so on in percent.
// `-- 300 vat.ts:106 zone.ts`: only those of the 300 in these places.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createContext, Script } from 'node:vm';
import { Instrumenter } from '@stryker-mutator/instrumenter';
import { build } from 'esbuild';
import type { VectorFile } from './vectorFile.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const [wanted = '300', ...places] = process.argv.slice(2);

/** A vector takes milliseconds. One that takes longer than this loops for ever, and counts as noticed. */
const TIMEOUT_MS = 10_000;

const rooms = ['money', 'policy', 'account', 'views', 'overdue'];

/**
 * Files without rules: copies, patches and indexes that save time, digests of this library's commands, checks of this library's
 * own state, and the words and markup of letters, which a program in another language has in another way.
 */
const technical = [
  ...['digest', 'evolve', 'ids', 'index', 'invariants', 'safeAccount', 'workingSet', 'writeBack'],
  ...['letter', 'letterHtml', 'letterText', 'markup', 'activityReportLetter', 'activityReportHtml'],
  ...['activityReportText', 'planParts', 'readerFormat', 'shownText'],
];

const names = rooms.flatMap((room) =>
  readdirSync(`${root}src/${room}`, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !technical.includes(basename(file, '.ts')))
    .map((file) => `${root}src/${room}/${file}`),
);
const sources = names.map((name) => ({ name, mutate: true, content: readFileSync(name, 'utf8') }));
const silent = { debug() {}, info() {}, isDebugEnabled: () => false };
const instrumented = await new Instrumenter(silent as never).instrument(sources, {
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
const files = readdirSync(`${root}vectors`)
  .filter((name) => name.endsWith('.json') && name !== 'schema.json')
  .map((name): VectorFile => JSON.parse(readFileSync(`${root}vectors/${name}`, 'utf8')));
const vectors = files.flatMap(({ groups }, file) =>
  groups.flatMap(({ cases }) => cases.map((one) => ({ text: JSON.stringify(one), file }))),
);
const numbers = [...vectors.keys()];
const reading = new Script('policies = texts.map((text) => JSON.parse(text))');
const texts = files.map(({ policies = {} }) => JSON.stringify(policies));
const checking = new Script('check.caseHolds(vector.text, policies[vector.file])');

/** Which mutants run, as Stryker's code counts them, by the number of the vector. */
type Coverage = {
  readonly perTest: Readonly<Record<string, Readonly<Record<string, number>>>>;
};
type Stryker = { activeMutant?: string; currentTestId?: string; mutantCoverage?: Coverage };

/** How many mutants each vector has noticed. */
const noticedBy = numbers.map(() => 0);

/** Runs vectors one after the other, until one does not hold. Returns whether all hold. */
function hold(stryker: Stryker, order: readonly number[]): boolean {
  const given = { require: createRequire(import.meta.url), process, structuredClone, URL, console };
  const context = createContext({ ...given, texts, __stryker__: stryker });
  const run = (part: Script) => {
    try {
      return part.runInContext(context, { timeout: TIMEOUT_MS });
    } catch {
      return false;
    }
  };
  if (run(script) === false) return false;
  run(reading);
  const failed = order.find((number) => {
    stryker.currentTestId = String(number);
    context.vector = vectors[number];
    return run(checking) !== true;
  });
  if (failed !== undefined) noticedBy[failed] = (noticedBy[failed] ?? 0) + 1;
  return failed === undefined;
}

const started = Date.now();
const unchanged: Stryker = {};
if (!hold(unchanged, numbers)) throw new Error('the vectors do not hold: npm run vectors');
const { perTest = {} } = unchanged.mutantCoverage ?? {};
console.log(`${numbers.length} vectors, ${secondsSince(started)} s`);

/**
 * Runs the vectors of a room: first those that reach a mutant, those of them first that noticed the most so far. The others follow, since what
 * is made once for all of them, such as a schema, is reached by the first one alone.
 */
function survives(id: string, concerned: readonly number[]): boolean {
  const reaches = (number: number) => (perTest[number]?.[id] === undefined ? 0 : 1);
  const noticed = (number: number) => noticedBy[number] as number;
  const order = [...concerned].sort((a, b) => reaches(b) - reaches(a) || noticed(b) - noticed(a) || a - b);
  return hold({ activeMutant: id }, order);
}

const mutants = instrumented.mutants
  .filter(({ status }) => status === undefined || status === 'Pending')
  .map((mutant) => {
    const file = mutant.fileName.slice(root.length);
    const line = readFileSync(mutant.fileName, 'utf8').split('\n')[mutant.location.start.line] ?? '';
    const { mutatorName, replacement } = mutant;
    const key = createHash('sha256')
      .update(JSON.stringify([file, line, mutatorName, replacement]))
      .digest('hex');
    return { ...mutant, key, place: `${file}:${mutant.location.start.line + 1}` };
  })
  .sort((a, b) => (a.key < b.key ? -1 : 1));
const [count = 300, percent = 0] = wanted.split('@').map(Number);
const each = Math.trunc(count / rooms.length);
for (const room of rooms) {
  const all = mutants.filter(({ place }) => place.startsWith(`src/${room}/`));
  const from = Math.max(0, Math.trunc(((all.length - each) * percent) / 100));
  const chosen = all
    .slice(from, from + each)
    .filter(({ place }) => places.length === 0 || places.some((one) => place.includes(one)));
  // The others run no code of this room.
  const ids = new Set(all.map(({ id }) => id));
  const concerned = numbers.filter((number) => Object.keys(perTest[number] ?? {}).some((id) => ids.has(id)));
  let survivors = 0;
  for (const { id, place, mutatorName, replacement } of chosen) {
    if (!survives(id, concerned)) continue;
    survivors += 1;
    const shown = replacement?.slice(0, 80).replace(/\s+/g, ' ');
    console.log(`survived: ${place} ${mutatorName} ${shown}`);
  }
  const noticed = chosen.length - survivors;
  console.log(
    `${room}: ${noticed} of ${chosen.length} mutants noticed, ${((100 * noticed) / chosen.length).toFixed(1)} %, ${secondsSince(started)} s`,
  );
}

function secondsSince(start: number): number {
  return Math.round((Date.now() - start) / 1_000);
}
