/** Replaces `{name}` in a text by the value of that name; lists by their entries. Unknown names are left unchanged. */
export function interpolate(text: string, values: object): string {
  const fields = values as Readonly<Record<string, unknown>>;
  return text.replace(/\{(\w+)\}/g, (placeholder, name: string) => {
    if (!Object.hasOwn(fields, name)) return placeholder;
    const field = fields[name];
    return Array.isArray(field) ? field.join(', ') : String(field);
  });
}
