import {
  type Context,
  DeclarationReflection,
  IntersectionType,
  type ProjectReflection,
  type ReferenceType,
  type Reflection,
  ReflectionFlag,
  ReflectionKind,
  ReflectionType,
  type SomeType,
} from 'typedoc';
import { computedStrings, propertyType, stringsOf } from './literalTypes.js';
import { isUtility, substituted, withParts } from './typeParts.js';

/**
 * Lists the properties of `A & { ... }` in one place, including those of `A`: a reader of `WaiveFees` sees `id` and
 * `at` without looking up `CommandBase`.
 */
export function flattenTypes({ project }: Context): void {
  const declarations = Object.values(project.reflections).filter((reflection) => reflection.isDeclaration());
  for (const owner of declarations) {
    // Every property of this package is readonly, so the badge has no information.
    if (owner.kind === ReflectionKind.Property) owner.flags.setFlag(ReflectionFlag.Readonly, false);
  }
  for (const owner of declarations) {
    if (!owner.type || !isComposed(owner.type)) continue;
    const properties = propertiesOf(owner.type);
    if (!properties) {
      mergeParts(owner);
      continue;
    }
    const isNamed = owner.kind === ReflectionKind.TypeAlias;
    const home = isNamed ? owner : new DeclarationReflection('__type', ReflectionKind.TypeLiteral, owner);
    if (!isNamed) project.registerReflection(home, undefined, undefined);
    for (const property of [...properties].sort(requiredFirst)) home.addChild(copyOf(property, home));
    if (isNamed) delete owner.type;
    else owner.type = new ReflectionType(home);
  }
  resolveTypes(project);
}

/** Replaces what only a compiler reads, wherever a type is shown: in parameters, results, lists and properties. */
function resolveTypes(project: ProjectReflection): void {
  const done = new Set<Reflection>();
  // Flat object types are new declarations, which have types themselves.
  for (let left = Object.values(project.reflections); left.length > 0; ) {
    for (const owner of left) {
      done.add(owner);
      const hasType = owner.isDeclaration() || owner.isParameter() || owner.isSignature();
      if (hasType && owner.type) owner.type = resolved(owner.type, owner);
    }
    left = Object.values(project.reflections).filter((reflection) => !done.has(reflection));
  }
}

/** Returns a type as a reader wants it: computed strings and properties in full, nothing `Readonly`. */
function resolved(type: SomeType, owner: Reflection): SomeType {
  const strings = computedStrings(type);
  if (strings) return strings;
  // Every list and table of this package is readonly.
  if (isUtility(type, ['Readonly']) && type.typeArguments?.[0]) return resolved(type.typeArguments[0], owner);
  if (type.type === 'indexedAccess' && type.indexType.type === 'literal') {
    const property = propertyType(type.objectType, String(type.indexType.value));
    if (property) return property;
  }
  // `Partial<Words>` says more than a list of all words, each optional.
  const properties = isUtility(type, ['Partial']) || !isComposed(type) ? undefined : propertiesOf(type);
  if (!properties) return withParts(type, (part) => resolved(part, owner));
  const home = new DeclarationReflection('__type', ReflectionKind.TypeLiteral, owner);
  owner.project.registerReflection(home, undefined, undefined);
  for (const property of [...properties].sort(requiredFirst)) home.addChild(copyOf(property, home));
  return new ReflectionType(home);
}

/** Returns the properties of an object type, its own ones first; undefined for any other type. */
function propertiesOf(type: SomeType): DeclarationReflection[] | undefined {
  if (type.type === 'reflection') return propertiesIn(type.declaration);
  if (type.type === 'reference') {
    if (isComposed(type) && !isEnvelope(type)) return changed(type);
    const target = type.reflection;
    if (!target?.isDeclaration()) return undefined;
    const properties = target.type ? propertiesOf(target.type) : propertiesIn(target);
    const types = new Map(
      (target.typeParameters ?? []).flatMap((parameter, index) => {
        const given = type.typeArguments?.[index] ?? parameter.default;
        return given ? [[parameter.name, given] as const] : [];
      }),
    );
    return types.size === 0 ? properties : properties?.map((property) => withTypes(property, types));
  }
  if (type.type === 'indexedAccess') {
    const [key] = stringsOf(type.indexType) ?? [];
    const property = propertiesOf(type.objectType)?.find(({ name }) => name === key);
    return property?.type && propertiesOf(property.type);
  }
  if (type.type !== 'intersection') return undefined;
  const parts = type.types.map(propertiesOf);
  // The name of a rejection stands before its fields.
  if (type.types.some(isEnvelope)) parts.reverse();
  return parts.every((part) => part !== undefined) ? merged(parts) : undefined;
}

