/** The evidence by which a file is recognised: its first and last 64 KB, and its name. */
export interface Evidence {
  head: Buffer;
  tail: Buffer;
  name: string;
}
