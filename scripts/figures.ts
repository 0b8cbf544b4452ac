/**
 * The figures of pages that are measured: `npm run figures` writes them, after `npm run build`; with `--check` it fails
 * where a page says more than 2 percent else than what is measured now.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { withGeneratedBlocks } from './pictures/generatedBlocks.js';

const PERCENT = 2;

/** What `size-limit --json` measures of one bundle, in bytes. */
type Size = { readonly name: string; readonly size: number; readonly sizeLimit: number };

const kilobytes = (bytes: number) => (bytes / 1000).toFixed(1);

/** The sizes of bundles as a table. */
function sizes(): string {
  // size-limit fails where a limit is exceeded: that is for `npm run size` to say.
  const { stdout } = measured('npx', ['size-limit', '--json']);
  const rows = (JSON.parse(stdout) as readonly Size[]).map(
    ({ name, size, sizeLimit }) => `| ${name} | ${kilobytes(size)} | ${kilobytes(sizeLimit)} |`,
  );
  return ['| what is bundled | kB | limit |', '|---|---|---|', ...rows].join('\n');
}

function measured(program: string, words: readonly string[]): { readonly stdout: string } {
  try {
    return {
      stdout: execFileSync(program, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
    };
  } catch (error) {
    return error as { stdout: string };
  }
}

/** How many cases each file of vectors has, as a table. */
function vectors(): string {
  const files = readdirSync('vectors').filter((file) => file.endsWith('.json') && file !== 'schema.json');
  const rows = files.map((file) => {
    const { about, groups } = JSON.parse(readFileSync(`vectors/${file}`, 'utf8')) as {
      readonly about: string;
      readonly groups: readonly { readonly cases: readonly unknown[] }[];
    };
    const cases = groups.reduce((sum, group) => sum + group.cases.length, 0);
    return `| \`${file}\` | ${about} | ${cases} |`;
  });
  return ['| file | what | cases |', '|---|---|---|', ...rows].join('\n');
}

/**
 * Which Node runs the package: the lines that the gate tests, told once, in package.json's `nodeLines`. A line is added or dropped
 * there; `engines` and pages follow.
 */
function supportedNode(): string {
  return `Node ${nodeLines()} are supported: the gate runs on each. Node 20 gets no more fixes from its makers since April 2026; it stays in the list as long as it costs nothing.`;
}

/** The same in a few words. */
const onNode = () => `On Node ${nodeLines()}.`;

function nodeLines(): string {
  const { nodeLines: lines } = packageJson() as { readonly nodeLines: readonly string[] };
  return `${lines.slice(0, -1).join(', ')} and ${lines.at(-1)}`;
}

/** The range of versions for npm, which warns of others: the lowest line, and all from the next one on. */
function engines(): string {
  const { nodeLines: lines } = packageJson() as { readonly nodeLines: readonly string[] };
  return `^${lines[0]} || >=${lines[1]}`;
}

const packageJson = () => JSON.parse(readFileSync('package.json', 'utf8')) as Record<string, unknown>;

/** The numbers in a text that one page says of what was measured. */
const numbers = (text: string) => [...text.matchAll(/\d+(?:\.\d+)?/g)].map(Number);

/** Whether two texts say the same but for numbers that differ by little. */
function isClose(one: string, other: string): boolean {
  const [left, right] = [numbers(one), numbers(other)];
  const words = (text: string) => text.replace(/\d+(?:\.\d+)?/g, '#');
  return (
    words(one) === words(other) &&
    left.every((value, index) => Math.abs(value - (right[index] ?? 0)) <= (value * PERCENT) / 100)
  );
}

const pages = {
  'README.md': { 'node-lines': onNode },
  'CONTRIBUTING.md': { 'node-lines': supportedNode },
  'docs/concepts/requirements.md': { 'node-lines': supportedNode, sizes },
  'docs/guides/use-other-languages.md': { vectors },
};

for (const [path, measurements] of Object.entries(pages)) {
  const page = readFileSync(path, 'utf8');
  const blocks = Object.entries(measurements).map(([name, measure]) => [name, measure()] as const);
  const written = withGeneratedBlocks(page, Object.fromEntries(blocks));
  if (!process.argv.includes('--check')) writeFileSync(path, written);
  else if (!isClose(page, written)) {
    console.error(`${path}: a figure is off by more than ${PERCENT} percent: npm run figures`);
    process.exitCode = 1;
  }
}

const range = `"node": "${engines()}"`;
const described = readFileSync('package.json', 'utf8');
if (!process.argv.includes('--check'))
  writeFileSync('package.json', described.replace(/"node": "[^"]*"/, range));
else if (!described.includes(range)) {
  console.error(`package.json: engines differ from nodeLines, expected ${range}: npm run figures`);
  process.exitCode = 1;
}
