import { BregmaError } from '@bregma/core/errors';
import { importNative } from '@bregma/core/native';

/** A graphics processor that is ready for work. */
export interface Graphics {
  device: GPUDevice;
  /** As its driver names it. */
  name: string;
  /** False for a processor that is imitated in software. */
  hardware: boolean;
}

/** Dawn aborts the process when one of these is collected while work is under way. */
let held: { gpu: GPU; adapter: GPUAdapter; graphics: Graphics } | undefined;
let opening: Promise<Graphics> | undefined;

/** The first graphics processor of this machine, kept open. Throws `missing`, saying what to install. */
export function openGraphics(): Promise<Graphics> {
  opening ??= open().catch((error) => {
    opening = undefined;
    throw error;
  });
  return opening;
}

async function open(): Promise<Graphics> {
  const { create } = await importNative<typeof import('webgpu')>('webgpu', import.meta.url);
  const gpu = create([]);
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter)
    throw new BregmaError('missing', 'No graphics processor is to be found: WebGPU has no adapter.', {
      next: 'Install the driver of the graphics card (on Linux also libvulkan1), or use the backend wasm.',
    });
  const { maxStorageBufferBindingSize, maxBufferSize } = adapter.limits;
  const device = await adapter.requestDevice({ requiredLimits: { maxStorageBufferBindingSize, maxBufferSize } });
  const { description, device: model, vendor, architecture } = adapter.info;
  const name = [description || model || vendor || 'unnamed', architecture].filter(Boolean).join(', ');
  const graphics = { device, name, hardware: !/swiftshader|llvmpipe|lavapipe|basic render/i.test(name) };
  held = { gpu, adapter, graphics };
  void device.lost.then(() => {
    if (held?.graphics !== graphics) return;
    held = undefined;
    opening = undefined;
  });
  return graphics;
}
