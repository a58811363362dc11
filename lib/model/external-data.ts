import { createHash } from 'node:crypto';
import { createReadStream, type Stats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { dirname, join, posix, win32 } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ColdpressError } from '../errors.ts';
import { type TensorProto, TensorProto_DataLocation } from './onnx_pb.ts';
import type { Model } from './read.ts';
import { tensorSizeBytes } from './tensor-size.ts';
import { allTensors } from './walk.ts';

/** The unit of `blocks` in `stat`, on every platform. */
const BLOCK_BYTES = 512;
/** Smaller sparse files are harmless: they cannot fill the memory. */
const HOLLOW_FROM_BYTES = 64 * 2 ** 20;

/** A file of weights next to the model. */
export interface ExternalFile {
  /** Path as the model spells it, relative to the model's folder. */
  location: string;
  path: string;
  sizeBytes: number;
  /** Number of tensors stored in it. */
  tensors: number;
}

/**
 * Returns the weight files that a model refers to, each proven to be in the model's folder: no absolute or climbing
 * path, no symbolic link on the way, no second hard link (CVE-2026-34446), ranges within their file, checksums right.
 * Throws a `ColdpressError` for the first unsafe reference. Must run before the engine sees the model.
 */
export async function resolveExternalData(model: Model): Promise<ExternalFile[]> {
  const { files, problems } = await inspectExternalData(model);
  if (problems[0] !== undefined) {
    throw problems[0];
  }
  return files;
}

/** Like `resolveExternalData`, but returns every problem, one per file, instead of throwing the first. */
export async function inspectExternalData(
  model: Model,
): Promise<{ files: ExternalFile[]; problems: ColdpressError[] }> {
  if (model.format === 'ort') {
    return { files: [], problems: [] };
  }
  const byLocation = new Map<string, TensorProto[]>();
  for (const tensor of allTensors(model.proto)) {
    if (tensor.dataLocation !== TensorProto_DataLocation.EXTERNAL) {
      continue;
    }
    const location = tensor.externalData.find(({ key }) => key === 'location')?.value ?? '';
    byLocation.set(location, [...(byLocation.get(location) ?? []), tensor]);
  }
  const files: ExternalFile[] = [];
  const problems: ColdpressError[] = [];
  for (const [location, tensors] of byLocation) {
    try {
      const { path, sizeBytes } = await locate(location, dirname(model.path));
      files.push({ location, path, sizeBytes, tensors: tensors.length });
      for (const tensor of tensors) {
        checkRange(tensor, { location, sizeBytes });
      }
      await verifyChecksums(tensors, { location, path });
    } catch (error) {
      if (!(error instanceof ColdpressError)) {
        throw error;
      }
      problems.push(error);
    }
  }
  return { files, problems };
}

