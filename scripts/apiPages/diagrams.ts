import { renderMermaidSVG } from 'beautiful-mermaid';
import type { MarkdownEvent } from 'typedoc';

/** The smallest scale of a diagram. */
const SCALE_MIN = 0.7;

/** Replaces the Mermaid diagrams of a page by SVG in the colours of the theme, without scripts or network requests. */
export function drawDiagrams(event: MarkdownEvent): void {
  event.parsedText = event.parsedText.replace(/^```mermaid\n([\s\S]*?)^```$/gm, (_, source: string) =>
    drawn(source),
  );
}

/** Returns a diagram as HTML without blank lines, which would end it in Markdown. */
export function drawn(source: string): string {
  const svg = renderMermaidSVG(source, {
    bg: 'var(--color-background)',
    fg: 'var(--color-text)',
    transparent: true,
  });
  const own = svg
    // Uses the font of the page instead of fetching one.
    .replace(/@import url\([^)]*\);/g, '')
    .replace(/font-family: 'Inter', /g, 'font-family: ')
    .replace(/^(\s*)(text|svg) \{/gm, '$1.diagram $2 {')
    .replace(/\n\s*\n/g, '\n');
  const width = Number(/width="([\d.]+)"/.exec(own)?.[1] ?? 0);
  // On a small screen the diagram scrolls before its text becomes too small.
  return `<figure class="diagram" style="--least: ${Math.round(width * SCALE_MIN)}px">${own.trim()}</figure>\n`;
}
