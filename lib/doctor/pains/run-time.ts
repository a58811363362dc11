import type { Pain } from '../pain.ts';

const code = /\.(?:m?[jt]s|c[jt]s)$/;

/** Models, and running them. */
export const runTimePains: readonly Pain[] = [
  {
    id: 'cpuinfo',
    patterns: [
      /Error in cpuinfo|Failed to initialize cpuinfo|failed to parse the list of (?:possible|present) processors/i,
    ],
    cause:
      'On arm64 Lambda hides /sys, from which ONNX Runtime’s cpuinfo reads the CPU. It is a warning: the engine continues with the plain arm64 kernels.',
    fix: 'No fix is needed. If the function fails as well, look at the lines after it. If every percent matters, measure arm64 and x64.',
    command: 'npx coldpress bench --aws FUNCTION --event event.json',
    link: 'https://github.com/microsoft/onnxruntime/issues/10038',
  },
  {
    id: 'zip-map',
    patterns: [/Non tensor type is temporarily not supported/i],
    cause:
      'The model returns a sequence of maps (ZipMap, which skl2onnx adds by default), and onnxruntime-node can return only tensors.',
    fix: 'Pack the model: ZipMap is flattened to a tensor of probabilities and the class labels are kept. No new export is needed.',
    command: 'npx coldpress pack MODEL --out build',
    link: 'docs/models.md',
  },
  {
    id: 'external-data',
    patterns: [
      /(?:external (?:data|initializer)|\.onnx[._]data).{0,160}(?:fail|not exist|no such file|not found|outside|escapes|invalid)/i,
      /(?:GetFileLength|ReadFileIntoBuffer|open file).{0,120}(?:\.onnx[._]data|\.data|\.bin)/i,
      /model_path must not be empty/i,
    ],
    cause:
      'The weights are in a separate file (external data) that was not copied with the model, or the model was opened from bytes or another folder, so that the relative path does not exist.',
    fix: 'Put the data file next to the .onnx file, with the name that the model uses. `inspect` lists the files; `pack` includes them.',
    command: 'npx coldpress inspect MODEL',
    link: 'docs/errors.md#EXTERNAL_DATA_MISSING',
  },
  {
    id: 'big-int',
    patterns: [/Do not know how to serialize a BigInt/i, /Cannot mix BigInt and other types/i],
    cause: 'An int64 output is a BigInt64Array, which JSON.stringify rejects.',
    fix: 'Let the function answer through coldpress, which writes int64 exactly; in your `decode`, convert values with `Number` if they are small, otherwise with `String`.',
    command: 'npx coldpress pack MODEL --out build',
    link: 'docs/values.md',
  },
  {
    id: 'threads',
    patterns: [
      /pthread_setaffinity_np failed/i,
      /Specify the number of threads explicitly so the affinity is not set/i,
      /(?:uv_thread_create|pthread_create).{0,60}(?:EAGAIN|failed|Resource temporarily unavailable)/i,
    ],
    cause:
      'ONNX Runtime started a thread for each CPU that it saw, but the container may use only some of them: setting the affinity fails, and the threads slow each other down.',
    fix: 'Set `intraOpNumThreads` to the number of vCPUs; a function under 1,769 MB has less than one. `pack` sets it, and --tune measures the best value.',
    command: 'npx coldpress pack MODEL --tune balanced',
    link: 'https://github.com/microsoft/onnxruntime/issues/8313',
  },
  {
    id: 'worker-threads',
    patterns: [
      /Module did not self-register.{0,120}onnxruntime/i,
      /HandleScope::HandleScope.{0,60}without proper locking/i,
    ],
    cause: 'The binding was loaded in several worker threads, or loaded twice, which it does not support.',
    fix: 'Open one session in one thread of a process, and use more instances instead of threads. To score many rows on one machine, use processes.',
    command: 'npx coldpress batch build IN OUT',
    link: 'https://github.com/microsoft/onnxruntime/issues/24486',
  },
  {
    id: 'out-of-memory',
    patterns: [
      /Runtime exited with error: signal: killed/i,
      /Memory limit of [\d.]+ \w+ exceeded/i,
      /JavaScript heap out of memory|std::bad_alloc|BFCArena.{0,80}Failed to allocate/i,
    ],
    cause:
      'The model, its copies and the request need more than the function’s memory. Sessions that are opened again and again are never released.',
    fix: 'Measure how much memory it needs. Raise the memory, which also adds CPU, and open the model once per instance.',
    command: 'npx coldpress bench build --memory 1024,1769,3008',
    link: 'https://github.com/microsoft/onnxruntime/issues/25325',
  },
  {
    id: 'damaged-model',
    patterns: [
      /Protobuf parsing failed|INVALID_PROTOBUF/i,
      /version https:\/\/git-lfs\.github\.com\/spec\/v1/m,
    ],
    cause:
      'The file is not a complete ONNX model: truncated, a Git LFS pointer, a web page, or another format.',
    fix: 'Run `inspect` to find out. For a pointer, run `git lfs pull`; copy a truncated file again.',
    command: 'npx coldpress inspect MODEL',
    link: 'docs/errors.md#MODEL_TRUNCATED',
  },
  {
    id: 'opset',
    patterns: [
      /No Op registered for \w+ with domain_version/,
      /Unsupported model IR version/i,
      /Could not find an implementation for [\w.]+\(\d+\)/,
      /is not a registered function\/op/,
      /Opset \d+ is under development/i,
    ],
    cause: 'The model has an operator or opset for which this ONNX Runtime has no CPU kernel.',
    fix: 'Export with a lower `opset_version`, or do that step in score.ts. `inspect` names the operator.',
    command: 'npx coldpress inspect MODEL',
    link: 'docs/errors.md#OPSET_UNSUPPORTED',
  },
  {
    id: 'locale',
    patterns: [/Failed to construct locale with name/i, /locale::facet::_S_create_c_locale/],
    cause: 'A StringNormalizer requires a locale, mostly en_US.UTF-8, that no serverless platform has.',
    fix: 'Pack the model: `pack` replaces en_US with C.UTF-8, with the same results. For another locale, export it with `locale="C.UTF-8"`.',
    command: 'npx coldpress pack MODEL --out build',
    link: 'docs/errors.md#LOCALE_MISSING',
  },
  {
    id: 'fetched-at-start',
    patterns: [
      /EROFS: read-only file system/,
      /ENOENT: no such file or directory, mkdir '\/home\/sbx_user/,
      /(?:ENOSPC|No space left on device).{0,60}\/tmp/i,
    ],
    source: {
      files: code,
      pattern:
        /(?:GetObjectCommand|fetch\(|from_pretrained|hf_hub_download)[\s\S]{0,800}InferenceSession\.create|env\.cacheDir\s*=/,
    },
    cause:
      'The weights are downloaded at each cold start, into a file system in which only /tmp can be written.',
    fix: 'Put them into the package: name the URL in the config, run `npx coldpress fetch` once, then pack.',
    command: 'npx coldpress fetch && npx coldpress pack',
    link: 'docs/commands/fetch.md',
  },
  {
    id: 'init-too-long',
    patterns: [/INIT_REPORT.{0,80}Status: timeout/, /INIT_REPORT Init Duration: (?:9[89]\d\d|\d{5,})/],
    cause:
      'INIT took longer than the 10 s that Lambda allows, and ran again inside the first invocation: the function downloads or optimises its model at the start, or the model is too large.',
    fix: 'Optimise the model before you deploy, as `pack` does, and raise the function’s memory, which also adds CPU.',
    command: 'npx coldpress pack MODEL --tune cold --out build',
    link: 'docs/cold-start.md',
  },
];
