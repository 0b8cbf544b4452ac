/** The versions of the runtime, as in `process.versions`. */
type Versions = { readonly node?: string; readonly deno?: string; readonly bun?: string };

/**
 * Throws on a Node that cannot `require` ES modules, which some dependencies are: its own error would not name the
 * reason. Deno and Bun have a Node version too, and can.
 */
export function assertNodeVersion({ node, deno, bun }: Versions = {}): void {
  if (node === undefined || deno !== undefined || bun !== undefined) return;
  const [major = 0, minor = 0] = node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19)) return;
  throw new Error(
    `patron-fees needs Node 20.19 or later (not 21, and 22 from 22.12 on); this is Node ${node}.`,
  );
}
