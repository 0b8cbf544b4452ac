import ts from 'typescript';
import { compile, exportsOf } from '../../test/support/compiler.js';
import { type JsonSchema, ref } from './validatorSchema.js';

/**
 * Compiles entry points.
 *
 * @param definitions - the definitions, by name; named types are added. A type whose name has one already is not read, so
 * that the schema of a validator goes before that of its type
 */
export function typeSchemas(root: string, files: readonly string[], definitions: Record<string, JsonSchema>) {
  const program = compile(root, files);
  const checker = program.getTypeChecker();

  const symbols = (file: string) => exportsOf(root, program, file);
  const typeNamed = (file: string, name: string): ts.Type => {
    const symbol = symbols(file).get(name);
    if (symbol === undefined) throw new Error(`${file} exports no ${name}`);
    return checker.getDeclaredTypeOfSymbol(symbol);
  };

  /** Returns the schema of a type; undefined for one that is not JSON, such as a function. */
  const schemaOf = (type: ts.Type): JsonSchema | undefined => {
    const alias = type.aliasTypeArguments === undefined ? type.aliasSymbol : undefined;
    const name = alias?.name;
    if (name === undefined || !isObjectOrUnion(type)) return plainSchema(type);
    if (definitions[name] === undefined) {
      definitions[name] = {};
      const schema = plainSchema(type);
      if (schema === undefined) {
        delete definitions[name];
        return undefined;
      }
      definitions[name] = { ...described(alias as ts.Symbol), ...schema };
    }
    return ref(name);
  };

  const plainSchema = (type: ts.Type): JsonSchema | undefined => {
    if (type.isStringLiteral() || type.isNumberLiteral()) return { const: type.value };
    const { flags } = type;
    if (flags & ts.TypeFlags.String) return { type: 'string' };
    if (flags & ts.TypeFlags.Number) return { type: 'number' };
    if (flags & ts.TypeFlags.Boolean) return { type: 'boolean' };
    if (flags & ts.TypeFlags.BooleanLiteral) return { const: checker.typeToString(type) === 'true' };
    if (flags & ts.TypeFlags.Null) return { type: 'null' };
    if (flags & (ts.TypeFlags.Unknown | ts.TypeFlags.Any)) return {};
    if (type.isUnion()) return unionSchema(type.types);
    if (checker.isTupleType(type)) return tupleSchema(type as ts.TypeReference);
    if (checker.isArrayType(type)) return listSchema(checker.getTypeArguments(type as ts.TypeReference)[0]);
    return isObjectOrUnion(type) ? objectSchema(type) : undefined;
  };

  const unionSchema = (types: readonly ts.Type[]): JsonSchema | undefined => {
    const known = types.filter(({ flags }) => !(flags & ts.TypeFlags.Undefined));
    const literals = known.filter((type) => type.isStringLiteral());
    const isBoolean = known.filter(({ flags }) => flags & ts.TypeFlags.BooleanLiteral).length === 2;
    const others = known.filter(
      (type) => !type.isStringLiteral() && !(isBoolean && type.flags & ts.TypeFlags.BooleanLiteral),
    );
    const schemas = others.map(schemaOf).filter((schema) => schema !== undefined);
    if (literals.length > 0) schemas.unshift({ type: 'string', enum: literals.map(({ value }) => value) });
    if (isBoolean) schemas.unshift({ type: 'boolean' });
    const plain = schemas.filter((schema) => Object.keys(schema).join() === 'type');
    if (plain.length === schemas.length && plain.length > 1)
      return { type: plain.map(({ type }) => type as string) };
    if (schemas.length < 2) return schemas[0];
    const hasTypes =
      others.length === known.length && others.every((type) => type.getProperty('type') !== undefined);
    return hasTypes ? { oneOf: schemas } : { anyOf: schemas };
  };

  const listSchema = (entry: ts.Type | undefined): JsonSchema | undefined => {
    const items = entry && schemaOf(entry);
    return items && { type: 'array', items };
  };

  const tupleSchema = (type: ts.TypeReference): JsonSchema => {
    const entries = checker.getTypeArguments(type).map((entry) => schemaOf(entry) ?? {});
    return entries.length === 0
      ? { type: 'array', maxItems: 0 }
      : { type: 'array', prefixItems: entries, items: false, minItems: entries.length };
  };

  const objectSchema = (type: ts.Type): JsonSchema | undefined => {
    if (type.getCallSignatures().length > 0) return undefined;
    const properties: Record<string, JsonSchema> = {};
    const required: string[] = [];
    for (const symbol of checker.getPropertiesOfType(type)) {
      // A symbol such as Symbol.iterator.
      if (symbol.name.startsWith('__@')) return undefined;
      const schema = schemaOf(checker.getTypeOfSymbol(symbol));
      if (schema === undefined) continue;
      properties[symbol.name] = { ...schema, ...described(symbol) };
      if (!(symbol.flags & ts.SymbolFlags.Optional)) required.push(symbol.name);
    }
    const index = checker.getIndexInfoOfType(type, ts.IndexKind.String);
    const entry = index && schemaOf(index.type);
    return {
      type: 'object',
      ...(Object.keys(properties).length > 0 && { properties, required }),
      ...(entry && { additionalProperties: entry }),
    };
  };

  const described = (symbol: ts.Symbol): { description?: string } => {
    const description = textOf(symbol);
    return description === '' ? {} : { description };
  };

  const textOf = (symbol: ts.Symbol): string =>
    ts
      .displayPartsToString(symbol.getDocumentationComment(checker))
      .replace(/\{@link (?:[\w.]+ ?[| ] ?)?([\w.]+) ?\}/g, '$1')
      .replace(/\s+/g, ' ')
      .trim();

  /** Adds the comments of a type to the schema of its validator. */
  const describe = (schema: JsonSchema, given: ts.Type): JsonSchema => {
    const type = checker.getNonNullableType(given);
    const types = type.isUnion() ? type.types : [type];
    for (const [name, field] of Object.entries(schema.properties ?? {})) {
      const owner = types.find((one) => checker.getPropertyOfType(one, name) !== undefined);
      const symbol = owner && checker.getPropertyOfType(owner, name);
      if (symbol === undefined) throw new Error(`${checker.typeToString(type)} has no ${name}`);
      const { description } = described(symbol);
      if (description !== undefined) field.description = description;
      describe(field, checker.getTypeOfSymbol(symbol));
    }
    const entryOf = (one: ts.Type) => checker.getIndexInfoOfType(one, ts.IndexKind.Number)?.type;
    const entry = types.map(entryOf).find((one) => one !== undefined);
    if (schema.items && entry !== undefined) describe(schema.items, entry);
    const value = types
      .map((one) => checker.getIndexInfoOfType(one, ts.IndexKind.String)?.type)
      .find((one) => one);
    if (typeof schema.additionalProperties === 'object' && value)
      describe(schema.additionalProperties, value);
    for (const part of [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])])
      describe(part, type);
    return schema;
  };

  return {
    /** Returns the schema of an exported type. */
    named: (file: string, name: string) => schemaOf(typeNamed(file, name)),
    /** Returns the schema of a validator with the comments of its type. */
    describe: (schema: JsonSchema, file: string, name: string) => {
      const type = typeNamed(file, name);
      return describe({ ...(type.aliasSymbol && described(type.aliasSymbol)), ...schema }, type);
    },
    /** Returns the exported functions, with the schemas of their form (the third parameter) and of their results. */
    functions: (file: string) =>
      [...symbols(file)].flatMap(([name, symbol]) => {
        const declaration = symbol.valueDeclaration;
        const type = declaration && checker.getTypeOfSymbolAtLocation(symbol, declaration);
        const signature = type?.getCallSignatures().at(-1);
        if (signature === undefined) return [];
        const form = signature.parameters[2];
        const returned = checker.getReturnTypeOfSignature(signature);
        return [
          {
            name,
            parameters: signature.parameters.map((parameter) => parameter.name),
            form: () => (form ? schemaOf(checker.getTypeOfSymbol(form)) : undefined),
            results: () => resultsOf(returned).map(schemaOf),
          },
        ];
      }),
  };

  /** Returns what a promise or a generator gives, lines and a report; of a job that can be refused, if it is not. */
  function resultsOf(type: ts.Type): readonly ts.Type[] {
    const found = (type.isUnion() ? type.types : [])
      .map((one) => checker.getPropertyOfType(one, 'entries') ?? checker.getPropertyOfType(one, 'report'))
      .find((property) => property !== undefined);
    if (found !== undefined) return resultsOf(checker.getTypeOfSymbol(found));
    const name = type.getSymbol()?.name;
    const given = checker.getTypeArguments(type as ts.TypeReference);
    if (name === 'Promise') return given.slice(0, 1).flatMap(resultsOf);
    if (name === 'AsyncGenerator') return given.slice(0, 2);
    return [type];
  }

  function isObjectOrUnion(type: ts.Type): boolean {
    return Boolean(type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Union | ts.TypeFlags.Intersection));
  }
}
