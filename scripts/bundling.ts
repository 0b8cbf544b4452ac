import { readFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import type { Options } from 'tsup';
import ts from 'typescript';

type Plugin = NonNullable<Options['esbuildPlugins']>[number];

/**
 * Bundles `./apply.js?draft` as a second copy of the reducer, with what it calls inside src/account, because a shared
 * helper would be as slow as a shared reducer; why is told in src/account/applyForDrafts.d.ts. What lies outside that
 * folder stays single: there is one class of errors and one table of currencies.
 */
export const secondCopy: Plugin = {
  name: 'second-copy',
  setup(build) {
    const account = resolve('src/account');
    build.onResolve({ filter: /^\.{1,2}\/.*\.js(\?draft)?$/ }, ({ path, namespace, resolveDir }) => {
      const source = resolve(resolveDir, path.replace(/\.js(\?draft)?$/, '.ts'));
      const copied = path.endsWith('?draft') || (namespace === 'draft' && source.startsWith(account));
      return copied ? { path: relative('.', source), namespace: 'draft', sideEffects: false } : undefined;
    });
    build.onLoad({ filter: /./, namespace: 'draft' }, ({ path }) => loadPure(resolve(path)));
  },
};

/**
 * Tells bundlers that no call at the top of a source file has an effect. `sideEffects: false` says the same, but they
 * believe it only of whole files, and ours are bundled into one: without this, `fold` would bring every schema along.
 */
export const pureCalls: Plugin = {
  name: 'pure-calls',
  setup(build) {
    build.onLoad({ filter: /\/src\/.*\.ts$/, namespace: 'file' }, ({ path }) => loadPure(path));
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
