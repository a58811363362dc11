/** Something that the numbers do not say of themselves. */
export interface Warning {
  code: string;
  /** Absent where it is true of the whole run. */
  variant?: string;
  message: string;
  /** What to do, with the flag that does it. */
  hint: string;
}
