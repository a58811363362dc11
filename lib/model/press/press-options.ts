import type { Architecture, PressedManifest, SessionOptions } from '../../contract/manifest.ts';
import type { Agreement } from '../samples/agreement.ts';
import type { SamplesOptions } from '../samples/run.ts';
import type { EngineChoice } from './engine-choice.ts';
import type { Optimisation } from './optimise.ts';
import type { TuneMode, Tuning } from './tune.ts';

/** Options of `pressModel`. */
export interface PressOptions {
  /** Folder to write to: empty or missing. */
  outDir: string;
  /** The CPU that the pressed model is for. */
  arch: Architecture;
  /**
   * Real inputs that the pressed model must answer: CSV, JSON Lines or NPZ. Their columns name the features; see
   * docs/samples.md.
   * @default none
   */
  samples?: SamplesOptions;
  /**
   * Chooses ONNX Runtime's session options by measurement on this machine.
   * @default a choice by the kind of model, without measurement
   */
  tune?: TuneMode;
  /**
   * The engine that computes the model.
   * @default 'auto', or 'onnxruntime' if `tune` or `session` is set
   */
  engine?: EngineChoice;
  /**
   * Session options from an earlier measurement. Nothing is measured.
   * @default none
   */
  session?: SessionOptions;
  /**
   * Receives the name of each step as it begins.
   * @default nothing is reported
   */
  onProgress?: (step: string) => void;
  /**
   * Aborts pressing. The promise rejects with the reason of the signal.
   * @default none
   */
  signal?: AbortSignal | undefined;
}

/** The results and measurements of pressing. */
export interface PressReport {
  /** The manifest of the pressed model. */
  manifest: PressedManifest;
  /** The rewrites that were applied, each with its reason. */
  rewrites: { name: string; reason: string }[];
  /** Why the model was not compiled, if `engine` allows it. */
  notCompiled?: string;
  /** Why ONNX Runtime cannot run the model. Its answers are proven by samples. */
  refused?: string;
  /** The engine that gave the same answers to generated inputs. Absent if there is no other engine to compare with. */
  reference?: 'onnxruntime';
  /** Set if neither generated inputs nor samples were answered: what was tried, and why not. */
  unanswered?: string;
  /** How the answers compare with the expected ones of the samples. */
  samples?: { path: string; agreement: Agreement };
  /** ONNX Runtime's optimisation of the model. */
  optimisation?: Optimisation;
  /** The measurements, if session options were chosen by measurement. */
  tuning?: Tuning;
}
