import ts from 'typescript';
import { compile } from '../compiler.js';

/** A compiler error, with its line on the page. */
export interface CompilerError {
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

/** Compiles modules of code blocks all at once, because the library is most of the work. */
export function compilerErrorsIn(root: string, paths: readonly string[]): CompilerError[] {
  const program = compile(root, paths);
  return paths.flatMap((path) => {
    const file = program.getSourceFile(`${root}/${path}`);
    if (!file) return [{ path, line: 0, message: 'was not compiled' }];
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(
      (error) => ({
        path,
        line: ts.getLineAndCharacterOfPosition(file, error.start ?? 0).line + 1,
        message: ts.flattenDiagnosticMessageText(error.messageText, '\n'),
      }),
    );
  });
}
