import type { TwinCard } from '@bregma/core/contracts/twin';
import { firstHalf } from '@bregma/core/identity/first-half';
import { findDataset } from '@bregma/core/ledger/catalogue';
import type { ToolContext } from '@bregma/core/mcp/tool';
import type { Workspace } from '@bregma/core/workspace';
import type * as z from 'zod';
import { builtFrom } from '../card.ts';
import type { BuildRequest, TwinKind } from '../kinds/kind.ts';
import { fileOf } from '../twin-files.ts';
import { loadDistinct } from './distinct.ts';
import type { FeatureOptions } from './features.ts';
import { fitEncoding } from './fit.ts';
import type { EncodingModel } from './model.ts';
import { encodingRival } from './rival.ts';
import { runEncoding } from './run.ts';
import { type Refit, refitReadout, validateEncoding } from './validate.ts';

/** What sets apart how a family of image twins is fitted. */
interface Fitting {
  build: TwinKind['build'];
  refit: Refit;
}

/** A kind that predicts the responses of recorded neurons to images by one ONNX network, however it was fitted. */
export function imageTwin(
  about: Pick<TwinKind, 'name' | 'title'> & { cite: string[] },
  options: z.ZodObject,
  { build, refit }: Fitting,
): TwinKind {
  return {
    ...about,
    options,
    needs: 'stimulus-response',
    takes: {
      build: { part: 'first-half keeps the other half of the stimuli for tests' },
      run: { data: 'images to show', stimuli: 'indices of its images', probe: 'drawn images in place of data' },
      validate: { by: 'how half divides the images: content, or index' },
    },
    build,
    run: (twin: TwinCard, request, context) => runEncoding(twin, request, context),
    validate: (request, context) => validateEncoding({ ...about, refit }, request, context),
    rivals: encodingRival,
    network: (twin, { objects }) => objects.get(fileOf(twin, 'network.onnx')),
  };
}

/** A kind that reads features of the image out by ridge regression. */
export function encodingTwin<Options extends z.ZodObject>(
  given: Omit<EncodingModel, 'features'> & {
    options: Options;
    features(options: z.output<Options>, workspace: Workspace): FeatureOptions | Promise<FeatureOptions>;
  },
): TwinKind {
  const { name, title, cite, options, fit } = given;
  const model: EncodingModel = {
    name,
    title,
    cite,
    fit,
    features: (found, workspace) => given.features(options.parse(found), workspace),
  };
  return imageTwin({ name, title, cite }, options, {
    build: (request, context) => buildEncoding(model, request, context),
    refit: (...asked) => refitReadout(model, ...asked),
  });
}

async function buildEncoding(
  model: EncodingModel,
  { data: reference, part, options, seed }: BuildRequest,
  context: ToolContext,
) {
  const data = await loadDistinct(reference, context.workspace);
  const rows = part === 'all' ? Int32Array.from(data.digests.keys()) : firstHalf(data.digests, data.looks);
  const card = await fitEncoding(model, data, options, { part, rows, seed }, context);
  const { network } = card.summary;
  if (typeof network !== 'string') return builtFrom(card, data);
  const { card: its } = findDataset(context.workspace.ledger, network);
  return builtFrom(card, data, { references: [network], licences: [its.licence], cite: its.cite });
}