/** Returns the properties of all parts of an intersection, once each: the last part's first. */
function merged(parts: readonly DeclarationReflection[][]): DeclarationReflection[] {
  // If both types have a property, such as `reason`, the own one is narrower.
  const byName = new Map<string, DeclarationReflection>();
  for (const property of [...parts].reverse().flat())
    if (!byName.has(property.name)) byName.set(property.name, property);
  return [...byName.values()];
}

/** Lists the properties of `A & { ... } & (B | C)` in one place, as far as all values have them, before `& (B | C)`. */
function mergeParts(owner: DeclarationReflection): void {
  if (owner.type?.type !== 'intersection') return;
  const parts = owner.type.types.map((type) => ({ type, properties: propertiesOf(type) }));
  const known = parts.flatMap(({ properties }) => (properties ? [properties] : []));
  if (known.length < 2) return;
  const home = new DeclarationReflection('__type', ReflectionKind.TypeLiteral, owner);
  owner.project.registerReflection(home, undefined, undefined);
  for (const property of merged(known).sort(requiredFirst)) home.addChild(copyOf(property, home));
  const others = parts.flatMap(({ type, properties }) => (properties ? [] : [type]));
  owner.type = new IntersectionType([new ReflectionType(home), ...others]);
}

const composers = ['Pick', 'Omit', 'Partial'];

/** What every event or every rejection has, in one type. */
const envelopes = ['Recorded', 'Refusal'];

/** Returns whether a type is composed of others: by `&`, by a utility type of TypeScript, or in an envelope. */
function isComposed(type: SomeType | undefined): boolean {
  if (type?.type === 'intersection') return true;
  return type !== undefined && (isUtility(type, composers) || isEnvelope(type));
}

function isEnvelope(type: SomeType): boolean {
  return type.type === 'reference' && envelopes.includes(type.name);
}

/** Returns the properties of `Pick<Type, Keys>`, `Omit<Type, Keys>` or `Partial<Type>`. */
function changed({ name, typeArguments = [] }: ReferenceType): DeclarationReflection[] | undefined {
  const [type, keys] = typeArguments;
  const properties = type && propertiesOf(type);
  if (name === 'Partial') return properties?.map(optional);
  const named = keys && stringsOf(keys);
  return named && properties?.filter(({ name: key }) => named.includes(key) === (name === 'Pick'));
}

function optional(property: DeclarationReflection): DeclarationReflection {
  const copy = copyOf(property, property.parent as DeclarationReflection);
  copy.flags.setFlag(ReflectionFlag.Optional, true);
  return copy;
}

/** Returns a property of a generic type, its type parameters replaced. */
function withTypes(
  property: DeclarationReflection,
  types: ReadonlyMap<string, SomeType>,
): DeclarationReflection {
  const copy = copyOf(property, property.parent as DeclarationReflection);
  if (property.type) copy.type = substituted(property.type, types, copy);
  return copy;
}

function propertiesIn({ children = [], signatures, indexSignatures }: DeclarationReflection) {
  return signatures || indexSignatures || children.some(({ type }) => !type) ? undefined : children;
}

function copyOf(property: DeclarationReflection, parent: DeclarationReflection): DeclarationReflection {
  const copy = new DeclarationReflection(property.name, property.kind, parent);
  copy.flags.fromObject(property.flags.toObject());
  if (property.comment) copy.comment = property.comment.clone();
  if (property.type) copy.type = property.type;
  parent.project.registerReflection(copy, undefined, undefined);
  return copy;
}

/** Sorts required properties before optional ones. */
function requiredFirst(a: DeclarationReflection, b: DeclarationReflection): number {
  return Number(a.flags.isOptional) - Number(b.flags.isOptional);
}
