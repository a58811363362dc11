/** Folders and files of an artifact. */
export const FUNCTION_FOLDER = 'function';
export const FUNCTION_ZIP = `${FUNCTION_FOLDER}.zip`;
/** Present only if the native library is in a layer. */
export const LAYER_FOLDER = 'layer';
export const LAYER_ZIP = `${LAYER_FOLDER}.zip`;
/** The source map of the function's module; not in the archives. */
export const SOURCE_MAP_FILE = 'function.map';
/** The report of pressing; not in the archives. */
export const REPORT_FILE = 'report.json';
/** The bill of materials, in CycloneDX JSON; not in the archives. */
export const SBOM_FILE = 'sbom.cdx.json';
/** `SampleRecords`; not in the archives. */
export const SAMPLES_FILE = 'samples.json';
/** The sources it was packed from, `Source[]`; not in the archives. */
export const SOURCES_FILE = 'sources.json';

/** The image that was pushed for the artifact, by its digest: `{ image }`. */
export const IMAGE_FILE = 'image.json';

/** The signature of an artifact: a sigstore bundle. */
export const SIGNATURE_FILE = 'signature.sigstore.json';

/** Files of a function, next to its manifest. */
export const BUNDLE_FILE = 'index.mjs';
/** The pressed model. Not named `index` or anything else that a platform's loader takes for the handler's module. */
export const MODEL_FOLDER = 'model';

/** Files of a pressed folder, next to its manifest. */
export const MODEL_FILE = 'model.onnx';
/** Replaces the model if it is compiled; see `Program`. */
export const PROGRAM_FILE = 'program.json';
export const WEIGHTS_FILE = 'model.data';
/** A `Golden`; absent if the model has none. */
export const GOLDEN_FILE = 'golden.json';
