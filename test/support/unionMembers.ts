import ts from 'typescript';

/** The `type` of every member of an exported union, such as the commands or the events of an account. */
export function typesOfUnion(root: string, file: string, name: string): string[] {
  const { config } = ts.readConfigFile(`${root}/tsconfig.json`, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [] }, ts.sys, root);
  const program = ts.createProgram([`${root}/${file}`], options);
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(`${root}/${file}`);
  const module = source && checker.getSymbolAtLocation(source);
  const exported = module && checker.getExportsOfModule(module).find((symbol) => symbol.name === name);
  if (!source || !exported) throw new Error(`${file} exports no ${name}`);
  const type = checker.getDeclaredTypeOfSymbol(exported);
  return (type.isUnion() ? type.types : [type]).map((member) => {
    const tag = member.getProperty('type');
    const literal = tag && checker.getTypeOfSymbolAtLocation(tag, source);
    if (!literal?.isStringLiteral()) throw new Error(`a member of ${name} has no literal type`);
    return literal.value;
  });
}
