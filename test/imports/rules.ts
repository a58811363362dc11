/** A folder of the product and the folders that it may import. */
export interface FolderRule {
  /** From the root, without a slash at its end. */
  folder: string;
  about: string;
  /** Other folders; `'any'` is all of lib. Its own files it may always import. */
  mayImport: readonly string[] | 'any';
  /** Folders whose `types.ts` files alone it may import. */
  mayImportTypesOf?: readonly string[];
  /** What it may import besides, in words. */
  others?: string;
}

/** Both sides. */
const contract = 'lib/contract';

/**
 * Who may import whom. This is the one list: biome.json's overrides and CONTRIBUTING.md's table are written from it
 * (`node test/imports/write.ts`), and a test holds the code to it.
 */
export const rules: readonly FolderRule[] = [
  {
    folder: 'bin',
    about: "the command line's entry, the CDK app that `cdk.json` runs, the build of `dist/`",
    mayImport: 'any',
  },
  {
    folder: 'handlers',
    about: '**ships**: thin entries, each wires one platform to `lib/runtime`',
    mayImport: [contract, 'lib/runtime'],
  },
  {
    folder: 'handlers/drift',
    about: '**ships** by itself: the functions that judge drift on a schedule',
    mayImport: [contract, 'lib/drift', 'lib/runtime'],
  },
  {
    folder: 'lib/runtime',
    about: '**ships**: engines, protocols, scores, event sources, sinks',
    mayImport: [contract],
    others: '`node:*`; a source or sink its one library, lazily',
  },
  {
    folder: contract,
    about:
      'what build time and run time agree on: manifest, settings and their defaults, datatypes, file names, limits of platforms',
    mayImport: [],
  },
  {
    folder: 'lib/model',
    about: 'ONNX: read, recognise, inspect, rewrite, press, prove, compile',
    mayImport: [contract, 'lib/native', 'lib/targets'],
    mayImportTypesOf: ['lib/runtime'],
  },
  {
    folder: 'lib/native',
    about: "the native closure: ELF, ONNX Runtime's files, other native packages, the layer",
    mayImport: [contract, 'lib/targets'],
  },
  {
    folder: 'lib/targets',
    about: 'a folder per target: layout, its Linux, limits, defaults, memory, prices',
    mayImport: [contract],
  },
  {
    folder: 'lib/pack',
    about: 'plan, press, bundle, contents, artifact: `pack.ts` is the table of contents',
    mayImport: [contract, 'lib/local', 'lib/model', 'lib/native', 'lib/targets', 'lib/verify'],
  },
  {
    folder: 'lib/executable',
    about: 'one file of an artifact: Node, the server, the model',
    mayImport: [contract, 'lib/native'],
  },
  {
    folder: 'lib/verify',
    about: 'artifacts compared with their manifests, signatures',
    mayImport: [contract, 'lib/native'],
  },
  {
    folder: 'lib/local',
    about:
      'the local Lambda: Runtime API, Invoke API, child processes; Cloud Run functions under their framework; the playground',
    mayImport: [contract, 'lib/native', 'lib/targets'],
    mayImportTypesOf: ['lib/runtime'],
  },
  {
    folder: 'lib/gcp',
    about: 'deploy to Google Cloud through its client libraries',
    mayImport: [contract, 'lib/pack', 'lib/targets'],
  },
  {
    folder: 'lib/aws',
    about: 'invoke deployed Lambda functions; templates for other tools',
    mayImport: [contract, 'lib/local', 'lib/targets'],
  },
  {
    folder: 'lib/containers',
    about: 'what other tools take of a container: Dockerfile, compose, KServe, SageMaker',
    mayImport: [contract, 'lib/targets'],
  },
  {
    folder: 'lib/image',
    about: 'container images without Docker: layers, bases, image layouts, registries',
    mayImport: [
      contract,
      'lib/containers',
      'lib/local',
      'lib/native',
      'lib/pack',
      'lib/targets',
      'lib/verify',
    ],
  },
  {
    folder: 'lib/bench',
    about: 'samplers, statistics, reports',
    mayImport: [contract, 'lib/aws', 'lib/gcp', 'lib/local', 'lib/model', 'lib/pack', 'lib/targets'],
  },
  {
    folder: 'lib/cdk',
    about: 'constructs; they consume an artifact',
    mayImport: [contract, 'lib/pack', 'lib/targets'],
    others: '`aws-cdk-lib`, which no other folder of lib imports',
  },
  {
    folder: 'lib/advise',
    about: 'whether a model should be a function: options, decision tree, costs as tables',
    mayImport: [contract, 'lib/bench', 'lib/model', 'lib/targets'],
  },
  {
    folder: 'lib/drift',
    about: 'telemetry of packed functions, compared with the reference data: logs, statistics, reports',
    mayImport: [contract, 'lib/aws', 'lib/bench', 'lib/doctor', 'lib/gcp', 'lib/model'],
  },
  {
    folder: 'lib/init',
    about: 'a project around a model, from templates',
    mayImport: [contract, 'lib/model', 'lib/targets'],
  },
  {
    folder: 'lib/dev',
    about: 'watches, packs again, serves',
    mayImport: [contract, 'lib/local', 'lib/pack'],
  },
  {
    folder: 'lib/doctor',
    about: 'failures, a row of a table each, and checks of projects, artifacts and deployed functions',
    mayImport: [
      contract,
      'lib/aws',
      'lib/gcp',
      'lib/image',
      'lib/model',
      'lib/native',
      'lib/pack',
      'lib/targets',
      'lib/verify',
    ],
  },
  {
    folder: 'lib/cli',
    about: 'one file per command: arguments, one call, print',
    mayImport: 'any',
  },
];

/** What ships imports no file of `lib/` itself; what builds may import all of them. */
export const shipping: readonly string[] = ['handlers', 'lib/runtime', contract];
