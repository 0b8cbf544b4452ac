import * as v from 'valibot';
import { type Fault, PatronFeesError } from '../errors.js';
import { type FoundTexts, faultsOf, faultText } from './faults.js';

/**
 * Returns an argument of a function as its schema parses it.
 *
 * @param name - the argument's name, put before the path of each fault
 * @param texts - whether faults show the texts that were found
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` with every fault and its path in
 * `details.faults`
 */
export function checkedArgument<Schema extends v.GenericSchema>(
  schema: Schema,
  input: unknown,
  name: string,
  texts: FoundTexts = 'shown',
): v.InferOutput<Schema> {
  const result = parsed(schema, input, texts);
  if ('output' in result) return result.output;
  const faults = result.faults.map((fault) => ({
    ...fault,
    path: fault.path === '' || fault.path.startsWith('[') ? name + fault.path : `${name}.${fault.path}`,
  }));
  const list = faults.map((fault) => faultText(fault));
  throw new PatronFeesError('INVALID_ARGUMENT', list.join('; '), { faults });
}

/** The parsed input, or its faults. */
type Parsed<Output> = { readonly output: Output } | { readonly faults: readonly Fault[] };

/** Parses an input with a schema. Never throws, even if reading the input does. */
export function parsed<Schema extends v.GenericSchema>(
  schema: Schema,
  input: unknown,
  texts: FoundTexts = 'shown',
): Parsed<v.InferOutput<Schema>> {
  try {
    const result = v.safeParse(schema, input);
    return result.success ? { output: result.output } : { faults: faultsOf(result.issues, schema, texts) };
  } catch {
    const found = 'something that throws when it is read';
    return { faults: [{ path: '', expected: 'something that can be read', found }] };
  }
}
