import { LiteralType, type SomeType, UnionType } from 'typedoc';
import { isUtility } from './typeParts.js';

/**
 * Returns the strings that a type computes: `(typeof channels)[number]`, `Command['type']`, `Exclude<Status, 'closed'>`.
 * Undefined for a type that is written out, or has other values than known strings.
 */
export function computedStrings(type: SomeType): SomeType | undefined {
  if (type.type !== 'indexedAccess' && !isUtility(type, ['Exclude', 'Extract'])) return undefined;
  const values = stringsOf(type);
  if (values === undefined || values.length === 0) return undefined;
  const types = [...new Set(values)].map((value) => new LiteralType(value));
  return types.length === 1 ? types[0] : new UnionType(types);
}

/** Returns the strings of a literal, of a union of them, or of a type that computes them; undefined for any other type. */
export function stringsOf(type: SomeType): string[] | undefined {
  if (type.type === 'literal') return typeof type.value === 'string' ? [type.value] : undefined;
  if (type.type === 'union') return all(type.types.map(stringsOf));
  if (type.type === 'indexedAccess') return elements(type.objectType, type.indexType);
  if (type.type !== 'reference') return undefined;
  if (isUtility(type, ['Exclude', 'Extract'])) {
    const [from, others] = (type.typeArguments ?? []).map(stringsOf);
    return from && others && from.filter((value) => others.includes(value) === (type.name === 'Extract'));
  }
  const alias = targetOf(type);
  return alias && stringsOf(alias);
}

/** Returns the strings of the elements of a tuple, or of a property in all members of a union. */
function elements(owner: SomeType, index: SomeType): string[] | undefined {
  if (owner.type === 'typeOperator') return elements(owner.target, index);
  if (owner.type === 'query') {
    const list = targetOf(owner.queryType);
    return list && elements(list, index);
  }
  if (owner.type === 'union') return all(owner.types.map((member) => elements(member, index)));
  if (owner.type === 'tuple') {
    const parts = owner.elements.map((part) => (part.type === 'namedTupleMember' ? part.element : part));
    const chosen =
      index.type === 'literal' ? parts.slice(Number(index.value), Number(index.value) + 1) : parts;
    return all(chosen.map(stringsOf));
  }
  if (index.type !== 'literal') return undefined;
  const property = propertyType(owner, String(index.value));
  if (property) return stringsOf(property);
  const alias = owner.type === 'reference' ? targetOf(owner) : undefined;
  return alias && elements(alias, index);
}

/** Returns the type of a property of an object type; undefined for any other type. */
export function propertyType(owner: SomeType, name: string): SomeType | undefined {
  if (owner.type === 'reference') {
    const target = owner.reflection?.isDeclaration() ? owner.reflection : undefined;
    if (target?.type) return propertyType(target.type, name);
    return target?.children?.find((property) => property.name === name)?.type;
  }
  if (owner.type === 'indexedAccess' && owner.indexType.type === 'literal') {
    const inner = propertyType(owner.objectType, String(owner.indexType.value));
    return inner && propertyType(inner, name);
  }
  if (owner.type === 'intersection') {
    return owner.types.map((part) => propertyType(part, name)).find((found) => found !== undefined);
  }
  return owner.type === 'reflection'
    ? owner.declaration.children?.find((property) => property.name === name)?.type
    : undefined;
}

/** Returns the type of the alias or variable that a name refers to. */
function targetOf(type: SomeType): SomeType | undefined {
  const target = type.type === 'reference' ? type.reflection : undefined;
  return target?.isDeclaration() ? target.type : undefined;
}

function all(lists: readonly (string[] | undefined)[]): string[] | undefined {
  return lists.every((list) => list !== undefined) ? lists.flat() : undefined;
}
