import { dirname, join } from 'node:path/posix';
import ts from 'typescript';

/** Source files by their path from the root of the repository. */
export type Sources = ReadonlyMap<string, string>;

/** An import of one file. */
export interface Import {
  readonly from: string;
  /** As written, for a package; the path of the imported file, for a relative import. */
  readonly to: string;
}

/** Every import of the sources, those of types included: a type ties two files together as much as a value does. */
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

/** Whether a file leaves nothing to run once its types are taken away. */
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

/** Every node of a file, with the line it begins in. */
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
