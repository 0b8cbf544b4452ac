import { basename } from 'node:path/posix';
import ts from 'typescript';
import { hasOnlyTypes, importsOf, nodesOf, type Sources } from './sources.js';

/** A rule for the source: returns a line for each violation. */
export type Rule = (sources: Sources) => string[];

/** The layers, the lowest first. A layer imports only itself and layers of earlier rows. */
const LAYERS = [
  ['errors'],
  ['input'],
  ['money'],
  // Fine rules and calendars use money, but not accounts.
  ['policy', 'overdue'],
  ['account'],
  ['views'],
  ['history'],
  ['job'],
  ['office'],
  ['patron'],
  ['books'],
  ['notices'],
  ['seals'],
  // The jobs of a library, and the work with a bursar, which is as large as all of them.
  ['jobs', 'bursar'],
  ['online'],
  ['stores', 'interop', 'testing', 'words'],
  // Observes the store, projections and services that a program gives it.
  ['telemetry'],
  // The command line, which uses the entry points as a user of the package does.
  ['cli'],
];

/** Tables of data and lists of exports, which may be long. */
const DATA_TABLES = new Set([
  'src/money/currency.ts',
  'src/policy/codeTables.ts',
  'src/index.ts',
  'src/words/french.ts',
  'src/words/german.ts',
]);

const LINES_MAX = 600;

/** The folders of pure functions. */
const PURE = /^src\/(input|money|policy|overdue|account|views)\//;

export const layersImportOnlyLowerLayers: Rule = (sources) =>
  importsOf(sources).flatMap(({ from, to }) => {
    // Entry points are above all layers.
    if (!to.startsWith('src/') || isIndex(from)) return [];
    if (isIndex(to)) return [`${from} imports the entry point ${to}`];
    const [own, other] = [layerOf(from), layerOf(to)];
    const allowed = own === other || rank(other) < rank(own);
    return allowed ? [] : [`${from} (${own}) imports ${to} (${other})`];
  });

const isIndex = (path: string) => basename(path) === 'index.ts';

/** Returns the layer of a file. Files outside the folders (errors.ts and its imports) are the lowest layer. */
function layerOf(path: string): string {
  const [, folder = '', inside] = path.split('/');
  if (inside !== undefined) return folder;
  return folder === 'index.ts' ? 'entry' : 'errors';
}

function rank(layer: string): number {
  const row = LAYERS.findIndex((layers) => layers.includes(layer));
  return row < 0 ? Number.POSITIVE_INFINITY : row;
}

export const everyFolderIsALayer: Rule = (sources) =>
  [...sources.keys()]
    .filter((path) => layerOf(path) !== 'entry' && rank(layerOf(path)) === Number.POSITIVE_INFINITY)
    .map((path) => `${path} is in no layer`);

export const noCircularImports: Rule = (sources) => {
  const targets = new Map<string, string[]>();
  for (const { from, to } of importsOf(sources)) targets.set(from, [...(targets.get(from) ?? []), to]);
  const circles: string[] = [];
  const done = new Set<string>();
  const follow = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) circles.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
    else if (!done.has(path)) {
      for (const next of targets.get(path) ?? []) follow(next, [...trail, path]);
      done.add(path);
    }
  };
  for (const path of targets.keys()) follow(path, []);
  return circles;
};

export const onlyMoneyKnowsBig: Rule = (sources) =>
  importers(sources, 'big.js').filter((path) => !path.startsWith('src/money/'));

export const onlyOverdueKnowsTemporal: Rule = (sources) =>
  importers(sources, 'temporal-polyfill').filter((path) => !path.startsWith('src/overdue/'));

export const onlyEvolveKnowsImmer: Rule = (sources) =>
  importers(sources, 'immer').filter((path) => path !== 'src/account/evolve.ts');

/** Each takes longer to load than a whole entry of ours, and few programs read a file. */
export const readersOfFilesAreLoadedLate: Rule = (sources) =>
  [...sources].flatMap(([path, text]) =>
    /^import (?!type\b)[^;]*'(csv-parse|saxes)['/]/m.test(text) ? [path] : [],
  );

function importers(sources: Sources, name: string): string[] {
  return importsOf(sources).flatMap(({ from, to }) =>
    to === name || to.startsWith(`${name}/`) ? [from] : [],
  );
}