async function locate(location: string, folder: string): Promise<{ path: string; sizeBytes: number }> {
  const shown = JSON.stringify(location);
  const segments = location.split(/[\\/]/);
  if (location === '' || location.includes('\0')) {
    throw new ColdpressError(
      'EXTERNAL_DATA_INVALID',
      `the model refers to external data by an impossible name, ${shown}`,
      {
        hint: 'save the model again with onnx.save',
      },
    );
  }
  if (
    posix.isAbsolute(location) ||
    win32.isAbsolute(location) ||
    /^[a-z]:/i.test(location) ||
    segments.includes('..')
  ) {
    throw new ColdpressError(
      'EXTERNAL_DATA_OUTSIDE',
      `the model refers to external data outside its folder, ${shown}`,
      {
        hint: 'put the data next to the model and save it with a relative location: onnx.save(model, path, save_as_external_data=True, location="weights.data")',
      },
    );
  }
  let path = folder;
  for (const [index, segment] of segments.entries()) {
    path = join(path, segment);
    const stats = await lstat(path).catch((cause: NodeJS.ErrnoException) => {
      throw new ColdpressError(
        'EXTERNAL_DATA_MISSING',
        `the model's external data ${shown} is not in ${folder} (${cause.code})`,
        {
          hint: 'copy the data file next to the model, with exactly that name',
          cause,
        },
      );
    });
    if (stats.isSymbolicLink()) {
      throw new ColdpressError(
        'EXTERNAL_DATA_LINKED',
        `the model's external data ${shown} passes through a symbolic link`,
        {
          hint: 'replace the link by the file: cp -L; with a Hugging Face download: --local-dir',
        },
      );
    }
    if (index < segments.length - 1) {
      continue;
    }
    if (!stats.isFile()) {
      throw new ColdpressError('EXTERNAL_DATA_INVALID', `the model's external data ${shown} is not a file`, {
        hint: 'put the data file under that name',
      });
    }
    if (stats.nlink > 1) {
      throw new ColdpressError(
        'EXTERNAL_DATA_LINKED',
        `the model's external data ${shown} has ${stats.nlink} hard links, so it may be a file from elsewhere`,
        { hint: 'replace it by a copy: cp FILE copy && mv copy FILE' },
      );
    }
    if (isHollow(stats)) {
      throw new ColdpressError(
        'EXTERNAL_DATA_INVALID',
        `the model's external data ${shown} holds ${stats.blocks * BLOCK_BYTES} of its ${stats.size} bytes; the rest are holes`,
        { hint: 'its download did not finish, or reserved the space and failed; download it again' },
      );
    }
    return { path, sizeBytes: stats.size };
  }
  throw new Error('unreachable: a location has at least one segment');
}

/** A sparse file uses no disk space but all of it in memory. File-system compression does not reach this ratio. */
function isHollow({ size, blocks }: Stats): boolean {
  return size > HOLLOW_FROM_BYTES && blocks * BLOCK_BYTES * 8 < size;
}

function checkRange(tensor: TensorProto, file: { location: string; sizeBytes: number }): void {
  const fail = (what: string) =>
    new ColdpressError(
      'EXTERNAL_DATA_INVALID',
      `external data of "${tensor.name}" in ${JSON.stringify(file.location)}: ${what}`,
      {
        hint: 'the data file does not belong to this model; export or download both again',
      },
    );
  const keys = tensor.externalData.map(({ key }) => key);
  if (new Set(keys).size !== keys.length) {
    throw fail('given twice');
  }
  const number = (key: string) => {
    const text = tensor.externalData.find(entry => entry.key === key)?.value;
    if (text === undefined || text === '') {
      return undefined;
    }
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(Number(text))) {
      throw fail(`${key} ${JSON.stringify(text)} is not a size`);
    }
    return Number(text);
  };
  const size = tensorSizeBytes(tensor);
  if (size === undefined) {
    throw fail('its shape or type has no size');
  }
  const offset = number('offset') ?? 0;
  const length = number('length') ?? size;
  if (length !== size) {
    throw fail(`${length} bytes, where its shape and type need ${size}`);
  }
  if (offset + length > file.sizeBytes) {
    throw fail(`bytes ${offset} to ${offset + length} of a file of ${file.sizeBytes}`);
  }
}

async function verifyChecksums(
  tensors: TensorProto[],
  file: { location: string; path: string },
): Promise<void> {
  const entries = tensors.flatMap(tensor => tensor.externalData.filter(({ key }) => key === 'checksum'));
  const expected = new Set(entries.map(({ value }) => value.toLowerCase()));
  if (expected.size === 0) {
    return;
  }
  const hash = createHash('sha1');
  await pipeline(createReadStream(file.path), hash);
  const actual = hash.digest('hex');
  for (const checksum of expected) {
    if (checksum !== actual) {
      throw new ColdpressError(
        'EXTERNAL_DATA_CHECKSUM',
        `${file.path} has SHA-1 ${actual}, where the model expects ${JSON.stringify(checksum)}`,
        { hint: 'the data file is damaged or of another model; download both again' },
      );
    }
  }
}
