/** Something that the reader of the numbers needs to know. */
export interface Warning {
  code: string;
  /** Absent if it applies to the whole run. */
  variant?: string;
  message: string;
  /** The remedy, with the flag for it. */
  hint: string;
}
