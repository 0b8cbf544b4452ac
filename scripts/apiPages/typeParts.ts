import {
  DeclarationReflection,
  ParameterReflection,
  type ReferenceType,
  ReflectionKind,
  ReflectionType,
  SignatureReflection,
  type SomeType,
  Type,
} from 'typedoc';

/** Returns whether a type is one of these utility types of TypeScript. */
export function isUtility(type: SomeType, names: readonly string[]): type is ReferenceType {
  return type.type === 'reference' && type.package === 'typescript' && names.includes(type.name);
}

/** Returns a copy of a type, each type within it replaced by the result of `change`. Object types are not entered. */
export function withParts(type: SomeType, change: (part: SomeType) => SomeType): SomeType {
  // A reference keeps its project in a property that is not enumerable.
  const copy = Object.create(Object.getPrototypeOf(type), Object.getOwnPropertyDescriptors(type));
  for (const [key, value] of Object.entries(type)) {
    if (value instanceof Type) copy[key] = change(value as SomeType);
    else if (Array.isArray(value) && value.some((part) => part instanceof Type))
      copy[key] = value.map(change);
  }
  return copy;
}

/** Returns a type with type parameters replaced by types, those in the signatures of functions too. */
export function substituted(
  type: SomeType,
  types: ReadonlyMap<string, SomeType>,
  parent: DeclarationReflection,
): SomeType {
  if (types.size === 0) return type;
  if (type.type === 'reference' && type.refersToTypeParameter) return types.get(type.name) ?? type;
  if (type.type === 'reflection' && type.declaration.signatures) {
    return new ReflectionType(functionCopy(type.declaration, types, parent));
  }
  return withParts(type, (part) => substituted(part, types, parent));
}

function functionCopy(
  { name, signatures = [] }: DeclarationReflection,
  types: ReadonlyMap<string, SomeType>,
  parent: DeclarationReflection,
): DeclarationReflection {
  const { project } = parent;
  const copy = new DeclarationReflection(name, ReflectionKind.TypeLiteral, parent);
  project.registerReflection(copy, undefined, undefined);
  copy.signatures = signatures.map((signature) => {
    const own = new SignatureReflection(signature.name, signature.kind, copy);
    project.registerReflection(own, undefined, undefined);
    if (signature.comment) own.comment = signature.comment.clone();
    if (signature.type) own.type = substituted(signature.type, types, copy);
    own.parameters = (signature.parameters ?? []).map((parameter) => {
      const each = new ParameterReflection(parameter.name, parameter.kind, own);
      project.registerReflection(each, undefined, undefined);
      each.flags.fromObject(parameter.flags.toObject());
      if (parameter.comment) each.comment = parameter.comment.clone();
      if (parameter.type) each.type = substituted(parameter.type, types, copy);
      return each;
    });
    return own;
  });
  return copy;
}
