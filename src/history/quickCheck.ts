import type * as v from 'valibot';

/** Returns whether plain JSON matches a schema, without the reasons if not. */
export type QuickCheck = (value: unknown) => boolean;

/** The kinds of schemas that event schemas consist of, with the fields used here. */
type Part =
  | { readonly type: 'string' | 'number' | 'boolean' }
  | { readonly type: 'literal'; readonly literal: unknown }
  | { readonly type: 'picklist'; readonly options: readonly unknown[] }
  | { readonly type: 'custom'; readonly check: QuickCheck }
  | { readonly type: 'check'; readonly requirement: QuickCheck }
  | { readonly type: 'gt_value' | 'min_value' | 'max_value'; readonly requirement: number }
  | { readonly type: 'exact_optional'; readonly wrapped: Part }
  | { readonly type: 'array'; readonly item: Part }
  | { readonly type: 'strict_object'; readonly entries: Readonly<Record<string, Part>> };

/**
 * Builds a quick check from a schema. Nearly every stored event is valid, and the check takes a fraction of the time of
 * the schema, which also copies the event and collects every fault. So the schema runs only if the check fails.
 *
 * @param schema - a schema of plain JSON without transformations
 * @returns the check
 */
export function quickCheck(schema: v.GenericSchema): QuickCheck {
  return checkOf(schema as unknown as Part);
}

function checkOf(part: Part): QuickCheck {
  if (!('pipe' in part)) return ownCheckOf(part);
  const checks = (part.pipe as readonly Part[]).map((step) =>
    step === part ? ownCheckOf(step) : checkOf(step),
  );
  const [first, second, third] = checks;
  const [head] = part.pipe as readonly Part[];
  if (head?.type === 'string' && second !== undefined && third === undefined) {
    return (value) => typeof value === 'string' && second(value);
  }
  if (first !== undefined && second !== undefined && third === undefined) {
    return (value) => first(value) && second(value);
  }
  return (value) => checks.every((check) => check(value));
}

function ownCheckOf(part: Part): QuickCheck {
  switch (part.type) {
    case 'string':
    case 'number':
    case 'boolean':
      return (value) => typeof value === part.type;
    case 'literal':
      return (value) => value === part.literal;
    case 'picklist':
      return (value) => part.options.includes(value);
    case 'custom':
      return part.check;
    case 'check':
      return part.requirement;
    case 'gt_value':
      return (value) => (value as number) > part.requirement;
    case 'min_value':
      return (value) => (value as number) >= part.requirement;
    case 'max_value':
      return (value) => (value as number) <= part.requirement;
    case 'exact_optional':
      return checkOf(part.wrapped);
    case 'array':
      return listCheck(checkOf(part.item));
    case 'strict_object':
      return objectCheck(part.entries);
  }
}

function listCheck(check: QuickCheck): QuickCheck {
  return (value) => {
    if (!Array.isArray(value)) return false;
    for (let index = 0; index < value.length; index++) {
      if (!check(value[index])) return false;
    }
    return true;
  };
}

/** A field that an object may have. */
type Field = { readonly name: string; readonly check: QuickCheck; readonly isRequired: boolean };

function objectCheck(entries: Readonly<Record<string, Part>>): QuickCheck {
  const fields = new Map(
    Object.entries(entries).map(([name, part]): [string, Field] => {
      const isRequired = part.type !== 'exact_optional';
      return [name, { name, check: checkOf(part), isRequired }];
    }),
  );
  const required = [...fields.values()].filter(({ isRequired }) => isRequired).length;
  // The fields of the last objects, in their order: the next object most likely has the same ones.
  const order: Field[] = [];
  return (value) => {
    if (typeof value !== 'object' || value === null) return false;
    let found = 0;
    let place = 0;
    for (const name in value) {
      let field = order[place];
      if (field?.name !== name) {
        field = fields.get(name);
        if (field === undefined) return false;
        order[place] = field;
      }
      place += 1;
      if (!field.check((value as Record<string, unknown>)[name])) return false;
      if (field.isRequired) found += 1;
    }
    return found === required;
  };
}
