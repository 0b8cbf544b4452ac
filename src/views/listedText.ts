/** One entry of a list in plain text, of what there is. */
export function listedText(parts: readonly (string | false)[]): string {
  return `- ${parts.filter((part) => part !== false).join('; ')}`;
}
