import ts from 'typescript';

/** Compiles files as strictly as the source is compiled, without writing anything. */
export function compile(root: string, files: readonly string[]): ts.Program {
  const { config } = ts.readConfigFile(`${root}/tsconfig.json`, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [] }, ts.sys, root);
  return ts.createProgram(
    files.map((file) => `${root}/${file}`),
    options,
  );
}

/** Returns the exports of a module by name; re-exported names resolve to the original symbol. */
export function exportsOf(root: string, program: ts.Program, file: string): Map<string, ts.Symbol> {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(`${root}/${file}`);
  const module = source && checker.getSymbolAtLocation(source);
  if (!module) throw new Error(`${file} is not a module`);
  const originOf = (symbol: ts.Symbol) =>
    symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  return new Map(checker.getExportsOfModule(module).map((symbol) => [symbol.name, originOf(symbol)]));
}

/** Returns the `type` of every member of an exported union, e.g. of `Command`. */
export function typesOfUnion(root: string, file: string, name: string): string[] {
  const program = compile(root, [file]);
  const checker = program.getTypeChecker();
  const union = exportsOf(root, program, file).get(name);
  if (!union) throw new Error(`${file} exports no ${name}`);
  const type = checker.getDeclaredTypeOfSymbol(union);
  return (type.isUnion() ? type.types : [type]).map((member) => {
    const tag = member.getProperty('type');
    const literal = tag && checker.getTypeOfSymbol(tag);
    if (!literal?.isStringLiteral()) throw new Error(`a member of ${name} has no literal type`);
    return literal.value;
  });
}
