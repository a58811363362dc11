/** A failure that people of this field run into: one row of a table. */
export interface Pain {
  /** Stable, kebab-case. */
  id: string;
  /** What tells it in an error, a log or a build's output. */
  patterns: readonly RegExp[];
  /** What tells it in a file of a project, before it fails: the file by its path, its text by the pattern. */
  source?: { files: RegExp; pattern: RegExp };
  cause: string;
  fix: string;
  /** What to run, as it is or with the names in capitals filled in. */
  command?: string;
  /** A page of docs/, or where the failure is discussed. */
  link: string;
}

/** Something that was found, wherever it was looked for. */
export interface Finding {
  /** A pain's, or that of a check. */
  id: string;
  /** The file, or what else was looked at. */
  where: string;
  /** What was seen there. */
  evidence: string;
  cause: string;
  fix: string;
  command?: string;
  link: string;
}

/** A pain that was met. */
export function findingOf({ id, cause, fix, command, link }: Pain, where: string, evidence: string): Finding {
  return { id, where, evidence, cause, fix, ...(command === undefined ? {} : { command }), link };
}
