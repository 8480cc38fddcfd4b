/**
 * Starts a decoder of @jsquash, which is made for browsers. start: its emscripten loader; heard: told each line that it prints.
 */
export async function startDecoder<Decoder>(
  start: unknown,
  module: WebAssembly.Module,
  heard: (line: string) => void,
): Promise<Decoder> {
  // SAFETY: Node has no ImageData, so the types have none; any member may be asked for, and set.
  const scope = globalThis as { ImageData?: unknown };
  scope.ImageData ??= Picture;
  // SAFETY: the package types its modules for browsers; these are the members that its emscripten loader takes and gives.
  return (await (start as (options: object) => Promise<unknown>)({
    instantiateWasm(
      imports: ConstructorParameters<typeof WebAssembly.Instance>[1],
      done: (instance: WebAssembly.Instance) => void,
    ) {
      const instance = new WebAssembly.Instance(module, imports);
      done(instance);
      return instance.exports;
    },
    print: heard,
    printErr: heard,
    // SAFETY: as above.
  })) as Decoder;
}

/** What a module hands its pixels to; browsers bring it. */
class Picture {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;

  constructor(data: Uint8ClampedArray, width: number, height: number) {
    this.data = data;
    this.width = width;
    this.height = height;
  }
}
