/** What an artifact contains. */
export const FUNCTION_FOLDER = 'function';
export const FUNCTION_ZIP = `${FUNCTION_FOLDER}.zip`;
/** Only where the native library is in a layer. */
export const LAYER_FOLDER = 'layer';
export const LAYER_ZIP = `${LAYER_FOLDER}.zip`;
/** The source map of the function's module; it stays out of the archives. */
export const SOURCE_MAP_FILE = 'function.map';
/** What pressing did and tried; it stays out of the archives. */
export const REPORT_FILE = 'report.json';
/** The bill of materials, in CycloneDX JSON; it stays out of the archives. */
export const SBOM_FILE = 'sbom.cdx.json';
/** `SampleRecords`; it stays out of the archives. */
export const SAMPLES_FILE = 'samples.json';
/** What it was packed from: `Source[]`; it stays out of the archives. */
export const SOURCES_FILE = 'sources.json';

/** The image that was pushed of the artifact, by its digest: `{ image }`. */
export const IMAGE_FILE = 'image.json';

/** What a function contains, next to its manifest. */
export const BUNDLE_FILE = 'index.mjs';
/** The pressed model's. Not `index`, nor another name that the platform's loader would take for the handler's module. */
export const MODEL_FOLDER = 'model';

/** What a pressed folder contains, next to its manifest. */
export const MODEL_FILE = 'model.onnx';
/** In its place where the model is compiled; see `Program`. */
export const PROGRAM_FILE = 'program.json';
export const WEIGHTS_FILE = 'model.data';
/** A `Golden`; absent where the model has none. */
export const GOLDEN_FILE = 'golden.json';
