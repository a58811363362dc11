/** The properties of the current machine and process that running a function depends on. */
export interface Host {
  platform: string;
  arch: string;
  execPath: string;
  /** Without the leading `v`, such as `24.21.0`. */
  nodeVersion: string;
  cwd: string;
  env: Record<string, string | undefined>;
}

/** Reads the host from a `process`, so that no other module of lib/local needs to. */
export function hostOf(process: NodeJS.Process): Host {
  const { platform, arch, execPath, versions, env } = process;
  return { platform, arch, execPath, nodeVersion: versions.node, cwd: process.cwd(), env };
}
