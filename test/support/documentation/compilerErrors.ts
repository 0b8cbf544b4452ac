import ts from 'typescript';

/** An error of the compiler, at a line of the page that the code comes from. */
export interface CompilerError {
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

/** Compiles files as strictly as the source is compiled; all in one go, because the library is most of the work. */
export function compilerErrorsIn(root: string, paths: readonly string[]): CompilerError[] {
  const { config } = ts.readConfigFile(`${root}/tsconfig.json`, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [] }, ts.sys, root);
  const program = ts.createProgram(
    paths.map((path) => `${root}/${path}`),
    options,
  );
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
