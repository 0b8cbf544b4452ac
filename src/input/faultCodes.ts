import { expectedWords, type FaultCode, type FaultParameters } from '../faultWords.js';
import { interpolate } from './interpolate.js';

/** Returns what is expected, in English: the message of a schema, from which {@link codeOf} gets the code back. */
export function expects(code: FaultCode, parameters: FaultParameters = {}): string {
  return interpolate(expectedWords[code], parameters);
}

/** A list of words, in a pattern. */
const LIST = '([\\w-]+(?:, [\\w-]+)*)';

type Pattern = { readonly code: FaultCode; readonly names: readonly string[]; readonly pattern: RegExp };

/** The patterns of all texts, made when first needed. */
let patterns: readonly Pattern[] | undefined;

function patternsOfAll(): readonly Pattern[] {
  return Object.entries(expectedWords).map(([code, text]) => {
    const names: string[] = [];
    const source = text.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{(\w+)\}/g, (_, name: string) => {
      names.push(name);
      return name === 'options' ? LIST : '(.+?)';
    });
    return { code: code as FaultCode, names, pattern: new RegExp(`^${source}$`) };
  });
}

/** Returns the code and the parameters of what is expected; undefined if it has no code. */
export function codeOf(
  expected: string,
): { readonly code: FaultCode; readonly parameters: FaultParameters } | undefined {
  patterns ??= patternsOfAll();
  for (const { code, names, pattern } of patterns) {
    const match = pattern.exec(expected);
    if (match === null) continue;
    const values = names.map((name, index) => [name, parameterOf(name, match[index + 1] as string)] as const);
    return { code, parameters: Object.fromEntries(values) };
  }
  return undefined;
}

function parameterOf(name: string, text: string) {
  if (name === 'options') return text.split(', ');
  return name === 'example' ? text : Number(text);
}
