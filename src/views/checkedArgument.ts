import * as v from 'valibot';
import { PatronFeesError } from '../errors.js';
import { faultsOf } from '../faults.js';

/**
 * Holds an argument of a view to its schema.
 *
 * @param name - what the argument is called, for the paths of its faults
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` with every fault and its path in `details.faults`
 */
export function checkedArgument<Schema extends v.GenericSchema>(
  schema: Schema,
  input: unknown,
  name: string,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, input);
  if (result.success) return result.output;
  const faults = faultsOf(result.issues).map((fault) => ({
    ...fault,
    path: fault.path === '' || fault.path.startsWith('[') ? name + fault.path : `${name}.${fault.path}`,
  }));
  const list = faults.map((fault) => `${fault.path}: expected ${fault.expected}, found ${fault.found}`);
  throw new PatronFeesError('INVALID_ARGUMENT', list.join('; '), { faults });
}
