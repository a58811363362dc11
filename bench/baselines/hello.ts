import { writeBaseline } from './baseline.ts';

/** Writes an empty function to `dir`, laid out as an artifact. */
export async function buildHello(dir: string): Promise<void> {
  await writeBaseline(dir, { name: 'hello', handlerFile: 'hello-handler.cjs' });
}
