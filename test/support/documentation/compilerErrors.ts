import ts from 'typescript';
import { compile } from '../compiler.js';

/** An error of the compiler, at a line of the page that the code comes from. */
export interface CompilerError {
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

/** Compiles modules made of code blocks; all in one go, because the library is most of the work. */
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
