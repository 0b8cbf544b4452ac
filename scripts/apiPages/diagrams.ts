import { renderMermaidSVG } from 'beautiful-mermaid';
import type { MarkdownEvent } from 'typedoc';

/** How far a diagram may shrink. */
const LEAST_SCALE = 0.7;

/** Draws the Mermaid diagrams of a page as SVG, in the colours of the theme, so that no script and no network is needed. */
export function drawDiagrams(event: MarkdownEvent): void {
  event.parsedText = event.parsedText.replace(/^```mermaid\n([\s\S]*?)^```$/gm, (_, source: string) =>
    drawn(source),
  );
}

/** A diagram as HTML without blank lines, which would end it in Markdown. */
export function drawn(source: string): string {
  const svg = renderMermaidSVG(source, {
    bg: 'var(--color-background)',
    fg: 'var(--color-text)',
    transparent: true,
  });
  const own = svg
    // The font of the page serves, and nothing is fetched.
    .replace(/@import url\([^)]*\);/g, '')
    .replace(/font-family: 'Inter', /g, 'font-family: ')
    .replace(/^(\s*)(text|svg) \{/gm, '$1.diagram $2 {')
    .replace(/\n\s*\n/g, '\n');
  const width = Number(/width="([\d.]+)"/.exec(own)?.[1] ?? 0);
  // On a small screen it scrolls before its words become too small to read.
  return `<figure class="diagram" style="--least: ${Math.round(width * LEAST_SCALE)}px">${own.trim()}</figure>\n`;
}
