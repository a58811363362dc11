/** The machine and process that coldpress runs in, as far as running a function depends on them. */
export interface Host {
  platform: string;
  arch: string;
  execPath: string;
  /** Without the `v`: `24.21.0`. */
  nodeVersion: string;
  cwd: string;
  env: Record<string, string | undefined>;
}

/** Reads the host off a `process`, so that nothing else of lib/local has to. */
export function hostOf(process: NodeJS.Process): Host {
  const { platform, arch, execPath, versions, env } = process;
  return { platform, arch, execPath, nodeVersion: versions.node, cwd: process.cwd(), env };
}
