import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { isPatronFeesError } from 'patron-fees';

/** What a command is run with: the streams of a process, and how it is interrupted. */
export type Terminal = {
  readonly input: Readable;
  readonly output: Writable;
  /** Messages and progress, so that they are never among the results. */
  readonly errors: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  /** Aborted by an interrupt, or when nobody reads the output any more. */
  readonly signal: AbortSignal;
  readonly files: PackageFiles;
};

/** Files of the package that commands read: folders and files by their addresses. */
export type PackageFiles = {
  readonly version: string;
  readonly schemas: URL;
  readonly vectors: URL;
  /** The page of the explorer, without a story. */
  readonly explorer: URL;
};

/** 0: done; 1: there are findings or differences; 2: misuse, or it could not be done. */
export type ExitCode = 0 | 1 | 2;

/** Why a command cannot be run, in one sentence for its user. */
export class CliError extends Error {}

/** Makes the error of a file that cannot be read. */
export function fileError(path: string, error: NodeJS.ErrnoException): CliError {
  if (error.code === 'ENOENT') return new CliError(`${path}: there is no such file.`);
  if (error.code === 'EISDIR') return new CliError(`${path} is a folder, not a file.`);
  return new CliError(error.message);
}

/** Returns why something failed, without the code of a library error. */
export function sentenceOf(error: unknown): string {
  if (error instanceof CliError) return error.message;
  if (isPatronFeesError(error)) return error.message.replace(/^[A-Z_]+: /, '');
  const { message, code, errors } = Object(error) as {
    readonly message?: string;
    readonly code?: string;
    readonly errors?: readonly unknown[];
  };
  // Of several addresses of a host, each has an error of its own.
  if (!message && errors?.[0] !== undefined) return sentenceOf(errors[0]);
  return message || code || String(error);
}

/** Writes results, no faster than they are read. Throws once the terminal is interrupted. */
export async function print({ output, signal }: Terminal, text: string): Promise<void> {
  signal.throwIfAborted();
  if (!output.write(text)) await once(output, 'drain', { signal });
}

/** Writes a message for a person. */
export function report({ errors }: Terminal, text: string): void {
  errors.write(`${visible(text)}\n`);
}

/** Shows control characters as codes: ids and file names may contain codes that control a terminal. */
export function visible(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  return text.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** Writes a table: columns of equal width, amounts to the right. */
export function table(rows: readonly (readonly string[])[], indent = ''): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  const cell = (text: string, column: number) =>
    /^-?\d[\d.]*$/.test(text) ? text.padStart(widths[column] ?? 0) : text.padEnd(widths[column] ?? 0);
  return rows.map((row) => `${indent}${row.map(visible).map(cell).join('  ').trimEnd()}\n`).join('');
}
