import * as v from 'valibot';
import { type Fault, PatronFeesError } from '../errors.js';
import { faultsOf, faultText } from './faults.js';

/**
 * Checks an argument of a function against its schema.
 *
 * @param name - what the argument is called, for the paths of its faults
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` with every fault and its path in `details.faults`
 */
export function checkedArgument<Schema extends v.GenericSchema>(
  schema: Schema,
  input: unknown,
  name: string,
): v.InferOutput<Schema> {
  const result = parsed(schema, input);
  if ('output' in result) return result.output;
  const faults = result.faults.map((fault) => ({
    ...fault,
    path: fault.path === '' || fault.path.startsWith('[') ? name + fault.path : `${name}.${fault.path}`,
  }));
  const list = faults.map((fault) => faultText(fault));
  throw new PatronFeesError('INVALID_ARGUMENT', list.join('; '), { faults });
}

/** The result of reading an input. */
type Parsed<Output> = { readonly output: Output } | { readonly faults: readonly Fault[] };

/** Checks an input against a schema. Never throws, whatever the input does when it is read. */
export function parsed<Schema extends v.GenericSchema>(
  schema: Schema,
  input: unknown,
): Parsed<v.InferOutput<Schema>> {
  try {
    const result = v.safeParse(schema, input);
    return result.success ? { output: result.output } : { faults: faultsOf(result.issues, schema) };
  } catch {
    const found = 'something that throws when it is read';
    return { faults: [{ path: '', expected: 'something that can be read', found }] };
  }
}
