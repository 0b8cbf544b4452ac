import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Options } from 'tsup';
import ts from 'typescript';

type Plugin = NonNullable<Options['esbuildPlugins']>[number];

/**
 * Marks what source files compute when they are loaded as pure for bundlers. `sideEffects: false` applies only to whole
 * files, and ours are bundled into few: without these marks, `fold` would include every schema.
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
  const marks: (readonly [at: number, mark: string])[] = [];
  const values = file.statements
    .filter(ts.isVariableStatement)
    .flatMap(({ declarationList }) =>
      declarationList.declarations.flatMap(({ initializer }) => initializer ?? []),
    );
  for (const value of values) {
    const visit = (node: ts.Node): boolean => {
      if (ts.isFunctionLike(node) || ts.isClassLike(node) || ts.isTypeNode(node)) return false;
      if (ts.isCallExpression(node) || ts.isNewExpression(node)) marks.push([node.getStart(), PURE]);
      const inside = node.getChildren().map(visit);
      return isImpure(node) || inside.includes(true);
    };
    // A spread or a property of another value cannot be marked: a function that is called at once can.
    if (visit(value)) marks.push([value.getStart(), `${PURE}(() => (`], [value.end, '))()']);
  }
  return marks
    .sort(([left], [right]) => left - right)
    .reduceRight((marked, [at, mark]) => marked.slice(0, at) + mark + marked.slice(at), text);
}

const PURE = '/* @__PURE__ */ ';

function isImpure(node: ts.Node): boolean {
  return (
    ts.isSpreadElement(node) ||
    ts.isSpreadAssignment(node) ||
    ts.isTemplateExpression(node) ||
    (ts.isPropertyAccessExpression(node) &&
      !(ts.isCallExpression(node.parent) && node.parent.expression === node)) ||
    ts.isElementAccessExpression(node) ||
    ts.isRegularExpressionLiteral(node)
  );
}
