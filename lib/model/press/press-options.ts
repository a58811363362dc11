import type { Architecture, PressedManifest, SessionOptions } from '../../contract/manifest.ts';
import type { Agreement } from '../samples/agreement.ts';
import type { SamplesOptions } from '../samples/run.ts';
import type { EngineChoice } from './engine-choice.ts';
import type { Optimisation } from './optimise.ts';
import type { TuneMode, Tuning } from './tune.ts';

export interface PressOptions {
  /** An empty folder, or one that does not exist. */
  outDir: string;
  /** The CPU that the pressed model is for. */
  arch: Architecture;
  /**
   * Real inputs, as CSV, JSON Lines or NPZ: they are proven too, expected outputs among them are compared with, and
   * their columns name the features. See docs/samples.md.
   * @default none
   */
  samples?: SamplesOptions;
  /**
   * Chooses the session options by measurement, on this machine: for the first answer, the ones after it, or both.
   * @default a choice by the kind of model, without measuring
   */
  tune?: TuneMode;
  /**
   * What computes the model.
   * @default 'auto'; 'onnxruntime' where `tune` or `session` is set
   */
  engine?: EngineChoice;
  /** Session options that an earlier tuning chose; nothing is measured then. */
  session?: SessionOptions;
  /** Told the name of each step as it begins. */
  onProgress?: (step: string) => void;
  /** Aborting it ends the pressing with its reason. @default never */
  signal?: AbortSignal | undefined;
}

/** What pressing did and saw. */
export interface PressReport {
  manifest: PressedManifest;
  rewrites: { name: string; reason: string }[];
  /** Why the model was not compiled, where that was to be tried. */
  notCompiled?: string;
  /** Why ONNX Runtime does not run the model, where samples prove its answers. */
  refused?: string;
  /** How the answers to the samples compare with what these expect, where they expect anything. */
  samples?: { path: string; agreement: Agreement };
  /** Of a model for ONNX Runtime. */
  optimisation?: Optimisation;
  /** What was tried, where the session options were chosen by measurement. */
  tuning?: Tuning;
}
