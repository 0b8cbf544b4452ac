import ts from 'typescript';
import { compile, exportsOf } from '../test/support/compiler.js';

/** The part of JSON Schema that the schema of events uses. */
export type JsonSchema = {
  [keyword: string]: unknown;
  description?: string;
  properties?: Record<string, JsonSchema>;
  allOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  $defs?: Record<string, JsonSchema>;
};

const CIRCUMSTANCES = 'src/account/circumstances.ts';

/** The type names of the schema's definitions. */
const definedTypes = {
  actor: 'RecordedActor',
  item: 'Item',
  metadata: 'EventMetadata',
  allocation: 'Allocation',
  creditPart: 'CreditPart',
} as const;

/** Adds the comments of the event types to the schema, as descriptions of every event and field. */
export function describeFields(
  root: string,
  schema: JsonSchema,
  [file, name]: readonly [file: string, name: string],
): void {
  const program = compile(root, [file, CIRCUMSTANCES]);
  const checker = program.getTypeChecker();
  const textOf = (symbol: ts.Symbol): string => {
    const comment = ts.displayPartsToString(symbol.getDocumentationComment(checker));
    return comment
      .replace(/\{@link (\w+) ?\}/g, '$1')
      .replace(/\s+/g, ' ')
      .trim();
  };
  const typeNamed = (file: string, name: string): ts.Type => {
    const symbol = exportsOf(root, program, file).get(name);
    if (symbol === undefined) throw new Error(`${file} exports no ${name}`);
    return checker.getDeclaredTypeOfSymbol(symbol);
  };
  const describe = (node: JsonSchema, type: ts.Type): void => {
    const alias = type.aliasSymbol;
    if (alias !== undefined) node.description = textOf(alias);
    for (const [name, field] of Object.entries(node.properties ?? {})) {
      const symbol = checker.getPropertyOfType(type, name);
      if (symbol === undefined) throw new Error(`${alias?.name ?? 'the data of an event'} has no ${name}`);
      field.description = textOf(symbol);
      // The type of an optional field is a union with undefined.
      if (field.properties !== undefined) {
        describe(field, checker.getNonNullableType(checker.getTypeOfSymbol(symbol)));
      }
    }
  };

  const union = typeNamed(file, name);
  for (const event of schema.oneOf ?? []) {
    const type = union.isUnion()
      ? union.types.find(({ aliasSymbol }) => aliasSymbol?.name === event.properties?.type?.const)
      : undefined;
    if (type === undefined) throw new Error(`unknown event ${event.properties?.type?.const}`);
    describe(event, type);
  }
  for (const [definition, name] of Object.entries(definedTypes)) {
    const node = schema.$defs?.[definition];
    if (node !== undefined) describe(node, typeNamed(CIRCUMSTANCES, name));
  }
}
