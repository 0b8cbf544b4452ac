import { readdir, readFile } from 'node:fs/promises';
import { CliError, type ExitCode, print, type Terminal, table } from '../terminal.js';

/** Prints a JSON Schema of the package, or lists them. */
export function schema(
  terminal: Terminal,
  name: string | undefined,
  options: ListOptions,
): Promise<ExitCode> {
  return packageFile(terminal, terminal.files.schemas, name, options, (file) =>
    String(file.title ?? Object(file.info).title),
  );
}

/** Prints a file of test vectors of the package, or lists them. */
export function vectors(
  terminal: Terminal,
  name: string | undefined,
  options: ListOptions,
): Promise<ExitCode> {
  return packageFile(terminal, terminal.files.vectors, name, options, ({ about, title }) =>
    String(about ?? title),
  );
}

/** Options of a list. */
type ListOptions = { readonly json?: boolean };

async function packageFile(
  terminal: Terminal,
  folder: URL,
  name: string | undefined,
  { json }: ListOptions,
  about: (file: Readonly<Record<string, unknown>>) => string,
): Promise<ExitCode> {
  const names = (await readdir(folder))
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.replace(/\.json$/, ''))
    .sort();
  const read = (file: string) => readFile(new URL(`${file}.json`, folder), 'utf8');
  if (name !== undefined) {
    const wanted = name.replace(/\.json$/, '');
    if (!names.includes(wanted)) throw new CliError(`${name}: expected one of ${names.join(', ')}.`);
    await print(terminal, await read(wanted));
    return 0;
  }
  const files: { name: string; about: string }[] = [];
  for (const file of names) files.push({ name: file, about: about(JSON.parse(await read(file))) });
  await print(
    terminal,
    json
      ? files.map((file) => `${JSON.stringify(file)}\n`).join('')
      : table(files.map((file) => [file.name, file.about])),
  );
  return 0;
}
