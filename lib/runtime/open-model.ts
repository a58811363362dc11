import {
  MANIFEST_FILE,
  type Manifest,
  type PressedManifest,
  parseManifest,
  type Signature,
} from '../contract/manifest.ts';
import { now } from './clock.ts';
import { readPackedText } from './embedded.ts';
import * as engines from './engine/used.ts';
import { type DecodedRequest, decodeRequest, runDecoded } from './infer.ts';
import { type ColdPhases, startStopwatch } from './phases.ts';
import { checkSizes, limitElements, mostElements } from './size-bounds.ts';
import type { InferRequest, InferResponse } from './tensor/types.ts';

/** An open model. */
export interface Model<M extends PressedManifest = PressedManifest> {
  /** Inputs and outputs of the model. */
  signature: Signature;
  /** The manifest of the folder. */
  manifest: M;
  /** First 12 digits of the SHA-256 of the original model file. */
  version: string;
  /** Times of the cold start so far. `first` is there after the first inference. */
  phases: ColdPhases;
  /** Decodes a request and runs the model once. @throws RequestError 400 that names the input, output or dimension */
  infer(request: InferRequest): InferResponse;
  /** Only checks a request against the signature. @throws RequestError 400 that names the input, output or dimension */
  decode(request: InferRequest): DecodedRequest;
  /** Runs the model once. @throws RequestError 400 or 413 if the model rejects the inputs */
  run(request: DecodedRequest): InferResponse;
  /** Frees the memory of the model. */
  close(): void;
}

/**
 * Opens a pressed model or a packed function. It is synchronous, so that it runs during the INIT phase of the
 * platform. It sets environment variables that ONNX Runtime needs for this model.
 * @param dir - the folder that `pressModel` wrote, or the unpacked function
 * @throws Error if the manifest, the native library or the model cannot be read, or the bundle lacks the engine
 */
export function openModel<M extends PressedManifest = PressedManifest>(dir: string): Model<M> {
  const stopwatch = startStopwatch();
  const boot = stopwatch.lap();
  const manifest = parseManifest<M>(readPackedText(`${dir}/${MANIFEST_FILE}`));
  const phases: ColdPhases = { boot };
  const { http }: PressedManifest & Partial<Pick<Manifest, 'http'>> = manifest;
  const checkElements = limitElements(http?.limits.elements);
  // biome-ignore lint/performance/noDynamicNamespaceImportAccess: a bundle has only the one that its manifest names.
  const session = engines[manifest.engine.name](dir, manifest, {
    onNative: () => {
      phases.native = stopwatch.lap();
    },
    checkElements,
    mostElements: () => mostElements(http?.limits.elements),
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
    signature,
    manifest,
    version,
    phases,
    decode,
    run,
    infer: request => run(decode(request)),
    close: () => session.close(),
  };
}

function startLap(): () => number {
  const start = now();
  return () => now() - start;
}
