import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Options } from 'tsup';
import ts from 'typescript';

type Plugin = NonNullable<Options['esbuildPlugins']>[number];

/**
 * Marks the top-level calls of source files as pure for bundlers. `sideEffects: false` applies only to whole files, and
 * ours are bundled into one: without these marks, `fold` would include every schema.
 */
export const pureCalls: Plugin = {
  name: 'pure-calls',
  setup(build) {
    build.onLoad({ filter: /\/src\/.*\.ts$/ }, ({ path }) => loadPure(path));
  },
};

async function loadPure(path: string) {
  return {
    contents: markPure(await readFile(path, 'utf8')),
    loader: 'ts',
    resolveDir: dirname(path),
  } as const;
}

function markPure(text: string): string {
  const file = ts.createSourceFile('source.ts', text, ts.ScriptTarget.ES2022, true);
  const calls: number[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node)) return;
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) calls.push(node.getStart());
    ts.forEachChild(node, visit);
  };
  file.statements.filter(ts.isVariableStatement).forEach(visit);
  const marked = (code: string, at: number) => `${code.slice(0, at)}/* @__PURE__ */ ${code.slice(at)}`;
  return calls.sort((a, b) => a - b).reduceRight(marked, text);
}
