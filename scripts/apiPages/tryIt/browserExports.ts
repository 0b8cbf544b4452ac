import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import ts from 'typescript';
import { entryPoints } from '../../../entryPoints.js';

/** The values that each import has, by name: whether a browser can run them, because their sources need no module of Node and no network. */
export type BrowserExports = ReadonlyMap<string, ReadonlyMap<string, boolean>>;

/** A request: the pages must do without a network. */
const NETWORK = /\bawait fetch\(/;

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** The only module of Node that the page has a version of; jobs pause with it. */
export const TIMERS = 'node:timers/promises';

/** What no browser has: modules of Node, and packages that users install themselves. */
const external = (path: string) =>
  isBuiltin(path) ||
  /^(?:fast-check|pg|libsql|better-sqlite3|@nats-io|@opentelemetry|@electric-sql)/.test(path);

const keepOutside: Plugin = {
  name: 'keep outside',
  setup({ onResolve }) {
    onResolve({ filter: /^[a-z@]/ }, ({ path }) => (external(path) ? { path, external: true } : undefined));
  },
};

/** Reads the imports of all entry points. */
export async function browserExports(): Promise<BrowserExports> {
  const { metafile } = await build({
    entryPoints: entryPoints.map(({ source }) => source),
    absWorkingDir: root,
    outdir: 'unwritten',
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'browser',
    plugins: [keepOutside],
  });
  const needsNode = (file: string, seen = new Set<string>()): boolean => {
    if (seen.has(file)) return false;
    seen.add(file);
    if (file.startsWith('src/') && NETWORK.test(readFileSync(resolve(root, file), 'utf8'))) return true;
    return (metafile.inputs[file]?.imports ?? []).some(({ path, external }) =>
      external ? path !== TIMERS : needsNode(path, seen),
    );
  };
  return new Map(
    entryPoints.map(({ specifier, source }) => [
      specifier,
      new Map(valuesOf(source).map(({ name, file }) => [name, !needsNode(relative(root, file))])),
    ]),
  );
}

/** Returns the names of an entry point that are no types, with the source of each. */
function valuesOf(source: string): { name: string; file: string }[] {
  const path = resolve(root, source);
  const text = readFileSync(path, 'utf8');
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true).statements.flatMap((statement) => {
    if (
      ts.isFunctionDeclaration(statement) &&
      statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
    )
      return [{ name: statement.name?.text ?? '', file: path }];
    if (!ts.isExportDeclaration(statement) || statement.isTypeOnly) return [];
    const { exportClause: clause, moduleSpecifier: from } = statement;
    if (!clause || !ts.isNamedExports(clause) || !from || !ts.isStringLiteral(from)) return [];
    const file = resolve(dirname(path), from.text.replace(/\.js$/, '.ts'));
    return clause.elements
      .filter((element) => !element.isTypeOnly)
      .map(({ name }) => ({ name: name.text, file }));
  });
}
