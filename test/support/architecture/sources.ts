import { dirname, join } from 'node:path/posix';
import ts from 'typescript';

/** Source files, by their path in the repository. */
export type Sources = ReadonlyMap<string, string>;

/** An import of one file. */
export interface Import {
  readonly from: string;
  /** The specifier of a package; the path of the imported file for a relative import. */
  readonly to: string;
}

/** Returns every import of the sources, including type imports, which are dependencies too. */
export function importsOf(sources: Sources): Import[] {
  return [...sources].flatMap(([from, text]) =>
    ts
      .preProcessFile(text, true, true)
      .importedFiles.map(({ fileName }) => ({ from, to: target(from, fileName) })),
  );
}

function target(from: string, specifier: string): string {
  if (!specifier.startsWith('.')) return specifier;
  return join(dirname(from), specifier.replace(/\.js$/, '.ts'));
}

/** Returns whether a file has only types. */
export function hasOnlyTypes(text: string): boolean {
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: {
      module: ts.ModuleKind.ESNext,
      target: ts.ScriptTarget.ES2022,
      verbatimModuleSyntax: true,
      removeComments: true,
    },
  });
  return outputText.replaceAll(/export \{\s*\};?/g, '').trim() === '';
}

/** Returns every node of a file, with its first line. */
export function nodesOf(path: string, text: string): { node: ts.Node; line: number }[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  const nodes: { node: ts.Node; line: number }[] = [];
  const visit = (node: ts.Node): void => {
    nodes.push({ node, line: file.getLineAndCharacterOfPosition(node.getStart()).line + 1 });
    ts.forEachChild(node, visit);
  };
  visit(file);
  return nodes;
}
