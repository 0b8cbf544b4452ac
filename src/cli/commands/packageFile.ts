import { readdir, readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
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
  const fileOf = new Map((await readdir(folder)).map((file) => [nameOf(file), file]));
  const names = [...fileOf.keys()].sort();
  const read = async (one: string) => {
    const file = fileOf.get(one) as string;
    const bytes = await readFile(new URL(file, folder));
    return String(file.endsWith('.gz') ? gunzipSync(bytes) : bytes);
  };
  if (name !== undefined) {
    const wanted = nameOf(name);
    if (!fileOf.has(wanted)) throw new CliError(`${name}: expected one of ${names.join(', ')}.`);
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

const nameOf = (file: string) => file.replace(/\.json(\.gz)?$/, '');
