import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { faultText, notJson } from '../eventLine.js';
import { openInput, openSource } from '../eventSource.js';
import { isStoreAddress, withoutPassword } from '../openStore.js';
import { CliError, type ExitCode, report, type Terminal } from '../terminal.js';
import { writeOutput } from '../writeOutput.js';

/** What the page can still show: a story is read by a person, and kept in one page. */
const STORY_CHARACTERS_MAX = 16_000_000;

/** The element of the page that a story is put into. */
const GIVEN = '<script type="application/json" id="given">';

/** Writes a page to step through a story: commands, or the events of one account. */
export async function explain(
  terminal: Terminal,
  address: string,
  { output = '-', patron }: { readonly output?: string; readonly patron?: string },
): Promise<ExitCode> {
  if (output === '-' && (terminal.output as { isTTY?: boolean }).isTTY)
    throw new CliError('The page is for a browser: name its file with -o, such as -o page.html.');
  const { lines, faults } = isStoreAddress(address)
    ? await storeLines(terminal, address, patron)
    : await fileLines(terminal, address, patron);
  if (lines.length === 0) throw new CliError(`${withoutPassword(address)} has nothing to explain.`);
  const page = await readFile(terminal.files.explorer, 'utf8');
  // A function, because $ in a story would mean something in a replacement.
  const story = lines.join('\n').replaceAll('<', '\\u003c');
  await writeOutput(terminal, output, [page.replace(GIVEN, () => `${GIVEN}${story}`)]);
  return faults === 0 ? 0 : 1;
}

type StoryLines = { readonly lines: readonly string[]; readonly faults: number };

async function fileLines(
  terminal: Terminal,
  address: string,
  patron: string | undefined,
): Promise<StoryLines> {
  const { input, name } = await openInput(terminal, address);
  const lines: string[] = [];
  let [number, faults, length] = [0, 0, 0];
  let only = patron;
  for await (const line of createInterface({ input })) {
    number += 1;
    const text = line.trim();
    if (text === '' || text.startsWith('#')) continue;
    let patronId: unknown;
    try {
      ({ patronId } = Object(JSON.parse(text)));
    } catch {
      faults += 1;
      const place = { source: name, line: number, patronId: null, version: null };
      report(terminal, faultText({ ...place, ...notJson(text) }));
    }
    if (typeof patronId === 'string') {
      only ??= patronId;
      if (patron === undefined && patronId !== only)
        throw new CliError(`${name} has events of several patrons: choose one with --patron ID.`);
      if (patronId !== only) continue;
    }
    length += text.length;
    if (length > STORY_CHARACTERS_MAX)
      throw new CliError(`${name} is too long for a page: choose a patron with --patron ID.`);
    lines.push(text);
  }
  return { lines, faults };
}

async function storeLines(
  terminal: Terminal,
  address: string,
  patron: string | undefined,
): Promise<StoryLines> {
  if (patron === undefined) throw new CliError('Choose a patron of the store with --patron ID.');
  const source = await openSource(terminal, address);
  const lines: string[] = [];
  let faults = 0;
  try {
    const events = source.events((fault) => {
      if (fault.patronId !== patron) return;
      faults += 1;
      report(terminal, faultText(fault));
    });
    for await (const { stream, version, recordedAt, event } of events)
      if (stream?.patronId === patron) lines.push(JSON.stringify({ version, recordedAt, event }));
  } finally {
    await source.close();
  }
  return { lines, faults };
}
