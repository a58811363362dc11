import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findEngine } from '../../lib/runtime/engine/onnxruntime/find.ts';
import { loadEngine, openSession } from '../../lib/runtime/engine/onnxruntime/session.ts';
import type { Session } from '../../lib/runtime/engine/session.ts';

/**
 * Opens a model with ONNX Runtime, with one thread, so that its sums have a fixed order. Returns the error message if
 * it rejects the model.
 */
export function openOracle(model: Uint8Array): Session | string {
  const engine = loadEngine(findEngine('', { name: 'onnxruntime', native: 'host', path: '' }));
  const dir = mkdtempSync(join(tmpdir(), 'coldpress-oracle-'));
  try {
    const path = join(dir, 'model.onnx');
    writeFileSync(path, model);
    return openSession(engine, path, { intraOpNumThreads: 1, interOpNumThreads: 1 });
  } catch (error) {
    return (error as Error).message;
  } finally {
    rmSync(dir, { recursive: true });
  }
}
