import type { Fault } from './errors.js';

/** The part of a schema library's issue that a fault is made of. */
type Issue = {
  readonly expected: string | null;
  readonly received: string;
  readonly message: string;
  readonly path?: readonly { readonly key?: unknown }[] | undefined;
};

const FOUND_LENGTH_MAX = 80;

/** Writes a path as a programmer would: `allocations[0].amount`. */
function pathOf(issue: Issue): string {
  return (issue.path ?? []).reduce((path, { key }) => {
    if (typeof key === 'number') return `${path}[${key}]`;
    return path === '' ? String(key) : `${path}.${String(key)}`;
  }, '');
}

/** Keeps a description of hostile input short. */
function shorten(text: string): string {
  return text.length > FOUND_LENGTH_MAX
    ? `${text.slice(0, FOUND_LENGTH_MAX)}… (${text.length} characters)`
    : text;
}

/** A schema's own message if it has one, else what the schema library calls it. */
function expectedBy({ expected, message }: Issue): string {
  if (expected === 'never') return 'no such field';
  return message.startsWith('Invalid') ? (expected ?? message) : message;
}

/** Turns the issues of a validation into faults: where, what was expected, what was found. */
export function faultsOf(issues: readonly Issue[]): Fault[] {
  return issues.map((issue) => ({
    path: shorten(pathOf(issue)),
    expected: expectedBy(issue),
    found: shorten(issue.received),
  }));
}
