import { type Context, DeclarationReflection, ReflectionKind, ReflectionType, type SomeType } from 'typedoc';

/**
 * Lists the properties of `A & { ... }` in one place, with those that come from `A`: a reader of `WaiveFees` sees `id`
 * and `at` without looking up `CommandBase`.
 */
export function flattenTypes({ project }: Context): void {
  const declarations = Object.values(project.reflections).filter((reflection) => reflection.isDeclaration());
  for (const owner of declarations) {
    if (owner.type?.type !== 'intersection') continue;
    const properties = propertiesOf(owner.type);
    if (!properties) continue;
    const literal = new DeclarationReflection('__type', ReflectionKind.TypeLiteral, owner);
    project.registerReflection(literal, undefined, undefined);
    for (const property of properties) literal.addChild(copyOf(property, literal));
    literal.children?.sort(byNeed);
    owner.type = new ReflectionType(literal);
  }
}

/** The properties of an object type, its own ones first; undefined for anything but a plain object type. */
function propertiesOf(type: SomeType): DeclarationReflection[] | undefined {
  if (type.type === 'reflection') {
    const { children = [], signatures, indexSignatures } = type.declaration;
    return signatures || indexSignatures || children.some((child) => !child.type) ? undefined : children;
  }
  if (type.type === 'reference') {
    const target = type.reflection;
    return target?.isDeclaration() && target.type ? propertiesOf(target.type) : undefined;
  }
  if (type.type !== 'intersection') return undefined;
  const parts = [...type.types].reverse().map(propertiesOf);
  return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
}

function copyOf(property: DeclarationReflection, parent: DeclarationReflection): DeclarationReflection {
  const copy = new DeclarationReflection(property.name, property.kind, parent);
  copy.flags.fromObject(property.flags.toObject());
  if (property.comment) copy.comment = property.comment.clone();
  if (property.type) copy.type = property.type;
  if (property.defaultValue !== undefined) copy.defaultValue = property.defaultValue;
  parent.project.registerReflection(copy, undefined, undefined);
  return copy;
}

/** What must be given comes before what may be left out. */
function byNeed(a: DeclarationReflection, b: DeclarationReflection): number {
  return Number(a.flags.isOptional) - Number(b.flags.isOptional);
}
