import { readFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';

const path = (fromHere: string) => fileURLToPath(new URL(fromHere, import.meta.url));

/** Jobs of `patron-fees/reports` write files; the explorer uses none of them, and none stays in the bundle. */
const withoutNode: Plugin = {
  name: 'without node',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^[a-z]/ }, ({ path }) =>
      isBuiltin(path) ? { path, namespace: 'absent', sideEffects: false } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'absent' }, () => ({ contents: 'module.exports = {};' }));
  },
};

/** The explorer's program: the library and the page's own code in one file for browsers; and the files that are in it. */
export async function explorerProgram(): Promise<{
  readonly text: string;
  readonly inputs: readonly string[];
}> {
  const { outputFiles, metafile } = await build({
    entryPoints: [path('./browser.ts')],
    bundle: true,
    minify: true,
    metafile: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    tsconfig: path('../../tsconfig.json'),
    plugins: [withoutNode],
  });
  // In a page, this text would end the script element.
  const text = (outputFiles[0]?.text ?? '').replaceAll('</script', '<\\/script');
  return { text, inputs: Object.keys(metafile.inputs) };
}

/**
 * The explorer as one page that fetches nothing, with a story in it or without. `npx patron-fees explain` puts its story into
 * the page without one.
 *
 * @param home - the address of the site that the page is part of
 */
export async function explorerPage(story = '', home?: string): Promise<string> {
  const [program, style] = await Promise.all([explorerProgram(), readFile(path('./explorer.css'), 'utf8')]);
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>patron-fees: the explorer</title>
<style>${style}</style>
</head>
<body>
<header><p>${home === undefined ? 'patron-fees' : `<a href="${home}">patron-fees</a>`}</p>
<h1>The explorer</h1>
<p>Step through a story: each command is decided, and what happens is folded into the account. Change a command to see what would be
decided. The address is a link to what you see; a long story stays in the page.</p></header>
<main>
<p><label for="story">Story</label><select id="story"></select></p>
<p><label for="step">Step</label><input type="range" id="step" min="1" value="1"></p>
<p role="status" id="said"></p>
<div id="chart" tabindex="0" role="group" aria-label="Chart of the balances"></div>
<div class="columns"><div>
<h2>Steps</h2><ol id="steps"></ol>
<p><label for="command">Command</label><textarea id="command" rows="12" spellcheck="false"></textarea></p>
<p><button type="button" id="decide">Decide</button> <span id="tried" hidden>This is a try. <a id="untry">Show the story’s own step</a></span></p>
<details><summary>The story as JSON lines</summary>
<p><label for="lines">JSON lines: a policy, commands, events</label><textarea id="lines" rows="12" spellcheck="false"></textarea></p>
<p><button type="button" id="play">Play</button></p>
<p><label for="file">Or a file</label><input type="file" id="file"></p></details>
</div><div id="result"></div></div>
</main>
<script type="application/json" id="given">${escaped(story)}</script>
<script>${program.text}</script>
</body>
</html>
`;
}

/** Text for a script element that is not a program: only the end of the element needs care. */
function escaped(story: string): string {
  return story.replaceAll('<', '\\u003c');
}
