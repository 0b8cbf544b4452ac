/** A fenced TypeScript block of a page or a doc comment. */
export interface CodeBlock {
  /** The path of its file in the repository. */
  readonly file: string;
  /** The line of its opening fence, counted from 1. */
  readonly line: number;
  /** The line of its closing fence. */
  readonly end: number;
  readonly code: string;
  /** The words after `ts` on the fence: `no-run` is only compiled, `alone` shares nothing with the page. */
  readonly words: readonly string[];
}

const OPENING_FENCE = /^(\s*)```(?:ts|typescript)(?:\s+(.*))?$/;

/** Returns the TypeScript blocks of a Markdown page. */
export function blocksOfMarkdown(file: string, text: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  const lines = text.split(/\r?\n/);
  for (let at = 0; at < lines.length; at += 1) {
    const opening = OPENING_FENCE.exec(lines[at] ?? '');
    if (!opening) continue;
    const line = at + 1;
    const indent = new RegExp(`^\\s{0,${(opening[1] ?? '').length}}`);
    const code: string[] = [];
    for (at += 1; !(lines[at] ?? '```').trimStart().startsWith('```'); at += 1) {
      code.push((lines[at] ?? '').replace(indent, ''));
    }
    const words = (opening[2] ?? '').split(/\s+/).filter(Boolean);
    blocks.push({ file, line, end: at + 1, code: code.join('\n'), words });
  }
  return blocks;
}

/** Returns the blocks in the doc comments of a source file; each is a separate module, as editors show it. */
export function blocksOfDocComments(file: string, text: string): CodeBlock[] {
  return blocksOfMarkdown(file, onlyDocComments(text)).map((block) => ({
    ...block,
    words: [...block.words, 'alone'],
  }));
}

/** Blanks everything except doc comments, so that a block keeps its line number. */
function onlyDocComments(text: string): string {
  let inside = false;
  const kept = text.split('\n').map((line) => {
    if (/^\s*\/\*\*/.test(line)) inside = true;
    const doc = inside ? line.replace(/^\s*\* ?/, '') : '';
    if (line.includes('*/')) inside = false;
    return doc;
  });
  return kept.join('\n');
}
