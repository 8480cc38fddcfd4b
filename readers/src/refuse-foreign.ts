import { BregmaError } from '@bregma/core/errors';
import { loadProto } from './onnx-proto.ts';

/** TensorProto.DataLocation */
const external = 1;
/** Operators that ONNX Runtime itself brings. */
const domains = new Set(['', 'ai.onnx', 'ai.onnx.ml', 'com.microsoft']);

/** Throws `bad-input` for a model that would read other files, or run what is no operator of ONNX, wherever in it that is said. */
export async function refuseForeign(model: Uint8Array): Promise<void> {
  const { onnx } = await loadProto();
  let decoded: object;
  try {
    decoded = onnx.ModelProto.decode(model);
  } catch (error) {
    throw new BregmaError('corrupt', `This is no ONNX model: ${error instanceof Error ? error.message : error}.`);
  }
  const open: unknown[] = [decoded];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    if (typeof one !== 'object' || one === null || ArrayBuffer.isView(one)) continue;
    const {
      dataLocation,
      externalData,
      opType,
      domain,
    }: { dataLocation?: unknown; externalData?: unknown; opType?: unknown; domain?: unknown } = one;
    if (dataLocation === external || (Array.isArray(externalData) && externalData.length > 0))
      throw new BregmaError('bad-input', 'The network keeps weights in other files: none is read.', {
        next: 'Save it as one file, without external data.',
      });
    if (typeof opType === 'string' && typeof domain === 'string' && !domains.has(domain))
      throw new BregmaError('bad-input', `The network has the operator ${domain}.${opType}, which is none of ONNX.`, {
        next: 'Export it with standard operators.',
      });
    for (const value of Object.values(one)) if (typeof value === 'object' && value !== null) open.push(value);
  }
}
