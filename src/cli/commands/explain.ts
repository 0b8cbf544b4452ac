import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { StreamId } from 'patron-fees/history';
import { faultText, isOfficeLine, notJson, ofOffice } from '../eventLine.js';
import { openInput, openSource } from '../eventSource.js';
import { isStoreAddress, withoutPassword } from '../openStore.js';
import { CliError, type ExitCode, report, type Terminal } from '../terminal.js';
import { writeOutput } from '../writeOutput.js';

/** What a browser shows within seconds: about 5,000 events. With twice as many, each step takes seconds too. */
const STORY_CHARACTERS_MAX = 2_000_000;

/** The element of the page that a story is put into. */
const GIVEN = '<script type="application/json" id="given">';

/** Writes a page to step through a story: commands, or the events of one account. */
export async function explain(
  terminal: Terminal,
  address: string,
  { output = '-', ...whose }: Whose & { readonly output?: string },
): Promise<ExitCode> {
  if (output === '-' && (terminal.output as { isTTY?: boolean }).isTTY)
    throw new CliError('The page is for a browser: name its file with -o, such as -o page.html.');
  const { lines, faults } = isStoreAddress(address)
    ? await storeLines(terminal, address, whose)
    : await fileLines(terminal, address, whose);
  if (lines.length === 0) throw new CliError(`${withoutPassword(address)} has nothing to explain.`);
  const page = await readFile(terminal.files.explorer, 'utf8');
  // A function, because $ in a story would mean something in a replacement.
  const story = lines.join('\n').replaceAll('<', '\\u003c');
  await writeOutput(terminal, output, [page.replace(GIVEN, () => `${GIVEN}${story}`)]);
  return faults === 0 ? 0 : 1;
}

/** The account that the user asked for. */
type Whose = { readonly patron?: string; readonly institution?: string; readonly keys?: string };

type StoryLines = { readonly lines: readonly string[]; readonly faults: number };

async function fileLines(terminal: Terminal, address: string, whose: Whose): Promise<StoryLines> {
  const { input, name } = await openInput(terminal, address);
  const story = storyOf(name);
  let [number, faults] = [0, 0];
  const isShown = oneAccount(name, whose);
  for await (const line of createInterface({ input })) {
    number += 1;
    const text = line.trim();
    if (text === '' || text.startsWith('#')) continue;
    if (text.startsWith('['))
      throw new CliError(`${name}:${number}: expected a command or an event a line, found a list.`);
    let stream: Partial<StreamId> = {};
    try {
      stream = Object(JSON.parse(text));
    } catch {
      faults += 1;
      const place = { source: name, line: number, patronId: null, version: null };
      report(terminal, faultText({ ...place, ...notJson(text) }));
    }
    if (typeof stream.patronId === 'string' && !isShown(stream)) continue;
    story.add(text);
  }
  return { lines: story.lines, faults };
}

async function storeLines(terminal: Terminal, address: string, whose: Whose): Promise<StoryLines> {
  const { patron } = whose;
  if (patron === undefined) throw new CliError('Choose a patron of the store with --patron ID.');
  const source = await openSource(terminal, address, whose.keys);
  const isShown = oneAccount(source.name, whose);
  const story = storyOf(source.name);
  let faults = 0;
  try {
    const events = source.events((fault) => {
      if (fault.patronId !== patron) return;
      faults += 1;
      report(terminal, faultText(fault));
    });
    for await (const line of events) {
      if (isOfficeLine(line)) throw new CliError(ofOffice(source.name));
      const { stream, version, recordedAt, event } = line;
      if (stream !== null && isShown(stream)) story.add(JSON.stringify({ version, recordedAt, event }));
    }
  } finally {
    await source.close();
  }
  return { lines: story.lines, faults };
}

/** Collects lines up to what a page can show. */
function storyOf(name: string) {
  const lines: string[] = [];
  let length = 0;
  return {
    lines,
    add(line: string): void {
      length += line.length;
      if (length > STORY_CHARACTERS_MAX)
        throw new CliError(
          `${name} is too long for a page, which shows up to 2 MB, about 5,000 events: make a page of its first lines.`,
        );
      lines.push(line);
    },
  };
}

/** Says of each account whether it is the one to show. Throws if what the user asked for fits several. */
function oneAccount(name: string, { patron, institution }: Whose): (stream: Partial<StreamId>) => boolean {
  let only: Partial<StreamId> | undefined;
  return (stream) => {
    if (stream.patronId !== (patron ?? stream.patronId)) return false;
    if (stream.institution !== (institution ?? stream.institution)) return false;
    only ??= stream;
    if (stream.patronId !== only.patronId)
      throw new CliError(`${name} has events of several patrons: choose one with --patron ID.`);
    if (stream.institution !== only.institution)
      throw new CliError(
        `${name} has events of ${stream.patronId} in several institutions: choose one with --institution ID.`,
      );
    return true;
  };
}