/** A conflict may be created anywhere; code that catches one must compare an error with its code. */
export const onlyRetryCatchesConflicts: Rule = (sources) =>
  [...sources].flatMap(([path, text]) => {
    if (path === 'src/errors.ts' || path === 'src/history/retry.ts' || path.startsWith('src/testing/'))
      return [];
    const code = text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
    const isCompared = /(?<!new PatronFeesError\(\s*)['"`]VERSION_CONFLICT['"`]/.test(code);
    return isCompared ? [path] : [];
  });

export const noFileIsLong: Rule = (sources) =>
  [...sources].flatMap(([path, text]) => {
    const lines = text.trimEnd().split('\n').length;
    const isTable = DATA_TABLES.has(path) || isIndex(path);
    return lines <= LINES_MAX || isTable ? [] : [`${path} has ${lines} lines`];
  });

export const noCatchAllFolders: Rule = (sources) =>
  [...sources.keys()].filter((path) => /(^|\/)(utils?|helpers?|common|shared|types)(\/|\.ts$)/.test(path));

export function indexFilesOnlyAtEntryPoints(entryPoints: readonly string[]): Rule {
  return (sources) => [...sources.keys()].filter((path) => isIndex(path) && !entryPoints.includes(path));
}

export const domainIsPure: Rule = (sources) =>
  [...sources]
    .filter(([path]) => PURE.test(path))
    .flatMap(([path, text]) =>
      nodesOf(path, text).flatMap(({ node, line }) =>
        isImpure(node) ? [`${path}:${line} ${node.getText()}`] : [],
      ),
    );

/** Functions that are not deterministic, or change a global setting. */
const IMPURE = /^(Date\.now|Math\.random|performance\.now|crypto\.\w+|Big\.\w+|setAutoFreeze|enableMapSet)$/;

/** Functions that use the clock or the locale of the machine if called without arguments. */
const IMPURE_WITHOUT_ARGUMENTS = /^(Date|Intl\.\w+|.*\.toLocale\w*String)$/s;

function isImpure(node: ts.Node): boolean {
  if (ts.isNewExpression(node) || ts.isCallExpression(node)) {
    return !node.arguments?.length && IMPURE_WITHOUT_ARGUMENTS.test(node.expression.getText());
  }
  return (ts.isPropertyAccessExpression(node) || ts.isIdentifier(node)) && IMPURE.test(node.getText());
}

/** Every command has a decision file, e.g. `ReceivePayment` has src/account/decisions/receivePayment.ts. */
export function everyCommandHasItsDecision(commandTypes: readonly string[]): Rule {
  return (sources) => {
    const folder = 'src/account/decisions/';
    const expected = commandTypes.map(
      (type) => `${folder}${type.charAt(0).toLowerCase()}${type.slice(1)}.ts`,
    );
    const found = [...sources.keys()].filter((path) => path.startsWith(folder));
    return [
      ...expected.filter((path) => !found.includes(path)).map((path) => `${path} is missing`),
      ...found
        .filter((path) => !expected.includes(path))
        .map((path) => `${path} is not the decision of a command`),
    ];
  };
}

export function everySourceHasItsTest(tests: readonly string[]): Rule {
  return (sources) =>
    [...sources]
      .map(([path, text]) => ({ path, text, test: path.replace(/^src\/(.*)\.ts$/, 'test/$1.test.ts') }))
      .filter(({ path, test }) => !isIndex(path) && !tests.includes(test))
      // Their sentences are tested together, in every language: test/words/rejections.test.ts.
      .filter(({ path }) => !/Rejections?\.ts$/.test(path))
      // Compiles the file: only those without a test.
      .filter(({ text }) => !hasOnlyTypes(text))
      .map(({ test }) => test);
}

/**
 * Random cases have the options of `test/support/seeded.ts`, so that `FC_RUNS=0` leaves none of them to count; and
 * nothing is compared with their number.
 */
export const casesAreNotCounted: Rule = (files) => {
  const forms = [
    /\{(?![^{}]*(?:\bseed\b|\.\.\.))[^{}]*\bnumRuns: [^{}]*\}/g,
    /\b\w+(?:\(\w*\))?\.numRuns\b/g,
    /\bfc\.sample\((?:[^()\n]|\([^()]*\))*, \d+\)/g,
  ];
  return [...files].flatMap(([path, text]) =>
    forms.flatMap((form) => [...text.matchAll(form)].map(([found]) => `${path}: ${found}`)),
  );
};

/**
 * Files of tests share modules (`isolate: false`), so a hook at the top of one belongs to the file that imports it first
 * alone: it would remove what the others still use.
 */
export const sharedModulesHaveNoHooks: Rule = (files) =>
  [...files]
    .filter(([path]) => !/\.(?:test|faults|desk|site)\.ts$/.test(path))
    .flatMap(([path, text]) =>
      [...text.matchAll(/^(?:before|after)(?:All|Each)\(/gm)].map(([found]) => `${path}: ${found}`),
    );
