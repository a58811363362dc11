/** A common failure in this field: one row of a table. */
export interface Pain {
  /** Stable, kebab-case. */
  id: string;
  /** Identify it in an error, a log or a build's output. */
  patterns: readonly RegExp[];
  /** Identifies it in a project file before it fails: by the file's path and a pattern of its text. */
  source?: { files: RegExp; pattern: RegExp };
  cause: string;
  fix: string;
  /** A command to run, unchanged or with the names in capitals filled in. */
  command?: string;
  /** A page of docs/, or a page where the failure is discussed. */
  link: string;
}

/** One finding of any check. */
export interface Finding {
  /** The ID of a pain or of a check. */
  id: string;
  /** The file or other subject of the check. */
  where: string;
  /** The text that was found there. */
  evidence: string;
  cause: string;
  fix: string;
  command?: string;
  link: string;
}

/** Makes a finding of a pain. */
export function findingOf({ id, cause, fix, command, link }: Pain, where: string, evidence: string): Finding {
  return { id, where, evidence, cause, fix, ...(command === undefined ? {} : { command }), link };
}
