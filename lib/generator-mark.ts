import { open } from 'node:fs/promises';

/** Marks HTML pages that coldpress wrote. https://html.spec.whatwg.org/multipage/semantics.html#meta-generator */
export const generatorMark = '<meta name="generator" content="coldpress">';

/** Whether a file is an HTML page that coldpress wrote. */
export async function isOwnPage(path: string): Promise<boolean> {
  const file = await open(path).catch(() => undefined);
  if (file === undefined) {
    return false;
  }
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(1024), 0, 1024, 0);
    return buffer.toString('utf8', 0, bytesRead).includes(generatorMark);
  } finally {
    await file.close();
  }
}
