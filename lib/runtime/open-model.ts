import { join } from 'node:path';
import {
  MANIFEST_FILE,
  type Manifest,
  type PressedManifest,
  parseManifest,
  type Signature,
} from '../contract/manifest.ts';
import { now } from './clock.ts';
import { readPacked } from './embedded.ts';
import * as engines from './engine/used.ts';
import { type DecodedRequest, decodeRequest, runDecoded } from './infer.ts';
import { type ColdPhases, startStopwatch } from './phases.ts';
import { checkSizes, limitElements } from './size-bounds.ts';
import type { InferRequest, InferResponse } from './tensor/types.ts';

/** A model that is open and ready to answer. */
export interface Model<M extends PressedManifest = PressedManifest> {
  signature: Signature;
  manifest: M;
  /** The first 12 digits of the SHA-256 of the model as it was given. */
  version: string;
  /** Filled as the phases pass; `first` appears with the first inference. */
  phases: ColdPhases;
  /** Runs the model once: decodes the request and runs it. @throws RequestError 400, naming the input, output or dimension */
  infer(request: InferRequest): InferResponse;
  /** Compares a request with the signature; nothing runs. @throws RequestError 400, naming the input, output or dimension */
  decode(request: InferRequest): DecodedRequest;
  /** Runs the model once. @throws RequestError 400 or 413, where the model refuses the inputs */
  run(request: DecodedRequest): InferResponse;
  close(): void;
}

/**
 * Opens a pressed model or a packed function. Synchronous, so that it lies in the platform's INIT phase.
 * @param dir - the folder that `pressModel` wrote, or the unpacked function
 * @throws Error when the manifest, the native library or the model cannot be read, or this bundle lacks the engine
 */
export function openModel<M extends PressedManifest = PressedManifest>(dir: string): Model<M> {
  const stopwatch = startStopwatch();
  const boot = stopwatch.lap();
  const manifest = parseManifest<M>(readPacked(join(dir, MANIFEST_FILE)).toString());
  const phases: ColdPhases = { boot };
  const { http }: PressedManifest & Partial<Pick<Manifest, 'http'>> = manifest;
  const checkElements = limitElements(http?.limits.elements);
  // biome-ignore lint/performance/noDynamicNamespaceImportAccess: a bundle has only the one that its manifest names.
  const session = engines[manifest.engine.name](dir, manifest, {
    onNative: () => {
      phases.native = stopwatch.lap();
    },
    checkElements,
  });
  phases.model = stopwatch.lap();
  const { signature, name, bounds } = manifest;
  const version = manifest.model.sha256.slice(0, 12);
  const decode = (request: InferRequest) => decodeRequest(signature, request);
  const run = (request: DecodedRequest): InferResponse => {
    if (bounds !== undefined) {
      checkSizes(bounds, request.inputs, checkElements);
    }
    const first = phases.first === undefined ? startLap() : undefined;
    const outputs = runDecoded(session, request);
    if (first !== undefined) {
      phases.first = first();
    }
    const { id } = request;
    return { model_name: name, model_version: version, ...(id === undefined ? {} : { id }), outputs };
  };
  return {
    ...{ signature, manifest, version, phases, decode, run },
    infer: request => run(decode(request)),
    close: () => session.close(),
  };
}

function startLap(): () => number {
  const start = now();
  return () => now() - start;
}
