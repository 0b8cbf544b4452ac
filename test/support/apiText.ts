import ts from 'typescript';

const printer = ts.createPrinter({ removeComments: true });

/**
 * Returns the declaration of an export as text, without comments and bodies: the signature of a function, the members of
 * a union, the fields of an object.
 *
 * Types are printed as they are written, because the compiler sorts the members of a union by internal numbers that
 * change with unrelated code. A union that is derived, such as `(typeof paymentOrders)[number]`, is printed by its
 * members in alphabetical order.
 */
export function apiText(checker: ts.TypeChecker, name: string, symbol: ts.Symbol): string {
  const declarations = symbol.declarations ?? [];
  const overloads = declarations.filter((node) => !ts.isFunctionDeclaration(node) || node.body === undefined);
  const shown = overloads.length > 0 ? overloads : declarations;
  return shown.map((declaration) => declarationText(checker, name, declaration)).join('\n');
}

function declarationText(checker: ts.TypeChecker, name: string, node: ts.Declaration): string {
  const text = (part: ts.Node) => printer.printNode(ts.EmitHint.Unspecified, part, node.getSourceFile());
  if (ts.isTypeAliasDeclaration(node)) {
    const parameters = node.typeParameters ? `<${node.typeParameters.map(text).join(', ')}>` : '';
    const members = ts.isUnionTypeNode(node.type) ? node.type.types.map(text) : derivedMembers(checker, node);
    const type =
      members === undefined ? text(node.type) : members.map((member) => `\n  | ${member}`).join('');
    return `type ${name}${parameters} =${members === undefined ? ' ' : ''}${type}`;
  }
  if (ts.isInterfaceDeclaration(node)) return text(node).replace(/^export /, '');
  if (ts.isFunctionDeclaration(node)) return text(signatureOf(checker, name, node));
  if (ts.isClassDeclaration(node)) return text(classWithoutBodies(name, node));
  if (ts.isVariableDeclaration(node)) {
    const type = node.type ? text(node.type) : typeText(checker, checker.getTypeAtLocation(node));
    return `const ${name}: ${type}`;
  }
  throw new Error(`${name} is exported as a ${ts.SyntaxKind[node.kind]}, which apiText cannot print`);
}

/** Returns the members of a union of texts that is derived from something else, or undefined for any other type. */
function derivedMembers(checker: ts.TypeChecker, node: ts.TypeAliasDeclaration): string[] | undefined {
  const type = checker.getTypeAtLocation(node.type);
  if (!type.isUnion() || !type.types.every((member) => member.isStringLiteral())) return undefined;
  return type.types.map((member) => JSON.stringify((member as ts.StringLiteralType).value)).sort();
}

function typeText(checker: ts.TypeChecker, type: ts.Type): string {
  const { NoTruncation, UseAliasDefinedOutsideCurrentScope } = ts.TypeFormatFlags;
  return checker.typeToString(type, undefined, NoTruncation | UseAliasDefinedOutsideCurrentScope);
}

function signatureOf(
  checker: ts.TypeChecker,
  name: string,
  node: ts.FunctionDeclaration,
): ts.FunctionDeclaration {
  const signature = checker.getSignatureFromDeclaration(node) as ts.Signature;
  const result =
    node.type ??
    ts.factory.createTypeReferenceNode(typeText(checker, checker.getReturnTypeOfSignature(signature)));
  const { typeParameters, parameters } = node;
  return ts.factory.createFunctionDeclaration(
    undefined,
    undefined,
    name,
    typeParameters,
    parameters,
    result,
    undefined,
  );
}

function classWithoutBodies(name: string, node: ts.ClassDeclaration): ts.ClassDeclaration {
  const members = node.members.map((member): ts.ClassElement => {
    if (ts.isConstructorDeclaration(member)) {
      return ts.factory.createConstructorDeclaration(undefined, member.parameters, undefined);
    }
    if (!ts.isMethodDeclaration(member)) return member;
    const { name: method, questionToken, typeParameters, parameters, type } = member;
    return ts.factory.createMethodDeclaration(
      undefined,
      undefined,
      method,
      questionToken,
      typeParameters,
      parameters,
      type,
      undefined,
    );
  });
  const { typeParameters, heritageClauses } = node;
  return ts.factory.createClassDeclaration(undefined, name, typeParameters, heritageClauses, members);
}
